import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { composeSupergraph, type SubgraphDefinition } from '#gateway/compose.ts';
import { isHubError, messageOf } from '#kernel/errors.ts';
import { exitCodes, readArguments, UsageError, type ExitCode } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';

export const composeHelp = `twinhub compose [--subgraph NAME=FILE]... [--url NAME=URL]... [--own] [--output FILE]
Composes subgraphs to one supergraph, offline, as \`twinhub gateway\` and other Federation 2 gateways read it.
  --subgraph NAME=FILE   a subgraph's SDL; may be given several times
  --url NAME=URL         where a subgraph answers
  --own                  the hub's own subgraphs among them (they are taken when no other is given)
  --output FILE          where to write it (default: standard output)
One fault a line, with the subgraph and the place in its SDL. Exit code 1 when they do not compose.`;

/** `twinhub compose`. */
export async function composeCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    subgraph: { type: 'string', multiple: true, default: [] as string[] },
    url: { type: 'string', multiple: true, default: [] as string[] },
    own: { type: 'boolean', default: false },
    output: { type: 'string' },
  });
  if (positionals.length) throw new UsageError(`Unexpected: ${positionals.join(' ')}`);
  const own = values.own || !values.subgraph.length ? ownSubgraphs() : [];
  const given = values.subgraph.map((text) => readSubgraph(text, terminal));
  const urls = new Map(values.url.map((text) => pairOf('--url', text)));
  const named = [...own, ...given].map((one) => withUrl(one, urls.get(one.name)));
  const supergraph = compose(named, terminal);
  if (supergraph === null) return exitCodes.findings;
  if (values.output) writeFileSync(resolve(terminal.cwd, values.output), supergraph);
  else terminal.out(supergraph);
  return exitCodes.fine;
}

/** The SDLs of the hub's own subgraphs. */
export function ownSubgraphs(): readonly SubgraphDefinition[] {
  return ['assets', 'telemetry', 'analytics', 'workflows'].map((name) => ({
    name,
    sdl: readFileSync(new URL(`../../subgraphs/${name}/schema.graphql`, import.meta.url), 'utf8'),
  }));
}

/** The supergraph, or `null` when the faults have been told. */
export function compose(subgraphs: readonly SubgraphDefinition[], terminal: Terminal): string | null {
  try {
    const { supergraphSdl, hints } = composeSupergraph(subgraphs);
    for (const hint of hints) terminal.err(`hint: ${hint}`);
    return supergraphSdl;
  } catch (error) {
    if (!isHubError(error, 'COMPOSITION_FAILED')) throw error;
    terminal.err(error.message);
    return null;
  }
}

function withUrl(subgraph: SubgraphDefinition, url: string | undefined): SubgraphDefinition {
  return url === undefined ? subgraph : { ...subgraph, url };
}

function readSubgraph(text: string, { cwd }: Terminal): SubgraphDefinition {
  const [name, file] = pairOf('--subgraph', text);
  try {
    return { name, sdl: readFileSync(resolve(cwd, file), 'utf8') };
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${messageOf(error)}`, error);
  }
}

function pairOf(flag: string, text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(`${flag} is NAME=VALUE; it was ${JSON.stringify(text)}.`);
}
