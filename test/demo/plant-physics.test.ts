import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { performMaintenance, startScenario, stopScenario } from '#deploy/demo/plant/maintenance.ts';
import { bearingFrequencies, driveEndBearing } from '#deploy/demo/plant/physics/bearing.ts';
import { plannedRate } from '#deploy/demo/plant/physics/production.ts';
import { operatingPoint } from '#deploy/demo/plant/physics/pump.ts';
import { envelopeSpectrum } from '#deploy/demo/plant/physics/vibration.ts';
import { advancePlant, isRunning, pumpPoint } from '#deploy/demo/plant/plant.ts';
import { initialPlant, type PlantState } from '#deploy/demo/plant/plant-state.ts';
import { createPrng } from '#deploy/demo/plant/prng.ts';
import { readPlant, readSpectrum } from '#deploy/demo/plant/readings.ts';
import { createTransmitters } from '#deploy/demo/plant/transmitters.ts';

const soundPump = { running: true, demand: 1, bearingWear: 0, impellerWear: 0, strainerClog: 0 };

function after(hours: number, state: PlantState = initialPlant, seed = 1): PlantState {
  return advancePlant(state, hours, createPrng(seed));
}

function reading(state: PlantState, tag: string): number {
  return Number(readPlant(state, createPrng(7)).get(tag));
}

/** Mean amplitude around the first three outer race harmonics by that of the whole spectrum. */
function raceEnergy(state: PlantState, seed = 3): number {
  const point = pumpPoint(state);
  const { bpfo } = bearingFrequencies(driveEndBearing, point.speed, point.load);
  const lines = readSpectrum(state, createPrng(seed));
  return Math.sqrt(
    [1, 2, 3]
      .flatMap((order) => [-1, 0, 1].map((beside) => lines[Math.round(order * bpfo) + beside] ?? 0))
      .reduce((sum, each) => sum + each ** 2, 0),
  );
}

