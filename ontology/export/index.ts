/** Writes what is stored in the formats that imports read. */
import { writeAasXml } from '../aas/xml/write.ts';
import { exportEnvironment } from './aas.ts';
import { collectInterfaces, collectShells, collectTwins, type ExportSource } from './collect.ts';
import { exportDtdl } from './dtdl.ts';
import { exportTwinGraph } from './twin-graph.ts';

export { exportEnvironment, type ExportedShells } from './aas.ts';
export type { ExportSource } from './collect.ts';
export { exportDtdl } from './dtdl.ts';
export { exportTwinGraph, type ExportedGraph } from './twin-graph.ts';

/** What is to be written. */
export const exportStandards = ['DTDL', 'TWIN_GRAPH', 'AAS'] as const;
export type ExportStandard = (typeof exportStandards)[number];

/** How. XML is for AAS alone. */
export const exportFormats = ['JSON', 'XML'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** A document that is written. */
export interface ExportedDocument {
  readonly content: string;
  readonly mediaType: string;
}

/** The version in which environments are written: every JSON consumer of V3 reads it, and nothing of it is lost. */
const aasVersion = '3.0';

/**
 * One document with what is stored; importing it gives the same again.
 *
 * @param ids - DTDL: interfaces, written with what they need. Twin graph: twins, written with the relationships between
 *   them. AAS: twins or submodels. `null` for everything.
 * @throws {HubError} NOT_FOUND, LIMIT_EXCEEDED, INVALID_ID
 */
export async function exportDocument(
  source: ExportSource,
  standard: ExportStandard,
  format: ExportFormat,
  ids: readonly string[] | null,
): Promise<ExportedDocument> {
  const json = { mediaType: 'application/json' };
  switch (standard) {
    case 'DTDL':
      return { ...json, content: exportDtdl(await collectInterfaces(source, ids)) };
    case 'TWIN_GRAPH':
      return { ...json, content: exportTwinGraph(await collectTwins(source, ids)) };
    case 'AAS': {
      const environment = exportEnvironment(await collectShells(source, ids));
      return format === 'XML'
        ? { mediaType: 'application/xml', content: writeAasXml(environment, aasVersion, { indent: true }) }
        : { ...json, content: `${JSON.stringify(environment, null, 2)}\n` };
    }
  }
}
