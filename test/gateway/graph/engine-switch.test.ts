import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { AsyncQueue } from '#kernel/async-queue.ts';
import { composeSupergraph } from '#gateway/compose.ts';
import { createEngine } from '#gateway/engine/engine.ts';
import {
  isStream,
  type EngineStream,
  type SubgraphEvent,
  type SubgraphExecutor,
} from '#gateway/engine/types.ts';
import { EngineSwitch } from '#gateway/graph/engine-switch.ts';
import { createPlanner } from '#gateway/planner.ts';
import { newContext } from '../../federation/support.ts';
import { link } from './support.ts';

const sdl = (more = '') => `${link} type Query { which: String } type Subscription { tick: Int ${more} }`;

/** An executor that answers with its name, and starts streams when told to. */
function executorOf(name: string) {
  const sources: AsyncQueue<SubgraphEvent>[] = [];
  let held: PromiseWithResolvers<() => void> | null = null;
  const executor: SubgraphExecutor = {
    execute: async () => ({ data: { which: name } }),
    subscribe: () =>
      new Promise((resolve) => {
        const open = () => {
          const source = new AsyncQueue<SubgraphEvent>();
          sources.push(source);
          resolve(source);
        };
        if (held) held.resolve(open);
        else open();
      }),
  };
  return {
    executor,
    sources,
    tick: (value: number) => sources.at(-1)?.push({ resolve: async () => ({ data: { tick: value } }) }),
    /** The next stream does not start before somebody calls what this resolves with, once it has been asked for. */
    hold() {
      held = Promise.withResolvers();
      return held.promise;
    },
  };
}

async function engineOf(executor: SubgraphExecutor, more?: string) {
  const { supergraphSdl } = composeSupergraph([{ name: 'ticker', sdl: sdl(more) }]);
  return createEngine({
    supergraphSdl,
    planner: await createPlanner(supergraphSdl),
    executors: { ticker: executor },
  });
}

const request = (query: string) => ({
  document: parse(query),
  context: newContext(),
  eventScope: () => ({ context: newContext(), end() {} }),
});

async function subscribe(engine: EngineSwitch): Promise<EngineStream> {
  const outcome = await engine.subscribe(request('subscription { tick }'));
  assert.ok(isStream<EngineStream>(outcome));
  return outcome;
}

test('what has begun is finished by the engine it began with, what comes later goes to the next', async () => {
  const [one, two] = [executorOf('one'), executorOf('two')];
  const engine = new EngineSwitch(await engineOf(one.executor));
  const begun = engine.execute(request('{ which }'));
  await engine.to(await engineOf(two.executor));
  assert.deepEqual({ ...(await begun).data }, { which: 'one' });
  assert.deepEqual({ ...(await engine.execute(request('{ which }'))).data }, { which: 'two' });
  assert.deepEqual(engine.stats().fetches, { ticker: 2 });
});

test('a stream that is starting while the engine is exchanged is not lost', async () => {
  const [one, two] = [executorOf('one'), executorOf('two')];
  const engine = new EngineSwitch(await engineOf(one.executor));
  const asked = one.hold();
  const starting = subscribe(engine);
  const open = await asked;
  await engine.to(await engineOf(two.executor));
  open();
  const stream = await starting;
  assert.equal((await stream.next()).value?.notice?.reason, 'schema');
  two.tick(1);
  assert.deepEqual({ ...(await stream.next()).value?.data }, { tick: 1 });
  assert.equal(
    (await one.sources[0]?.next())?.done,
    true,
    'the source of the engine before has been stopped',
  );
});

test('readers that wait while the source is exchanged get what the next source brings, in order', async () => {
  const [one, two] = [executorOf('one'), executorOf('two')];
  const engine = new EngineSwitch(await engineOf(one.executor));
  const stream = await subscribe(engine);
  const waiting = [stream.next(), stream.next(), stream.next()];
  assert.deepEqual(await engine.to(await engineOf(two.executor)), { kept: 0, restarted: 1, ended: 0 });
  two.tick(1);
  two.tick(2);
  const results = await Promise.all(waiting);
  assert.deepEqual(
    results.map(({ value }) => value?.notice?.state ?? { ...value?.data }),
    ['resumed', { tick: 1 }, { tick: 2 }],
  );
});

test('a stream that starts again for one exchange while the next one comes ends up in the last', async () => {
  const [one, two, three] = [executorOf('one'), executorOf('two'), executorOf('three')];
  const engine = new EngineSwitch(await engineOf(one.executor));
  const askedOne = one.hold();
  const starting = subscribe(engine);
  const openOne = await askedOne;
  await engine.to(await engineOf(two.executor));
  const askedTwo = two.hold();
  openOne();
  const openTwo = await askedTwo;
  const exchanging = engine.to(await engineOf(three.executor));
  // The last one has had its time to start when the one before does.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  openTwo();
  await exchanging;
  const stream = await starting;
  three.tick(3);
  const results = [await stream.next(), await stream.next(), await stream.next()];
  assert.deepEqual(
    results.map(({ value }) => value?.notice?.state ?? { ...value?.data }),
    ['resumed', 'resumed', { tick: 3 }],
  );
  assert.equal((await two.sources[0]?.next())?.done, true, 'the one in between has been stopped');
});

test('a source that does not start again ends its stream alone, and the exchange goes on', async () => {
  const [one, two] = [executorOf('one'), executorOf('two')];
  const engine = new EngineSwitch(await engineOf(one.executor), { startTimeoutMs: 50 });
  const stream = await subscribe(engine);
  const waiting = stream.next();
  waiting.catch(() => {});
  const asked = two.hold();
  const exchanging = engine.to(await engineOf(two.executor));
  const open = await asked;
  assert.deepEqual(await exchanging, { kept: 0, restarted: 0, ended: 1 });
  await assert.rejects(waiting, { code: 'DEADLINE_EXCEEDED' });
  open();
  assert.equal((await two.sources[0]?.next())?.done, true, 'what starts too late is stopped');
});

test('the same executor keeps its stream when the graph around it changes', async () => {
  const one = executorOf('one');
  const engine = new EngineSwitch(await engineOf(one.executor));
  const stream = await subscribe(engine);
  assert.deepEqual(await engine.to(await engineOf(one.executor, 'other: Int')), {
    kept: 1,
    restarted: 0,
    ended: 0,
  });
  one.tick(1);
  assert.deepEqual({ ...(await stream.next()).value?.data }, { tick: 1 });
  assert.equal(one.sources.length, 1);
});

test('a stream that its reader has left is not moved any more', async () => {
  const [one, two] = [executorOf('one'), executorOf('two')];
  const engine = new EngineSwitch(await engineOf(one.executor));
  await (await subscribe(engine)).return?.();
  assert.deepEqual(await engine.to(await engineOf(two.executor)), { kept: 0, restarted: 0, ended: 0 });
  assert.equal(two.sources.length, 0);
});
