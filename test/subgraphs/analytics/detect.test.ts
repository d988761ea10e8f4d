import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureModesOf } from '#ontology/failure-modes/index.ts';
import type { Sample } from '#ontology/sample.ts';
import { bandAt, faultFrequencies } from '#subgraphs/analytics/detect/bearing.ts';
import { accumulate, noEvidence } from '#subgraphs/analytics/detect/cusum.ts';
import { diagnose } from '#subgraphs/analytics/detect/diagnose.ts';
import { FrameAssembler } from '#subgraphs/analytics/detect/frame.ts';
import { vibrationClassOf, vibrationZone } from '#subgraphs/analytics/detect/iso10816.ts';
import { fitLinearModel, learn, predict } from '#subgraphs/analytics/detect/linear-model.ts';

const close = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
const options = { allowance: 2, limit: 10, most: 4.5 };

test('fault frequencies of the SKF 6205 are those that the CWRU bearing data centre publishes', () => {
  // 9 balls of 7.94 mm on 39.04 mm; published multiples of shaft speed: BPFO 3.5848, BPFI 5.4152, FTF 0.39828, 2 x BSF 4.7135.
  const at = faultFrequencies(
    { rollingElements: 9, ballDiameter: 7.94, pitchDiameter: 39.04, contactAngle: 0 },
    60,
  );
  close(at.BPFO, 3.5848, 0.001);
  close(at.BPFI, 5.4152, 0.001);
  close(at.FTF, 0.39828, 0.001);
  close(2 * at.BSF, 4.7135, 0.002);
});

test('a line within the slip band counts, one outside and broadband noise do not', () => {
  const flat = new Array<number>(400).fill(0.1);
  const quiet = bandAt(flat, 88, { harmonics: 3, slip: 0.025, resolution: 1 });
  const slipped = bandAt(flat.with(87, 2), 88, { harmonics: 3, slip: 0.025, resolution: 1 });
  const beside = bandAt(flat.with(95, 2), 88, { harmonics: 3, slip: 0.025, resolution: 1 });
  const loud = bandAt(
    flat.map((line) => 5 * line),
    88,
    { harmonics: 3, slip: 0.025, resolution: 1 },
  );
  assert.ok(quiet && slipped && beside && loud);
  close(slipped.energy - quiet.energy, 4 - 0.01, 1e-9);
  close(beside.energy, quiet.energy, 1e-9);
  close(loud.energy / loud.floor, quiet.energy / quiet.floor, 1e-9);
  assert.equal(bandAt(flat, 500, { harmonics: 3, slip: 0.025, resolution: 1 }), null);
});

test('vibration zones have the limits of ISO 10816-1', () => {
  assert.deepEqual(
    [0.7, 1.8, 1.81, 4.5, 4.6].map((v) => vibrationZone(v, 'I')),
    ['A', 'B', 'C', 'C', 'D'],
  );
  assert.deepEqual(
    [1.12, 2.8, 7.1, 7.2].map((v) => vibrationZone(v, 'II')),
    ['A', 'B', 'C', 'D'],
  );
  assert.deepEqual([11, 15.1, 76].map(vibrationClassOf), ['I', 'II', 'III']);
});

test('one spike is no evidence, a lasting shift is, and evidence ends when the shift does', () => {
  const evidence = noEvidence();
  for (let i = 0; i < 200; i += 1) accumulate(evidence, i === 100 ? 1000 : 0, 1, i, options);
  assert.equal(evidence.active, false);
  for (let i = 0; i < 10; i += 1) accumulate(evidence, 3.5, 1, 1000 + i, options);
  assert.equal(evidence.active, true);
  assert.equal(evidence.since, 1000);
  for (let i = 0; i < 10; i += 1) accumulate(evidence, 0, 1, 2000 + i, options);
  assert.equal(evidence.active, false);
  assert.equal(evidence.since, null);
});

