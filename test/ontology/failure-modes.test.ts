import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoDocuments } from '#deploy/demo/models/index.ts';
import { templateOf } from '#ontology/asset-classes/index.ts';
import {
  failureModeLibrary,
  failureModesOf,
  findFailureMode,
  progressionOf,
} from '#ontology/failure-modes/index.ts';
import { noLookups, planImport } from '#ontology/import.ts';
import { isKnownUnit } from '#ontology/units.ts';

/** The demo's model for each class; a bearing is seen through the machine it carries. */
const modelOfClass: Readonly<Record<string, string>> = {
  pump: 'CentrifugalPump',
  motor: 'ElectricMotor',
  bearing: 'CentrifugalPump',
  compressor: 'Compressor',
  chiller: 'Chiller',
  conveyor: 'Conveyor',
  filler: 'Filler',
  capper: 'Capper',
};
/** Classes that the demo plant does not have. */
const otherClasses = ['fan', 'gearbox', 'spindle'];

test("every class has failure modes, and each symptom is a signal of the class's demo model", async () => {
  const { changes } = await planImport(demoDocuments(), noLookups);
  for (const [assetClass, name] of Object.entries(modelOfClass)) {
    const model = changes.models.find(({ id }) => id === `dtmi:twinhub:plant:${name};1`);
    const signals =
      model?.contents.filter(({ kind }) => kind === 'signal').map((content) => content.name) ?? [];
    assert.ok(failureModesOf(assetClass).length >= 2, assetClass);
    for (const mode of failureModesOf(assetClass))
      for (const { signal } of mode.symptoms) assert.ok(signals.includes(signal), `${mode.id}: ${signal}`);
  }
  assert.deepEqual(
    new Set(failureModeLibrary.map(({ assetClass }) => assetClass)),
    new Set([...Object.keys(modelOfClass), ...otherClasses]),
  );
});

test('each symptom of a class with a template is a signal of the template, or of the machine a bearing carries', () => {
  for (const { id, assetClass, symptoms } of failureModeLibrary) {
    const template = templateOf(assetClass === 'bearing' ? 'pump' : assetClass);
    const names = template?.signals.map(({ name }) => name);
    for (const { signal } of symptoms) assert.ok(names?.includes(signal) ?? true, `${id}: ${signal}`);
  }
  for (const assetClass of otherClasses) assert.ok(failureModesOf(assetClass).length >= 4, assetClass);
});

test('every failure mode has a progression with a P-F interval', () => {
  for (const { id } of failureModeLibrary) {
    const { low, high } = progressionOf(id)?.pfIntervalHours ?? { low: 0, high: 0 };
    assert.ok(low > 0 && high > low, id);
  }
  assert.equal(progressionOf('constructor'), null);
});

test("ids are unique, weights lie within 0 and 1, strongest first, and codes fit SAP's lengths", () => {
  assert.equal(new Set(failureModeLibrary.map(({ id }) => id)).size, failureModeLibrary.length);
  for (const { id, symptoms, remedies, sapCodes } of failureModeLibrary) {
    assert.ok(symptoms.length > 0 && remedies.length > 0, id);
    const weights = symptoms.map(({ weight }) => weight);
    assert.ok(
      weights.every((weight) => weight > 0 && weight <= 1),
      id,
    );
    assert.deepEqual(
      weights,
      [...weights].sort((a, b) => b - a),
      id,
    );
    assert.ok(
      [sapCodes.damageGroup, sapCodes.objectPartGroup].every((code) => code.length <= 8),
      id,
    );
    assert.ok(
      [sapCodes.damage, sapCodes.objectPart, sapCodes.cause].every((code) => code.length <= 4),
      id,
    );
    for (const part of remedies.flatMap(({ parts }) => parts))
      assert.ok(isKnownUnit(part.unit) && part.quantity > 0, `${id} ${part.product}`);
  }
});

test('bearing wear of a pump is mended by two bearings and grease in four hours of standstill', () => {
  const [remedy] = findFailureMode('pump.bearing-wear')?.remedies ?? [];
  assert.deepEqual(
    [remedy?.workHours, remedy?.needsStop, remedy?.parts.map(({ product, quantity }) => [product, quantity])],
    [
      4,
      true,
      [
        ['BRG-6311-C3', 2],
        ['GREASE-LGHP2', 1],
      ],
    ],
  );
  assert.equal(findFailureMode('pump.nothing'), null);
});
