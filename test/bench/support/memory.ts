import type { HubProcess } from '#test/e2e/support/hub-process.ts';
import { row, type Row } from './rows.ts';

const mebibyte = 2 ** 20;

/** Memory of each process of a hub that only has its plant to watch, after `restMs`. */
export async function measureMemory(hub: HubProcess, restMs: number): Promise<Row[]> {
  await new Promise((done) => setTimeout(done, restMs));
  const parts = hub.parts();
  const sum = parts.reduce((total, { rssBytes }) => total + rssBytes, 0);
  return [
    ...parts.map(({ name, rssBytes }) => row(`memory at rest, ${name}`, rssBytes / mebibyte, 'MiB')),
    row('memory at rest, all', sum / mebibyte, 'MiB'),
  ];
}
