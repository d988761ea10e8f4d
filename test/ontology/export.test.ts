import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteTwinStore } from '#connectors/sqlite/twin-store.ts';
import { SimulatedClock } from '#kernel/clock.ts';
import { isHubError } from '#kernel/errors.ts';
import { exportDocument, exportDtdl } from '#ontology/export/index.ts';
import { parseTenantId } from '#ontology/ids.ts';
import { lookupsOf, noLookups, planImport, type ImportDocument } from '#ontology/import.ts';
import { casesIn } from './data.ts';

const tenant = parseTenantId('demo');

/** An empty store. */
const newStore = () => new SqliteTwinStore(new Database(':memory:'), new SimulatedClock(1_800_000_000_000));

/** A store with documents imported; they must have no errors. */
async function storeOf(documents: readonly ImportDocument[]) {
  const store = newStore();
  const plan = await planImport(documents, lookupsOf(store, tenant));
  assert.ok(plan.ok, JSON.stringify(plan.findings));
  await store.apply(tenant, plan.changes);
  return store;
}

/** Everything in a store, without times. */
async function contentOf(store: SqliteTwinStore) {
  const page = { first: 500, after: null };
  const twins = (await store.listTwins(tenant, {}, page)).items;
  const relationships = await store.relationshipsOf(
    tenant,
    twins.map(({ id }) => id),
    'out',
  );
  return {
    models: (await store.listModels(tenant, page)).items,
    twins: twins.map(({ id, kind, name, modelId, parentId, properties }) => ({
      id,
      kind,
      name,
      modelId,
      parentId,
      properties,
    })),
    relationships: relationships.flat(),
  };
}

/** The documents of an export of everything. */
async function exported(store: SqliteTwinStore, aas: 'JSON' | 'XML' = 'JSON'): Promise<ImportDocument[]> {
  const of = async (standard: ImportDocument['standard'], format: 'JSON' | 'XML' = 'JSON') => ({
    name: standard,
    standard,
    content: (await exportDocument({ store, tenant }, standard, format, null)).content,
  });
  const graph = await of('TWIN_GRAPH');
  const models = await of('DTDL');
  const shells = await of('AAS', aas);
  const hasShells = shells.content.includes('ubmodel');
  return [models, graph, ...(hasShells ? [shells] : [])];
}

const interfaceId = 'dtmi:test:Mill;1';
const site = {
  '@context': 'dtmi:dtdl:context;3',
  '@id': 'dtmi:digitaltwins:isa95:Site;1',
  '@type': 'Interface',
  contents: [{ '@type': 'Relationship', name: 'contains' }],
};
const mill = {
  '@context': 'dtmi:dtdl:context;3',
  '@id': interfaceId,
  '@type': 'Interface',
  displayName: { en: 'Mill', de: 'Mühle' },
  contents: [
    { '@type': 'Property', name: 'size', schema: 'double' },
    { '@type': 'Property', name: 'label', schema: 'string' },
    {
      '@type': 'Property',
      name: 'settings',
      schema: {
        '@type': 'Map',
        mapKey: { name: 'k', schema: 'string' },
        mapValue: { name: 'v', schema: 'integer' },
      },
    },
    { '@type': 'Component', name: 'drive', schema: { '@id': 'dtmi:test:Drive;1', '@type': 'Interface' } },
    {
      '@type': 'Relationship',
      name: 'feeds',
      properties: [{ '@type': 'Property', name: 'share', schema: 'double' }],
    },
  ],
};

describe('an export of interfaces', () => {
  test('is what was imported, member by member; one that stands inside another is not written twice', async () => {
    const store = await storeOf([{ name: 'm', standard: 'DTDL', content: JSON.stringify([site, mill]) }]);
    const { content } = await exportDocument({ store, tenant }, 'DTDL', 'JSON', null);
    assert.deepEqual(JSON.parse(content), [site, mill]);
    assert.deepEqual(
      (await contentOf(await storeOf([{ name: 'e', standard: 'DTDL', content }]))).models,
      (await contentOf(store)).models,
    );
  });

  test('of some brings along what they extend and are made of', async () => {
    const part = { ...site, '@id': 'dtmi:test:Part;1', contents: [] };
    const base = {
      ...site,
      '@id': 'dtmi:test:Base;1',
      contents: [{ '@type': 'Component', name: 'part', schema: 'dtmi:test:Part;1' }],
    };
    const derived = { ...site, '@id': 'dtmi:test:Derived;1', contents: [], extends: 'dtmi:test:Base;1' };
    const store = await storeOf([
      { name: 'm', standard: 'DTDL', content: JSON.stringify([site, part, base, derived]) },
    ]);
    const { content } = await exportDocument({ store, tenant }, 'DTDL', 'JSON', ['dtmi:test:Derived;1']);
    assert.deepEqual(JSON.parse(content), [derived, base, part]);
    await assert.rejects(exportDocument({ store, tenant }, 'DTDL', 'JSON', ['dtmi:test:Nobody;1']), (error) =>
      isHubError(error, 'NOT_FOUND'),
    );
  });

  test('gives an interface that stood inside another its context when it is written alone', async () => {
    const store = await storeOf([{ name: 'm', standard: 'DTDL', content: JSON.stringify([mill]) }]);
    const { models } = await contentOf(store);
    const drive = models.filter(({ id }) => id === 'dtmi:test:Drive;1');
    const plan = await planImport([{ name: 'd', standard: 'DTDL', content: exportDtdl(drive) }], noLookups);
    assert.deepEqual(plan.findings, []);
  });
});

