import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlantState } from '#deploy/demo/plant/plant-state.ts';
import { newDetectorState } from '#subgraphs/analytics/detect/detector-state.ts';
import { AssetDetector } from '#subgraphs/analytics/detect/asset-detector.ts';
import { defaultDetectorOptions } from '#subgraphs/analytics/detect/options.ts';
import { createPlantRun, plantAsset, watchedTwins, type PlantRun } from './support/plant-run.ts';

const seeds = Array.from({ length: 20 }, (_, i) => 1 + 37 * i);
const begins = 400;

/** Runs until something is raised at the pump, or `rounds` are over. */
function untilRaised(run: PlantRun, rounds: number): { afterRounds: number; plant: PlantState } | null {
  for (let i = 0; i < rounds; i += 1) {
    run.tick();
    const raised = run.outcomes.find(({ twin, outcome }) => twin === 'P-101' && outcome.raise);
    if (raised) return { afterRounds: i + 1, plant: run.simulation.state() };
  }
  return null;
}

function run(rounds: number, to: PlantRun): void {
  for (let i = 0; i < rounds; i += 1) to.tick();
}

const raisesOf = (of: PlantRun) =>
  of.outcomes
    .filter(({ outcome }) => outcome.raise)
    .map(({ twin, outcome }) => `${twin} ${outcome.raise?.candidate.mode.id}`);

test('normal operation over 20 seeds, days and nights, raises nothing and leaves every asset healthy', (t) => {
  const rounds = 4000;
  let judged = 0;
  let abnormal = 0;
  for (const seed of seeds) {
    const plant = createPlantRun({ seed });
    for (let i = 0; i < rounds; i += 1) {
      plant.tick();
      for (const detector of plant.detectors.values()) {
        const { state } = detector.judgement();
        if (state !== 'UNKNOWN') judged += 1;
        if (state !== 'UNKNOWN' && state !== 'NORMAL') abnormal += 1;
      }
    }
    assert.deepEqual(raisesOf(plant), [], `seed ${seed}`);
  }
  t.diagnostic(
    `${judged} judgements over ${seeds.length} seeds x ${rounds} rounds x ${watchedTwins.length} twins, ${abnormal} not NORMAL`,
  );
  assert.equal(abnormal, 0);
});

for (const [speed, periodMs] of [
  [1, 1000],
  [600, 200],
] as const)
  test(`normal operation raises nothing at speed ${speed} with a sample each ${periodMs} ms`, () => {
    for (const seed of seeds.slice(0, 5)) {
      const plant = createPlantRun({ seed, speed, periodMs });
      run(4000, plant);
      assert.deepEqual(raisesOf(plant), [], `seed ${seed}`);
    }
  });

const scenarios = [
  {
    scenario: 'bearing-wear',
    mode: 'pump.bearing-wear',
    speed: 60,
    periodMs: 1000,
    within: 360,
    limit: (plant: PlantState) => plant.bearingWear < 0.25,
  },
  {
    scenario: 'bearing-wear',
    mode: 'pump.bearing-wear',
    speed: 600,
    periodMs: 200,
    within: 180,
    limit: (plant: PlantState) => plant.bearingWear < 0.25,
  },
  {
    scenario: 'cavitation',
    mode: 'pump.cavitation',
    speed: 60,
    periodMs: 1000,
    within: 90,
    limit: (plant: PlantState) => plant.strainerClog < 0.6,
  },
  {
    scenario: 'sensor-drift',
    mode: 'pump.sensor-drift',
    speed: 60,
    periodMs: 1000,
    within: 240,
    limit: (plant: PlantState) => plant.sensorDrift < 12,
  },
] as const;

for (const { scenario, mode, speed, periodMs, within, limit } of scenarios)
  test(`${scenario} is recognised in time at speed ${speed}, and as nothing else, over 20 seeds with gaps and bad values`, (t) => {
    const delays: number[] = [];
    const plants: PlantState[] = [];
    for (const seed of seeds) {
      const plant = createPlantRun({ seed, speed, periodMs, faultFactor: 3 });
      run(begins, plant);
      assert.deepEqual(raisesOf(plant), []);
      plant.simulation.startScenario(scenario);
      const raised = untilRaised(plant, within);
      assert.ok(raised, `seed ${seed} saw nothing`);
      assert.deepEqual(raisesOf(plant), [`P-101 ${mode}`], `seed ${seed}`);
      assert.ok(
        limit(raised.plant),
        `seed ${seed}: ${JSON.stringify({ wear: raised.plant.bearingWear, clog: raised.plant.strainerClog, drift: raised.plant.sensorDrift })}`,
      );
      delays.push(raised.afterRounds);
      plants.push(raised.plant);
    }
    const sorted = [...delays].sort((a, b) => a - b);
    const most = (of: (plant: PlantState) => number) => Math.max(...plants.map(of)).toFixed(3);
    t.diagnostic(
      `delay in rounds: median ${sorted[10]}, most ${sorted.at(-1)}; most wear ${most((p) => p.bearingWear)}, clog ${most((p) => p.strainerClog)}, drift ${most((p) => p.sensorDrift)} K`,
    );
  });

