import { rmSync } from 'node:fs';
import { messageOf } from '#kernel/errors.ts';
import { freePort, plantHelp, readPlantOptions, type PlantOptions } from './options.ts';
import { openPlantServer } from './server.ts';
import { createSimulation } from './simulation.ts';
import { loadPlantState, savePlantState } from './state-file.ts';

/** The answer to the request that starts an interruption still has to leave. */
const lossDelayMs = 300;
const saveEveryMs = 2000;

async function run(options: PlantOptions): Promise<void> {
  const port = options.port || (await freePort());
  let now = Date.now();
  const simulation = createSimulation(loadPlantState(options.stateFile), options, {
    publish: (tag, published) => server.publish(tag, published, new Date(now)),
    loseCommunication: () => void setTimeout(() => server.interrupt(options.lossMs), lossDelayMs),
    onChanged: (state) => savePlantState(options.stateFile, state),
  });
  const server = await openPlantServer({ port, pkiFolder: options.pkiFolder }, simulation);
  const tick = (): void => {
    const before = now;
    now = Date.now();
    // A machine that slept has not run its plant: longer pauses are left out.
    simulation.tick(Math.min(Math.max(0, now - before), 10 * options.samplePeriodMs));
  };
  tick();
  const sampling = setInterval(tick, options.samplePeriodMs);
  const saving = setInterval(() => savePlantState(options.stateFile, simulation.state()), saveEveryMs);

  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    clearInterval(sampling);
    clearInterval(saving);
    savePlantState(options.stateFile, simulation.state());
    setTimeout(() => process.exit(0), 1500).unref();
    await server.close().catch(() => {});
    if (!options.stateFile) rmSync(options.pkiFolder, { recursive: true, force: true });
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end());
  process.on('disconnect', () => void end());
  process.stdout.write(`${JSON.stringify({ ready: true, endpoint: server.endpoint, pid: process.pid })}\n`);
}

if (process.argv.includes('--help')) process.stdout.write(plantHelp);
else
  try {
    await run(readPlantOptions(process.argv.slice(2)));
  } catch (error) {
    process.stderr.write(`The demo plant cannot run: ${messageOf(error)}\n`);
    process.exit(3);
  }