describe('an export of twins', () => {
  for (const { name, document } of casesIn('twin-graph/valid', 'TWIN_GRAPH'))
    test(`gives the same when it is imported: ${name}`, async () => {
      const store = await storeOf([document]);
      assert.deepEqual(await contentOf(await storeOf(await exported(store))), await contentOf(store));
    });

  test('gives the same when it is imported, whatever the twins', async () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/), { minLength: 2, maxLength: 6 });
    const properties = fc.record(
      {
        size: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
        label: fc.string({ unit: 'binary' }),
        settings: fc.dictionary(fc.string(), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
      },
      { requiredKeys: [] },
    );
    const links = fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }).filter((share) => !Object.is(share, -0)),
      ),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(
        ids,
        fc.array(properties, { minLength: 6, maxLength: 6 }),
        links,
        async (names, values, pairs) => {
          const at = (i: number) => names[i % names.length];
          const graph = {
            digitalTwinsGraph: {
              digitalTwins: names.map((id, i) => ({
                $dtId: id,
                $metadata: { $model: interfaceId },
                drive: {},
                ...values[i],
              })),
              relationships: pairs.map(([from, to, share], i) => ({
                $relationshipId: `r/${i}`,
                $sourceId: at(from),
                $targetId: at(to),
                $relationshipName: 'feeds',
                share,
              })),
            },
            digitalTwinsModels: [mill],
          };
          const store = await storeOf([
            { name: 'g', standard: 'TWIN_GRAPH', content: JSON.stringify(graph) },
          ]);
          assert.deepEqual(await contentOf(await storeOf(await exported(store))), await contentOf(store));
        },
      ),
      { numRuns: 25 },
    );
  });

  test('of some has the relationships between them alone', async () => {
    const [plant] = casesIn('twin-graph/valid', 'TWIN_GRAPH');
    assert.ok(plant);
    const store = await storeOf([plant.document]);
    const { content } = await exportDocument({ store, tenant }, 'TWIN_GRAPH', 'JSON', ['m1', 'm2']);
    const { digitalTwinsGraph: graph } = JSON.parse(content) as {
      digitalTwinsGraph: {
        digitalTwins: { $dtId: string }[];
        relationships: { $sourceId: string; $targetId: string }[];
      };
    };
    assert.deepEqual(
      graph.digitalTwins.map(({ $dtId }) => $dtId),
      ['m1', 'm2'],
    );
    assert.ok(graph.relationships.length > 0);
    for (const { $sourceId, $targetId } of graph.relationships)
      assert.ok(['m1', 'm2'].includes($sourceId) && ['m1', 'm2'].includes($targetId));
  });
});

/** A machine whose twin the shell belongs to. */
const machine: readonly ImportDocument[] = [
  { name: 'models.json', standard: 'DTDL', content: JSON.stringify([site, mill]) },
  {
    name: 'twins.json',
    standard: 'TWIN_GRAPH',
    content: JSON.stringify({
      digitalTwinsGraph: {
        digitalTwins: [{ $dtId: 'm1', $metadata: { $model: interfaceId }, drive: {} }],
        relationships: [],
      },
    }),
  },
];

