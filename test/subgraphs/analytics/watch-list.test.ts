import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { demoDocuments } from '#deploy/demo/models/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { parseTenantId } from '#ontology/ids.ts';
import { noLookups, planImport } from '#ontology/import.ts';
import { AssetDetector } from '#subgraphs/analytics/detect/asset-detector.ts';
import { newDetectorState } from '#subgraphs/analytics/detect/detector-state.ts';
import { defaultDetectorOptions } from '#subgraphs/analytics/detect/options.ts';
import { geometryOf, readWatchList } from '#subgraphs/analytics/watch-list.ts';

const tenant = parseTenantId('demo');

test('the imported demo plant is watched with its bearings, classes, drivers and running signals', async () => {
  const store = new SqliteTwinStore(new Database(':memory:'), systemClock);
  const { changes, findings, ok } = await planImport(demoDocuments(), noLookups);
  assert.ok(ok, JSON.stringify(findings));
  await store.apply(tenant, changes);
  const list = await readWatchList(tenant, store, 'II');
  const pump = list.find(({ asset }) => asset.twinId === 'P-101');
  const motor = list.find(({ asset }) => asset.twinId === 'P-101.motor');
  assert.deepEqual(list.map(({ asset }) => asset.twinId).sort(), [
    'AC-101',
    'CH-101',
    'CP-101',
    'CV-101',
    'FL-101',
    'P-101',
    'P-101.motor',
  ]);
  assert.ok(list.every(({ asset }) => asset.failureModes.length > 0));
  assert.ok(
    pump?.asset.bearings.some(
      ({ twinId, geometry }) =>
        twinId === 'P-101.bearing-de' && geometry.rollingElements === 8 && geometry.ballDiameter === 20.6,
    ),
  );
  assert.deepEqual([pump?.asset.runningKey, motor?.asset.runningKey], ['running', 'parent:running']);
  assert.deepEqual(
    [...(pump?.sources ?? [])],
    [
      ['P-101', ''],
      ['P-101.motor', 'motor:'],
    ],
  );
  const { monitors } = new AssetDetector(pump?.asset as never, newDetectorState(), defaultDetectorOptions);
  const ids = monitors.map(({ id }) => id);
  for (const id of ['velocityRms:level', 'suctionPressure:level', 'flow:noise', 'band:P-101.bearing-de:BPFO'])
    assert.ok(ids.includes(id), id);
});

test('a bearing geometry that makes no sense is none', () => {
  const good = { rollingElements: 8, ballDiameter: 20.6, pitchDiameter: 87.5, contactAngle: 0 };
  assert.deepEqual(geometryOf({ properties: good }), good);
  for (const change of [
    { rollingElements: 0 },
    { ballDiameter: 90 },
    { pitchDiameter: 'big' },
    { ballDiameter: undefined },
  ])
    assert.equal(geometryOf({ properties: { ...good, ...change } }), null);
});
