import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { demoDocuments } from '#deploy/demo/models/index.ts';
import { formatGlobalId } from '#ontology/ids.ts';
import { contextOf, createFixture, demo, other, type Answer } from './support.ts';

const importMutation = `mutation ($input: ImportModelsInput!) {
  importModels(input: $input) { created changed equal warnings { code } errors { code message advice path } findings { document pointer code message severity } }
}`;
const updateMutation =
  'mutation ($input: UpdateTwinInput!) { updateTwin(input: $input) { twin { twinId revision properties { name value } } errors { code message path } } }';

describe('the assets subgraph imports', () => {
  test('the demo plant, first dry, then for good, then again with nothing new', async () => {
    const { run, changes, twins } = createFixture();
    const told: string[] = [];
    changes.listen((change) => told.push(change.twinId));
    const documents = demoDocuments();
    const dry = await run(importMutation, { input: { documents, dryRun: true } });
    assert.deepEqual(dry.data.importModels, {
      created: 69,
      changed: 0,
      equal: 0,
      warnings: [],
      errors: [],
      findings: [],
    });
    assert.deepEqual((await twins.listTwins(demo, {}, { first: 1, after: null })).items, []);
    assert.deepEqual(told, []);
    const done = await run(importMutation, { input: { documents } });
    assert.equal(done.data.importModels.created, 69);
    assert.equal(told.length, 17);
    const again = await run(importMutation, { input: { documents } });
    assert.deepEqual([again.data.importModels.created, again.data.importModels.equal], [0, 69]);
    assert.equal(told.length, 17);
    assert.deepEqual((await twins.listTwins(other, {}, { first: 1, after: null })).items, []);
  });

  test('nothing when one document has an error, and says where', async () => {
    const { run, twins } = createFixture();
    const documents = demoDocuments().map((document) =>
      document.name === 'twins.json'
        ? { ...document, content: document.content.replace('"criticality": "A"', '"criticality": "Z"') }
        : document,
    );
    const { data } = await run(importMutation, { input: { documents } });
    assert.equal(data.importModels.errors[0].code, 'INVALID_MODEL');
    assert.deepEqual(data.importModels.errors[0].path, ['input', 'documents']);
    assert.match(data.importModels.errors[0].message, /twins\.json:\d+:\d+ hub:notInEnumeration/);
    const [finding] = data.importModels.findings;
    assert.equal(finding.document, 'twins.json');
    assert.match(finding.pointer, /^\/digitalTwinsGraph\/digitalTwins\/\d+\/criticality$/);
    assert.equal(finding.severity, 'ERROR');
    assert.deepEqual((await twins.listModels(demo, { first: 1, after: null })).items, []);
  });

  test('a model that is stored with other content is refused', async () => {
    const { run, loadDemo } = createFixture();
    await loadDemo(demo);
    const content = JSON.stringify({
      '@context': 'dtmi:dtdl:context;3',
      '@id': 'dtmi:twinhub:plant:Filler;1',
      '@type': 'Interface',
    });
    const { data } = await run(importMutation, {
      input: { documents: [{ name: 'filler.json', standard: 'DTDL', content }] },
    });
    assert.equal(data.importModels.findings[0].code, 'hub:modelDiffers');
  });

  test("a partner's model on top of stored ones, and a twin of it", async () => {
    const { run, loadDemo } = createFixture();
    await loadDemo(demo);
    const model = {
      '@context': 'dtmi:dtdl:context;3',
      '@id': 'dtmi:partner:Palletizer;1',
      '@type': 'Interface',
      extends: 'dtmi:twinhub:isa95:Asset;1',
      contents: [{ '@type': 'Property', name: 'layers', schema: 'integer' }],
    };
    const graph = {
      digitalTwinsGraph: {
        digitalTwins: [
          { $dtId: 'PL-1', $metadata: { $model: 'dtmi:partner:Palletizer;1' }, layers: 4, criticality: 'B' },
        ],
        relationships: [
          { $relationshipId: '1', $sourceId: 'CONVEYING', $targetId: 'PL-1', $relationshipName: 'contains' },
        ],
      },
    };
    const documents = [
      { name: 'graph.json', standard: 'TWIN_GRAPH', content: JSON.stringify(graph) },
      { name: 'model.json', standard: 'DTDL', content: JSON.stringify(model) },
    ];
    const { data } = await run(importMutation, { input: { documents } });
    assert.deepEqual(data.importModels.errors, []);
    assert.equal(data.importModels.created, 3);
    const { data: read } = await run(
      '{ twinByTwinId(twinId: "PL-1") { kind parent { twinId } properties { name value } } }',
    );
    assert.deepEqual(read.twinByTwinId.kind, 'ASSET');
    assert.deepEqual(read.twinByTwinId.parent.twinId, 'CONVEYING');
  });

  test('only for the role integrator, and within its limits', async () => {
    const { run } = createFixture();
    const refused = await run(importMutation, { input: { documents: [] } }, contextOf(demo, ['operator']));
    assert.equal(refused.data.importModels.errors[0].code, 'FORBIDDEN');
    const large = await run(importMutation, {
      input: { documents: [{ name: 'a', standard: 'DTDL', content: ' '.repeat(1024 * 1024 + 1) }] },
    });
    assert.equal(large.data.importModels.errors[0].code, 'LIMIT_EXCEEDED');
    assert.deepEqual(large.data.importModels.errors[0].path, ['input', 'documents', '0', 'content']);
  });
});

