import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SimulatedClock } from '#kernel/clock.ts';
import { parseTenantId } from '#ontology/ids.ts';
import { isEnded } from '#ontology/import-job.ts';
import { contentOf, ended, openImports, tankModel, tanks } from './imports-support.ts';
import { contextOf, demo } from './support.ts';

const page = { first: 500, after: null };
const ada = contextOf(demo).principal;

describe('limits of imports', () => {
  test('a plan that takes too much memory fails with a finding that names the limit; the hub goes on', async (t) => {
    const hub = openImports(t, { env: { TWINHUB_IMPORT_MEMORY_MB: '64' } });
    const job = await hub.importAll([
      { name: 'm', content: tankModel() },
      { name: 't', content: tanks(60_000) },
    ]);
    assert.deepEqual([job.state, job.failure?.code], ['FAILED', 'LIMIT_EXCEEDED']);
    const { items } = await hub.imports.jobs.findings(demo, job.id, { severity: 'ERROR' }, page);
    assert.equal(items.at(-1)?.code, 'hub:importTooLarge');
    assert.match(items.at(-1)?.message ?? '', /64 MiB .*TWINHUB_IMPORT_MEMORY_MB/);
    assert.deepEqual((await contentOf(hub)).twins, []);
    const next = await hub.importAll([{ name: 'm', content: tankModel() }]);
    assert.equal(next.state, 'DONE');
  });

  test('a plan that takes too long fails with a finding that names the limit', async (t) => {
    const clock = new SimulatedClock(1_800_000_000_000);
    const hub = openImports(t, { env: { TWINHUB_IMPORT_TIMEOUT_MS: '5000' }, deps: { clock } });
    const job = await hub.start([{ name: 't', content: tanks(20_000) }]);
    const progress = hub.imports.progress.subscribe();
    while ((await progress.next()).value?.state !== 'READING');
    await clock.advance(5_000);
    const { state, failure } = await ended(hub.imports, job);
    assert.deepEqual([state, failure?.code], ['FAILED', 'DEADLINE_EXCEEDED']);
    assert.match(failure?.message ?? '', /5000 ms .*TWINHUB_IMPORT_TIMEOUT_MS/);
    await progress.return();
  });

  test('imports run one after another, and so many may wait', async (t) => {
    const hub = openImports(t, { env: { TWINHUB_IMPORT_MAX_WAITING: '2' } });
    const documents = [{ name: 'm', content: tankModel() }];
    const [first, second] = [await hub.start(documents), await hub.start(documents)];
    await assert.rejects(hub.start(documents), {
      code: 'LIMIT_EXCEEDED',
      message: /TWINHUB_IMPORT_MAX_WAITING/,
    });
    assert.deepEqual((await ended(hub.imports, first)).counts.created, 1);
    assert.deepEqual((await ended(hub.imports, second)).counts.equal, 1);
    await hub.imports.idle();
    await hub.importAll(documents);
  });

  test('tenants take turns: many imports of one do not hold up those of another', async (t) => {
    const hub = openImports(t);
    const started: string[] = [];
    const stop = hub.imports.progress.listen(({ tenant, state }) => {
      if (state === 'READING') started.push(tenant);
    });
    const documents = [{ name: 'm', content: tankModel() }];
    for (let i = 0; i < 4; i += 1) await hub.start(documents);
    const other = { ...ada, tenant: parseTenantId('other') };
    const options = { dryRun: false, strict: false, atomicity: 'ALL_OR_NOTHING' } as const;
    await hub.imports.start(other, { documents, uploads: [], options });
    await hub.imports.idle();
    stop();
    const turns = started.filter((tenant, i) => started[i - 1] !== tenant || tenant === demo);
    assert.equal(turns.filter((tenant) => tenant === 'other').length, 1);
    assert.notEqual(turns.at(-1), 'other', `the turns were ${turns.join(' ')}`);
  });

  test('the hub answers others while an import is planned', async (t) => {
    const hub = openImports(t);
    const job = await hub.start([
      { name: 'm', content: tankModel() },
      { name: 't', content: tanks(10_000) },
    ]);
    let turns = 0;
    let state = job.state as string;
    while (!isEnded({ state } as typeof job)) {
      await new Promise((resolve) => setImmediate(resolve));
      state = (await hub.imports.get(demo, job.id))?.state ?? '';
      if (state === 'READING' || state === 'PLANNING') turns += 1;
    }
    assert.equal(state, 'DONE');
    // In the thread of the hub, planning would have left it a handful.
    assert.ok(turns > 100, `the event loop turned ${turns} times`);
  });
});

describe('cancelling imports', () => {
  test('one that waits ends at once, one that is planned is given up', async (t) => {
    const hub = openImports(t);
    const first = await hub.start([{ name: 't', content: tanks(20_000) }]);
    const second = await hub.start([{ name: 'm', content: tankModel() }]);
    assert.equal((await hub.imports.cancel(demo, second.id)).state, 'CANCELLED');
    await hub.imports.cancel(demo, first.id);
    const { state, failure, finishedAt } = await ended(hub.imports, first);
    assert.deepEqual([state, failure, finishedAt === null], ['CANCELLED', null, false]);
    await hub.imports.idle();
    assert.deepEqual(await contentOf(hub), { models: [], twins: [], links: [] });
    assert.deepEqual(await hub.uploads.claimed(), []);
  });

  test('item by item, what is written stays and can be taken back', async (t) => {
    const hub = openImports(t);
    const job = await hub.start(
      [
        { name: 'm', content: tankModel() },
        { name: 't', content: tanks(1_000) },
      ],
      { atomicity: 'ITEM_BY_ITEM' },
    );
    const progress = hub.imports.progress.subscribe();
    for (let done = 0; done < 300;) done = (await progress.next()).value?.progress.itemsDone ?? 0;
    await progress.return();
    await hub.imports.cancel(demo, job.id);
    const { state, counts, progress: reached } = await ended(hub.imports, job);
    assert.equal(state, 'CANCELLED');
    assert.ok(counts.created >= 300 && counts.created < 2_000, String(counts.created));
    assert.equal(reached.itemsDone, counts.created);
    const { twins, links, models } = await contentOf(hub);
    assert.equal(twins.length + links.length + models.length, counts.created);
    await hub.imports.rollBack(ada, job.id);
    assert.deepEqual(await contentOf(hub), { models: [], twins: [], links: [] });
  });
});

test('a hub that closes leaves its import, and the next start ends it', async (t) => {
  const hub = openImports(t, { run: 'one' });
  const job = await hub.start([
    { name: 'm', content: tankModel() },
    { name: 't', content: tanks(3_000) },
  ]);
  const progress = hub.imports.progress.subscribe();
  while ((await progress.next()).value?.state !== 'PLANNING');
  await hub.close();
  const next = openImports(t, { folder: hub.folder, run: 'two' });
  assert.equal((await next.imports.get(demo, job.id))?.state, 'PLANNING');
  await next.imports.resume();
  assert.equal((await ended(next.imports, job)).state, 'DONE');
  assert.equal((await contentOf(next)).twins.length, 3_000);
});
