import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parseTwinId, type TenantId } from '#ontology/ids.ts';
import type { ImportFinding } from '#ontology/import-finding.ts';
import type { ImportJob } from '#ontology/import-job.ts';
import type { ImportJobStore } from '#ontology/ports/import-job-store.ts';
import { freshTenant } from './twin-store-data.ts';
import { rejectsWith } from './twin-store-support.ts';

/** How the suite gets at one implementation; opened again it has what was written. */
export interface ImportJobHarness {
  open(): Promise<{ jobs: ImportJobStore; close(): Promise<void> }>;
}

/** A job that waits. */
export function waitingJob(tenant: TenantId, id: string, more: Partial<ImportJob> = {}): ImportJob {
  return {
    tenant,
    id,
    state: 'QUEUED',
    options: { dryRun: false, atomicity: 'ALL_OR_NOTHING', strict: false },
    documents: [{ upload: 'u', name: 'Füller.json', format: null, bytes: 3, sha256: 'ab' }],
    progress: { documentsRead: 0, itemsDone: 0, itemsTotal: 0 },
    counts: { created: 0, changed: 0, equal: 0, refused: 0 },
    errors: 0,
    warnings: 0,
    changes: 0,
    changesTruncated: false,
    failure: null,
    parts: 0,
    partsDone: 0,
    stateBefore: null,
    cancelAsked: false,
    startedBy: { subject: 's', personId: 'p', name: 'Ada' },
    createdAt: 1,
    startedAt: null,
    finishedAt: null,
    rolledBackBy: null,
    rolledBackAt: null,
    ...more,
  };
}

const finding = (code: string, severity: 'ERROR' | 'WARNING'): ImportFinding => ({
  document: 'd.json',
  pointer: '/a',
  line: 3,
  column: 4,
  code,
  message: 'Ü',
  severity,
});

