import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Terminal } from '../../terminal.ts';
import { documents } from '../documents.ts';
import type { HubAccess } from '../hub-options.ts';
import { environmentPath, filesFor } from './export-files.ts';
import { askHub, type HubDeps } from './hub.ts';

export interface ExportOptions {
  readonly standard: 'dtdl' | 'aas' | 'twins';
  readonly format: 'json' | 'xml' | 'aasx';
  /** A file; `null` for standard output. */
  readonly output: string | null;
}

const standards = { dtdl: 'DTDL', aas: 'AAS', twins: 'TWIN_GRAPH' } as const;

/** Writes what a running hub has. @throws {HubError} CONNECTOR_UNREACHABLE, CONNECTOR_REFUSED */
export async function exportFiles(
  ids: readonly string[],
  { standard, format, output }: ExportOptions,
  access: HubAccess,
  deps: HubDeps,
): Promise<void> {
  const variables = {
    standard: standards[standard],
    format: format === 'json' ? 'JSON' : 'XML',
    ids: ids.length ? ids : null,
  };
  const answer = await askHub<{ exportedDocument: { content: string } }>(
    access,
    documents.exportedDocument,
    variables,
    deps,
  );
  const { content } = answer.exportedDocument;
  const files = format === 'aasx' ? await filesFor(content, ids, access, deps) : null;
  write(files ? await packaged(content, files) : content, output, deps.terminal);
}

/** An AASX package with one environment in XML, the form that every tool reads, and its files. */
async function packaged(content: string, files: Awaited<ReturnType<typeof filesFor>>): Promise<Uint8Array> {
  const { writePackage } = await import('#ontology/aas/package/index.ts');
  const environment = {
    path: environmentPath,
    contentType: 'application/xml',
    bytes: new TextEncoder().encode(content),
  };
  return writePackage({ environments: [environment], ...files });
}

function write(content: string | Uint8Array, output: string | null, terminal: Terminal): void {
  if (output === null) {
    // Past the terminal, which writes lines and replaces what it cannot show.
    process.stdout.write(content);
    return;
  }
  writeFileSync(resolve(terminal.cwd, output), content);
  terminal.err(`${output}: ${Buffer.byteLength(content)} bytes`);
}
