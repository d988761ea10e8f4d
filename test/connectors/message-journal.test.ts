import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '#connectors/sqlite/database.ts';
import { SqliteMessageJournal } from '#connectors/sqlite/message-journal.ts';
import { parseTenantId } from '#ontology/ids.ts';
import { command } from '#test/contract/message-bus-suite.ts';

const [demo, other] = [parseTenantId('demo'), parseTenantId('other')];
const open = () => new SqliteMessageJournal(new Database(':memory:'));
const entry = (messageId: string, at: number, over = {}) => ({
  tenant: demo,
  workflowId: 'W-1',
  messageId,
  direction: 'OUT' as const,
  system: 'mes',
  type: 'mes.JobOrder.Get',
  body: { JobOrderID: 'J' },
  at,
  ...over,
});

test('the journal lists the messages of a workflow in their order and drops repeats', async () => {
  const journal = open();
  await journal.record(entry('b', 2));
  await journal.record(entry('a', 1));
  await journal.record(entry('a', 9));
  await journal.record(entry('a', 3, { direction: 'IN' }));
  await journal.record(entry('a', 4, { tenant: other }));
  await journal.record(entry('c', 5, { workflowId: 'W-2' }));
  assert.deepEqual(await journal.list(demo, 'W-1'), [
    entry('a', 1),
    entry('b', 2),
    entry('a', 3, { direction: 'IN' }),
  ]);
  assert.deepEqual(await journal.list(demo, 'W-9'), []);
});

test('a reference leads to its workflow, and to the newer one when it is used again', async () => {
  const journal = open();
  assert.equal(await journal.find('mes', 'J'), null);
  await journal.link('mes', 'J', demo, 'W-1');
  await journal.link('mes', 'J', demo, 'W-1');
  assert.deepEqual(await journal.find('mes', 'J'), { tenant: demo, workflowId: 'W-1' });
  await journal.link('mes', 'J', demo, 'W-2');
  assert.deepEqual(await journal.find('mes', 'J'), { tenant: demo, workflowId: 'W-2' });
  assert.equal(await journal.find('wms', 'J'), null);
});

test('a command is found by its id and by what it is about; saving it again does not make it the newest', async () => {
  const journal = open();
  const [first, second] = [command('mes.a', 1).message, command('mes.a', 2).message];
  await journal.save('mes', first, ['Order/1']);
  await journal.save('mes', second, ['Order/1']);
  await journal.save('mes', first, ['Order/1']);
  assert.deepEqual(await journal.byReference('mes', 'Order/1'), second);
  assert.deepEqual(await journal.byId('mes', first.id), first);
  assert.equal(await journal.byId('wms', first.id), null);
});
