import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { SimulatedClock } from '#kernel/clock.ts';
import { parseTenantId, type TwinId } from '#ontology/ids.ts';
import {
  lookupsOf,
  noLookups,
  planImport,
  type ImportDocument,
  type ImportOptions,
} from '#ontology/import.ts';
import { derivedTwinId, partTwinId } from '#ontology/import/made-twins.ts';
import { entity, environment, mlp, prop, relation, smc, submodel } from './submodels-support.ts';

const tenant = parseTenantId('demo');
const series = 'https://admin-shell.io/idta/TimeSeries';

const nameplate = (id: string, serial: string) =>
  submodel(id, 'Nameplate', 'https://admin-shell.io/idta/nameplate/3/0/Nameplate', [
    mlp('ManufacturerName', '0112/2///61987#ABA565#009', { en: 'Muster' }),
    mlp('ManufacturerProductDesignation', '0112/2///61987#ABA567#009', { en: 'Mill' }),
    prop('SerialNumber', '0112/2///61987#ABA951#009', serial),
  ]);
const bom = (id: string, elements: Parameters<typeof submodel>[3]) =>
  submodel(id, 'Bom', 'https://admin-shell.io/idta/HierarchicalStructures/1/1/Submodel', elements);
const archetype = (value: string) =>
  prop('ArcheType', 'https://admin-shell.io/idta/HierarchicalStructures/ArcheType/1/0', value);

function timeSeries(id: string, unit: string, values: readonly string[]) {
  const record = (name: string, time?: string, value?: string) =>
    smc(name, `${series}/Record/1/1`, [
      prop('Time', `${series}/UtcTime/1/1`, time),
      prop('pressure', 'urn:p', value, 'xs:double', unit),
    ]);
  return submodel(id, 'TimeSeries', `${series}/1/1`, [
    smc('Metadata', `${series}/Metadata/1/1`, [record('Record')]),
    smc('Segments', `${series}/Segments/1/1`, [
      smc('InternalSegment', `${series}/Segments/InternalSegment/1/1`, [
        prop('SamplingInterval', `${series}/Segment/SamplingInterval/1/1`, '2', 'xs:long'),
        smc(
          'Records',
          `${series}/Records/1/1`,
          values.map((value, i) => record(`Record${i}`, `2026-01-01T00:00:0${i}Z`, value)),
        ),
      ]),
      smc('ExternalSegment', `${series}/Segments/ExternalSegment/1/1`, []),
    ]),
  ]);
}

/** A machine whose model has a signal `pressure` in bar. */
const machine: readonly ImportDocument[] = [
  {
    name: 'machine.json',
    standard: 'DTDL',
    content: JSON.stringify({
      '@context': ['dtmi:dtdl:context;3', 'dtmi:dtdl:extension:quantitativeTypes;1'],
      '@id': 'dtmi:digitaltwins:isa95:Equipment;1',
      '@type': 'Interface',
      contents: [
        { '@type': ['Telemetry', 'Pressure'], name: 'pressure', schema: 'double', unit: 'bar' },
        { '@type': 'Property', name: 'name', schema: 'string' },
      ],
    }),
  },
  {
    name: 'graph.json',
    standard: 'TWIN_GRAPH',
    content: JSON.stringify({
      digitalTwinsGraph: {
        digitalTwins: [
          { $dtId: 'm1', $metadata: { $model: 'dtmi:digitaltwins:isa95:Equipment;1' }, name: 'Mill' },
        ],
        relationships: [],
      },
    }),
  },
];

const plan = (documents: readonly ImportDocument[], options: ImportOptions = {}) =>
  planImport(documents, noLookups, options);
const codes = (findings: readonly { code: string }[]) => findings.map(({ code }) => code);