/** What every ImportJobStore does. */
export function importJobStoreContract(name: string, harness: ImportJobHarness): void {
  describe(`ImportJobStore contract: ${name}`, () => {
    let jobs: ImportJobStore;
    let close: () => Promise<void>;
    before(async () => void ({ jobs, close } = await harness.open()));
    after(() => close());

    test('a job comes back as it was made, to its own tenant alone, once', async () => {
      const tenant = freshTenant();
      const job = waitingJob(tenant, 'a');
      await jobs.create(job);
      assert.deepEqual(await jobs.get(tenant, 'a'), job);
      assert.equal(await jobs.get(freshTenant(), 'a'), null);
      assert.equal(await jobs.get(tenant, 'b'), null);
      await rejectsWith('ALREADY_EXISTS', jobs.create(job));
      await jobs.create(waitingJob(freshTenant(), 'a'));
    });

    test('changes are kept, also after closing and opening again; an unknown job is said so', async () => {
      const tenant = freshTenant();
      const first = await harness.open();
      await first.jobs.create(waitingJob(tenant, 'a'));
      const changed = await first.jobs.update(tenant, 'a', { state: 'APPLYING', parts: 3, startedAt: 5 });
      assert.deepEqual(changed, { ...waitingJob(tenant, 'a'), state: 'APPLYING', parts: 3, startedAt: 5 });
      await first.close();
      assert.deepEqual(await jobs.get(tenant, 'a'), changed);
      await rejectsWith('NOT_FOUND', jobs.update(tenant, 'b', { parts: 1 }));
      await rejectsWith('NOT_FOUND', jobs.addFindings(tenant, 'b', [finding('x', 'ERROR')]));
    });

    test('jobs are listed newest first, page by page, also while others begin', async () => {
      const tenant = freshTenant();
      for (const id of ['c', 'a', 'b']) await jobs.create(waitingJob(tenant, id));
      const first = await jobs.list(tenant, { first: 2, after: null });
      assert.deepEqual([first.items.map(({ id }) => id), first.next], [['b', 'a'], 'a']);
      await jobs.create(waitingJob(tenant, 'd'));
      const second = await jobs.list(tenant, { first: 2, after: first.next });
      assert.deepEqual([second.items.map(({ id }) => id), second.next], [['c'], null]);
      await rejectsWith('INVALID_INPUT', jobs.list(tenant, { first: 2, after: 'zz' }));
      await rejectsWith('INVALID_INPUT', jobs.list(tenant, { first: 0, after: null }));
    });

    test('unfinished jobs of all tenants come oldest first', async () => {
      const [one, other] = [freshTenant(), freshTenant()];
      await jobs.create(waitingJob(one, 'first'));
      await jobs.create(waitingJob(other, 'second'));
      await jobs.create(waitingJob(one, 'third'));
      for (const state of ['DONE', 'FAILED', 'CANCELLED', 'ROLLED_BACK'] as const)
        await jobs.create(waitingJob(one, state, { state }));
      await jobs.update(one, 'first', { state: 'APPLYING' });
      const mine = (await jobs.unfinished()).filter(({ tenant }) => tenant === one || tenant === other);
      assert.deepEqual(
        mine.map(({ id }) => id),
        ['first', 'second', 'third'],
      );
      await jobs.update(one, 'first', { state: 'DONE' });
      await jobs.update(one, 'DONE', { state: 'ROLLING_BACK' });
      const then = (await jobs.unfinished()).filter(({ tenant }) => tenant === one);
      assert.deepEqual(
        then.map(({ id }) => id),
        ['third', 'DONE'],
      );
    });

    test('findings keep their order, are counted, and can be had by severity', async () => {
      const tenant = freshTenant();
      await jobs.create(waitingJob(tenant, 'a'));
      await jobs.addFindings(tenant, 'a', [finding('1', 'WARNING'), finding('2', 'ERROR')]);
      await jobs.addFindings(tenant, 'a', [
        finding('3', 'WARNING'),
        finding('4', 'ERROR'),
        finding('5', 'ERROR'),
      ]);
      await jobs.update(tenant, 'a', { state: 'FAILED' });
      const job = await jobs.get(tenant, 'a');
      assert.deepEqual([job?.errors, job?.warnings], [3, 2]);
      const all = await jobs.findings(tenant, 'a', { severity: null }, { first: 2, after: null });
      assert.deepEqual(all.items, [
        { ...finding('1', 'WARNING'), position: 1 },
        { ...finding('2', 'ERROR'), position: 2 },
      ]);
      const rest = await jobs.findings(tenant, 'a', { severity: null }, { first: 9, after: all.next });
      assert.deepEqual([rest.items.map(({ code }) => code), rest.next], [['3', '4', '5'], null]);
      const errors = await jobs.findings(tenant, 'a', { severity: 'ERROR' }, { first: 2, after: null });
      assert.deepEqual([errors.items.map(({ code }) => code), errors.next], [['2', '4'], '4']);
      await rejectsWith(
        'INVALID_INPUT',
        jobs.findings(tenant, 'a', { severity: null }, { first: 1, after: 'x' }),
      );
      assert.deepEqual(
        await jobs.findings(freshTenant(), 'a', { severity: null }, { first: 2, after: null }),
        {
          items: [],
          next: null,
        },
      );
    });

    test('samples are kept in order until they are dropped or the job is planned anew', async () => {
      const tenant = freshTenant();
      await jobs.create(waitingJob(tenant, 'a'));
      const sample = (time: number) => ({
        twinId: parseTwinId('P-101'),
        signal: 'flow',
        value: time / 10,
        unit: 'm3/h',
        time,
      });
      await jobs.addSamples(tenant, 'a', [sample(1), sample(2)]);
      await jobs.addSamples(tenant, 'a', [sample(3)]);
      const page = await jobs.samples(tenant, 'a', { first: 2, after: null });
      assert.deepEqual(page.items[1], { ...sample(2), position: 2 });
      const rest = await jobs.samples(tenant, 'a', { first: 2, after: page.next });
      assert.deepEqual([rest.items.map(({ time }) => time), rest.next], [[3], null]);
      await jobs.dropSamples(tenant, 'a');
      assert.deepEqual((await jobs.samples(tenant, 'a', { first: 2, after: null })).items, []);
      await jobs.addSamples(tenant, 'a', [sample(4)]);
      await jobs.clear(tenant, 'a');
      assert.deepEqual((await jobs.samples(tenant, 'a', { first: 2, after: null })).items, []);
    });

    test('the diff keeps its order and is forgotten with the findings', async () => {
      const tenant = freshTenant();
      await jobs.create(waitingJob(tenant, 'a'));
      const change = (id: string) => ({
        item: 'TWIN' as const,
        id,
        kind: 'CHANGED' as const,
        compatibility: null,
        comparedWith: null,
        reasons: [],
        properties: [{ name: 'ü', before: null, after: { a: [1.5] } }],
        truncated: false,
      });
      await jobs.addChanges(tenant, 'a', [change('x')]);
      await jobs.addChanges(tenant, 'a', [change('y'), change('z')]);
      await jobs.addFindings(tenant, 'a', [finding('1', 'ERROR')]);
      const page = await jobs.changes(tenant, 'a', { first: 2, after: null });
      assert.deepEqual(page.items[1], { ...change('y'), position: 2 });
      const next = await jobs.changes(tenant, 'a', { first: 2, after: page.next });
      assert.deepEqual([next.items.map(({ id }) => id), next.next], [['z'], null]);
      assert.equal((await jobs.get(tenant, 'a'))?.changes, 3);
      await jobs.clear(tenant, 'a');
      const job = await jobs.get(tenant, 'a');
      assert.deepEqual([job?.changes, job?.errors, job?.warnings], [0, 0, 0]);
      assert.deepEqual((await jobs.changes(tenant, 'a', { first: 2, after: null })).items, []);
      await jobs.addChanges(tenant, 'a', [change('again')]);
      assert.equal((await jobs.changes(tenant, 'a', { first: 2, after: null })).items[0]?.position, 1);
    });
  });
}
