import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { demoDocuments } from '#deploy/demo/models/index.ts';
import { SimulatedClock } from '#kernel/clock.ts';
import { parseTenantId, type TwinId } from '#ontology/ids.ts';
import { detectStandard, lookupsOf, noLookups, planImport, type ImportDocument } from '#ontology/import.ts';
import { casesIn } from './data.ts';

const tenant = parseTenantId('demo');
const dtdl = (name: string, content: unknown): ImportDocument => ({
  name,
  standard: 'DTDL',
  content: JSON.stringify(content),
});
const graphOf = (digitalTwins: unknown[], relationships: unknown[] = []): ImportDocument => ({
  name: 'graph.json',
  standard: 'TWIN_GRAPH',
  content: JSON.stringify({ digitalTwinsGraph: { digitalTwins, relationships } }),
});
/** A machine `m1` that shells can belong to. */
const machine: ImportDocument[] = [
  dtdl('machine.json', {
    '@context': 'dtmi:dtdl:context;3',
    '@id': 'dtmi:digitaltwins:isa95:Equipment;1',
    '@type': 'Interface',
    contents: [{ '@type': 'Property', name: 'name', schema: 'string' }],
  }),
  graphOf([{ $dtId: 'm1', $metadata: { $model: 'dtmi:digitaltwins:isa95:Equipment;1' }, name: 'Mill' }]),
];

function createStore() {
  const store = new SqliteTwinStore(new Database(':memory:'), new SimulatedClock(1));
  const load = async (documents: readonly ImportDocument[]) => {
    const plan = await planImport(documents, lookupsOf(store, tenant));
    assert.ok(plan.ok, JSON.stringify(plan.findings));
    const counts = await store.apply(tenant, plan.changes);
    assert.deepEqual(plan.counts, counts);
    return counts;
  };
  const propertiesOf = async (id: string) => (await store.twins(tenant, [id as TwinId]))[0]?.properties ?? {};
  return { store, load, propertiesOf };
}

describe('a twin graph', () => {
  test('becomes twins with kind, parent and checked values', async () => {
    const [entry] = casesIn('twin-graph/valid', 'TWIN_GRAPH');
    assert.ok(entry);
    const { ok, changes, findings } = await planImport([entry.document], noLookups);
    assert.ok(ok, JSON.stringify(findings));
    assert.deepEqual(
      changes.twins.map(({ id, kind, name, parentId }) => [id, kind, name, parentId]),
      [
        ['plant', 'SITE', 'Plant', null],
        ['m1', 'ASSET', 'Mill', 'plant'],
        ['m2', 'ASSET', 'm2', 'plant'],
      ],
    );
    assert.deepEqual(changes.twins[1]?.properties, {
      name: 'Mill',
      serial: 3,
      drive: { $metadata: {}, power: 5.5 },
    });
    assert.deepEqual(
      changes.relationships.map(({ id, name, targetId, properties }) => [id, name, targetId, properties]),
      [
        ['plant/1', 'contains', 'm1', {}],
        ['m2/1', 'isPartOf', 'plant', {}],
        ['m1/2', 'feeds', 'm2', { since: 2 }],
      ],
    );
  });

  for (const { name, reason, document } of casesIn('twin-graph/invalid', 'TWIN_GRAPH')) {
    test(`is refused: ${name}`, async () => {
      const { ok, findings } = await planImport([document], noLookups);
      assert.equal(ok, false);
      assert.ok(
        findings.some((finding) => finding.code === reason && finding.severity === 'ERROR'),
        JSON.stringify(findings),
      );
    });
  }

  test('without an ISA-95 concept is taken as an asset, with a warning', async () => {
    const model = dtdl('m.json', {
      '@context': 'dtmi:dtdl:context;3',
      '@id': 'dtmi:test:Thing;1',
      '@type': 'Interface',
    });
    const { ok, findings, changes } = await planImport(
      [model, graphOf([{ $dtId: 'a', $metadata: { $model: 'dtmi:test:Thing;1' } }])],
      noLookups,
    );
    assert.ok(ok);
    assert.deepEqual([changes.twins[0]?.kind, findings[0]?.code], ['ASSET', 'hub:kindAssumed']);
  });
});

