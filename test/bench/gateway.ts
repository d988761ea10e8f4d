import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { composeSupergraph } from '#gateway/compose.ts';
import { queries, subgraphs } from './support/federation/plant.js';
import { formatTable, median, row, type Row } from './support/rows.ts';

const help = `npm run bench:gateway -- [--seconds N] [--rounds N] [--only NAME,NAME] [--json FILE]
This gateway, @apollo/gateway, Hive and monoliths with the same resolvers; README.md beside this file says how.
  --seconds N   length of each measurement (default 4)
  --rounds N    rounds, the contenders in turns (default 3)
  --only NAMES  these contenders alone, by name
  --json FILE   the rows as JSON, too`;

interface Contender {
  readonly name: string;
  readonly program: string;
  /** What its processes are told, once the subgraphs run at `urls`. */
  args(supergraphs: { local: string; remote: string }, urls: object): readonly string[];
}

const other = (name: string, kind: string, where: 'local' | 'remote'): Contender => ({
  name,
  program: 'contenders/server.js',
  args: (supergraphs) => [kind, supergraphs[where], where],
});

const contenders: readonly Contender[] = [
  { name: 'twinhub', program: 'support/federation/twinhub.ts', args: () => [] },
  {
    name: 'twinhub remote',
    program: 'support/federation/twinhub.ts',
    args: (_, urls) => [JSON.stringify(urls)],
  },
  {
    name: 'twinhub engine in @apollo/server',
    program: 'support/federation/twinhub-apollo.ts',
    args: () => [],
  },
  other('@apollo/gateway', 'apollo-gateway', 'local'),
  other('@apollo/gateway remote', 'apollo-gateway', 'remote'),
  other('hive', 'hive', 'local'),
  other('hive remote', 'hive', 'remote'),
  other('hive with router-runtime', 'hive-router', 'local'),
  other('hive with router-runtime remote', 'hive-router', 'remote'),
  other('@apollo/server monolith', 'apollo-monolith', 'local'),
  other('bare http and graphql-jit monolith', 'jit-monolith', 'local'),
];

/** What a contender is compared with. */
const baselineOf = (name: string) =>
  name.endsWith(' remote') ? '@apollo/gateway remote' : '@apollo/gateway';

interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
  /** CPU time of the contender's process for one request, µs; 0 where the system does not tell. */
  readonly cpu: number;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
  const only = values.only?.split(',') ?? contenders.map(({ name }) => name);
  const chosen = contenders.filter(({ name }) => only.includes(name));
  const fine = [seconds, rounds].every((number) => Number.isInteger(number) && number > 0);
  if (values.help || !fine || chosen.length !== only.length) {
    process.stderr.write(`${help}\nContenders: ${contenders.map(({ name }) => name).join(', ')}\n`);
    process.exit(values.help ? 0 : 2);
  }
  return { seconds, rounds, chosen, json: values.json };
}

/** The contenders are no part of the hub: they are installed here, when they are first needed. */
function installContenders(): void {
  const cwd = join(import.meta.dirname, 'contenders');
  const stamp = join(cwd, 'node_modules', '.installed-lock');
  const lock = readFileSync(join(cwd, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('Installing the contenders...\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('The contenders could not be installed: see the lines above.');
  writeFileSync(stamp, lock);
}

function start(program: string, args: readonly string[], core: number) {
  const child = fork(new URL(program, import.meta.url), args, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: '1' },
  });
  if (cpus().length > 1)
    spawnSync('taskset', ['-a', '-p', '-c', String(core), String(child.pid)], { stdio: 'ignore' });
  return child;
}

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`A process of the bench ended with ${code}.`));
    child.once('exit', gone);
    child.once('message', (message) => {
      child.off('exit', gone);
      resolve(message as T);
    });
  });
}

async function ask(url: string, name: string): Promise<unknown> {
  const { query, variables } = queries[name] as (typeof queries)[string];
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer bench' },
    body: JSON.stringify({ query, variables: variables(() => 0.1) }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
  if (errors) throw new Error(`${name}: ${JSON.stringify(errors)}`);
  return data;
}

/** CPU time of a process so far, µs, as Linux counts it: in hundredths of a second. @see proc_pid_stat(5) */
function cpuOf({ pid }: ChildProcess): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 0;
  const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

function supergraphFile(folder: string, name: string, urls: Readonly<Record<string, string>>): string {
  const definitions = subgraphs.map(({ name: subgraph, sdl }) => ({
    name: subgraph,
    sdl,
    url: urls[subgraph] ?? `http://in-process/${subgraph}`,
  }));
  const file = join(folder, `${name}.graphql`);
  writeFileSync(file, composeSupergraph(definitions).supergraphSdl);
  return file;
}

const options = readOptions();
installContenders();
const folder = mkdtempSync(join(tmpdir(), 'twinhub-bench-'));
const remote = start('contenders/subgraphs.js', [], 1);
const load = start('contenders/load.js', [], 1);
const [{ urls }] = await Promise.all([answerOf<{ urls: Record<string, string> }>(remote), answerOf(load)]);
const supergraphs = {
  local: supergraphFile(folder, 'local', {}),
  remote: supergraphFile(folder, 'remote', urls),
};
const expected = new Map<string, unknown>();
const measured = new Map<string, Figures[]>();

async function measure(contender: Contender): Promise<void> {
  const server = start(contender.program, contender.args(supergraphs, urls), 0);
  const { port } = await answerOf<{ port: number }>(server);
  const url = `http://127.0.0.1:${port}/graphql`;
  for (const name of Object.keys(queries)) {
    const data = await ask(url, name);
    if (!expected.has(name)) expected.set(name, data);
    if (!isDeepStrictEqual(data, expected.get(name)))
      throw new Error(`${contender.name} answers ${name} differently.`);
    const before = cpuOf(server);
    load.send({ url, name, seconds: options.seconds, connections: 16 });
    const { sent, ...told } = await answerOf<Omit<Figures, 'cpu'> & { sent: number }>(load);
    const figures = { ...told, cpu: (cpuOf(server) - before) / sent };
    if (figures.failed) throw new Error(`${contender.name}: ${figures.failed} requests of ${name} failed.`);
    const key = `${name}: ${contender.name}`;
    measured.set(key, [...(measured.get(key) ?? []), figures]);
  }
  server.kill('SIGKILL');
}

for (let round = 0; round < options.rounds; round += 1)
  for (const contender of options.chosen) {
    process.stderr.write(`round ${round + 1}: ${contender.name}\n`);
    await measure(contender);
  }

const rows: Row[] = Object.keys(queries).flatMap((query) =>
  options.chosen.flatMap(({ name }) => {
    const of = (who: string, what: keyof Figures) =>
      median((measured.get(`${query}: ${who}`) ?? []).map((figures) => figures[what]));
    const versus = (what: keyof Figures) => {
      const baseline = baselineOf(name);
      return measured.has(`${query}: ${baseline}`) && name !== baseline
        ? { name: baseline, value: of(baseline, what) }
        : undefined;
    };
    return [
      row(`${query}: ${name}`, of(name, 'perSecond'), 'requests/s', versus('perSecond')),
      row(`${query}: ${name}, p99`, of(name, 'p99'), 'ms', versus('p99')),
      row(`${query}: ${name}, CPU`, of(name, 'cpu'), 'µs', versus('cpu')),
    ];
  }),
);
process.stdout.write(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores\n${formatTable(rows)}\n`,
);
if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
rmSync(folder, { recursive: true, force: true });
remote.disconnect();
load.disconnect();
process.exit(0);
