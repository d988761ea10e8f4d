import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { HubError, messageOf } from '#kernel/errors.ts';
import { exitCodes, type ExitCode } from '../../arguments.ts';
import { documents } from '../documents.ts';
import { hubUrl } from '../hub-client.ts';
import type { HubAccess } from '../hub-options.ts';
import { askHub, type HubDeps } from './hub.ts';
import { report, type PlacedFinding } from './report.ts';

/** A file to be sent as it is. */
export interface SentFile {
  readonly name: string;
  readonly path: string;
}

const pollMs = 250;
/** Findings told of one job; the hub keeps the others. */
const maxFindings = 2_000;

/**
 * Imports files as a job of the hub: uploads each, starts the job and follows it to its end. For what is too large to go
 * in one request, and for packages, whose files go along.
 */
export async function importAsJob(
  files: readonly SentFile[],
  options: { readonly strict: boolean; readonly dryRun: boolean; readonly createTwins: boolean },
  access: HubAccess,
  deps: HubDeps,
): Promise<ExitCode> {
  const uploadIds: string[] = [];
  for (const file of files) {
    uploadIds.push(await upload(file, access, deps));
    deps.terminal.err(`sent ${file.name}`);
  }
  const { startImport } = await askHub<{
    startImport: { job: { id: string } | null; errors: readonly UserError[] };
  }>(access, documents.startImport, { input: { uploadIds, ...options } }, deps);
  if (!startImport.job) return refused(startImport.errors, deps);
  const job = await untilEnded(startImport.job.id, access, deps);
  return tell(job, options, files.length, deps);
}

interface UserError {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
}

function refused(errors: readonly UserError[], { terminal }: HubDeps): ExitCode {
  for (const { code, message, advice } of errors) terminal.err(`${code} ${message} ${advice}`);
  return exitCodes.findings;
}

/** @returns the id of the upload. */
async function upload({ name, path }: SentFile, access: HubAccess, deps: HubDeps): Promise<string> {
  const url = new URL(hubUrl(deps.terminal, access).replace(/\/graphql\/?$/, '/import'));
  url.searchParams.set('name', name);
  const headers = {
    authorization: `Bearer ${await deps.token(access)}`,
    'content-type': 'application/octet-stream',
    'content-length': String(statSync(path).size),
  };
  let response: Response;
  try {
    const body = Readable.toWeb(createReadStream(path)) as unknown as ReadableStream;
    const request = { method: 'POST', headers, body, duplex: 'half' };
    response = await fetch(url, {
      ...request,
      ...(deps.signal ? { signal: deps.signal } : {}),
    } as RequestInit);
  } catch (error) {
    throw new HubError(
      'CONNECTOR_UNREACHABLE',
      `${name} could not be sent to ${url.origin}: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
  const answer = (await response.json().catch(() => null)) as {
    id?: string;
    errors?: { message: string }[];
  } | null;
  if (response.ok && answer?.id) return answer.id;
  const reason = answer?.errors?.map(({ message }) => message).join('; ') ?? `HTTP status ${response.status}`;
  throw new HubError('CONNECTOR_REFUSED', `The hub refused ${name}: ${reason}`);
}

interface Job {
  readonly state: string;
  readonly counts: { readonly created: number; readonly changed: number; readonly equal: number };
  readonly progress: { readonly itemsDone: number; readonly itemsTotal: number };
  readonly failure: UserError | null;
  readonly findings: readonly PlacedFinding[];
}

async function untilEnded(id: string, access: HubAccess, deps: HubDeps): Promise<Job> {
  let before = '';
  for (;;) {
    const { importJob: job } = await askHub<{ importJob: Omit<Job, 'findings'> | null }>(
      access,
      documents.importJob,
      { id },
      deps,
    );
    if (!job) throw new HubError('NOT_FOUND', 'The hub no longer knows the import.');
    const { state, progress } = job;
    if (['DONE', 'FAILED', 'CANCELLED', 'ROLLED_BACK'].includes(state))
      return { ...job, findings: await findingsOf(id, access, deps) };
    const now =
      `${state.toLowerCase()} ${progress.itemsTotal ? `${progress.itemsDone} of ${progress.itemsTotal}` : ''}`.trim();
    if (now !== before) deps.terminal.err(now);
    before = now;
    await wait(pollMs, undefined, deps.signal ? { signal: deps.signal } : {});
  }
}

interface FindingsPage {
  readonly importJob: {
    readonly findings: {
      readonly nodes: readonly PlacedFinding[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  } | null;
}

async function findingsOf(id: string, access: HubAccess, deps: HubDeps): Promise<readonly PlacedFinding[]> {
  const found: PlacedFinding[] = [];
  let after: string | null = null;
  do {
    const page: FindingsPage = await askHub<FindingsPage>(
      access,
      documents.importFindings,
      { id, after },
      deps,
    );
    const { nodes = [], pageInfo } = page.importJob?.findings ?? {};
    found.push(...nodes);
    after = pageInfo?.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null && found.length < maxFindings);
  return found;
}

async function tell(
  { state, counts, failure, findings }: Job,
  { strict, dryRun }: { readonly strict: boolean; readonly dryRun: boolean },
  documents: number,
  deps: HubDeps,
): Promise<ExitCode> {
  const code = await report(findings, { strict, documents }, deps.terminal);
  if (failure) return refused([failure], deps);
  if (state !== 'DONE') {
    deps.terminal.err(`The import ended as ${state}.`);
    return exitCodes.findings;
  }
  const { created, changed, equal } = counts;
  deps.terminal.err(`${dryRun ? 'would be ' : ''}created ${created}, changed ${changed}, equal ${equal}`);
  return code;
}
