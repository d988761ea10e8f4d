import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { plantCommand } from '#deploy/commands/plant.ts';
import { plantCall } from '#deploy/demo/plant-client.ts';
import { loadPlantState, savePlantState } from '#deploy/demo/plant/state-file.ts';
import { initialPlant } from '#deploy/demo/plant/plant-state.ts';
import { startPlant, testFolder, type PlantProcess } from './plant-process.ts';

const certificates = join(testFolder, 'client');

interface Condition {
  readonly plantHours: number;
  readonly scenarios: readonly string[];
  readonly jobs: readonly unknown[];
  readonly pump: { readonly running: boolean; readonly bearingWear: number };
}

async function condition(plant: PlantProcess): Promise<Condition> {
  return JSON.parse((await plantCall(plant.endpoint, certificates, 'Describe', [])).text) as Condition;
}

async function twinhubPlant(plant: PlantProcess, ...words: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    env: {},
    cwd: testFolder,
  };
  const code = await plantCommand([...words, '--endpoint', plant.endpoint], {
    terminal,
    dataPath: () => join(testFolder, 'cli'),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('the demo plant as a process', () => {
  it('is ready within five seconds and leaves on SIGTERM with what it knows stored', async () => {
    const state = join(testFolder, 'sigterm', 'plant.json');
    const plant = await startPlant(['--state', state]);
    assert.ok(plant.startedInMs < 5000, `${plant.startedInMs} ms`);
    await plant.end('SIGTERM');
    assert.equal(plant.child.exitCode, 0);
    assert.ok(loadPlantState(state).plantHours > initialPlant.plantHours);
    assert.ok(
      existsSync(join(testFolder, 'sigterm', 'plant-pki', 'server', 'own')),
      'its certificate lies beside the state',
    );
    assert.ok(
      !existsSync(join(homedir(), '.config', 'NodeOPCUA')) &&
        !existsSync(join(homedir(), '.config', 'node-opcua-default')),
    );
  });

  it('leaves when the process that started it is gone', async () => {
    await using plant = await startPlant();
    const gone = once(plant.child, 'exit');
    plant.child.disconnect();
    await Promise.race([gone, pause(4000).then(() => assert.fail('still there after 4 s'))]);
  });

  it('plays bearing wear on request, keeps it over a kill, and has a sound pump after maintenance', async () => {
    const args = ['--state', join(testFolder, 'wear', 'plant.json'), '--speed', '1800'];
    const first = await startPlant(args);
    assert.deepEqual(await twinhubPlant(first, 'scenario', 'start', 'bearing-wear'), {
      code: 0,
      out: 'bearing-wear has started.',
      err: '',
    });
    let wear = 0;
    while (wear < 0.05) {
      await pause(200);
      wear = (await condition(first)).pump.bearingWear;
    }
    // What was asked for is stored at once; the wear itself every two seconds.
    await pause(2200);
    await first.end('SIGKILL');

    await using second = await startPlant([...args.slice(0, 2), '--speed', '600']);
    const kept = await condition(second);
    assert.ok(kept.pump.bearingWear >= 0.05, `kept ${kept.pump.bearingWear}`);
    assert.deepEqual(kept.scenarios, ['bearing-wear']);

    const maintained = await twinhubPlant(second, 'maintain', '10000101', 'pump.bearing-wear');
    assert.equal(maintained.code, 0, maintained.err);
    assert.equal((await condition(second)).pump.running, false);
    let now = await condition(second);
    while (!now.pump.running) {
      await pause(200);
      now = await condition(second);
    }
    assert.ok(now.pump.bearingWear < 0.001);
    assert.deepEqual(now.scenarios, []);
  });

  it('refuses what it does not know, with the reason and exit code 1', async () => {
    await using plant = await startPlant();
    const refused = await twinhubPlant(plant, 'scenario', 'start', 'fire');
    assert.equal(refused.code, 1);
    assert.match(refused.err, /known are bearing-wear, cavitation, sensor-drift, communication-loss/);
    const status = await twinhubPlant(plant, 'status');
    assert.equal(status.code, 0);
    assert.equal((JSON.parse(status.out) as Condition).pump.running, true);
    await assert.rejects(() => twinhubPlant(plant, 'dance'), /Say what/);
  });
});

describe('the state file of the demo plant', () => {
  it('is refused with advice when it is none, and left alone', () => {
    const file = join(testFolder, 'broken.json');
    writeFileSync(file, '{"half":');
    assert.throws(() => loadPlantState(file), /delete it to begin with a fresh plant/);
    assert.equal(readFileSync(file, 'utf8'), '{"half":');
  });

  it('gives back what was stored', () => {
    const file = join(testFolder, 'deep', 'er', 'state.json');
    savePlantState(file, { ...initialPlant, bearingWear: 0.25 });
    assert.equal(loadPlantState(file).bearingWear, 0.25);
    assert.deepEqual(loadPlantState(null), initialPlant);
  });
});