describe('a shell whose asset has no twin', () => {
  const asset = 'https://maker.example/assets/SN 42';
  const shells = environment({
    id: 'urn:shell',
    globalAssetId: asset,
    submodels: [nameplate('urn:np', 'SN 42')],
  });

  test('is refused, with the way out', async () => {
    const { ok, findings } = await plan([shells]);
    assert.equal(ok, false);
    assert.match(findings.find(({ code }) => code === 'hub:shellWithoutTwin')?.message ?? '', /createTwins/);
  });

  test('gets one on request: named after its nameplate, with an id that is the same in every import', async () => {
    const { ok, findings, changes } = await plan([shells], { createTwins: true });
    assert.ok(ok, JSON.stringify(findings));
    assert.deepEqual(findings, []);
    const [twin] = changes.twins;
    assert.equal(twin?.id, derivedTwinId(asset));
    assert.match(twin?.id ?? '', /^SN-42-[0-9a-f]{10}$/);
    assert.deepEqual(
      [twin?.kind, twin?.name, twin?.modelId],
      ['ASSET', 'Mill', 'dtmi:twinhub:class:Asset;1'],
    );
    assert.deepEqual(
      ['serialNumber', 'manufacturer', 'nameplate.serialNumber', 'Nameplate.SerialNumber'].map(
        (name) => twin?.properties[name],
      ),
      ['SN 42', 'Muster', 'SN 42', 'SN 42'],
    );
    assert.deepEqual(
      changes.models.map(({ id }) => id),
      ['dtmi:twinhub:class:Asset;1', 'urn:np'],
    );
  });

  test('is found again by the next import, which only changes what differs', async () => {
    const store = new SqliteTwinStore(new Database(':memory:'), new SimulatedClock(1));
    const load = async (document: ImportDocument) => {
      const made = await planImport([document], lookupsOf(store, tenant), { createTwins: true });
      assert.ok(made.ok, JSON.stringify(made.findings));
      assert.deepEqual(made.counts, await store.apply(tenant, made.changes));
      return made.counts;
    };
    assert.deepEqual(await load(shells), { created: 3, changed: 0, equal: 0 });
    assert.deepEqual(await load(shells), { created: 0, changed: 0, equal: 2 });
    const renumbered = { ...shells, content: shells.content.replace('"value":"SN 42"', '"value":"SN 43"') };
    assert.deepEqual(await load(renumbered), { created: 0, changed: 1, equal: 1 });
    const [twin] = await store.twins(tenant, [derivedTwinId(asset)]);
    assert.equal(twin?.properties['nameplate.serialNumber'], 'SN 43');
  });

  test('takes the id its asset names', async () => {
    const named = environment({ id: 'urn:s', globalAssetId: asset, twinId: 'MILL-7', submodels: [] });
    const { changes } = await plan([named], { createTwins: true });
    assert.deepEqual(
      changes.twins.map(({ id }) => id),
      ['MILL-7'],
    );
  });
});

test('ids that are made are twin ids, differ for different assets, and stay within 128 characters', () => {
  const assets = ['urn:a:1', 'urn:b:1', 'https://x/1', 'https://x/1/', '///', 'ü'.repeat(500), ''];
  const made = assets.map((asset) => derivedTwinId(asset));
  assert.equal(new Set(made).size, assets.length);
  const long = partTwinId('m'.repeat(100), ['p'.repeat(40)]);
  assert.equal(long.length, 128);
  assert.notEqual(long, partTwinId('m'.repeat(100), ['p'.repeat(41)]));
  assert.equal(partTwinId('m1', ['Drive', 'Motor 1']), 'm1.Drive.Motor-1');
});

