import { statSync } from 'node:fs';
import type { ImportDocument, ImportFinding } from '#ontology/import.ts';
import { JsonText } from '#ontology/json-text.ts';
import { exitCodes, UsageError, type ExitCode } from '../../arguments.ts';
import { documents } from '../documents.ts';
import type { HubAccess } from '../hub-options.ts';
import { readFiles, type ReadFiles } from './files.ts';
import { askHub, type HubDeps } from './hub.ts';
import { report } from './report.ts';

interface Payload {
  readonly created: number;
  readonly changed: number;
  readonly equal: number;
  readonly errors: readonly { readonly code: string; readonly message: string; readonly advice: string }[];
  readonly findings: readonly Pick<ImportFinding, 'document' | 'pointer' | 'code' | 'message' | 'severity'>[];
}

/** What `models import` was asked. */
export interface ImportOptions {
  readonly strict: boolean;
  readonly dryRun: boolean;
  /** Whether asset instances that no twin stands for get one. */
  readonly createTwins: boolean;
  /** Folder or address of a repository; `null` for none. */
  readonly repository: string | null;
}

/** Bytes that go in one request; a hub takes 4 MiB with everything around them, unless it is told otherwise. */
const maxInlineBytes = 2 * 1024 * 1024;

/** Packages have files besides their environments, and large files come in pieces. */
function goesAsJob({ files }: ReadFiles): boolean {
  const isPackage = files.some(({ name }) => name.toLowerCase().endsWith('.aasx'));
  return isPackage || files.reduce((sum, { path }) => sum + statSync(path).size, 0) > maxInlineBytes;
}

/** What the documents refer to and do not define; what the hub has already is equal there. */
async function fromRepository(
  documents: readonly ImportDocument[],
  { repository }: ImportOptions,
  { terminal, signal }: HubDeps,
): Promise<readonly ImportDocument[]> {
  if (repository === null) return [];
  const { repositoryAt } = await import('./repository.ts');
  const { resolveModels } = await import('#ontology/model-resolution.ts');
  const { noLookups } = await import('#ontology/import.ts');
  const found = await resolveModels(
    documents,
    noLookups,
    repositoryAt(repository, terminal),
    signal ? { signal } : {},
  );
  return found.documents;
}

/** Imports files into a running hub, all or nothing. */
export async function importFiles(
  paths: readonly string[],
  options: ImportOptions,
  access: HubAccess,
  deps: HubDeps,
): Promise<ExitCode> {
  const read = await readFiles(paths, deps.terminal);
  const documents = [...read.documents, ...(await fromRepository(read.documents, options, deps))];
  const { findings, files } = read;
  if (findings.some(({ severity }) => severity === 'ERROR'))
    return report(findings, { strict: options.strict, documents: files.length }, deps.terminal);
  if (goesAsJob(read)) {
    if (documents.length > read.documents.length)
      throw new UsageError('What a repository brings in goes with small files only: import it first.');
    const { importAsJob } = await import('./import-job.ts');
    const { strict, dryRun, createTwins } = options;
    return importAsJob(files, { strict, dryRun, createTwins }, access, deps);
  }
  const payload = await send(
    access,
    { input: { documents, dryRun: options.dryRun, createTwins: options.createTwins } },
    deps,
  );
  const code = await report(
    [...findings, ...placed(payload.findings, documents)],
    { strict: options.strict, documents: documents.length },
    deps.terminal,
  );
  for (const error of payload.errors) deps.terminal.err(`${error.code} ${error.message} ${error.advice}`);
  if (payload.errors.length) return exitCodes.findings;
  const { created, changed, equal } = payload;
  deps.terminal.err(
    `${options.dryRun ? 'would be ' : ''}created ${created}, changed ${changed}, equal ${equal}`,
  );
  return code;
}

function placed(findings: Payload['findings'], documents: readonly ImportDocument[]) {
  const texts = new Map<string, JsonText>();
  for (const { name, content } of documents) {
    try {
      texts.set(name, JsonText.parse(content));
    } catch {
      // The hub reports it; it has no places inside.
      continue;
    }
  }
  return findings.map((finding) => ({
    ...finding,
    ...(texts.get(finding.document)?.placeOf(finding.pointer) ?? { line: 1, column: 1 }),
  }));
}

async function send(access: HubAccess, variables: unknown, deps: HubDeps): Promise<Payload> {
  const { importModels } = await askHub<{ importModels: Payload }>(
    access,
    documents.importModels,
    variables,
    deps,
  );
  return importModels;
}
