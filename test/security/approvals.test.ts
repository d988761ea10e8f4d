import assert from 'node:assert/strict';
import { isHubError } from '#kernel/errors.ts';
import { mike, mona, paul, person, scenario } from '../workflows/support.ts';

/** What became of decisions that were sent at the same moment. */
async function outcomes(decisions: readonly Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(decisions);
  return settled.map((one) => {
    if (one.status === 'fulfilled') return 'taken';
    return isHubError(one.reason) ? one.reason.code : String(one.reason);
  });
}

scenario('ten approvals of one person at the same moment count as one', async (d) => {
  await d.start();
  await d.accept(paul);
  const accounts = Array.from({ length: 10 }, (_, i) =>
    person(`Mona ${i}`, 'maintenance-manager', { personId: mona.personId, subject: `mona.${i}` }),
  );
  const found = await outcomes(accounts.map((account) => d.approve(account)));
  assert.deepEqual(found.toSorted(), [...Array<string>(9).fill('SAME_PERSON'), 'taken']);
  await d.expect('AWAITING_APPROVAL');
});

scenario(
  'approvals of two persons and of the planner at the same moment: two count, the planner does not',
  async (d) => {
    await d.start();
    await d.accept(paul);
    const found = await outcomes([d.approve(paul), d.approve(mona), d.approve(mike), d.approve(mona)]);
    assert.equal(found[0], 'SAME_PERSON');
    assert.equal(found.filter((one) => one === 'taken').length, 2);
    const workflow = await d.expect('NOTIFYING');
    const persons = workflow.approvals.filter(({ valid }) => valid).map(({ personId }) => personId);
    assert.deepEqual(new Set(persons), new Set([mona.personId, mike.personId]));
  },
);
