import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareSupergraphs, type Severity } from '#gateway/supergraph/schema-changes.ts';
import { messageOf } from '#kernel/errors.ts';
import { exitCodes, readArguments, UsageError, type ExitCode } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';
import { compose, ownSubgraphs } from './compose.ts';

export const schemaHelp = `twinhub schema check [--against FILE] [--supergraph FILE]
twinhub schema release
check says what a client of the last released schema would notice of today's: one change a line, with BREAKING, DANGEROUS
or safe before it. What was @deprecated in a release may go in the next.
  --against FILE      the released supergraph (default docs/schema/supergraph.graphql)
  --supergraph FILE   today's supergraph (default: composed from the hub's own subgraphs)
release keeps today's supergraph as the released one.
Exit code 0 without a breaking change, 1 with one.`;

const releasedFile = fileURLToPath(new URL('../../docs/schema/supergraph.graphql', import.meta.url));

/** `twinhub schema`. */
export async function schemaCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    against: { type: 'string' },
    supergraph: { type: 'string' },
  });
  const [what, ...more] = positionals;
  if (more.length || (what !== 'check' && what !== 'release'))
    throw new UsageError('Say what: schema check or schema release.');
  const today = values.supergraph ? read(values.supergraph, terminal) : compose(ownSubgraphs(), terminal);
  if (today === null) return exitCodes.findings;
  if (what === 'release') return release(today, terminal);
  return check(read(values.against ?? releasedFile, terminal), today, terminal);
}

function check(released: string, today: string, terminal: Terminal): ExitCode {
  const changes = compareSupergraphs(released, today);
  for (const { severity, type, message } of changes) terminal.out(`${shown[severity]} ${type} ${message}`);
  const count = (severity: Severity) => changes.filter((change) => change.severity === severity).length;
  terminal.err(`${count('breaking')} breaking, ${count('dangerous')} dangerous, ${count('safe')} safe`);
  return count('breaking') ? exitCodes.findings : exitCodes.fine;
}

const shown: Readonly<Record<Severity, string>> = {
  breaking: 'BREAKING',
  dangerous: 'DANGEROUS',
  safe: 'safe',
};

function release(today: string, terminal: Terminal): ExitCode {
  mkdirSync(dirname(releasedFile), { recursive: true });
  writeFileSync(releasedFile, `${today.trimEnd()}\n`);
  terminal.out(releasedFile);
  return exitCodes.fine;
}

function read(file: string, { cwd }: Terminal): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${messageOf(error)}`, error);
  }
}