test('an uncertain value weighs less than a good one', () => {
  const [good, uncertain] = [noEvidence(), noEvidence()];
  for (let i = 0; i < 8; i += 1) {
    accumulate(good, 4, 1, i, options);
    accumulate(uncertain, 4, 0.3, i, options);
  }
  assert.equal(good.active, true);
  assert.equal(uncertain.active, false);
});

test('the model compares like with like and knows where it has no experience', () => {
  const rows = Array.from({ length: 120 }, (_, i) => ({
    x: [40 + (i % 20)],
    y: 2 * (40 + (i % 20)) + ((i * 7) % 5) * 0.1,
    w: 1,
  }));
  const model = fitLinearModel([...rows, { x: [50], y: 900, w: 1 }, { x: [4000], y: 0, w: 1 }], false);
  close(predict(model, [45]).mean, 90.2, 0.2);
  assert.equal(predict(model, [45]).novel, false);
  assert.equal(predict(model, [120]).novel, true);
  for (let i = 0; i < 60; i += 1) learn(model, { x: [120], y: 240.2, w: 1 });
  assert.equal(predict(model, [120]).novel, false);
  close(predict(model, [120]).mean, 240.2, 2);
  close(predict(model, [45]).mean, 90.2, 1);
});

const sampleOf = (at: number, value: Sample['value'], quality: Sample['quality'] = 'GOOD'): Sample => ({
  value,
  unit: null,
  quality,
  status: null,
  sourceTime: at,
  receivedTime: at,
});

test('repeated, late and future-dated samples are left out', () => {
  const assembler = new FrameAssembler();
  assembler.add('a', sampleOf(1000, 1));
  assembler.add('a', sampleOf(1000, 1));
  assembler.add('a', sampleOf(500, 7));
  assembler.add('b', { ...sampleOf(1000, 2), sourceTime: 10_000_000 });
  assert.equal(assembler.ignored, 3);
  const frame = assembler.add('a', sampleOf(2000, 3));
  assert.deepEqual([...(frame?.fresh ?? [])], [['a', { value: 1, weight: 1 }]]);
});

test('values are held while a signal is silent, not while it is bad', () => {
  const assembler = new FrameAssembler();
  assembler.add('running', sampleOf(1000, true));
  assembler.add('a', sampleOf(2000, Number.NaN));
  assert.equal(assembler.held('running'), 1);
  assert.equal(assembler.isBad('a'), true);
  assembler.add('running', sampleOf(3000, null, 'BAD'));
  assert.equal(assembler.held('running'), undefined);
  assembler.add('running', sampleOf(4000, false, 'UNCERTAIN'));
  assert.equal(assembler.held('running'), 0);
  assert.equal(assembler.heldGood('running'), undefined);
});

test('signs lead to the failure mode that explains them best', () => {
  const pump = failureModesOf('pump');
  const judged = new Set(pump.flatMap(({ symptoms }) => symptoms.map(({ signal }) => signal)));
  const best = (...signs: [string, 'rises' | 'falls' | 'becomes-noisy'][]) => {
    const [first, second] = diagnose(
      pump,
      signs.map(([signal, trend]) => ({ signal, trend, strength: 1 })),
      judged,
    );
    return [
      first?.mode.id,
      Number(first?.confidence.toFixed(2)),
      (first?.confidence ?? 0) > (second?.confidence ?? 0),
    ];
  };
  assert.deepEqual(best(['envelopeSpectrum', 'rises'], ['accelerationPeak', 'rises']).slice(0, 1), [
    'pump.bearing-wear',
  ]);
  assert.deepEqual(
    best(['suctionPressure', 'falls'], ['flow', 'becomes-noisy'], ['accelerationPeak', 'rises']).slice(0, 1),
    ['pump.cavitation'],
  );
  assert.deepEqual(best(['bearingTemperature', 'rises']).slice(0, 1), ['pump.sensor-drift']);
  assert.deepEqual(best(['flow', 'falls'], ['dischargePressure', 'falls'], ['power', 'rises']).slice(0, 1), [
    'pump.impeller-wear',
  ]);
  assert.deepEqual(diagnose(pump, [], judged), []);
});
