import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A plant in a process of its own. */
export interface PlantProcess extends AsyncDisposable {
  readonly endpoint: string;
  readonly child: ChildProcess;
  /** ms from start to the ready line. */
  readonly startedInMs: number;
  end(signal: NodeJS.Signals): Promise<void>;
}

const script = new URL('../../deploy/demo/plant/main.ts', import.meta.url).pathname;

/** Certificates of the whole test run: making keys takes half a second. */
export const testFolder = mkdtempSync(join(tmpdir(), 'twinhub-plant-'));
process.on('exit', () => rmSync(testFolder, { recursive: true, force: true }));

/** Starts the demo plant with fast samples and without everyday sensor faults unless asked for. */
export async function startPlant(args: readonly string[] = []): Promise<PlantProcess> {
  const startedAt = performance.now();
  const defaults = [
    '--port',
    '0',
    '--sample-period-ms',
    '100',
    '--fault-factor',
    '0',
    '--state',
    join(testFolder, `${startedAt}`, 'plant.json'),
  ];
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, ...defaults, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  );
  const gone = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [
    string,
  ];
  const ready = JSON.parse(line) as { endpoint: string };
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
  };
  return {
    endpoint: ready.endpoint,
    child,
    startedInMs: performance.now() - startedAt,
    end,
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  };
}
