import assert from 'node:assert/strict';
import { parse, subscribe, type ExecutionResult } from 'graphql';
import { describe, test } from 'node:test';
import { openImports, tankModel, tanks } from './imports-support.ts';
import { contextOf, createFixture, demo, other } from './support.ts';

const startMutation = `mutation ($input: StartImportInput!) { startImport(input: $input) {
  job { id state dryRun atomicity strict documents { name bytes sha256 format } progress { documents itemsTotal } startedBy createdAt finishedAt }
  errors { code message path } } }`;
const jobQuery = `query ($id: ID!, $first: Int! = 50, $after: String) { importJob(id: $id) {
  state counts { created changed equal refused } errorCount warningCount changesTruncated finishedAt rolledBackBy
  failure { code message advice path }
  findings(first: 2, severity: ERROR) { nodes { document pointer line column code message severity } pageInfo { hasNextPage } }
  changes(first: $first, after: $after) { edges { cursor } nodes { item itemId kind compatibility properties { name before after } } pageInfo { hasNextPage endCursor } }
  documents { format } progress { documents documentsRead itemsDone itemsTotal } } }`;
const rollback = `mutation ($input: RollbackImportInput!) { rollbackImport(input: $input) { job { state } conflicts { item itemId reason } errors { code } } }`;
const cancel = `mutation ($input: CancelImportInput!) { cancelImport(input: $input) { job { state } errors { code message } } }`;

const documents = [
  { name: 'm.json', content: tankModel() },
  { name: 't.json', content: tanks(3) },
];

