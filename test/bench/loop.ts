import { rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { signIn } from '#test/e2e/support/client.ts';
import type { HubProcess } from '#test/e2e/support/hub-process.ts';
import { startBenchHub } from './support/bench-hub.ts';
import { measureLatency } from './support/latency.ts';
import { measureMemory } from './support/memory.ts';
import { measureQueries } from './support/queries.ts';
import { measureRecording } from './support/record.ts';
import { formatTable, type Row } from './support/rows.ts';
import { freshFolder, measureStarts } from './support/start.ts';

const help = `npm run bench:loop -- [--seconds N] [--rounds N] [--json FILE]
Measures a hub as npm start starts it; README.md beside this file says what each row is.
  --seconds N   length of each measurement, 5 to 600 (default 20)
  --rounds N    starts of each kind, 1 to 20 (default 3)
  --json FILE   the rows as JSON, too`;

/**
 * Between two samples of the demo plant while latency is measured: no multiple of the publishing interval of 50 ms, so
 * that both clients meet every phase of it and not one each by chance.
 */
const samplePeriodMs = '233';
const restMs = 30_000;

function readOptions(): { seconds: number; rounds: number; json: string | undefined } {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '3' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
  if (
    values.help ||
    !(seconds >= 5 && seconds <= 600) ||
    !(Number.isInteger(rounds) && rounds >= 1 && rounds <= 20)
  ) {
    process.stderr.write(`${help}\n`);
    process.exit(values.help ? 0 : 2);
  }
  return { seconds, rounds, json: values.json };
}

/** Runs `measure` with a hub of its own in a fresh folder. */
async function withHub(
  env: Readonly<Record<string, string>>,
  measure: (hub: HubProcess) => Promise<Row[]>,
): Promise<Row[]> {
  const dataDir = freshFolder('data');
  const hub = await startBenchHub({ dataDir, env });
  try {
    return await measure(hub);
  } finally {
    await hub.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function run(seconds: number, rounds: number): Promise<Row[]> {
  const say = (text: string) => process.stderr.write(`${text} ...\n`);
  const durationMs = seconds * 1_000;
  say('starts');
  const starts = await measureStarts(rounds);
  const rest = await withHub({}, async (hub) => {
    say('memory at rest, queries, recording');
    const memory = await measureMemory(hub, restMs);
    const [olivia, ines] = [await signIn(hub, 'olivia'), await signIn(hub, 'ines')];
    return [
      ...memory,
      ...(await measureQueries(olivia, durationMs)),
      ...(await measureRecording(hub.url, ines, durationMs)),
    ];
  });
  say('latency');
  const latency = await withHub({ TWINHUB_DEMO_SAMPLE_PERIOD_MS: samplePeriodMs }, async (hub) => {
    const olivia = await signIn(hub, 'olivia');
    return measureLatency(olivia, durationMs).finally(() => olivia.close());
  });
  return [...starts, ...rest, ...latency];
}

const { seconds, rounds, json } = readOptions();
const rows = await run(seconds, rounds);
process.stdout.write(
  `\nNode ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}\n${formatTable(rows)}\n`,
);
if (json) writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);