describe('the assets subgraph updates a twin', () => {
  const id = formatGlobalId('Twin', demo, 'P-101');

  test('with values that fit the model, when the revision is the one read', async () => {
    const { run, loadDemo } = createFixture();
    await loadDemo(demo);
    const first = await run(updateMutation, {
      input: { id, properties: { ratedFlow: 75.5, criticality: 'B' }, expectedRevision: 1 },
    });
    assert.deepEqual(first.data.updateTwin.errors, []);
    assert.equal(first.data.updateTwin.twin.revision, 2);
    assert.ok(
      first.data.updateTwin.twin.properties.some(
        (property: Answer) => property.name === 'ratedFlow' && property.value === 75.5,
      ),
    );
    const stale = await run(updateMutation, {
      input: { id, properties: { ratedFlow: 1 }, expectedRevision: 1 },
    });
    assert.equal(stale.data.updateTwin.errors[0].code, 'REVISION_CONFLICT');
    const removed = await run(updateMutation, { input: { id, properties: { ratedFlow: null } } });
    assert.ok(
      !removed.data.updateTwin.twin.properties.some((property: Answer) => property.name === 'ratedFlow'),
    );
  });

  test('and refuses values that break it, naming the place', async () => {
    const { run, loadDemo } = createFixture();
    await loadDemo(demo);
    const cases: [object, string[]][] = [
      [{ ratedFlow: 'much' }, ['input', 'properties', 'ratedFlow']],
      [{ criticality: 'D' }, ['input', 'properties', 'criticality']],
      [{ colour: 'red' }, ['input', 'properties', 'colour']],
      [{ flow: 3 }, ['input', 'properties', 'flow']],
      [{ $aas: null }, ['input', 'properties', '$aas']],
      [
        { 'TechnicalData.TechnicalProperties.NumberOfStages': 1.5 },
        ['input', 'properties', 'TechnicalData.TechnicalProperties.NumberOfStages'],
      ],
    ];
    for (const [properties, path] of cases) {
      const { data } = await run(updateMutation, { input: { id, properties } });
      assert.equal(data.updateTwin.twin, null);
      assert.deepEqual(
        [data.updateTwin.errors[0].code, data.updateTwin.errors[0].path],
        ['INVALID_INPUT', path],
      );
    }
    const list = await run(updateMutation, { input: { id, properties: [1] } });
    assert.equal(list.data.updateTwin.errors[0].code, 'INVALID_INPUT');
  });

  test('but not one of another tenant, and not without the role', async () => {
    const { run, loadDemo } = createFixture();
    await loadDemo(demo);
    const foreign = await run(
      updateMutation,
      { input: { id, properties: { ratedFlow: 1 } } },
      contextOf(other),
    );
    assert.equal(foreign.data.updateTwin.errors[0].code, 'NOT_FOUND');
    const refused = await run(
      updateMutation,
      { input: { id, properties: { ratedFlow: 1 } } },
      contextOf(demo, ['planner']),
    );
    assert.equal(refused.data.updateTwin.errors[0].code, 'FORBIDDEN');
  });
});

describe('the assets subgraph tells of changes', () => {
  test('each changed twin as it is now, to its own tenant, until the reader leaves', async () => {
    const { run, listen, loadDemo, changes } = createFixture();
    await loadDemo(demo);
    await loadDemo(other);
    const id = formatGlobalId('Twin', demo, 'P-101');
    const query = 'subscription ($ids: [ID!]) { twinChanged(ids: $ids) { twinId revision } }';
    const mine = await listen(query, { ids: [id] }, contextOf(demo));
    const foreign = await listen(query, { ids: [id] }, contextOf(other));
    const all = await listen(query, {}, contextOf(other));
    assert.equal(changes.listenerCount, 3);
    await run(updateMutation, {
      input: { id: formatGlobalId('Twin', demo, 'FL-101'), properties: { criticality: 'C' } },
    });
    await run(updateMutation, { input: { id, properties: { ratedFlow: 70 } } });
    await run(
      updateMutation,
      { input: { id: formatGlobalId('Twin', other, 'P-101'), properties: { ratedFlow: 60 } } },
      contextOf(other),
    );
    const first = await mine.next();
    assert.deepEqual(JSON.parse(JSON.stringify(first.value)), {
      data: { twinChanged: { twinId: 'P-101', revision: 2 } },
    });
    const theirs = await all.next();
    assert.deepEqual(JSON.parse(JSON.stringify(theirs.value)), {
      data: { twinChanged: { twinId: 'P-101', revision: 2 } },
    });
    const waiting = foreign.next();
    await Promise.all([mine.return?.(), foreign.return?.(), all.return?.()]);
    assert.equal((await waiting).done, true);
    assert.equal(changes.listenerCount, 0);
  });
});