describe('imports over GraphQL', () => {
  test('are started, followed to their end, looked at page by page, and taken back', async (t) => {
    const hub = openImports(t);
    const { data } = await hub.run(startMutation, { input: { documents } });
    const { job, errors } = data.startImport;
    assert.deepEqual(errors, []);
    assert.deepEqual(
      [job.state, job.dryRun, job.atomicity, job.strict, job.startedBy, job.progress.documents],
      ['QUEUED', false, 'ALL_OR_NOTHING', false, 'Ada', 2],
    );
    const { id } = job as { id: string };
    const stream = (await subscribe({
      schema: hub.schema,
      document: parse(
        'subscription ($id: ID!) { importJobProgress(id: $id) { state progress { itemsDone } } }',
      ),
      variableValues: { id },
      contextValue: contextOf(demo),
    })) as AsyncIterableIterator<ExecutionResult<{ importJobProgress: { state: string } }>>;
    const states: string[] = [];
    for await (const { data: event } of stream) states.push(event?.importJobProgress.state ?? '');
    assert.equal(states.at(-1), 'DONE', states.join());
    const read = async (variables: object = {}) =>
      (await hub.run(jobQuery, { id, ...variables })).data.importJob;
    const done = await read({ first: 4 });
    assert.deepEqual(done.counts, { created: 6, changed: 0, equal: 0, refused: 0 });
    assert.deepEqual(done.progress, { documents: 2, documentsRead: 2, itemsDone: 6, itemsTotal: 6 });
    assert.deepEqual(
      done.documents.map(({ format }: { format: string }) => format),
      ['DTDL', 'TWIN_GRAPH'],
    );
    assert.equal(done.changes.pageInfo.hasNextPage, true);
    const rest = await read({ after: done.changes.pageInfo.endCursor });
    const items = [...done.changes.nodes, ...rest.changes.nodes].map(
      ({ item, itemId }) => `${item} ${itemId}`,
    );
    assert.deepEqual(items, [
      'MODEL dtmi:acme:Tank;1',
      'TWIN T-000000',
      'TWIN T-000001',
      'TWIN T-000002',
      'RELATIONSHIP T-000000/r',
      'RELATIONSHIP T-000001/r',
    ]);
    const node = await hub.run(
      'query ($id: ID!) { node(id: $id) { __typename id ... on ImportJob { state } } }',
      { id },
    );
    assert.deepEqual(node.data.node, { __typename: 'ImportJob', id, state: 'DONE' });
    assert.deepEqual(
      (await hub.run(cancel, { input: { id } })).data.cancelImport.errors[0].code,
      'STEP_NOT_ALLOWED',
    );
    await hub.run('mutation ($i: UpdateTwinInput!) { updateTwin(input: $i) { errors { code } } }', {
      i: { id: Buffer.from('Twin:demo:T-000001').toString('base64url'), properties: { volume: 9 } },
    });
    const refused = (await hub.run(rollback, { input: { id } })).data.rollbackImport;
    assert.deepEqual([refused.job, refused.errors], [null, [{ code: 'REVISION_CONFLICT' }]]);
    assert.deepEqual(
      refused.conflicts.map(({ item, itemId }: { item: string; itemId: string }) => [item, itemId]),
      [['TWIN', 'T-000001']],
    );
  });

  test('tell what is wrong with its place', async (t) => {
    const hub = openImports(t);
    const broken = [documents[0], { name: 't.json', content: tanks(5, { broken: [0, 1, 2] }) }];
    const { data } = await hub.run(startMutation, { input: { documents: broken } });
    await hub.imports.idle();
    const job = (await hub.run(jobQuery, { id: data.startImport.job.id })).data.importJob;
    assert.deepEqual([job.state, job.failure.code, job.errorCount], ['FAILED', 'INVALID_MODEL', 3]);
    assert.equal(job.findings.pageInfo.hasNextPage, true);
    const [finding] = job.findings.nodes;
    assert.deepEqual(
      [finding.document, finding.pointer, finding.code, finding.severity],
      ['t.json', '/digitalTwinsGraph/digitalTwins/0/volume', 'hub:wrongType', 'ERROR'],
    );
    assert.ok(finding.line >= 1 && finding.column > 1);
  });

  test('take uploads, several in one import, once', async (t) => {
    const hub = openImports(t);
    const uploadIds: string[] = [];
    for (const { name, content } of documents) {
      const bytes = Buffer.from(content);
      const { id } = await hub.uploads.create({ tenant: demo, name, by: 'a', length: bytes.length });
      await hub.uploads.append(
        demo,
        id,
        0,
        (async function* () {
          yield bytes;
        })(),
      );
      uploadIds.push(id);
    }
    const started = (await hub.run(startMutation, { input: { uploadIds } })).data.startImport;
    assert.deepEqual(started.errors, []);
    const again = (await hub.run(startMutation, { input: { uploadIds } })).data.startImport;
    assert.match(again.errors[0].code, /INVALID_INPUT|NOT_FOUND/);
    await hub.imports.idle();
    const job = (await hub.run(jobQuery, { id: started.job.id })).data.importJob;
    assert.deepEqual([job.state, job.counts.created], ['DONE', 6]);
  });

  test('are listed newest first, seen by their own tenant alone, and need the role to be started', async (t) => {
    const hub = openImports(t);
    const names = ['a', 'b', 'c'];
    const ids: string[] = [];
    for (const name of names) {
      const input = { documents: [{ name, content: tankModel() }], dryRun: true };
      ids.push((await hub.run(startMutation, { input })).data.startImport.job.id);
    }
    await hub.imports.idle();
    const list =
      'query ($after: String) { importJobs(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }';
    const first = (await hub.run(list)).data.importJobs;
    assert.deepEqual(
      first.nodes.map(({ id }: { id: string }) => id),
      [ids[2], ids[1]],
    );
    const second = (await hub.run(list, { after: first.pageInfo.endCursor })).data.importJobs;
    assert.deepEqual([second.nodes[0].id, second.pageInfo.hasNextPage], [ids[0], false]);
    const stranger = contextOf(other);
    assert.equal((await hub.run(jobQuery, { id: ids[0] }, stranger)).data.importJob, null);
    assert.deepEqual((await hub.run(list, {}, stranger)).data.importJobs.nodes, []);
    for (const mutation of [cancel, rollback]) {
      const answer = (await hub.run(mutation, { input: { id: ids[0] } }, stranger)).data;
      assert.equal((Object.values(answer)[0] as { errors: { code: string }[] }).errors[0]?.code, 'NOT_FOUND');
    }
    const operator = contextOf(demo, ['operator']);
    const refused = (await hub.run(startMutation, { input: { documents } }, operator)).data.startImport;
    assert.deepEqual([refused.job, refused.errors[0].code], [null, 'FORBIDDEN']);
    assert.equal((await hub.run(jobQuery, { id: ids[0] }, operator)).data.importJob.state, 'DONE');
  });

  test('refuse too much inline, and say where to send it', async (t) => {
    const hub = openImports(t);
    const input = { documents: [{ name: 'a', content: ' '.repeat(8 * 1024 * 1024 + 1) }] };
    const { errors } = (await hub.run(startMutation, { input })).data.startImport;
    assert.deepEqual([errors[0].code, errors[0].path], ['LIMIT_EXCEEDED', ['input', 'documents']]);
    assert.match(errors[0].message, /8388608.*\/import/);
  });

  test('are refused where the hub offers none, and the small way in still works', async () => {
    const { run } = createFixture();
    const { data } = await run(startMutation, { input: { documents } });
    assert.equal(data.startImport.errors[0].code, 'STEP_NOT_ALLOWED');
    const small = await run(
      'mutation ($input: ImportModelsInput!) { importModels(input: $input) { created findings { line column } errors { code } } }',
      { input: { documents: [{ ...documents[0], standard: 'DTDL' }] } },
    );
    assert.deepEqual([small.data.importModels.created, small.data.importModels.errors], [1, []]);
  });
});
