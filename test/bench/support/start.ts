import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBenchHub } from './bench-hub.ts';
import { median, row, type Row } from './rows.ts';

const firstName = 'start, fresh folder';

/** Starts a hub in a fresh folder with no compiled code kept, and again in the same folder; `rounds` times each. */
export async function measureStarts(rounds: number): Promise<Row[]> {
  const first: number[] = [];
  const second: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [dataDir, cache] = [freshFolder('data'), freshFolder('cache')];
    for (const times of [first, second]) {
      const hub = await startBenchHub({ dataDir, env: { NODE_COMPILE_CACHE: cache } });
      times.push(hub.readyMs);
      await hub.stop();
    }
    for (const folder of [dataDir, cache]) rmSync(folder, { recursive: true, force: true });
  }
  return [
    row(firstName, median(first), 'ms'),
    row('start, same folder again', median(second), 'ms', { name: firstName, value: median(first) }),
  ];
}

export function freshFolder(what: string): string {
  return mkdtempSync(join(tmpdir(), `twinhub-bench-${what}-`));
}
