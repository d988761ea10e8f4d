import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import neo4j, { type Driver } from 'neo4j-driver';
import { HubError } from '#kernel/errors.ts';
import { withWorkSignal } from '#kernel/work-signal.ts';
import { Neo4jClient } from '#connectors/neo4j/client.ts';
import { describeWithService, startNeo4j } from '#test/services/index.ts';

await describeWithService('Reads of Neo4j that nobody waits for', startNeo4j, (service) => {
  const { url, user, password } = service;
  const client = new Neo4jClient({ url, user, password, database: 'neo4j' });
  let driver: Driver;
  before(() => {
    driver = neo4j.driver(url, neo4j.auth.basic(user, password));
  });
  after(async () => {
    await client.close();
    await driver.close();
  });

  /** Whether the server runs a query with the mark in it, apart from this one. */
  const runs = async (mark: string): Promise<boolean> => {
    const { records } = await driver.executeQuery('SHOW TRANSACTIONS YIELD currentQuery');
    return records.some((record) => {
      const text = String(record.get('currentQuery'));
      return text.includes(mark) && !text.startsWith('SHOW');
    });
  };
  const until = async (condition: () => Promise<boolean>) => {
    const deadline = Date.now() + 60_000;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error('did not happen');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  test(
    'the query ends on the server, and the client answers the next one',
    { timeout: 180_000 },
    async () => {
      const caller = new AbortController();
      const reason = new HubError('CANCELLED', 'The caller went away.');
      const endless =
        'UNWIND range(1, 1000000) AS endlessmark UNWIND range(1, 1000000) AS b WITH endlessmark + b AS c WHERE c < 0 RETURN count(c) AS n';
      const running = withWorkSignal(caller.signal, () => client.read((run) => run(endless, {})));
      running.catch(() => {});
      await until(() => runs('endlessmark'));
      caller.abort(reason);
      await assert.rejects(running, (error) => error === reason);
      await until(async () => !(await runs('endlessmark')));
      assert.deepEqual(await client.read((run) => run('RETURN 7 AS n', {})), [{ n: 7 }]);
    },
  );
});