describe('an asset administration shell', () => {
  const [valid] = casesIn('aas/valid', 'AAS').map(({ document }) => document);

  test('becomes a model and typed values of its twin', async () => {
    assert.ok(valid);
    const { ok, changes, findings } = await planImport([...machine, valid], noLookups);
    assert.ok(ok, JSON.stringify(findings));
    assert.deepEqual(findings, []);
    assert.deepEqual(changes.twins[0]?.properties, {
      name: 'Mill',
      'Data.Text': 'a',
      'Data.Count': 7,
      'Data.Ratio': 0.5,
      'Data.On': true,
      'Data.At': '2026-01-01T00:00:00Z',
      'Data.Empty': 'x',
      'Data.Temperature.min': -5,
      'Data.Temperature.max': 40,
      'Data.Label': { en: 'a', de: 'b' },
      'Data.Manual': '/files/m.pdf',
      'Data.Group.Inner': 'b',
      'Data.Many.0': 1,
      'Data.Many.1': 2,
      $aas: [
        {
          shell: 'urn:test:shell',
          globalAssetId: 'https://test.example/assets/m1',
          submodels: ['urn:test:sm'],
          // The shell as it stands in the file, so that it can be exported again.
          source: (JSON.parse(valid.content) as { assetAdministrationShells: unknown[] })
            .assetAdministrationShells[0],
        },
      ],
    });
    const model = changes.models.find(({ id }) => id === 'urn:test:sm');
    assert.deepEqual([model?.standard, model?.standardVersion, model?.contents.length], ['AAS', '3.0', 13]);
    assert.ok(
      !JSON.stringify(model?.source).includes('"value":"a"'),
      'values are on the twin, not in the model',
    );
  });

  for (const { name, reason, document } of casesIn('aas/warnings', 'AAS')) {
    test(`is imported with a warning: ${name}`, async () => {
      const { ok, findings } = await planImport([...machine, document], noLookups);
      assert.ok(ok, JSON.stringify(findings));
      assert.ok(
        findings.some((finding) => finding.code === reason && finding.severity === 'WARNING'),
        JSON.stringify(findings),
      );
    });
  }

  for (const { name, reason, document } of casesIn('aas/invalid', 'AAS')) {
    test(`is refused: ${name}`, async () => {
      const { ok, findings } = await planImport([...machine, document], noLookups);
      assert.equal(ok, false);
      assert.ok(
        findings.some((finding) => finding.code === reason && finding.severity === 'ERROR'),
        JSON.stringify(findings),
      );
    });
  }

  test('with new values changes the twin and leaves the model as it is', async () => {
    assert.ok(valid);
    const { load, propertiesOf } = createStore();
    await load([...machine, valid]);
    const changed = {
      ...valid,
      content: valid.content.replace('"value": "7"', '"value": "8"').replace('"Empty"', '"Empty"'),
    };
    assert.deepEqual(await load([changed]), { created: 0, changed: 1, equal: 1 });
    assert.equal((await propertiesOf('m1'))['Data.Count'], 8);
  });

  test('keeps its values when the twin graph is imported again without it', async () => {
    assert.ok(valid);
    const { load, propertiesOf } = createStore();
    await load([...machine, valid]);
    assert.deepEqual(await load(machine), { created: 0, changed: 0, equal: 2 });
    assert.equal((await propertiesOf('m1'))['Data.Count'], 7);
  });

  test('belongs to a twin that is stored already', async () => {
    assert.ok(valid);
    const { load, propertiesOf } = createStore();
    await load(machine);
    await load([valid]);
    assert.deepEqual(
      [(await propertiesOf('m1'))['name'], (await propertiesOf('m1'))['Data.Text']],
      ['Mill', 'a'],
    );
  });
});

describe('an import', () => {
  test('of the demo plant reads without a finding and gives the agreed hierarchy', async () => {
    const { ok, findings, changes } = await planImport(demoDocuments(), noLookups);
    assert.ok(ok);
    assert.deepEqual(findings, []);
    const place = Object.fromEntries(changes.twins.map((twin) => [twin.id, [twin.kind, twin.parentId]]));
    assert.deepEqual(place, {
      'PLANT-1': ['SITE', null],
      PACKAGING: ['AREA', 'PLANT-1'],
      UTILITIES: ['AREA', 'PLANT-1'],
      'LINE-1': ['LINE', 'PACKAGING'],
      FILLING: ['CELL', 'LINE-1'],
      CAPPING: ['CELL', 'LINE-1'],
      CONVEYING: ['CELL', 'LINE-1'],
      'UTIL-CELL': ['CELL', 'UTILITIES'],
      'FL-101': ['ASSET', 'FILLING'],
      'CP-101': ['ASSET', 'CAPPING'],
      'CV-101': ['ASSET', 'CONVEYING'],
      'P-101': ['ASSET', 'UTIL-CELL'],
      'AC-101': ['ASSET', 'UTIL-CELL'],
      'CH-101': ['ASSET', 'UTIL-CELL'],
      'P-101.motor': ['COMPONENT', 'P-101'],
      'P-101.bearing-de': ['COMPONENT', 'P-101'],
      'P-101.bearing-nde': ['COMPONENT', 'P-101'],
    });
  });

  test('of a model whose base is stored checks names against the base', async () => {
    const { store, load } = createStore();
    await load(demoDocuments());
    const model = (name: string) =>
      dtdl('x.json', {
        '@context': 'dtmi:dtdl:context;3',
        '@id': 'dtmi:test:X;1',
        '@type': 'Interface',
        extends: 'dtmi:twinhub:plant:CentrifugalPump;1',
        contents: [{ '@type': 'Property', name, schema: 'string' }],
      });
    const clash = await planImport([model('criticality')], lookupsOf(store, tenant));
    assert.deepEqual(
      clash.findings.map(({ code }) => code),
      ['nonUniqueImportedPropertyValue'],
    );
    assert.equal((await planImport([model('colour')], lookupsOf(store, tenant))).ok, true);
  });

  test('adds a twin below a stored one, and moves a stored one', async () => {
    const { store, load } = createStore();
    await load(demoDocuments());
    await load([
      graphOf(
        [{ $dtId: 'EXTRA', $metadata: { $model: 'dtmi:twinhub:isa95:WorkCell;1' } }],
        [
          { $relationshipId: 'a', $sourceId: 'UTILITIES', $targetId: 'EXTRA', $relationshipName: 'contains' },
          { $relationshipId: 'b', $sourceId: 'EXTRA', $targetId: 'AC-101', $relationshipName: 'contains' },
        ],
      ),
    ]);
    const [extra, compressor] = await store.twins(tenant, ['EXTRA', 'AC-101'] as TwinId[]);
    assert.deepEqual(
      [extra?.parentId, compressor?.parentId, compressor?.properties['equipmentNumber']],
      ['UTILITIES', 'EXTRA', '10000501'],
    );
  });

  test('knows the standard of a file by its content', () => {
    for (const { standard, content } of demoDocuments()) assert.equal(detectStandard(content), standard);
    assert.deepEqual(['{}', '[]', '5', '{"a":1}'].map(detectStandard), [null, null, null, null]);
  });
});
