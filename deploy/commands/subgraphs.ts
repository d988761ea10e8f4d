import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { composeSupergraph } from '#gateway/compose.ts';
import { composeExtended } from '#gateway/graph/compose-extended.ts';
import { sentFields } from '#gateway/graph/sent-fields.ts';
import { listSubgraphs, readSubgraphs, type ExternalSubgraph } from '#gateway/graph/subgraph-file.ts';
import { compareSupergraphs } from '#gateway/supergraph/schema-changes.ts';
import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import { exitCodes, readArguments, UsageError, type ExitCode } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandDeps } from './command.ts';
import { ownSubgraphs } from './compose.ts';

export const subgraphsHelp = `twinhub subgraphs check FILE
twinhub subgraphs sdl URL [--header NAME=VALUE]... [--output FILE]
check reads a file of subgraphs (TWINHUB_SUBGRAPHS_FILE, docs/subgraphs.md), composes them with the hub's own, and says what
the graph would gain and what each of them would get to know. It asks nobody over the network.
sdl asks a subgraph for its schema (_service { sdl }), to be kept beside the file.
  --header NAME=VALUE   sent with the question; may be given several times
  --output FILE         where to write it (default: standard output)
Exit code 0 when they can join, 1 when they cannot, 3 when the subgraph does not answer.`;

/** `twinhub subgraphs`. */
export async function subgraphsCommand(
  args: readonly string[],
  { terminal, signal }: CommandDeps,
): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    header: { type: 'string', multiple: true, default: [] as string[] },
    output: { type: 'string' },
  });
  const [what, place, ...more] = positionals;
  if (more.length) throw new UsageError(`Unexpected: ${more.join(' ')}`);
  if (what === 'check' && place) return check(resolve(terminal.cwd, place), terminal);
  if (what !== 'sdl' || !place) throw new UsageError('Say check FILE or sdl URL.');
  const sdl = await askForSdl(place, Object.fromEntries(values.header.map(headerOf)), signal);
  if (values.output) writeFileSync(resolve(terminal.cwd, values.output), sdl);
  else terminal.out(sdl.trimEnd());
  return exitCodes.fine;
}

async function check(file: string, terminal: Terminal): Promise<ExitCode> {
  try {
    const external = await readSubgraphs(await listSubgraphs(file), terminal.env);
    const own = ownSubgraphs();
    const { supergraphSdl, hints } = composeExtended(own, external);
    for (const hint of hints) terminal.err(`hint: ${hint}`);
    for (const { message } of compareSupergraphs(composeSupergraph(own).supergraphSdl, supergraphSdl))
      terminal.out(`gain: ${message}`);
    for (const subgraph of external) tell(subgraph, supergraphSdl, terminal);
    terminal.err(`${external.length} of ${external.length} subgraphs can join.`);
    return exitCodes.fine;
  } catch (error) {
    if (!isHubError(error)) throw error;
    terminal.err(`${error.code}: ${error.message}`);
    return exitCodes.findings;
  }
}

function tell(
  { name, url, tenants, identity }: ExternalSubgraph,
  supergraphSdl: string,
  terminal: Terminal,
): void {
  terminal.out(`${name}: asked at ${url}, by ${tenants ? `tenants ${tenants.join(', ')}` : 'all tenants'}`);
  for (const { type, fields } of sentFields(supergraphSdl, name))
    terminal.out(`${name}: gets to know of ${type}: ${fields.join(', ')}`);
  if (identity) terminal.out(`${name}: gets to know who asks (account, person, tenant, roles)`);
}

/** @throws {HubError} CONNECTOR_UNREACHABLE, CONNECTOR_PROTOCOL - it has no schema for us. */
async function askForSdl(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new UsageError(`The address starts with http:// or https://; it was ${JSON.stringify(url)}.`);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
    // Headers may be secrets for this address.
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
  }).catch((error: unknown) => {
    throw new HubError('CONNECTOR_UNREACHABLE', `${url} does not answer: ${whyNot(error)}.`, {
      cause: error,
    });
  });
  const text = await answer.text();
  const sdl = sdlOf(text);
  if (sdl !== null) return sdl;
  throw new HubError(
    'CONNECTOR_PROTOCOL',
    `${url} answered with status ${answer.status} and no schema: ${text.slice(0, 200)}`,
  );
}

/** `fetch` says only that it failed; its cause says why, with a code alone when several addresses were tried. */
function whyNot(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return messageOf(error);
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}

function sdlOf(text: string): string | null {
  try {
    const { data } = JSON.parse(text) as { data?: { _service?: { sdl?: unknown } | null } | null };
    const sdl = data?._service?.sdl;
    return typeof sdl === 'string' && sdl.trim() ? sdl : null;
  } catch {
    return null;
  }
}

function headerOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(`--header is NAME=VALUE; it was ${JSON.stringify(text)}.`);
}