describe('the physics of the demo plant', () => {
  it('runs the pump where pump curve and system curve meet', () => {
    const point = operatingPoint({ frequency: 50 }, soundPump);
    const head = 33 - 0.00125 * point.flow ** 2;
    assert.ok(Math.abs(point.head - head) < 1e-6);
    assert.ok(Math.abs(head - (8 + 0.00266 * point.flow ** 2)) < 1e-6);
    assert.ok(point.flow > 75 && point.flow < 85, `${point.flow} m3/h`);
    assert.ok(point.dischargePressure > point.suctionPressure);
    assert.ok(point.speed > 1440 && point.speed < 1500, 'slip leaves it below synchronous speed');
    assert.ok(
      Math.abs(
        (point.power * 0.885 - 0.25) * point.efficiency - (9.81 * 0.998 * point.flow * point.head) / 3600,
      ) < 1e-6,
    );
  });

  it('follows the affinity laws: less speed gives less flow, head and far less power', () => {
    const full = operatingPoint({ frequency: 50 }, soundPump);
    const slow = operatingPoint({ frequency: 42 }, soundPump);
    assert.ok(slow.flow < full.flow && slow.head < full.head && slow.current < full.current);
    assert.ok(slow.power / full.power < 0.65);
    assert.deepEqual(
      [operatingPoint({ frequency: 0 }, soundPump)].map(({ flow, speed, power }) => ({ flow, speed, power })),
      [{ flow: 0, speed: 0, power: 0 }],
    );
  });

  it('computes outer race and cage frequencies of the bearing with one to two percent of slip', () => {
    const { bpfo, ftf, shaft } = bearingFrequencies(driveEndBearing, 1470, 0.7);
    const k = 20.6 / 87.5;
    assert.equal(shaft, 24.5);
    const slip = 1 - bpfo / (4 * 24.5 * (1 - k));
    assert.ok(slip >= 0.01 && slip <= 0.02, `slip ${slip}`);
    assert.ok(Math.abs(bpfo / ftf - 8) < 1e-9, 'eight balls pass with each turn of the cage');
  });

  it('shows the damaged race in the envelope spectrum with sidebands, and its harmonics above the noise', () => {
    const source = {
      frequencies: bearingFrequencies(driveEndBearing, 1470, 0.7),
      load: 0.7,
      flowShare: 1,
      cavitation: 0,
    };
    const sound = envelopeSpectrum({ ...source, wear: 0 }, createPrng(1));
    const worn = envelopeSpectrum({ ...source, wear: 0.3 }, createPrng(1));
    assert.equal(worn.length, 400);
    const { bpfo, shaft, ftf } = source.frequencies;
    const at = (lines: readonly number[], hertz: number) =>
      Math.max(...[-1, 0, 1].map((beside) => lines[Math.round(hertz) + beside] ?? 0));
    for (const order of [1, 2, 3, 4, 5])
      assert.ok(at(worn, order * bpfo) > 5 * at(sound, order * bpfo), `harmonic ${order}`);
    for (const beside of [shaft, ftf])
      assert.ok(at(worn, bpfo - beside) > 2 * at(sound, bpfo - beside), `sideband at ${beside} Hz`);
  });

  it('raises race energy first, vibration and acceleration later, temperature last, within six hours of bearing wear', () => {
    const start = startScenario(after(1), 'bearing-wear').state;
    const at = [0, 1.5, 3, 4.5, 6].map((hours) => (hours ? after(hours, start) : start));
    const energies = at.map((state) => raceEnergy(state));
    assert.deepEqual(
      energies,
      energies.toSorted((a, b) => a - b),
    );
    assert.ok((energies[1] ?? 0) > 2 * (energies[0] ?? 0), `early in the spectrum: ${energies.join(' ')}`);
    assert.ok(at[4] && at[4].bearingWear > 0.99, 'severe after six hours');
    const [sound, early, , , severe] = at.map((state) => reading(state, 'P-101.velocityRms'));
    assert.ok(Math.abs((early ?? 0) - (sound ?? 0)) < 0.3, 'not yet in the overall vibration');
    assert.ok((severe ?? 0) > 4.5, `zone D at the end: ${severe} mm/s`);
    assert.ok(reading(at[4] ?? start, 'P-101.accelerationPeak') > 30);
    const celsius = at.map((state) => state.bearingTemperature);
    assert.ok(
      (celsius[1] ?? 0) - (celsius[0] ?? 0) < 3 && (celsius[4] ?? 0) - (celsius[0] ?? 0) > 10,
      celsius.join(' '),
    );
  });

  it('keeps the damage when the scenario is stopped, and loses it with a new bearing after half an hour of standstill', () => {
    const worn = after(4, startScenario(after(1), 'bearing-wear').state);
    const stopped = stopScenario(worn, 'bearing-wear').state;
    assert.ok(Math.abs(after(2, stopped).bearingWear - stopped.bearingWear) < 1e-4);
    const job = performMaintenance(worn, '10000101', 'pump.bearing-wear');
    assert.equal(job.accepted, true);
    assert.deepEqual(job.state.scenarios, []);
    const during = after(0.3, job.state);
    assert.equal(isRunning(during, 'P-101'), false);
    assert.ok(pumpPoint(during).flow === 0 && reading(during, 'P-101.motorCurrent') < 0.5);
    const afterwards = after(1, during);
    assert.equal(isRunning(afterwards, 'P-101'), true);
    assert.ok(raceEnergy(afterwards) < raceEnergy(worn) / 10);
    assert.ok(reading(afterwards, 'P-101.velocityRms') < 1.6);
  });

  it('accepts a repeated request for the job under way once, refuses another one, and what does not exist', () => {
    const { state } = performMaintenance(initialPlant, '10000103', 'bearing.outer-race-fatigue');
    const again = performMaintenance(state, '10000103', 'bearing.outer-race-fatigue');
    assert.deepEqual([again.accepted, again.state.jobs.length], [true, 1]);
    assert.equal(performMaintenance(state, '10000101', 'pump.cavitation').accepted, false);
    assert.equal(performMaintenance(initialPlant, '99', 'pump.cavitation').accepted, false);
    assert.equal(performMaintenance(initialPlant, '10000101', 'chiller.refrigerant-loss').accepted, false);
    assert.equal(startScenario(initialPlant, 'fire').accepted, false);
  });

  it('repairs only the cause it is asked for', () => {
    const worn = after(3, startScenario(initialPlant, 'bearing-wear').state);
    const { state } = performMaintenance(worn, '10000101', 'pump.cavitation');
    assert.equal(state.bearingWear, worn.bearingWear);
  });

  it('drops the suction pressure and makes the flow restless when it cavitates', () => {
    const sound = after(1);
    const blocked = after(1.6, startScenario(sound, 'cavitation').state);
    assert.ok(pumpPoint(blocked).cavitation > 0.3, `${pumpPoint(blocked).cavitation}`);
    assert.ok(pumpPoint(blocked).suctionPressure < pumpPoint(sound).suctionPressure - 0.4);
    const spread = (state: PlantState) => {
      const prng = createPrng(5);
      const flows = Array.from({ length: 200 }, () => Number(readPlant(state, prng).get('P-101.flow')));
      const mean = flows.reduce((sum, each) => sum + each, 0) / flows.length;
      return Math.sqrt(flows.reduce((sum, each) => sum + (each - mean) ** 2, 0) / flows.length) / mean;
    };
    assert.ok(spread(blocked) > 3 * spread(sound));
    const middle = (state: PlantState) =>
      readSpectrum(state, createPrng(1)).toSorted((a, b) => a - b)[200] ?? 0;
    assert.ok(middle(blocked) > 2.5 * middle(sound), 'broadband noise');
  });

  it('lets the temperature sensor drift while the bearing itself and everything else stay as they are', () => {
    const drifting = after(3, startScenario(after(1), 'sensor-drift').state);
    const honest = after(3, after(1));
    assert.equal(drifting.bearingTemperature, honest.bearingTemperature);
    const shown = (reading(drifting, 'P-101.bearingTemperature') - 32) / 1.8;
    assert.ok(
      Math.abs(shown - honest.bearingTemperature - 12) < 1,
      `${shown} against ${honest.bearingTemperature}`,
    );
    assert.equal(reading(drifting, 'P-101.velocityRms'), reading(honest, 'P-101.velocityRms'));
  });

  it('couples line, conveyor, air and cooling', () => {
    const running = after(2);
    const { state } = performMaintenance(running, '10000401', 'conveyor.belt-slip');
    const standing = after(0.3, state);
    assert.ok(reading(running, 'CV-101.beltSpeed') > 0.25);
    assert.ok(
      reading(standing, 'FL-101.bottleRate') < 100 && reading(standing, 'CP-101.bottleRate') < 100,
      'a standing belt stops filler and capper',
    );
    const warm = after(0.3, performMaintenance(running, '10000101', 'pump.seal-leak').state);
    assert.ok(
      warm.chiller.return - warm.chiller.supply > 1.5 * (running.chiller.return - running.chiller.supply),
      'less water, more rise',
    );
  });

  it('cycles the compressor between its two pressures', () => {
    const prng = createPrng(1);
    let state = initialPlant;
    const pressures: number[] = [];
    const loaded: boolean[] = [];
    for (let step = 0; step < 400; step += 1) {
      state = advancePlant(state, 1 / 360, prng);
      pressures.push(state.compressor.pressure);
      loaded.push(state.compressor.loaded);
    }
    assert.ok(Math.min(...pressures) > 6.6 && Math.max(...pressures) < 7.7);
    assert.ok(
      loaded.filter((each, index) => index > 0 && each !== loaded[index - 1]).length > 6,
      'it loads and unloads',
    );
  });

  it('works by shifts', () => {
    assert.deepEqual([7, 10.2, 15, 23, 29].map(plannedRate), [1, 0.84, 1, 0.68, 0.68]);
  });

  it('is the same plant with the same seed, and stays finite for a month', () => {
    assert.deepEqual(after(5, initialPlant, 9), after(5, initialPlant, 9));
    assert.notDeepEqual(after(5, initialPlant, 9), after(5, initialPlant, 10));
    const old = advancePlant(initialPlant, 30 * 24, createPrng(2));
    for (const [tag, value] of readPlant(old, createPrng(1)))
      if (typeof value === 'number') assert.ok(Number.isFinite(value), tag);
    assert.ok(reading(old, 'P-101.velocityRms') < 1.6, 'and sound');
  });

  it('has everyday sensor faults at about the chance it says, each kind of them', () => {
    const transmitters = createTransmitters(createPrng(4), { faultFactor: 1 });
    const counts = new Map<string, number>();
    for (let sample = 0; sample < 100_000; sample += 1) {
      const kind = transmitters.publish('x', 1)?.status ?? 'gap';
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    const faulty = 1 - (counts.get('Good') ?? 0) / 100_000;
    assert.ok(faulty > 0.0007 && faulty < 0.004, `${faulty}`);
    assert.deepEqual([...counts.keys()].sort(), [
      'BadNoCommunication',
      'BadSensorFailure',
      'Good',
      'UncertainSensorNotAccurate',
      'gap',
    ]);
  });
});
