import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { demoDocuments } from '#deploy/demo/models/index.ts';
import { parseModelId, parseTwinId } from '#ontology/ids.ts';
import { contentOf, openImports, tankModel, tanks } from './imports-support.ts';
import { contextOf, demo, other } from './support.ts';

const page = { first: 500, after: null };
const ada = contextOf(demo).principal;

describe('an import as a job', () => {
  test('takes in the demo plant, tells who and what in the evidence, and keeps no file', async (t) => {
    const hub = openImports(t);
    const documents = demoDocuments();
    const job = await hub.importAll(documents);
    assert.deepEqual(
      [job.state, job.failure, job.counts],
      ['DONE', null, { created: 69, changed: 0, equal: 0, refused: 0 }],
    );
    assert.deepEqual([job.errors, job.changes, job.changesTruncated], [0, 69, false]);
    assert.deepEqual(job.progress, { documentsRead: documents.length, itemsDone: 69, itemsTotal: 69 });
    assert.deepEqual([...new Set(job.documents.map(({ format }) => format))].sort(), [
      'AAS',
      'DTDL',
      'TWIN_GRAPH',
    ]);
    const { items } = await hub.evidence.list(demo, job.id, { first: 10, after: null });
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ['import.applied'],
    );
    const body = items[0]?.body as { by: { name: string }; documents: { sha256: string }[]; counts: object };
    assert.equal(body.by.name, 'Ada');
    assert.match(body.documents[0]?.sha256 ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual(body.counts, job.counts);
    await hub.imports.idle();
    assert.deepEqual(await hub.uploads.claimed(), []);
    const again = await hub.importAll(documents);
    assert.deepEqual(again.counts, { created: 0, changed: 0, equal: 69, refused: 0 });
    assert.equal((await contentOf(hub, other)).twins.length, 0);
  });

  test('dry tells what would change and writes nothing', async (t) => {
    const hub = openImports(t);
    await hub.importAll([
      { name: 'm', content: tankModel() },
      { name: 't', content: tanks(2) },
    ]);
    const before = await contentOf(hub);
    const dry = await hub.importAll(
      [
        { name: 'm2', content: tankModel(2, [{ '@type': 'Property', name: 'colour', schema: 'string' }]) },
        { name: 't', content: tanks(3, { volume: 2 }) },
      ],
      { dryRun: true },
    );
    assert.deepEqual([dry.state, dry.counts], ['DONE', { created: 3, changed: 2, equal: 1, refused: 0 }]);
    assert.deepEqual(await contentOf(hub), before);
    const { items } = await hub.imports.jobs.changes(demo, dry.id, page);
    const [model, changed, , created] = items;
    assert.deepEqual(
      [model?.item, model?.kind, model?.compatibility, model?.comparedWith],
      ['MODEL', 'CREATED', 'COMPATIBLE', 'dtmi:acme:Tank;1'],
    );
    assert.deepEqual(changed?.properties, [{ name: 'volume', before: 1.5, after: 2 }]);
    assert.deepEqual([created?.id, created?.kind], ['T-000002', 'CREATED']);
    assert.deepEqual(
      created?.properties.find(({ name }) => name === '$model'),
      { name: '$model', before: null, after: 'dtmi:acme:Tank;1' },
    );
    assert.equal((await hub.evidence.list(demo, dry.id, page)).items.length, 0);
  });

  test('a breaking version of a model is called so', async (t) => {
    const hub = openImports(t);
    await hub.importAll([
      { name: 'm', content: tankModel(1, [{ '@type': 'Property', name: 'gone', schema: 'string' }]) },
    ]);
    const dry = await hub.importAll([{ name: 'm', content: tankModel(3) }], { dryRun: true });
    const [change] = (await hub.imports.jobs.changes(demo, dry.id, page)).items;
    assert.equal(change?.compatibility, 'BREAKING');
    assert.match(change.reasons.join('\n'), /gone/);
  });

  test('all or nothing: one fault and nothing is imported; the finding names the place', async (t) => {
    const hub = openImports(t);
    const job = await hub.importAll([
      { name: 'm.json', content: tankModel() },
      { name: 't.json', content: tanks(3, { broken: [1] }) },
    ]);
    assert.deepEqual([job.state, job.failure?.code, job.errors], ['FAILED', 'INVALID_MODEL', 1]);
    assert.match(job.failure?.message ?? '', /t\.json:\d+:\d+ hub:wrongType/);
    const [finding] = (await hub.imports.jobs.findings(demo, job.id, { severity: 'ERROR' }, page)).items;
    assert.equal(finding?.pointer, '/digitalTwinsGraph/digitalTwins/1/volume');
    const { models, twins } = await contentOf(hub);
    assert.deepEqual([models, twins], [[], []]);
  });

  test('item by item: what is right is imported, the rest reported, also what the store refuses', async (t) => {
    const hub = openImports(t);
    const job = await hub.importAll(
      [
        { name: 'bad.json', content: tankModel(9).replace('"Property"', '"Propperty"') },
        { name: 'none.json', content: '{"a":1}' },
        { name: 'm.json', content: tankModel() },
        { name: 't.json', content: tanks(250, { broken: [120] }) },
      ],
      { atomicity: 'ITEM_BY_ITEM' },
    );
    assert.equal(job.state, 'DONE');
    const { models, twins, links } = await contentOf(hub);
    assert.deepEqual(models, ['dtmi:acme:Tank;1']);
    assert.equal(twins.length, 249);
    assert.equal(links.length, 247, 'the relationships of the twin that is left out are left out, too');
    assert.deepEqual(job.counts, { created: 497, changed: 0, equal: 0, refused: 4 });
    const { items } = await hub.imports.jobs.findings(demo, job.id, { severity: 'ERROR' }, page);
    const codes = items.map(({ code }) => code);
    assert.ok(codes.includes('hub:unknownFormat') && codes.includes('hub:wrongType'), codes.join());
    assert.equal(codes.filter((code) => code === 'hub:itemRefused').length, 2);
    assert.match(items.at(-1)?.message ?? '', /T-000120/);
  });

  test('strict: what is only noticed otherwise keeps the import from happening', async (t) => {
    const hub = openImports(t);
    const documents = [
      { name: 'm', content: tankModel() },
      { name: 't', content: tanks(1) },
    ];
    const strict = await hub.importAll(documents, { strict: true });
    assert.deepEqual([strict.state, strict.failure?.code], ['FAILED', 'INVALID_MODEL']);
    const plain = await hub.importAll(documents);
    assert.deepEqual([plain.state, plain.errors], ['DONE', 0]);
    assert.equal(plain.warnings, strict.errors);
    assert.ok(plain.warnings > 0);
  });

  test('what cannot be read is said with its file', async (t) => {
    const hub = openImports(t);
    const job = await hub.importAll([
      { name: 'empty', content: '' },
      { name: 'torn', content: '{"a":' },
      { name: 'list', content: '[1]' },
      { name: 'markup', content: '<a/>' },
    ]);
    const { items } = await hub.imports.jobs.findings(demo, job.id, { severity: null }, page);
    assert.equal(job.state, 'FAILED');
    assert.deepEqual(
      job.documents.map(({ format }) => format),
      ['DTDL', 'DTDL', null, 'AAS_XML'],
    );
    assert.deepEqual([...new Set(items.map(({ document }) => document))].sort(), [
      'empty',
      'list',
      'markup',
      'torn',
    ]);
  });

  test('taken back, everything is as before; what somebody changed since stands against it', async (t) => {
    const hub = openImports(t);
    await hub.importAll([
      { name: 'm', content: tankModel() },
      { name: 't', content: tanks(2) },
    ]);
    const before = await contentOf(hub);
    const job = await hub.importAll([
      { name: 'm', content: tankModel(2) },
      { name: 't', content: tanks(4, { volume: 7 }) },
    ]);
    const id = parseTwinId('T-000001');
    const [touched] = await hub.twins.twins(demo, [id]);
    await hub.twins.patchProperties(demo, id, { volume: 8 }, null);
    await assert.rejects(hub.imports.rollBack(ada, job.id), /T-000001: It was changed since/);
    assert.equal((await hub.imports.get(demo, job.id))?.state, 'DONE');
    await hub.twins.apply(demo, { twins: [{ ...touched!, properties: touched!.properties }] });
    await assert.rejects(
      hub.imports.rollBack(ada, job.id),
      /T-000001/,
      'the same value again is a change, too',
    );
    const second = await hub.importAll([{ name: 't', content: tanks(1, { prefix: 'X' }) }]);
    assert.equal((await hub.imports.rollBack(ada, second.id)).state, 'ROLLED_BACK');
    assert.equal((await hub.imports.rollBack(ada, second.id)).state, 'ROLLED_BACK', 'twice is once');
    const kinds = (await hub.evidence.list(demo, second.id, page)).items.map(({ kind }) => kind);
    assert.deepEqual(kinds, ['import.applied', 'import.rolledBack']);
    const { twins } = await contentOf(hub);
    assert.equal(twins.length, 4);
    assert.equal(before.twins.length, 2);
  });

  test('taken back, all of an import goes: models, twins, relationships and values', async (t) => {
    const hub = openImports(t);
    await hub.importAll([
      { name: 'm', content: tankModel() },
      { name: 't', content: tanks(2) },
    ]);
    const before = await contentOf(hub);
    for (const atomicity of ['ALL_OR_NOTHING', 'ITEM_BY_ITEM'] as const) {
      const documents = [
        { name: 'm', content: tankModel(2) },
        { name: 't', content: tanks(300, { volume: 7, broken: atomicity === 'ITEM_BY_ITEM' ? [5] : [] }) },
      ];
      const job = await hub.importAll(documents, { atomicity });
      assert.equal(job.state, 'DONE');
      assert.notDeepEqual(await contentOf(hub), before);
      await hub.imports.rollBack(ada, job.id);
      assert.deepEqual(await contentOf(hub), before);
    }
  });

  test('a twin that is written while the import is planned is not overwritten: it is planned anew', async (t) => {
    const folderHub = openImports(t);
    await folderHub.importAll([
      { name: 'm', content: tankModel() },
      { name: 't', content: tanks(1) },
    ]);
    const id = parseTwinId('T-000000');
    let meanwhile = 0;
    const { changeSets } = folderHub;
    const hub = openImports(t, {
      folder: folderHub.folder,
      run: 'second',
      deps: {
        changeSets: Object.assign(Object.create(changeSets) as typeof changeSets, {
          stage: async (...args: Parameters<typeof changeSets.stage>) => {
            await changeSets.stage(...args);
            if ((meanwhile += 1) === 1) await folderHub.twins.patchProperties(demo, id, { volume: 3 }, null);
          },
          commit: (...args: Parameters<typeof changeSets.commit>) => changeSets.commit(...args),
          discard: (...args: Parameters<typeof changeSets.discard>) => changeSets.discard(...args),
          applied: (...args: Parameters<typeof changeSets.applied>) => changeSets.applied(...args),
        }),
      },
    });
    const job = await hub.importAll([{ name: 't', content: tanks(1, { volume: 9 }) }]);
    assert.deepEqual([job.state, job.counts.changed, meanwhile], ['DONE', 1, 2]);
    const changes = (await hub.imports.jobs.changes(demo, job.id, page)).items;
    assert.deepEqual(
      changes.map(({ properties }) => properties),
      [[{ name: 'volume', before: 3, after: 9 }]],
      'the diff is that of the plan that was applied',
    );
  });

  test('what one asks for wrongly is refused at once', async (t) => {
    const hub = openImports(t, { env: { TWINHUB_IMPORT_MAX_DOCUMENTS: '2' } });
    await assert.rejects(hub.start([]), { code: 'INVALID_INPUT' });
    const three = ['a', 'b', 'c'].map((name) => ({ name, content: '{}' }));
    await assert.rejects(hub.start(three), {
      code: 'LIMIT_EXCEEDED',
      message: /TWINHUB_IMPORT_MAX_DOCUMENTS/,
    });
    const options = { dryRun: false, strict: false, atomicity: 'ALL_OR_NOTHING' } as const;
    await assert.rejects(hub.imports.start(ada, { documents: [], uploads: ['none-of-these'], options }), {
      code: 'NOT_FOUND',
    });
    await assert.rejects(hub.imports.cancel(demo, 'none'), { code: 'NOT_FOUND' });
    const job = await hub.importAll([{ name: 'm', content: tankModel() }], { dryRun: true });
    await assert.rejects(hub.imports.rollBack(ada, job.id), { code: 'STEP_NOT_ALLOWED' });
    await assert.rejects(hub.imports.cancel(demo, job.id), { code: 'STEP_NOT_ALLOWED' });
    await assert.rejects(hub.imports.cancel(other, job.id), { code: 'NOT_FOUND' });
    assert.equal((await hub.twins.models(demo, [parseModelId('dtmi:acme:Tank;1')]))[0], null);
  });
});
