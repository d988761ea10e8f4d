import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, test, type TestContext } from 'node:test';
import type { ImportAtomicity, ImportJob } from '#ontology/import-job.ts';
import { contentOf, openImports, tankModel, tanks, temporaryFolder } from './imports-support.ts';
import { demo } from './support.ts';

const page = { first: 500, after: null };
const program = fileURLToPath(new URL('./imports-process.ts', import.meta.url));

/** Runs imports in a process of their own. @returns the signal that ended it, `null` when it came to its end. */
function runProcess(...args: string[]): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      code ? reject(new Error(`The process ended with ${code}.`)) : resolve(signal),
    );
  });
}

/** A folder in which two tanks are known. */
async function preparedFolder(t: TestContext) {
  const folder = temporaryFolder(t);
  const hub = openImports(t, { folder, run: 'first' });
  await hub.importAll([
    { name: 'm', content: tankModel() },
    { name: 't', content: tanks(2) },
  ]);
  const before = await contentOf(hub);
  await hub.close();
  return { folder, before };
}

/** What the folder holds after a kill, and after the next start has taken up what was left. */
async function afterRestart(t: TestContext, folder: string) {
  const hub = openImports(t, { folder, run: 'next' });
  const killed = await contentOf(hub);
  await hub.imports.resume();
  await hub.imports.idle();
  const jobs = (await hub.imports.jobs.list(demo, page)).items.filter(({ id }) => id.startsWith('killed'));
  const [job] = jobs;
  const kinds = job ? (await hub.evidence.list(demo, job.id, page)).items.map(({ kind }) => kind) : [];
  const result = {
    killed,
    content: await contentOf(hub),
    job,
    jobs: jobs.length,
    kinds,
    uploads: await hub.uploads.claimed(),
  };
  return { ...result, hub };
}

/** What the import leads to when nothing disturbs it. */
async function undisturbed(t: TestContext, atomicity: ImportAtomicity) {
  const { folder } = await preparedFolder(t);
  assert.equal(await runProcess(folder, atomicity, 'never'), null);
  return afterRestart(t, folder);
}

function assertDone(job: ImportJob | undefined, point: string): void {
  assert.deepEqual(
    [job?.state, job?.counts, job?.progress.itemsDone],
    ['DONE', { created: 497, changed: 2, equal: 1, refused: 0 }, 500],
    point,
  );
}

const wholePoints = [
  'uploads.append:1:after',
  'uploads.claim:1:after',
  'jobs.create:1:after',
  'jobs.update:1:after',
  'jobs.update:3:after',
  'sql:1',
  'sql:6',
  'sql:11',
  'changeSets.commit:1:after',
  'evidence.append:1:after',
  'jobs.update:4:after',
];

const itemPoints = [
  'changeSets.stage:3:after',
  'changeSets.commit:2:before',
  'sql:20',
  'changeSets.commit:3:after',
  'jobs.update:6:after',
  'evidence.append:1:before',
];

describe('imports whose process is killed', () => {
  test('all or nothing: it is applied as a whole or not at all, and the next start ends it', async (t) => {
    const { content: expected } = await undisturbed(t, 'ALL_OR_NOTHING');
    for (const point of wholePoints) {
      const { folder, before } = await preparedFolder(t);
      assert.equal(await runProcess(folder, 'ALL_OR_NOTHING', point), 'SIGKILL', point);
      const { killed, content, job, kinds, uploads, hub } = await afterRestart(t, folder);
      const whole = killed.twins.length > before.twins.length;
      assert.deepEqual(killed, whole ? expected : before, `${point}: half of it was there`);
      assert.deepEqual(uploads, [], point);
      if (point.startsWith('uploads.')) {
        assert.deepEqual([job, content], [undefined, before], point);
      } else {
        assertDone(job, point);
        assert.deepEqual(content, expected, point);
        assert.deepEqual(kinds, ['import.applied'], point);
      }
      await hub.close();
    }
  });

  test('item by item: it goes on after the last item applied, and applies none twice', async (t) => {
    const { content: expected } = await undisturbed(t, 'ITEM_BY_ITEM');
    for (const point of itemPoints) {
      const { folder } = await preparedFolder(t);
      assert.equal(await runProcess(folder, 'ITEM_BY_ITEM', point), 'SIGKILL', point);
      const { killed, content, job, kinds, hub } = await afterRestart(t, folder);
      const seen = killed.twins.length;
      assert.ok([2, 100, 200, 250].includes(seen), `${point}: ${seen} twins is no whole number of parts`);
      assertDone(job, point);
      assert.deepEqual(content, expected, point);
      assert.deepEqual(kinds, ['import.applied'], point);
      const { items } = await hub.twins.listTwins(demo, {}, { first: 3, after: null });
      assert.deepEqual(
        items.map(({ revision }) => revision),
        [2, 2, 1],
        `${point}: a twin was written twice`,
      );
      await hub.close();
    }
  });

  test('taking back: it is done as a whole or not at all, and the next start ends it', async (t) => {
    const points = [
      'jobs.update:1:after',
      'sql:3',
      'changeSets.revert:1:after',
      'evidence.append:1:after',
      'jobs.update:2:after',
    ];
    for (const atomicity of ['ALL_OR_NOTHING', 'ITEM_BY_ITEM'])
      for (const point of atomicity === 'ITEM_BY_ITEM' ? points.slice(1, 3) : points) {
        const { folder, before } = await preparedFolder(t);
        assert.equal(await runProcess(folder, atomicity, 'never'), null);
        const done = await afterRestart(t, folder);
        await done.hub.close();
        assert.equal(await runProcess(folder, 'ROLL_BACK', point, done.job?.id ?? ''), 'SIGKILL', point);
        const { killed, content, job, kinds, hub } = await afterRestart(t, folder);
        const isBack = killed.twins.length === before.twins.length;
        assert.deepEqual(killed, isBack ? before : done.content, `${point}: half of it was taken back`);
        assert.deepEqual([job?.state, job?.rolledBackBy?.name], ['ROLLED_BACK', 'Ada'], point);
        assert.deepEqual(content, before, point);
        assert.deepEqual(kinds, ['import.applied', 'import.rolledBack'], point);
        await hub.close();
      }
  });
});
