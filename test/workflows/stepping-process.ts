/** Takes workflows step by step and says each step once it is done, until it is killed. Arguments: folder, round. */
import { writeSync } from 'node:fs';
import { Driver, openHub, rita, tenant } from './support.ts';

const [folder = '', round = ''] = process.argv.slice(2);
const hub = await openHub(folder);
// What a killed run left open would keep the next one of the same twin and failure mode from being raised.
const open = await hub.recommendations.list(tenant, ['OPEN', 'ACCEPTED'], { first: 100, after: null });
for (const { id } of open.items)
  await hub.recommendations.settle(tenant, id, 'RESOLVED', 'UNKNOWN', hub.clock.now());
hub.runtime.changes.listen((workflow) => writeSync(1, `${workflow.id} ${workflow.version}\n`));
for (let index = 0; ; index++) {
  const driver = new Driver(hub, false, `rec-kill-${round}-${index}`);
  await driver.start(index % 2 ? 'P-101' : 'CV-101');
  await driver.until('AWAITING_FEEDBACK');
  await driver.decide(rita, { action: 'GIVE_FEEDBACK', verdict: 'CONFIRMED', comment: '' });
  await hub.recommendations.settle(tenant, driver.recommendationId, 'RESOLVED', 'CONFIRMED', hub.clock.now());
}
