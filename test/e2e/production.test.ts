import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isUnavailable, startInflux, startNeo4j, startRabbit } from '../services/index.ts';
import { eventually, signIn, type HubClient } from './support/client.ts';
import { startHub, type HubProcess } from './support/hub-process.ts';
import { newestWorkflow, plantEndpointOf, scenario, step, untilJudged, untilState } from './support/loop.ts';

/** The same loop on Neo4j, InfluxDB and RabbitMQ instead of the embedded engines. */
const [neo4j, influx, rabbit] = await Promise.all([startNeo4j(), startInflux(), startRabbit()]);
const missing = [neo4j, influx, rabbit].flatMap((service) =>
  isUnavailable(service) ? [service.unavailable] : [],
);

if (missing.length || isUnavailable(neo4j) || isUnavailable(influx) || isUnavailable(rabbit)) {
  test(
    'the loop on Neo4j, InfluxDB and RabbitMQ',
    { skip: process.env['CI'] === 'true' ? false : missing.join('; ') },
    () => assert.fail(missing.join('; ')),
  );
} else {
  describe('the loop on Neo4j, InfluxDB and RabbitMQ', () => {
    let hub: HubProcess;
    let clients: HubClient[] = [];

    before(async () => {
      hub = await startHub({
        env: {
          TWINHUB_NEO4J_URL: neo4j.url,
          TWINHUB_NEO4J_USER: neo4j.user,
          TWINHUB_NEO4J_PASSWORD: neo4j.password,
          TWINHUB_INFLUX_URL: influx.url,
          TWINHUB_INFLUX_TOKEN: influx.token,
          TWINHUB_INFLUX_ORG: influx.org,
          TWINHUB_INFLUX_BUCKET: influx.bucket,
          TWINHUB_AMQP_URL: rabbit.url,
        },
      });
      clients = await Promise.all(['ravi', 'petra', 'marc'].map((persona) => signIn(hub, persona)));
    });

    after(async () => {
      await Promise.all(clients.map((client) => client.close()));
      await hub?.stop();
      await Promise.all([neo4j.close(), influx.close(), rabbit.close()]);
    });

    test('the hub says which engines it uses and shows none of their secrets', () => {
      assert.match(hub.output(), /Neo4j bolt:\/\//);
      assert.match(hub.output(), /InfluxDB http:\/\//);
      assert.match(hub.output(), /RabbitMQ amqp:\/\//);
      for (const secret of [neo4j.password, influx.token, new URL(rabbit.url).password].filter(
        (text) => text.length > 5,
      ))
        assert.ok(!hub.output().includes(secret));
    });

    test('twins come from Neo4j and values from InfluxDB', async () => {
      const [ravi] = clients as [HubClient];
      const signal = await eventually('a stored value', async () => {
        const { twinByTwinId } = await ravi.get<{
          twinByTwinId: {
            ancestors: { twinId: string }[];
            signal: { latest: { number: number } | null; history: { count: number }[] };
          };
        }>(
          '{ twinByTwinId(twinId: "P-101") { ancestors { twinId } signal(name: "flow") { latest { number } history(range: { last: "PT5M" }, window: "PT10S") { count } } } }',
        );
        assert.equal(twinByTwinId.ancestors.length, 3);
        return twinByTwinId.signal.history.some((window) => window.count > 0) && twinByTwinId.signal;
      });
      assert.ok(signal.latest && signal.latest.number > 0);
    });

    test('bearing wear leads to a verified repair over RabbitMQ', async () => {
      const [ravi, petra, marc] = clients as [HubClient, HubClient, HubClient];
      await untilJudged(ravi, 'P-101');
      await scenario('start', 'bearing-wear', await plantEndpointOf(ravi));
      const workflow = await eventually(
        'a workflow for the pump',
        () => newestWorkflow(ravi, 'P-101'),
        180_000,
      );
      const accepted = await step(ravi, 'acceptRecommendation', { workflowId: workflow.id });
      const planHash = accepted.workflow?.plan?.hash ?? '';
      for (const approver of [petra, marc])
        assert.deepEqual(
          (
            await step(approver, 'decideApproval', {
              workflowId: workflow.id,
              decision: 'APPROVED',
              planHash,
            })
          ).errors,
          [],
        );
      const verified = await untilState(
        ravi,
        workflow.id,
        ['AWAITING_FEEDBACK', 'VERIFICATION_FAILED'],
        240_000,
      );
      assert.equal(verified.verification?.passed, true, verified.verification?.text);
      assert.match(verified.workOrder?.['systemStatus'] ?? '', /TECO/);
    });
  });
}