/** Values in every form, one of them written as nobody would write it again. */
const environment = {
  assetAdministrationShells: [
    {
      modelType: 'AssetAdministrationShell',
      id: 'urn:test:shell',
      idShort: 'MillShell',
      extensions: [{ name: 'vendor', value: 'kept' }],
      assetInformation: { assetKind: 'Instance', globalAssetId: 'https://test.example/assets/m1' },
      submodels: [{ type: 'ModelReference', keys: [{ type: 'Submodel', value: 'urn:test:data' }] }],
    },
  ],
  submodels: [
    {
      modelType: 'Submodel',
      id: 'urn:test:data',
      idShort: 'Data',
      submodelElements: [
        {
          modelType: 'Property',
          idShort: 'Ratio',
          valueType: 'xs:double',
          value: '4.50',
          semanticId: {
            type: 'ExternalReference',
            keys: [{ type: 'GlobalReference', value: 'urn:test:concept' }],
          },
        },
        { modelType: 'Property', idShort: 'On', valueType: 'xs:boolean', value: '1' },
        { modelType: 'Property', idShort: 'Count', valueType: 'xs:int', value: '7' },
        { modelType: 'Property', idShort: 'Open', valueType: 'xs:string' },
        { modelType: 'Property', idShort: 'Huge', valueType: 'xs:double', value: 'INF' },
        { modelType: 'Range', idShort: 'Span', valueType: 'xs:decimal', min: '-1.0', max: '2' },
        {
          modelType: 'MultiLanguageProperty',
          idShort: 'Label',
          value: [
            { language: 'de', text: 'Mühle' },
            { language: 'en', text: 'Mill' },
          ],
        },
        { modelType: 'File', idShort: 'Manual', contentType: 'application/pdf', value: '/files/m.pdf' },
        {
          modelType: 'SubmodelElementCollection',
          idShort: 'Group',
          value: [{ modelType: 'Property', idShort: 'Inner', valueType: 'xs:string', value: 'x' }],
        },
        {
          modelType: 'SubmodelElementList',
          idShort: 'Many',
          typeValueListElement: 'Property',
          valueTypeListElement: 'xs:int',
          value: [
            { modelType: 'Property', valueType: 'xs:int', value: '1' },
            { modelType: 'Property', valueType: 'xs:int', value: '2' },
          ],
        },
        { modelType: 'Capability', idShort: 'Grinds' },
      ],
    },
  ],
  conceptDescriptions: [{ modelType: 'ConceptDescription', id: 'urn:test:concept', idShort: 'Ratio' }],
};

const shells: ImportDocument = { name: 'shells.json', standard: 'AAS', content: JSON.stringify(environment) };

describe('an export of shells', () => {
  test('is the environment that was imported, texts of values included', async () => {
    const store = await storeOf([...machine, shells]);
    const { content } = await exportDocument({ store, tenant }, 'AAS', 'JSON', null);
    assert.deepEqual(JSON.parse(content), environment);
  });

  for (const format of ['JSON', 'XML'] as const)
    test(`gives the same when it is imported: ${format}`, async () => {
      const store = await storeOf([...machine, shells]);
      const documents = await exported(store, format);
      assert.deepEqual(await contentOf(await storeOf(documents)), await contentOf(store));
    });

  test('has the values that the twin has now', async () => {
    const store = await storeOf([...machine, shells]);
    const [twin] = (await store.listTwins(tenant, {}, { first: 1, after: null })).items;
    assert.ok(twin);
    await store.patchProperties(
      tenant,
      twin.id,
      { 'Data.Ratio': 5.25, 'Data.On': false, 'Data.Group.Inner': null },
      null,
    );
    const { content } = await exportDocument({ store, tenant }, 'AAS', 'JSON', ['m1']);
    const [submodel] = (JSON.parse(content) as typeof environment).submodels;
    const value = (name: string) => submodel?.submodelElements.find(({ idShort }) => idShort === name)?.value;
    assert.deepEqual([value('Ratio'), value('On'), value('Count')], ['5.25', 'false', '7']);
    assert.deepEqual(value('Group'), [{ modelType: 'Property', idShort: 'Inner', valueType: 'xs:string' }]);
  });

  test('of a submodel that belongs to no twin is the submodel', async () => {
    const [submodel] = environment.submodels;
    const store = await storeOf([{ ...shells, content: JSON.stringify({ submodels: [submodel] }) }]);
    const { content } = await exportDocument({ store, tenant }, 'AAS', 'JSON', ['urn:test:data']);
    assert.deepEqual(JSON.parse(content), { submodels: [submodel] });
    await assert.rejects(exportDocument({ store, tenant }, 'AAS', 'JSON', ['urn:test:other']), (error) =>
      isHubError(error, 'NOT_FOUND'),
    );
  });
});

test('the demo plant comes back as it was', async () => {
  const { demoDocuments } = await import('#deploy/demo/models/index.ts');
  const store = await storeOf(demoDocuments());
  const documents = await exported(store);
  // Its shells describe some concepts in different words; an environment has one description of each.
  const withoutConcepts = async (from: SqliteTwinStore) => {
    const { models, ...others } = await contentOf(from);
    return { ...others, models: models.map(({ concepts: _, ...model }) => model) };
  };
  assert.deepEqual(await withoutConcepts(await storeOf(documents)), await withoutConcepts(store));
  const again = await planImport(documents, lookupsOf(store, tenant));
  assert.deepEqual(
    [again.ok, again.counts.created, again.counts.changed],
    [true, 0, 0],
    JSON.stringify(again.findings),
  );
  const source = JSON.parse(
    readFileSync(new URL('../../deploy/demo/models/dtdl/isa95.json', import.meta.url), 'utf8'),
  ) as { '@id': string }[];
  const { content } = await exportDocument({ store, tenant }, 'DTDL', 'JSON', null);
  const written = new Map((JSON.parse(content) as { '@id': string }[]).map((one) => [one['@id'], one]));
  for (const one of source) assert.deepEqual(written.get(one['@id']), one);
});
