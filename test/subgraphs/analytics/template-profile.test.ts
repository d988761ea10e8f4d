import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { SimulatedClock } from '#kernel/clock.ts';
import { classModels, instantiateTemplate, templateOf } from '#ontology/asset-classes/index.ts';
import { failureModesOf } from '#ontology/failure-modes/index.ts';
import { parseTenantId, parseTwinId, type ModelId } from '#ontology/ids.ts';
import type { Model } from '#ontology/model.ts';
import { profileOf } from '#subgraphs/analytics/detect/profile.ts';
import { readWatchList } from '#subgraphs/analytics/watch-list.ts';

const tenant = parseTenantId('demo');

test('a class without a profile of its own is watched as its template says', () => {
  for (const assetClass of ['fan', 'gearbox', 'spindle']) {
    const template = templateOf(assetClass);
    assert.ok(template);
    const model = classModels().get(`dtmi:twinhub:class:${template.modelName};1`);
    const signals = model?.contents.filter((content) => content.kind === 'signal') ?? [];
    const { features, velocity } = profileOf(assetClass, signals);
    assert.equal(velocity, 'velocityRms');
    const levels = features.filter(({ kind }) => kind === 'level').map(({ signal }) => signal);
    assert.deepEqual(
      levels,
      template.signals.filter(({ change }) => change !== null).map(({ name }) => name),
    );
    // Each failure mode shows on something that is watched.
    const watched = new Set(features.map(({ signal }) => signal));
    for (const { id, symptoms } of failureModesOf(assetClass))
      assert.ok(
        symptoms.some(({ signal }) => watched.has(signal)),
        id,
      );
  }
});

test('a twin whose model extends that of a class is watched as one of the class', async () => {
  const store = new SqliteTwinStore(new Database(':memory:'), new SimulatedClock(1));
  const own: Model = {
    id: 'dtmi:maker:RoofFan;1' as ModelId,
    standard: 'DTDL',
    standardVersion: '3',
    displayName: {},
    description: {},
    extends: ['dtmi:twinhub:class:Fan;1' as ModelId],
    contents: [],
    source: {},
  };
  const template = templateOf('fan') ?? assert.fail();
  const request = { id: 'F-1', name: 'Fan', parentId: null, overrides: {}, withoutParts: [] };
  const { changes } = instantiateTemplate(template, request, classModels());
  await store.apply(tenant, {
    models: [...changes.models, own],
    twins: [
      {
        id: parseTwinId('F-2'),
        kind: 'ASSET',
        name: 'Roof fan',
        modelId: own.id,
        parentId: null,
        properties: { name: 'Roof fan' },
      },
    ],
  });
  const [entry] = await readWatchList(tenant, store, 'II');
  assert.equal(entry?.asset.assetClass, 'fan');
  assert.deepEqual(
    entry?.asset.failureModes.map(({ id }) => id),
    failureModesOf('fan').map(({ id }) => id),
  );
  assert.equal(entry?.asset.runningKey, 'running');
  assert.ok(entry?.asset.signals.some(({ name }) => name === 'differentialPressure'));
});
