import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { HubClient } from '#test/e2e/support/client.ts';
import { median, row, type Row } from './rows.ts';

const batchSize = 1_000;
const writers = 4;
const rounds = 5;
const mutation =
  'mutation($samples: [SampleInput!]!) { recordSamples(input: { samples: $samples }) { stored errors { code message } } }';

interface Target {
  readonly url: string;
  readonly token: string;
}

/** Samples acknowledged per second: 4 writers, 1,000 samples a call, hub and baseline in turns. */
export async function measureRecording(hubUrl: string, ines: HubClient, durationMs: number): Promise<Row[]> {
  const signalId = await signalIdOf(ines);
  const bare = fork(fileURLToPath(new URL('bare-server.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const [bareUrl] = (await once(bare, 'message')) as [string];
    const targets = {
      hub: { url: `${hubUrl}/graphql`, token: ines.token },
      bare: { url: bareUrl, token: '' },
    };
    const rates = { hub: [] as number[], bare: [] as number[] };
    const nextTime = { value: Date.parse('2026-01-01T00:00:00Z') };
    for (const name of ['hub', 'bare'] as const) await recordFor(targets[name], signalId, nextTime, 1_000);
    for (let round = 0; round < rounds; round += 1)
      for (const name of ['hub', 'bare'] as const)
        rates[name].push(await recordFor(targets[name], signalId, nextTime, durationMs / rounds / 2));
    const baseline = { name: 'HTTP + JSON + fdatasync', value: median(rates.bare) };
    return [
      row(baseline.name, baseline.value, 'samples/s'),
      row('recordSamples acknowledged', median(rates.hub), 'samples/s', baseline),
    ];
  } finally {
    bare.disconnect();
  }
}

async function signalIdOf(client: HubClient): Promise<string> {
  const { twinByTwinId } = await client.get<{ twinByTwinId: { signal: { id: string } } }>(
    '{ twinByTwinId(twinId: "CV-101") { signal(name: "motorCurrent") { id } } }',
  );
  return twinByTwinId.signal.id;
}

async function recordFor(
  target: Target,
  signalId: string,
  nextTime: { value: number },
  durationMs: number,
): Promise<number> {
  const begun = performance.now();
  let acknowledged = 0;
  const write = async () => {
    while (performance.now() - begun < durationMs) {
      const from = nextTime.value;
      nextTime.value += batchSize;
      const samples = Array.from({ length: batchSize }, (_, index) => ({
        signalId,
        value: index / 10,
        sourceTime: new Date(from + index).toISOString(),
      }));
      acknowledged += await post(target, samples);
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  return acknowledged / ((performance.now() - begun) / 1_000);
}

async function post({ url, token }: Target, samples: readonly unknown[]): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: mutation, variables: { samples } }),
  });
  const { data } = (await response.json()) as {
    data?: { recordSamples: { stored: number; errors: unknown[] } };
  };
  if (!data || data.recordSamples.errors.length)
    throw new Error(`recordSamples failed: ${JSON.stringify(data)}`);
  return data.recordSamples.stored;
}