describe('a bill of material', () => {
  const structure = (value: string, entryAsset = 'https://x/m1') =>
    bom('urn:bom', [
      archetype(value),
      entity(
        'Mill',
        entryAsset,
        [
          entity('Motor', 'https://x/motor-9', [entity('Rotor', null)]),
          relation('HasPart', 'Motor', ['urn:bom', 'Mill'], ['urn:bom', 'Mill', 'Motor']),
        ],
        'EntryNode',
      ),
    ]);
  const ofMachine = (value: string) =>
    environment({ id: 'urn:shell', globalAssetId: 'https://x/m1', submodels: [structure(value)] });

  test('becomes a hierarchy: parts below their wholes', async () => {
    const { ok, findings, changes } = await plan([...machine, ofMachine('Full')], { createTwins: true });
    assert.ok(ok, JSON.stringify(findings));
    assert.deepEqual(
      changes.twins.map(({ id, kind, parentId, name }) => [id, kind, parentId, name]),
      [
        ['m1', 'ASSET', null, 'Mill'],
        [derivedTwinId('https://x/motor-9'), 'COMPONENT', 'm1', 'Motor'],
        ['m1.Motor.Rotor', 'COMPONENT', derivedTwinId('https://x/motor-9'), 'Rotor'],
      ],
    );
    assert.deepEqual(
      changes.relationships.map(({ name, sourceId, targetId }) => [name, sourceId, targetId]),
      [['hasPart', derivedTwinId('https://x/motor-9'), 'm1.Motor.Rotor']],
    );
  });

  test('uses twins that are there, and reports parts that have none', async () => {
    const motor = {
      ...machine[1],
      content: (machine[1]?.content ?? '').replace('"m1"', '"motor-9"').replace('Mill', 'Motor'),
      name: 'motor.json',
    } as ImportDocument;
    const { ok, findings, changes } = await plan([...machine, motor, ofMachine('Full')]);
    assert.ok(ok, JSON.stringify(findings));
    assert.deepEqual(
      codes(findings).filter((code) => code !== 'hub:elementNotUsed'),
      ['hub:partWithoutTwin'],
    );
    assert.equal(changes.twins.find(({ id }) => id === 'motor-9')?.parentId, 'm1');
  });

  test('joins shells: the part of one is the asset of the other', async () => {
    const asset = 'https://x/motor-9';
    const both = environment(
      { id: 'urn:shell', globalAssetId: 'https://x/m1', submodels: [structure('OneDown')] },
      { id: 'urn:motor', globalAssetId: asset, submodels: [nameplate('urn:np', '9')] },
    );
    const { ok, findings, changes } = await plan([...machine, both], { createTwins: true });
    assert.ok(ok, JSON.stringify(findings));
    const motor = changes.twins.find(({ id }) => id === derivedTwinId(asset));
    assert.deepEqual([motor?.kind, motor?.parentId, motor?.properties['serialNumber']], ['ASSET', 'm1', '9']);
  });

  test('of archetype OneUp places the asset below its whole when that is known', async () => {
    const up = environment({
      id: 'urn:motor',
      globalAssetId: 'https://x/motor-9',
      submodels: [
        bom('urn:up', [
          archetype('OneUp'),
          entity('Motor', 'https://x/motor-9', [entity('Mill', 'https://x/m1')], 'EntryNode'),
        ]),
      ],
    });
    const { ok, findings, changes } = await plan([...machine, up], { createTwins: true });
    assert.ok(ok, JSON.stringify(findings));
    assert.equal(changes.twins.find(({ id }) => id === derivedTwinId('https://x/motor-9'))?.parentId, 'm1');
  });

  test('that would put an asset below itself is refused', async () => {
    const circle = environment(
      {
        id: 'urn:a',
        globalAssetId: 'https://x/a',
        submodels: [
          bom('urn:bom-a', [entity('A', 'https://x/a', [entity('B', 'https://x/b')], 'EntryNode')]),
        ],
      },
      {
        id: 'urn:b',
        globalAssetId: 'https://x/b',
        submodels: [
          bom('urn:bom-b', [entity('B', 'https://x/b', [entity('A', 'https://x/a')], 'EntryNode')]),
        ],
      },
    );
    const { ok, findings } = await plan([circle], { createTwins: true });
    assert.equal(ok, false);
    assert.ok(codes(findings).includes('hub:hierarchyCycle'), JSON.stringify(findings));
  });
});

describe('time series', () => {
  const ofMachine = (unit: string, values: readonly string[]) =>
    environment({
      id: 'urn:s',
      globalAssetId: 'https://x/m1',
      submodels: [timeSeries('urn:ts', unit, values)],
    });

  test('become signals of the twin, and samples in the unit of the signal', async () => {
    const { ok, findings, samples, changes } = await plan([
      ...machine,
      ofMachine('kPa', ['100', '250', 'much']),
    ]);
    assert.ok(ok, JSON.stringify(findings));
    assert.deepEqual(
      samples.map(({ twinId, signal, value, unit, time }) => [twinId, signal, value, unit, time]),
      [
        ['m1', 'pressure', 1, 'bar', Date.UTC(2026, 0, 1)],
        ['m1', 'pressure', 2.5, 'bar', Date.UTC(2026, 0, 1, 0, 0, 1)],
      ],
    );
    const signal = changes.models
      .find(({ id }) => id === 'urn:ts')
      ?.contents.find(({ kind }) => kind === 'signal');
    assert.ok(signal?.kind === 'signal');
    assert.deepEqual([signal.name, signal.unit, signal.samplingPeriodMs], ['pressure', 'kPa', 2000]);
    for (const code of ['hub:recordsNotRead', 'hub:segmentElsewhere'])
      assert.ok(codes(findings).includes(code), code);
  });

  test('in a unit that does not convert give no samples, and a warning', async () => {
    const { ok, findings, samples } = await plan([...machine, ofMachine('Cel', ['1'])]);
    assert.ok(ok);
    assert.deepEqual(samples, []);
    assert.ok(codes(findings).includes('hub:seriesUnit'));
  });

  test('of an asset without a model of its own are its signals', async () => {
    const { ok, samples } = await plan(
      [
        environment({
          id: 'urn:s',
          globalAssetId: 'urn:x:7',
          submodels: [timeSeries('urn:ts', 'kPa', ['3'])],
        }),
      ],
      { createTwins: true },
    );
    assert.ok(ok);
    assert.deepEqual(
      samples.map(({ twinId, value, unit }) => [twinId, value, unit]),
      [[derivedTwinId('urn:x:7') as TwinId, 3, 'kPa']],
    );
  });
});
