import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import neo4j, { type Driver, type Plan } from 'neo4j-driver';
import { createNeo4jTwinStore } from '#connectors/neo4j/index.ts';
import { twinStreams } from '#connectors/neo4j/list.ts';
import { importQueries, queries } from '#connectors/neo4j/queries.ts';
import { systemClock } from '#kernel/clock.ts';
import { isHubError } from '#kernel/errors.ts';
import type { TwinFilter } from '#ontology/ports/twin-store.ts';
import { describeWithService, startNeo4j } from '#test/services/index.ts';
import { twinStoreContract } from './twin-store.ts';
import { freshTenant, modelId, smallPlant, twin } from './twin-store-data.ts';
import { Relay } from './twin-store-relay.ts';

const deps = { clock: systemClock };

await describeWithService('TwinStore on Neo4j', startNeo4j, (service) => {
  const config = { url: service.url, user: service.user, password: service.password, database: 'neo4j' };

  let driver: Driver;
  before(async () => {
    driver = neo4j.driver(service.url, neo4j.auth.basic(service.user, service.password));
    await (await createNeo4jTwinStore(config, deps)).close();
  });
  after(() => driver.close());

  const operators = async (cypher: string, parameters: Record<string, unknown>): Promise<string[]> => {
    const { summary } = await driver.executeQuery(`EXPLAIN ${cypher}`, parameters, { database: 'neo4j' });
    const walk = (plan: Plan): string[] => [
      plan.operatorType.replace(/@.*/, ''),
      ...plan.children.flatMap(walk),
    ];
    return summary.plan ? walk(summary.plan) : [];
  };

  test('every lookup by id seeks in an index and scans nothing', async () => {
    const tenant = freshTenant();
    const values = {
      tenant,
      id: 'a',
      ids: ['a'],
      after: '',
      wanted: neo4j.int(10),
      properties: '{}',
      revision: 2,
      now: 0,
    };
    for (const [name, cypher] of Object.entries(queries)) {
      const plan = await operators(cypher, values);
      assert.ok(
        plan.some((operator) => /Index(Seek|SeekByRange)/.test(operator)),
        `${name}: ${plan.join(', ')}`,
      );
      assert.ok(!plan.some((operator) => /Scan/.test(operator)), `${name}: ${plan.join(', ')}`);
    }
  });

  test('every query of an import seeks in an index and scans nothing, also while the database is empty', async () => {
    const row = {
      id: 'a',
      to: 'a',
      base: 'a',
      sourceId: 'a',
      targetId: 'a',
      values: {},
      name: 'n',
      properties: '{}',
      document: '',
    };
    for (const [name, cypher] of Object.entries(importQueries)) {
      const rows = cypher.includes('row.') ? [row] : ['a'];
      const plan = await operators(`UNWIND $rows AS row ${cypher}`, { tenant: freshTenant(), now: 0, rows });
      assert.ok(!plan.some((operator) => /Scan/.test(operator)), `${name}: ${plan.join(', ')}`);
      assert.ok(
        name === 'createTwin' || plan.some((operator) => /IndexSeek/.test(operator)),
        `${name}: ${plan.join(', ')}`,
      );
    }
  });

  test('each way to list walks an index in the order of the page, without a sort', async () => {
    const tenant = freshTenant();
    const filters: TwinFilter[] = [
      {},
      { kinds: ['ASSET'] },
      { parentId: null },
      { text: 'x' },
      { modelId: modelId('Asset') },
    ];
    for (const filter of filters)
      for (const { cypher, parameters } of twinStreams(tenant, filter, filter.modelId && ['m'], {
        first: 10,
        after: 'a',
      })) {
        const plan = await operators(cypher, { ...parameters, wanted: neo4j.int(11) });
        assert.ok(
          plan.some((operator) => /NodeIndexSeek|NodeUniqueIndexSeek/.test(operator)),
          `${cypher}: ${plan.join(', ')}`,
        );
        assert.ok(
          !plan.some((operator) => /^(Sort|Top|PartialTop|PartialSort|.*Scan)$/.test(operator)),
          `${cypher}: ${plan.join(', ')}`,
        );
      }
  });

  twinStoreContract('Neo4j', { open: () => createNeo4jTwinStore(config, deps) });

  test('a server that goes away is STORE_UNAVAILABLE within seconds, and one that comes back is used again', async () => {
    const relay = new Relay(service.url);
    await relay.mend();
    const store = await createNeo4jTwinStore(
      { ...config, url: `bolt://${relay.address}`, retryMs: 500 },
      deps,
    );
    const tenant = freshTenant();
    await store.apply(tenant, smallPlant());
    await relay.cut();
    const start = performance.now();
    const unavailable = (error: unknown) =>
      isHubError(error, 'STORE_UNAVAILABLE') && error.cause instanceof Error;
    await assert.rejects(store.listModels(tenant, { first: 1, after: null }), unavailable);
    await assert.rejects(store.apply(tenant, { twins: [twin('NEW')] }), unavailable);
    assert.ok(performance.now() - start < 10_000);
    await relay.mend();
    assert.deepEqual(await store.apply(tenant, smallPlant()), { created: 0, changed: 0, equal: 13 });
    assert.deepEqual(await store.apply(tenant, { twins: [twin('NEW')] }), {
      created: 1,
      changed: 0,
      equal: 0,
    });
    await store.close();
    await relay.cut();
  });

  test('wrong credentials are STORE_UNAVAILABLE and say so', async () => {
    await assert.rejects(createNeo4jTwinStore({ ...config, password: 'wrong-password' }, deps), (error) => {
      assert.ok(isHubError(error, 'STORE_UNAVAILABLE'));
      assert.match(error.message, /refuses the user or password/);
      return true;
    });
  });
});

test('a server that is not there is STORE_UNAVAILABLE within seconds, with its cause', async () => {
  const start = performance.now();
  const config = {
    url: 'bolt://127.0.0.1:9',
    user: 'neo4j',
    password: 'x',
    database: 'neo4j',
    retryMs: 1_000,
  };
  await assert.rejects(createNeo4jTwinStore(config, deps), (error) => {
    assert.ok(isHubError(error, 'STORE_UNAVAILABLE'));
    assert.ok(error.cause);
    return true;
  });
  assert.ok(performance.now() - start < 10_000);
});
