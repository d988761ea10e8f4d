import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { graphql } from 'graphql';
import { openDuckDbTimeSeriesStore } from '#connectors/duckdb/index.ts';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { Broadcast } from '#kernel/broadcast.ts';
import { SimulatedClock } from '#kernel/clock.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { failureModeLibrary } from '#ontology/failure-modes/index.ts';
import { derivedTwinId } from '#ontology/import/made-twins.ts';
import { createAssetsSubgraph } from '#subgraphs/assets/schema.ts';
import { entity, environment, prop, relation, smc, submodel } from '../../ontology/submodels-support.ts';
import { contextOf, demo, type Answer } from './support.ts';

const series = 'https://admin-shell.io/idta/TimeSeries';
const record = (name: string, time?: string, value?: string) =>
  smc(name, `${series}/Record/1/1`, [
    prop('Time', `${series}/UtcTime/1/1`, time),
    prop('pressure', 'urn:p', value, 'xs:double', 'bar'),
  ]);
const asset = 'urn:maker:press:42';
const document = environment({
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
    submodel('urn:bom', 'Bom', 'https://admin-shell.io/idta/HierarchicalStructures/1/1/Submodel', [
      entity(
        'Press',
        asset,
        [entity('Ram', null), relation('HasPart', 'Ram', ['urn:bom', 'Press'], ['urn:bom', 'Press', 'Ram'])],
        'EntryNode',
      ),
    ]),
  ],
});

async function openHub(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'shells-'));
  const clock = new SimulatedClock(1_800_000_000_000);
  const log = createMemoryLogger();
  const samples = await openDuckDbTimeSeriesStore({ path: join(folder, 'telemetry.duckdb') }, { clock, log });
  t.after(async () => {
    await samples.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { schema } = createAssetsSubgraph({
    twins: new SqliteTwinStore(new Database(':memory:'), clock),
    failureModes: failureModeLibrary,
    changes: new Broadcast(),
    clock,
    log,
    samples,
  });
  const run = async (source: string, variableValues: Record<string, unknown> = {}) => {
    const answer = await graphql({ schema, source, variableValues, contextValue: contextOf(demo) });
    assert.equal(answer.errors, undefined);
    return answer.data as Answer;
  };
  return { run, samples };
}

test('a partner who brings shells alone gets twins, parts, signals and samples', async (t) => {
  const { run, samples } = await openHub(t);
  const load = `mutation ($input: ImportModelsInput!) {
    importModels(input: $input) { created errors { code message } findings { code message } } }`;
  const refused = await run(load, { input: { documents: [document] } });
  assert.equal(refused.importModels.errors[0].code, 'INVALID_MODEL');
  const { importModels } = await run(load, { input: { documents: [document], createTwins: true } });
  assert.deepEqual(importModels.errors, [], JSON.stringify(importModels.findings));

  const id = derivedTwinId(asset);
  const { twinByTwinId: twin } = await run(
    `query ($id: String!) { twinByTwinId(twinId: $id) { kind children { twinId kind }
      signals { name unit } readiness { missing { code subject } } } }`,
    { id },
  );
  assert.equal(twin.kind, 'ASSET');
  assert.deepEqual(
    twin.children.map((child: Answer) => [child.twinId, child.kind]),
    [[`${id}.Ram`, 'COMPONENT']],
  );
  assert.deepEqual(
    twin.signals.map((signal: Answer) => [signal.name, signal.unit]),
    [['pressure', 'bar']],
  );
  const [newest] = await samples.latest(demo, [{ twinId: id, signal: 'pressure' }]);
  assert.deepEqual(
    [newest?.value, newest?.unit, newest?.sourceTime],
    [1.6, 'bar', Date.UTC(2026, 0, 1, 0, 0, 1)],
  );
  // The samples are from long ago: the check says so.
  assert.ok(twin.readiness.missing.some(({ code }: Answer) => code === 'SAMPLES_STALE'));
  assert.ok(twin.readiness.missing.some(({ code }: Answer) => code === 'NO_CLASS'));
});
