/** A thread that judges lines: gets lists of lines, answers line by line. */
import { parentPort } from 'node:worker_threads';
import { judgeLine } from './batch-case.ts';
import { asOutput } from './batch-output.ts';

parentPort?.on('message', (lines: readonly string[]) => {
  void judgeAll(lines);
});

async function judgeAll(lines: readonly string[]): Promise<void> {
  for (const line of lines) parentPort?.postMessage(asOutput(await judgeLine(line)));
}
