import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { SimulatedClock } from '#kernel/clock.ts';
import { bodyOf, listening, startGateway, until, type Running } from './support.ts';

interface Read {
  readonly results: unknown[];
  readonly refusals: {
    readonly extensions: { readonly code: string; readonly details: { limit: string } };
  }[];
}

/** A budget of 20 for each tenant, that does not come back by itself. */
const start = (t: TestContext) =>
  startGateway(t, {
    clock: new SimulatedClock(0),
    env: { TWINHUB_SHOW_COST: 'true', TWINHUB_MAX_COST_PER_TENANT: '20', TWINHUB_RATE_WINDOW_MS: '86400000' },
  });

/** Reads a stream of `ada` over a connection of its own. */
function read({ wsClient }: Running, query: string): Read {
  const read: Read = { results: [], refusals: [] };
  const run = async () => {
    for await (const result of wsClient().iterate({ query })) read.results.push(result);
  };
  run().catch((errors: unknown) => void read.refusals.push(...(errors as Read['refusals'])));
  return read;
}

async function remaining({ post }: Running): Promise<number | undefined> {
  const { extensions } = (await (await post('{ whoami }')).json()) as {
    extensions: { cost: { remaining: number } };
  };
  return extensions.cost.remaining;
}

const joined = 'subscription { reading { value asset { name } } }';

test('each reader of a shared stream is charged when it starts, by the estimate of the first', async (t) => {
  const running = await start(t);
  read(running, joined);
  await listening(running, 1);
  assert.equal(await remaining(running), 17, 'a reading, its asset, one join');
  read(running, joined);
  read(running, joined);
  await listening(running, 3);
  assert.equal(running.gateway.stats().upstreams, 1);
  assert.equal(await remaining(running), 11);
});

test('readers that come before the stream is planned are charged too', async (t) => {
  const running = await start(t);
  const client = running.wsClient();
  for (let i = 0; i < 3; i += 1)
    void client
      .iterate({ query: joined })
      .next()
      .catch(() => {});
  await listening(running, 3);
  assert.equal(running.gateway.stats().upstreams, 1);
  assert.equal(await remaining(running), 11);
});

test('an event is charged once, however many read it', async (t) => {
  const running = await start(t);
  const readers = [read(running, joined), read(running, joined)];
  await listening(running, 2);
  assert.equal(await remaining(running), 14);
  running.plant.readings.publish({ id: 'a', value: 1 });
  await until(() => readers.every(({ results }) => results.length === 1), 'both got it');
  assert.equal(await remaining(running), 11);
});

test('a tenant that has used up its window starts no further stream, and those that run go on', async (t) => {
  const running = await start(t);
  const first = read(running, joined);
  await listening(running, 1);
  for (let value = 1; value <= 10; value += 1) running.plant.readings.publish({ id: 'a', value });
  await until(() => first.results.length === 10, 'all came, though the window holds less');
  assert.equal(await remaining(running), 0);
  const [further, other] = [read(running, joined), read(running, 'subscription { latest { id } }')];
  await until(() => further.refusals.length + other.refusals.length === 2, 'both were refused');
  for (const { refusals } of [further, other])
    assert.deepEqual(
      refusals.map(({ extensions: { code, details } }) => [code, details.limit]),
      [['RATE_LIMITED', 'costPerTenant']],
    );
  const refused = await running.post('{ box { a } }');
  assert.deepEqual(
    [refused.status, (await bodyOf(refused)).errors[0].extensions.code],
    [429, 'RATE_LIMITED'],
  );
  running.plant.readings.publish({ id: 'a', value: 11 });
  await until(() => first.results.length === 11, 'the stream that runs goes on');
  assert.equal(running.gateway.stats().consumers, 1);
});
