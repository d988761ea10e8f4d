import { fork, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Clients } from './support/live/clients.ts';
import type { OperationName } from './support/live/schema.ts';
import type { Order, Report } from './support/live/server.ts';
import { formatTable, median, quantile, row, type Row } from './support/rows.ts';

const help = `npm run bench:live -- [--clients N,N] [--events N] [--rounds N] [--json FILE]
Fan-out of live events over graphql-transport-ws; README.md beside this file says what each row is.
  --clients N,N  numbers of clients (default 2000,10000)
  --events N     events of each measurement (default 10)
  --rounds N     rounds, the servers in turns (default 3)
  --json FILE    the rows as JSON, too`;

const kinds = ['monolith', 'gateway'] as const;
type Kind = (typeof kinds)[number];

interface Case {
  readonly clients: number;
  readonly operation: OperationName;
  readonly topics: number;
}

interface Figures {
  readonly cpuMs: number;
  readonly p50: number;
  readonly p99: number;
  readonly kibPerClient: number;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      clients: { type: 'string', default: '2000,10000' },
      events: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '3' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const clients = values.clients.split(',').map(Number);
  const [events, rounds] = [Number(values.events), Number(values.rounds)];
  const fine = [...clients, events, rounds].every((number) => Number.isInteger(number) && number > 0);
  if (values.help || !fine) {
    process.stderr.write(`${help}\n`);
    process.exit(values.help ? 0 : 2);
  }
  return { clients, events, rounds, json: values.json };
}

/** Server and load on cores of their own, where the system can do that. */
function pin(pid: number | undefined, core: number): void {
  if (cpus().length > 1 && pid !== undefined)
    spawnSync('taskset', ['-a', '-p', '-c', String(core), String(pid)], { stdio: 'ignore' });
}

async function startServer(kind: Kind) {
  const server = fork(new URL('support/live/server.ts', import.meta.url), [kind], {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  pin(server.pid, 0);
  const answer = <T>() =>
    new Promise<T>((resolve) => server.once('message', (message) => resolve(message as T)));
  const { port } = await answer<{ port: number }>();
  const tell = (order: Order) => void server.send(order);
  return {
    port,
    tell,
    report: () => {
      const answered = answer<Report>();
      tell({ report: true });
      return answered;
    },
    stop: () => server.kill('SIGKILL'),
  };
}

/** All have subscribed: the number of listeners stays the same for a while. */
async function settled(report: () => Promise<Report>): Promise<Report> {
  for (let before = await report(); ;) {
    await sleep(1_500);
    const now = await report();
    if (now.listeners === before.listeners && now.listeners > 0) return now;
    before = now;
  }
}

async function measure(
  kind: Kind,
  { clients: count, operation, topics }: Case,
  events: number,
): Promise<Figures> {
  const server = await startServer(kind);
  const clients = new Clients();
  try {
    const empty = await server.report();
    await clients.open(server.port, count, operation, (client) => `T-${client % topics}`);
    const quiet = await settled(server.report);
    const latencies: number[] = [];
    const publish = Array.from({ length: topics }, (_, topic) => `T-${topic}`);
    const round = async (value: number) => {
      const all = clients.expect(count);
      server.tell({ publish, value });
      await all;
      latencies.push(...clients.latencies);
      await sleep(100);
    };
    for (let value = 0; value < 3; value += 1) await round(value);
    latencies.length = 0;
    const before = await server.report();
    for (let value = 0; value < events; value += 1) await round(value);
    const after = await server.report();
    return {
      cpuMs: (after.cpuMs - before.cpuMs) / events,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      kibPerClient: (quiet.rssBytes - empty.rssBytes) / 1024 / count,
    };
  } finally {
    clients.close();
    server.stop();
  }
}

function rowsOf(one: Case, figures: Readonly<Record<Kind, readonly Figures[]>>): Row[] {
  const name = `${one.clients} clients, ${one.operation}, ${one.topics === 1 ? 'one topic' : `${one.topics} topics`}`;
  const of = (kind: Kind, what: keyof Figures) => median(figures[kind].map((round) => round[what]));
  const pair = (what: keyof Figures, label: string, unit: string) => {
    const baseline = { name: 'monolith', value: of('monolith', what) };
    return [
      row(`${name}: ${label}, graphql-ws monolith`, baseline.value, unit),
      row(`${name}: ${label}, gateway`, of('gateway', what), unit, baseline),
    ];
  };
  return [
    ...pair('cpuMs', 'CPU per round of events', 'ms'),
    ...pair('p50', 'delivery p50', 'ms'),
    ...pair('p99', 'delivery p99', 'ms'),
    ...pair('kibPerClient', 'memory per quiet client', 'KiB'),
  ];
}

const options = readOptions();
pin(process.pid, 1);
const rows: Row[] = [];
for (const clients of options.clients)
  for (const topics of [1, 500])
    for (const operation of ['plain', 'join'] as const) {
      const one = { clients, operation, topics };
      const figures: Record<Kind, Figures[]> = { monolith: [], gateway: [] };
      for (let round = 0; round < options.rounds; round += 1)
        for (const kind of kinds) figures[kind].push(await measure(kind, one, options.events));
      const measured = rowsOf(one, figures);
      rows.push(...measured);
      process.stderr.write(`${formatTable(measured)}\n`);
    }
process.stdout.write(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores\n${formatTable(rows)}\n`,
);
if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
process.exit(0);
