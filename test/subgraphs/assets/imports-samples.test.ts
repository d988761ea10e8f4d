import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuckDbTimeSeriesStore } from '#connectors/duckdb/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { derivedTwinId } from '#ontology/import/made-twins.ts';
import { environment, prop, smc, submodel } from '../../ontology/submodels-support.ts';
import { openImports, temporaryFolder } from './imports-support.ts';
import { demo } from './support.ts';

const series = 'https://admin-shell.io/idta/TimeSeries';
const record = (name: string, time?: string, value?: string) =>
  smc(name, `${series}/Record/1/1`, [
    prop('Time', `${series}/UtcTime/1/1`, time),
    prop('pressure', 'urn:p', value, 'xs:double', 'bar'),
  ]);
const asset = 'urn:maker:press:7';
const { content } = environment({
  id: 'urn:shell',
  globalAssetId: asset,
  submodels: [
    submodel('urn:ts', 'TimeSeries', `${series}/1/1`, [
      smc('Metadata', `${series}/Metadata/1/1`, [record('Record')]),
      smc('Segments', `${series}/Segments/1/1`, [
        smc('InternalSegment', `${series}/Segments/InternalSegment/1/1`, [
          smc('Records', `${series}/Records/1/1`, [
            record('Record0', '2026-01-01T00:00:00Z', '1.5'),
            record('Record1', '2026-01-01T00:00:01Z', '1.6'),
          ]),
        ]),
      ]),
    ]),
  ],
});

test('values of imported time series are stored when the import is applied, and not before', async (t) => {
  const folder = temporaryFolder(t);
  const store = await openDuckDbTimeSeriesStore(
    { path: join(folder, 'telemetry.duckdb') },
    { clock: systemClock, log: createMemoryLogger() },
  );
  t.after(() => store.close());
  const hub = openImports(t, { folder, deps: { series: store } });
  const twinId = derivedTwinId(asset);
  const newest = async () => (await store.latest(demo, [{ twinId, signal: 'pressure' }]))[0];
  const documents = [{ name: 'press.json', content }];
  for (const atomicity of ['ALL_OR_NOTHING', 'ITEM_BY_ITEM'] as const) {
    const dry = await hub.importAll(documents, { createTwins: true, dryRun: true, atomicity });
    assert.deepEqual([dry.state, dry.failure], ['DONE', null]);
    if (atomicity === 'ALL_OR_NOTHING') assert.equal(await newest(), null);
    const job = await hub.importAll(documents, { createTwins: true, atomicity });
    assert.deepEqual([job.state, job.failure], ['DONE', null]);
    const sample = await newest();
    assert.deepEqual(
      [sample?.value, sample?.unit, sample?.sourceTime],
      [1.6, 'bar', Date.UTC(2026, 0, 1, 0, 0, 1)],
    );
    const left = await hub.jobs.samples(demo, job.id, { first: 1, after: null });
    assert.deepEqual(left.items, []);
  }
});
