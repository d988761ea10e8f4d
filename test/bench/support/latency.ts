import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HubClient } from '#test/e2e/support/client.ts';
import { plantEndpointOf } from '#test/e2e/support/loop.ts';
import { quantile, row, type Row } from './rows.ts';

/** Signals whose OPC UA node is `ns=1;s=TWIN.SIGNAL` and nothing else, each one number or truth value. */
const signals: Readonly<Record<string, readonly string[]>> = {
  'P-101': [
    'flow',
    'suctionPressure',
    'dischargePressure',
    'speed',
    'power',
    'bearingTemperature',
    'velocityRms',
    'accelerationPeak',
    'running',
  ],
  'P-101.motor': ['current', 'windingTemperature'],
  'AC-101': ['dischargePressure', 'power', 'dischargeTemperature', 'running'],
  'CH-101': ['supplyTemperature', 'returnTemperature', 'power', 'running'],
};
/** First values come with older source times and with everything still cold. */
const warmUpMs = 3_000;
const fewest = 1_000;

interface Update {
  readonly signalUpdated: {
    readonly sample: { readonly sourceTime: string | null; readonly receivedTime: string };
    readonly signal: { readonly twin: { readonly name: string } };
  };
}

/**
 * From the plant's source timestamp to a subscriber of the hub and to a raw OPC UA client of the same nodes, at the
 * same time. Goes on until `durationMs` are over and 1,000 samples have come.
 */
export async function measureLatency(client: HubClient, durationMs: number): Promise<Row[]> {
  const raw = startRaw(await plantEndpointOf(client));
  const { whole, inside } = await subscribe(client, durationMs).finally(() => raw.stop());
  if (raw.latencies.length < fewest)
    throw new Error(`The raw client got ${raw.latencies.length} values only`);
  const rows = ([0.5, 0.99] as const).flatMap((share) => {
    const label = `p${share * 100}`;
    const baseline = { name: `sensor to raw OPC UA client, ${label}`, value: quantile(raw.latencies, share) };
    return [
      row(baseline.name, baseline.value, 'ms'),
      row(`sensor to subscriber, ${label}`, quantile(whole, share), 'ms', baseline),
      row(`hub's receipt to subscriber, ${label}`, quantile(inside, share), 'ms', baseline),
    ];
  });
  return [
    ...rows,
    row('sensor to subscriber, samples measured', whole.length, 'samples', {
      name: 'values of the raw client',
      value: raw.latencies.length,
    }),
  ];
}

function startRaw(endpoint: string): { readonly latencies: number[]; stop(): void } {
  const nodes = Object.entries(signals).flatMap(([twin, names]) =>
    names.map((name) => `ns=1;s=${twin}.${name}`),
  );
  const child = fork(fileURLToPath(new URL('raw-opcua.ts', import.meta.url)), [endpoint, ...nodes], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const latencies: number[] = [];
  const begun = Date.now();
  child.on('message', (latency: number) => {
    if (Date.now() - begun > warmUpMs) latencies.push(latency);
  });
  return { latencies, stop: () => child.disconnect() };
}

async function subscribe(
  client: HubClient,
  durationMs: number,
): Promise<{ whole: number[]; inside: number[] }> {
  const updates = client.subscribe<Update>(
    'subscription($ids: [ID!]!) { signalUpdated(signalIds: $ids) { sequence sample { number quality sourceTime receivedTime } signal { name unit twin { name } } } }',
    {
      ids: await signalIds(client),
    },
  );
  const whole: number[] = [];
  const inside: number[] = [];
  const begun = Date.now();
  for await (const { signalUpdated } of updates) {
    const now = performance.timeOrigin + performance.now();
    const { sourceTime, receivedTime } = signalUpdated.sample;
    if (now - begun < warmUpMs || sourceTime === null || !signalUpdated.signal.twin.name) continue;
    whole.push(now - Date.parse(sourceTime));
    inside.push(now - Date.parse(receivedTime));
    if (now - begun > warmUpMs + durationMs && whole.length >= fewest) break;
  }
  return { whole, inside };
}

async function signalIds(client: HubClient): Promise<string[]> {
  const ids = await Promise.all(
    Object.entries(signals).map(async ([twinId, names]) => {
      const { twinByTwinId } = await client.get<{ twinByTwinId: { signals: { id: string }[] } }>(
        'query($twinId: String!, $names: [String!]) { twinByTwinId(twinId: $twinId) { signals(names: $names) { id } } }',
        { twinId, names },
      );
      return twinByTwinId.signals.map(({ id }) => id);
    }),
  );
  return ids.flat();
}
