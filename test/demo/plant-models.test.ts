import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { loadKnownSignals, signalsOfTwins } from '#connectors/opcua/known-signals.ts';
import { demoDocuments } from '#deploy/demo/models/index.ts';
import { plantObjects } from '#deploy/demo/plant/assets.ts';
import { startScenario } from '#deploy/demo/plant/maintenance.ts';
import { advancePlant } from '#deploy/demo/plant/plant.ts';
import { initialPlant } from '#deploy/demo/plant/plant-state.ts';
import { createPrng } from '#deploy/demo/plant/prng.ts';
import { readPlant } from '#deploy/demo/plant/readings.ts';
import { plantTags } from '#deploy/demo/plant/tags.ts';
import { readMappingFile } from '#connectors/opcua/mapping.ts';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { systemClock } from '#kernel/clock.ts';
import { parseTenantId, type ModelId } from '#ontology/ids.ts';
import { noLookups, planImport, type ImportPlan } from '#ontology/import.ts';
import type { Model } from '#ontology/model.ts';
import { convert } from '#ontology/units.ts';
import { demoSignals } from './plant-signals.ts';

const mappingFile = join(import.meta.dirname, '..', '..', 'deploy', 'demo', 'mapping.json');

describe('the demo plant and the models of its twins', () => {
  let plan: ImportPlan;
  const lineageOf = (id: ModelId): readonly Model[] => {
    const model = plan.changes.models.find((each) => each.id === id);
    return model ? [model, ...model.extends.flatMap(lineageOf)] : [];
  };
  before(async () => {
    plan = await planImport(demoDocuments(), noLookups);
    assert.ok(plan.ok, JSON.stringify(plan.findings));
  });

  it('have the same signals with the same units and types', () => {
    const text = ({ twinId, signal, unit, valueType }: (typeof demoSignals)[number]) =>
      `${twinId}/${signal} ${unit} ${valueType === 'integer' ? 'number' : valueType}`;
    assert.deepEqual(
      signalsOfTwins(plan.changes.twins, lineageOf).map(text).sort(),
      demoSignals.map(text).sort(),
    );
  });

  it('have the same equipment numbers and classes', () => {
    for (const { id, equipment, assetClass } of plantObjects) {
      const twin = plan.changes.twins.find((each) => each.id === id);
      assert.ok(twin, `there is a twin ${id}`);
      if (equipment === undefined) continue;
      assert.deepEqual(
        [twin.properties['equipmentNumber'], twin.properties['assetClass']],
        [equipment, assetClass],
        id,
      );
    }
  });

  it('are wired by a mapping that fits the models', () => {
    const signals = signalsOfTwins(plan.changes.twins, lineageOf);
    assert.equal(readMappingFile(mappingFile, signals).routes.length, signals.length);
  });

  it('agree on the ranges: readings stay within tag and model over a day, also in trouble', () => {
    const routes = readMappingFile(mappingFile, signalsOfTwins(plan.changes.twins, lineageOf)).routes;
    for (const scenario of [null, 'bearing-wear', 'cavitation', 'sensor-drift']) {
      const prng = createPrng(11);
      let state = scenario ? startScenario(initialPlant, scenario).state : initialPlant;
      for (let step = 0; step < 24 * 12; step += 1) {
        state = advancePlant(state, 1 / 12, prng);
        const readings = readPlant(state, prng);
        for (const { name, range } of plantTags) {
          const value = readings.get(name);
          if (range && typeof value === 'number')
            assert.ok(value >= range[0] && value <= range[1], `${name} ${value} in its range, ${scenario}`);
        }
        for (const { signal, tags } of routes) {
          const value = readings.get(tags[0]?.nodeId.split(';s=')[1] ?? '');
          const twin = plan.changes.twins.find(({ id }) => id === signal.twinId);
          const content =
            twin &&
            lineageOf(twin.modelId)
              .flatMap(({ contents }) => contents)
              .find(({ name }) => name === signal.signal);
          if (content?.kind !== 'signal' || !content.range || typeof value !== 'number' || !signal.unit)
            continue;
          const inUnit = convert(value, tags[0]?.unit ?? signal.unit, signal.unit);
          assert.ok(
            inUnit >= content.range.low && inUnit <= content.range.high,
            `${signal.twinId}/${signal.signal} ${inUnit} within ${content.range.low}..${content.range.high}, ${scenario}`,
          );
        }
      }
    }
  });

  it('are known to the connector out of the store of twins', async () => {
    const store = new SqliteTwinStore(new Database(':memory:'), systemClock);
    const tenant = parseTenantId('demo');
    await store.apply(tenant, plan.changes);
    const text = ({ twinId, signal, unit }: (typeof demoSignals)[number]) => `${twinId}/${signal} ${unit}`;
    assert.deepEqual((await loadKnownSignals(store, tenant)).map(text).sort(), demoSignals.map(text).sort());
    assert.deepEqual(await loadKnownSignals(store, parseTenantId('other')), []);
  });
});
