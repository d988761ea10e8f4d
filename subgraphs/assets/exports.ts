import { HubError } from '#kernel/errors.ts';
import { exportDocument, type ExportFormat, type ExportStandard } from '#ontology/export/index.ts';
import { assertAllowed, tenantOf, type RequestContext } from '#ontology/request-context.ts';
import type { AssetsDeps } from './deps.ts';

interface ExportArguments {
  readonly standard: ExportStandard;
  readonly format: ExportFormat;
  readonly ids?: readonly string[] | null;
}

/** Resolvers of the exports. */
export function createExportQueries({ twins }: AssetsDeps) {
  return {
    exportedDocument: (_: unknown, { standard, format, ids }: ExportArguments, context: RequestContext) => {
      assertAllowed(context, 'read');
      if (format === 'XML' && standard !== 'AAS')
        throw new HubError('INVALID_INPUT', 'The format XML is for AAS alone.', {
          details: { path: ['format'] },
        });
      return exportDocument({ store: twins, tenant: tenantOf(context) }, standard, format, ids ?? null);
    },
  };
}
