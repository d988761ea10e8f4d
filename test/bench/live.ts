import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Clients } from './support/live/clients.ts';
import { operationNames, type OperationName } from './support/live/schema.ts';
import { kinds, pin, settled, startServer, type Kind } from './support/live/server-process.ts';
import { measureExchange, measureStorm } from './support/live/upsets.ts';
import { formatTable, median, quantile, row, type Row } from './support/rows.ts';

const help = `npm run bench:live -- [--clients N,N] [--topics N,N] [--ask NAME,NAME] [--events N] [--rounds N] [--profile DIR] [--json FILE]
Fan-out of live events over graphql-transport-ws; README.md beside this file says what each row is.
  --clients N,N  numbers of clients (default 2000,10000)
  --topics N,N   numbers of topics the clients are spread over (default 1,500)
  --ask NAME,... plain, join (default both)
  --events N     events of each measurement (default 10)
  --rounds N     rounds, the servers in turns (default 3)
  --only KIND    gateway or monolith alone, without comparing
  --profile DIR  a CPU profile of the server while events are published, a file for each case
  --exchange     instead: the graph is exchanged while joined events come
  --storm        instead: all clients are cut off, come back at once and resume
  --json FILE    the rows as JSON, too`;

/** Rounds before anything is measured: code that is asked often is compiled by then. */
const warming = 25;

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
      topics: { type: 'string', default: '1,500' },
      ask: { type: 'string', default: 'plain,join' },
      only: { type: 'string' },
      profile: { type: 'string' },
      events: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '3' },
      exchange: { type: 'boolean' },
      storm: { type: 'boolean' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const clients = values.clients.split(',').map(Number);
  const topics = values.topics.split(',').map(Number);
  const asked = operationNames.filter((name) => values.ask.split(',').includes(name));
  const [events, rounds] = [Number(values.events), Number(values.rounds)];
  const fine = [...clients, ...topics, events, rounds].every(
    (number) => Number.isInteger(number) && number > 0,
  );
  if (values.help || !fine) {
    process.stderr.write(`${help}\n`);
    process.exit(values.help ? 0 : 2);
  }
  const upset = values.exchange ? 'exchange' : values.storm ? 'storm' : null;
  const compared = kinds.filter((kind) => !values.only || kind === values.only);
  return {
    clients,
    topics,
    asked,
    events,
    rounds,
    compared,
    upset,
    profile: values.profile,
    json: values.json,
  };
}

async function measure(
  kind: Kind,
  one: Case,
  { events, profile }: { events: number; profile?: string | undefined },
): Promise<Figures> {
  const { clients: count, operation, topics } = one;
  const server = await startServer(kind);
  const clients = new Clients();
  try {
    const empty = await server.report('memory');
    await clients.open(server.port, count, operation, (client) => `T-${client % topics}`);
    const quiet = await settled(server);
    const latencies: number[] = [];
    const publish = Array.from({ length: topics }, (_, topic) => `T-${topic}`);
    const round = async (value: number) => {
      const all = clients.expect(count);
      server.tell({ publish, value });
      await all;
      latencies.push(...clients.latencies);
      await sleep(100);
    };
    for (let value = 0; value < warming; value += 1) await round(value);
    latencies.length = 0;
    if (profile) await server.ask({ profile: true });
    const before = await server.report('cpu');
    for (let value = 0; value < events; value += 1) await round(value);
    const after = await server.report('cpu');
    if (profile)
      await server.ask({ profile: `${profile}/${kind}-${count}-${operation}-${topics}.cpuprofile` });
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
  const pair = (what: keyof Figures, label: string, unit: string): Row[] => {
    const [monolith, gateway] = kinds.map((kind) => median(figures[kind].map((round) => round[what])));
    const measured = { monolith: figures.monolith.length > 0, gateway: figures.gateway.length > 0 };
    const baseline = measured.monolith ? { name: 'monolith', value: monolith ?? 0 } : undefined;
    return [
      ...(baseline ? [row(`${name}: ${label}, graphql-ws monolith`, baseline.value, unit)] : []),
      ...(measured.gateway ? [row(`${name}: ${label}, gateway`, gateway ?? 0, unit, baseline)] : []),
    ];
  };
  return [
    ...pair('cpuMs', 'CPU per round of events', 'ms'),
    ...pair('p50', 'delivery p50', 'ms'),
    ...pair('p99', 'delivery p99', 'ms'),
    ...pair('kibPerClient', 'memory per quiet client', 'KiB'),
  ];
}

async function compare(options: ReturnType<typeof readOptions>, one: Case): Promise<Row[]> {
  const figures: Record<Kind, Figures[]> = { monolith: [], gateway: [] };
  for (let round = 0; round < options.rounds; round += 1)
    for (const kind of options.compared) figures[kind].push(await measure(kind, one, options));
  return rowsOf(one, figures);
}

function casesOf({ clients, topics, asked }: ReturnType<typeof readOptions>): Case[] {
  return clients.flatMap((count) =>
    topics.flatMap((spread) => asked.map((operation) => ({ clients: count, operation, topics: spread }))),
  );
}

/** What is measured: the comparison, or one of the upsets. */
function measurements(options: ReturnType<typeof readOptions>): (() => Promise<Row[]>)[] {
  const { clients, topics, upset } = options;
  if (!upset) return casesOf(options).map((one) => () => compare(options, one));
  const measureUpset = upset === 'exchange' ? measureExchange : measureStorm;
  return clients.flatMap((count) =>
    topics.map((spread) => () => measureUpset({ clients: count, topics: spread })),
  );
}

const options = readOptions();
pin(process.pid, 1);
const rows: Row[] = [];
for (const measure of measurements(options)) {
  const measured = await measure();
  rows.push(...measured);
  process.stderr.write(`${formatTable(measured)}\n`);
}
process.stdout.write(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores\n${formatTable(rows)}\n`,
);
if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
process.exit(0);
