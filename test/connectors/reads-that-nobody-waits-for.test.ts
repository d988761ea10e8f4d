import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { flux } from '@influxdata/influxdb-client';
import { HubError } from '#kernel/errors.ts';
import { stoppable, withWorkSignal, workSignal } from '#kernel/work-signal.ts';
import { DuckDbClient } from '#connectors/duckdb/client.ts';
import { InfluxClient } from '#connectors/influx/client.ts';

const gone = () => new HubError('CANCELLED', 'The caller went away.');

test('what is stopped ends with the reason; without a signal it runs to its end', async () => {
  const caller = new AbortController();
  const reason = gone();
  const stopped: string[] = [];
  const never = Promise.withResolvers<string>();
  const running = withWorkSignal(caller.signal, () =>
    stoppable(
      () => never.promise,
      () => (stopped.push('stop'), never.reject(new Error('interrupted'))),
    ),
  );
  caller.abort(reason);
  await assert.rejects(running, (error) => error === reason);
  assert.deepEqual(stopped, ['stop']);
  const begun: string[] = [];
  const late = withWorkSignal(caller.signal, () =>
    stoppable(
      async () => begun.push('begun'),
      () => {},
    ),
  );
  await assert.rejects(late, (error) => error === reason);
  assert.deepEqual(begun, []);
  assert.equal(workSignal(), undefined);
  assert.equal(
    await stoppable(
      async () => 7,
      () => {},
    ),
    7,
  );
});

test(
  'a DuckDB query ends with its caller, and the connection answers the next one',
  { timeout: 120_000 },
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'duckdb-'));
    t.after(() => rm(folder, { recursive: true }));
    const client = await DuckDbClient.open({ path: join(folder, 'x.duckdb') });
    t.after(() => client.close());
    const caller = new AbortController();
    const reason = gone();
    const endless = withWorkSignal(caller.signal, () =>
      client.query('SELECT count(*) FROM range(1000000000000) a WHERE a.range % 7 = hash(a.range) % 5'),
    );
    setImmediate(() => caller.abort(reason));
    await assert.rejects(endless, (error) => error === reason);
    for (let i = 0; i < 8; i += 1) assert.equal(String((await client.query('SELECT 7'))[0]?.[0]), '7');
  },
);

test('an InfluxDB query is not waited for longer than its caller does', { timeout: 120_000 }, async (t) => {
  const asked = Promise.withResolvers<void>();
  // Takes the question and never answers.
  const server = createServer((req) => {
    req.resume();
    asked.resolve();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new InfluxClient({ url, token: 't', org: 'o', bucket: 'b', queryTimeoutMs: 100_000 });
  const caller = new AbortController();
  const reason = gone();
  const running = withWorkSignal(caller.signal, () => client.query(flux`buckets()`));
  running.catch(() => {});
  await asked.promise;
  caller.abort(reason);
  await assert.rejects(running, (error) => error === reason);
});
