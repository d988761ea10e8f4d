/**
 * Compares many more random schemas than the suite does:
 * `node test/federation/schemas/fuzz.ts [--seed N] [--schemas N] [--operations N] [--planner own|native] [--log FILE]`.
 * Writes a line of JSON for each difference; ends with 1 when there was one. The work is done in a process of its own,
 * since a native planner can take its process along: that is a difference too.
 */
import { fork } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createPlanner, plannerChoices } from '#gateway/planner.ts';
import {
  addCounts,
  compareSchema,
  newCounts,
  type Counts,
  type Finding,
  type Place,
} from './differential.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    schemas: { type: 'string', default: '100' },
    operations: { type: 'string', default: '20' },
    planner: { type: 'string', default: 'own' },
    log: { type: 'string' },
    worker: { type: 'boolean', default: false },
    index: { type: 'string', default: '0' },
  },
});

type Message = { at: Place } | { found: Record<string, unknown> } | { counts: Counts };

await (values.worker ? work() : lead());

function tell(line: Record<string, unknown>): void {
  const text = `${JSON.stringify(line)}\n`;
  if (values.log) appendFileSync(values.log, text);
  else process.stdout.write(text);
}

async function lead(): Promise<void> {
  const totals = newCounts();
  const last = Number(values.seed) + Number(values.schemas);
  let place: Place = { seed: Number(values.seed), index: 0 };
  let differences = 0;
  while (place.seed < last) {
    const ended = await runWorker(place, last, (message) => {
      if ('at' in message) place = message.at;
      else if ('counts' in message) addCounts(totals, message.counts);
      else {
        differences += 1;
        tell(message.found);
      }
    });
    if (ended) break;
    differences += 1;
    tell({ ...place, kind: 'aborted', text: 'the process ended' });
    place = { seed: place.seed, index: place.index + 1 };
  }
  tell({ ...totals, differences });
  process.exitCode = differences ? 1 : 0;
}

/** @returns whether the worker came to the end. */
function runWorker(from: Place, last: number, onMessage: (message: Message) => void): Promise<boolean> {
  const args = [
    '--worker',
    '--seed',
    from.seed,
    '--index',
    from.index,
    '--schemas',
    last - from.seed,
    '--operations',
    values.operations,
    '--planner',
    values.planner,
  ];
  const worker = fork(import.meta.filename, args.map(String), {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  worker.on('message', onMessage);
  return new Promise((resolve) => worker.on('exit', (code) => resolve(code === 0)));
}

async function work(): Promise<void> {
  const send = (message: Message) => new Promise((resolve) => process.send?.(message, resolve));
  const planner = plannerChoices.find((one) => one === values.planner);
  if (!planner) throw new Error(`--planner is one of ${plannerChoices.join(', ')}`);
  let index = Number(values.index);
  for (let left = Number(values.schemas), seed = Number(values.seed); left > 0; left -= 1, seed += 1) {
    const counts = newCounts();
    const report = (finding: Finding) =>
      send({
        found:
          'run' in finding
            ? { seed, ...finding.run, ...finding.difference }
            : { seed, problem: finding.problem },
      });
    await compareSchema(
      seed,
      { from: index, to: Number(values.operations) },
      counts,
      {
        found: (finding) => void report(finding),
        before: (place) => send({ at: place }),
      },
      { planner: (sdl) => createPlanner(sdl, planner) },
    );
    index = 0;
    await send({ counts });
  }
  process.disconnect();
}