test('bearing wear is explained by the outer-race frequency of the bearing, with numbers', () => {
  const plant = createPlantRun({ seed: 5 });
  run(begins, plant);
  plant.simulation.startScenario('bearing-wear');
  run(200, plant);
  const { findings, state, score } = (plant.detectors.get('P-101') as AssetDetector).judgement();
  const band = findings.find(({ signal }) => signal === 'envelopeSpectrum');
  assert.match(
    band?.text ?? '',
    /^Envelope energy at the outer-race frequency \(BPFO 7\d\.\d Hz\) of P-101\.bearing-de is \d+(\.\d+)? times its normal value\.$/,
  );
  assert.ok(band && band.observed > 10 * band.expected && (band.deviation ?? 0) > 5 && band.confidence > 0.9);
  assert.match(band.comparedWith, /learned from normal operation until 2026-01-01T/);
  assert.equal(
    findings.filter(({ signal }) => signal === 'envelopeSpectrum').length,
    1,
    'sidebands do not count as other frequencies',
  );
  assert.ok(state === 'WARNING' || state === 'CRITICAL', state);
  assert.ok(score !== null && score < 70);
});

test('health gets worse with the wear up to critical', () => {
  const plant = createPlantRun({ seed: 8 });
  const detector = plant.detectors.get('P-101') as AssetDetector;
  const states: string[] = [];
  for (let i = 0; i < 760; i += 1) {
    if (i === begins) plant.simulation.startScenario('bearing-wear');
    plant.tick();
    const { state } = detector.judgement();
    if (states.at(-1) !== state) states.push(state);
  }
  assert.deepEqual(
    states.filter((state, i) => states.indexOf(state) === i),
    ['UNKNOWN', 'NORMAL', 'WATCH', 'WARNING', 'CRITICAL'],
  );
});

test('one fault gives one recommendation while it stands', () => {
  for (const [scenario, mode] of [
    ['bearing-wear', 'pump.bearing-wear'],
    ['cavitation', 'pump.cavitation'],
  ] as const) {
    const plant = createPlantRun({ seed: 12 });
    run(begins, plant);
    plant.simulation.startScenario(scenario);
    for (let i = 0; i < 360; i += 1) {
      plant.tick();
      for (const { twin, outcome } of plant.outcomes.splice(0)) {
        assert.equal(`${twin} ${outcome.raise?.candidate.mode.id}`, `P-101 ${mode}`);
        plant.detectors
          .get(twin)
          ?.stand({ recommendationId: 'r1', failureModeId: mode, features: outcome.raise?.features ?? [] });
      }
    }
    assert.deepEqual(
      plant.detectors.get('P-101')?.state.standing.map(({ failureModeId }) => failureModeId),
      [mode],
    );
  }
});

test('what was learned goes on after its state was stored and read again', () => {
  const first = createPlantRun({ seed: 3 });
  run(300, first);
  const states = new Map(
    [...first.detectors].map(([twin, { state }]) => [
      twin,
      JSON.parse(JSON.stringify(state)) as typeof state,
    ]),
  );
  const second = createPlantRun({ seed: 4, states, plant: first.simulation.state() });
  run(30, second);
  assert.ok([...second.detectors.values()].every(({ learned }) => learned));
  second.simulation.startScenario('bearing-wear');
  assert.ok(untilRaised(second, 200));
});

test('bad sensors and lost communication are no fault of the machine', () => {
  const plant = createPlantRun({ seed: 6 });
  run(300, plant);
  const detector = plant.detectors.get('P-101') as AssetDetector;
  const at = plant.now() + 1000;
  const bad = {
    value: null,
    unit: null,
    quality: 'BAD',
    status: 'BadSensorFailure',
    sourceTime: at,
    receivedTime: at,
  } as const;
  detector.add('flow', bad);
  assert.equal(detector.judgement().state, 'NORMAL');
  for (const { signal } of detector.monitors)
    if (signal !== 'power') detector.add(signal, { ...bad, sourceTime: at + 1 });
  assert.equal(detector.judgement().state, 'UNKNOWN');
  assert.match(detector.judgement().reason ?? '', /More than half of the signals are bad/);
  run(5, plant);
  assert.equal(detector.judgement().state, 'NORMAL');
  detector.lost('No samples came for 30 s: communication is lost.');
  assert.deepEqual(
    { ...detector.judgement(), key: '' },
    {
      state: 'UNKNOWN',
      score: null,
      findings: [],
      reason: 'No samples came for 30 s: communication is lost.',
      key: '',
    },
  );
});

test('a stop and a start in normal operation raise nothing', () => {
  for (const seed of seeds.slice(0, 6)) {
    const plant = createPlantRun({ seed });
    run(begins, plant);
    plant.simulation.performMaintenance('10000101', 'pump.seal-leak');
    run(300, plant);
    assert.deepEqual(raisesOf(plant), [], `seed ${seed}`);
    assert.equal(plant.detectors.get('P-101')?.judgement().state, 'NORMAL');
  }
});

test('the core takes far more samples a second than a plant sends', (t) => {
  const asset = plantAsset('P-101');
  const detector = new AssetDetector(asset, newDetectorState(), defaultDetectorOptions);
  const recorded: [string, Parameters<AssetDetector['add']>[1]][] = [];
  const plant = createPlantRun({ seed: 9 });
  const inner = plant.detectors.get('P-101') as AssetDetector;
  const add = inner.add.bind(inner);
  inner.add = (key, sample) => {
    recorded.push([key, sample]);
    return add(key, sample);
  };
  run(3000, plant);
  const start = performance.now();
  for (const [key, sample] of recorded) {
    const outcome = detector.add(key, sample);
    if (outcome) detector.judgement();
  }
  const perSecond = Math.round(recorded.length / ((performance.now() - start) / 1000));
  t.diagnostic(`${perSecond} samples/s of a pump with spectra, judgement each round`);
  assert.ok(perSecond > 20_000, String(perSecond));
});
