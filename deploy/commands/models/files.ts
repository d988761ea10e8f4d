import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { messageOf } from '#kernel/errors.ts';
import type { ImportDocument, ImportFinding, ImportStandard } from '#ontology/import.ts';
import { decode, readDocument, sniff } from '#subgraphs/assets/imports/documents.ts';
import { UsageError } from '../../arguments.ts';
import type { Terminal } from '../../terminal.ts';

/** Which models are wanted. */
export type WantedStandard = 'dtdl' | 'aas';

/** Documents out of files and folders. */
export interface ReadFiles {
  readonly documents: readonly ImportDocument[];
  /** What kept files, or packages, from being read. */
  readonly findings: readonly ImportFinding[];
  /** How many files count. */
  readonly files: readonly { readonly name: string; readonly path: string }[];
}

const endings = ['.json', '.xml', '.aasx'];
const standardsOf: Readonly<Record<WantedStandard, readonly ImportStandard[]>> = {
  dtdl: ['DTDL', 'TWIN_GRAPH'],
  aas: ['AAS'],
};
const noModel = 'neither a DTDL interface, nor a twin graph, nor an AAS environment';

/**
 * Reads files; in folders, files that hold no model are left out and named.
 * @throws {UsageError} a path that cannot be read, or a file named that holds no model.
 */
export async function readFiles(
  paths: readonly string[],
  terminal: Terminal,
  standard?: WantedStandard,
): Promise<ReadFiles> {
  const found = {
    documents: [] as ImportDocument[],
    findings: [] as ImportFinding[],
    files: [] as ReadFiles['files'][number][],
  };
  for (const { path, name, isNamed } of paths.flatMap((given) => filesOf(given, terminal))) {
    const read = await readOne(path, name, standard);
    if (read === 'otherStandard') continue;
    if (read) {
      found.documents.push(...read.documents);
      found.findings.push(...read.findings);
      found.files.push({ name, path });
    } else if (isNamed) throw new UsageError(`${name} is ${noModel}.`);
    else terminal.err(`${name}: left out, ${noModel}`);
  }
  if (!found.files.length) throw new UsageError('There is no model among these files.');
  return found;
}

interface File {
  readonly path: string;
  readonly name: string;
  /** Whether it was named itself, not found in a folder. */
  readonly isNamed: boolean;
}

function filesOf(given: string, terminal: Terminal): File[] {
  const full = resolve(terminal.cwd, given);
  const file = (path: string, isNamed: boolean) => ({
    path,
    name: relative(terminal.cwd, path) || path,
    isNamed,
  });
  try {
    return statSync(full).isDirectory() ? filesIn(full).map((path) => file(path, false)) : [file(full, true)];
  } catch (error) {
    throw new UsageError(`Cannot read ${given}: ${messageOf(error)}`, error);
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => endings.some((ending) => file.toLowerCase().endsWith(ending)))
    .filter((file) => !file.split(/[/\\]/).includes('node_modules'))
    .sort()
    .map((file) => join(folder, file))
    .filter((path) => statSync(path).isFile());
}

async function readOne(
  path: string,
  name: string,
  standard: WantedStandard | undefined,
): Promise<Pick<ReadFiles, 'documents' | 'findings'> | 'otherStandard' | null> {
  const { format, documents, findings } = await readDocument({ name, path });
  const wanted = standard && standardsOf[standard];
  if (format === null) return unknown(path, name, findings, standard);
  if (format === 'AAS_XML' && !documents.some(({ content }) => content.includes('admin-shell'))) return null;
  if (wanted && !wanted.includes(format === 'DTDL' || format === 'TWIN_GRAPH' ? format : 'AAS'))
    return 'otherStandard';
  return { documents, findings };
}

/** What does not say what it is, is what the caller says; text in another encoding is a finding. */
function unknown(
  path: string,
  name: string,
  findings: readonly ImportFinding[],
  standard: WantedStandard | undefined,
): Pick<ReadFiles, 'documents' | 'findings'> | null {
  if (!findings.some(({ code }) => code === 'hub:unknownFormat')) return { documents: [], findings };
  const bytes = readFileSync(path);
  const content = sniff(bytes) === 'other' ? decode(bytes) : null;
  if (!standard || content === null) return null;
  return { documents: [{ name, standard: standard === 'dtdl' ? 'DTDL' : 'AAS', content }], findings: [] };
}
