import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listening, startGateway, until, type Running } from '../support.ts';
import { energySdl, link, servePartner, SubgraphFolder } from './support.ts';

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

async function ask({ post }: Running, query: string): Promise<Answer> {
  return (await (await post(query)).json()) as Answer;
}

/** A subscription over WebSocket: what has come, and how it ended. */
function subscribe(running: Running, query: string) {
  const results: Answer[] = [];
  const ended = Promise.withResolvers<unknown>();
  running.wsClient().subscribe(
    { query },
    {
      next: (result) => void results.push(result as unknown as Answer),
      error: (reason) => ended.resolve(reason),
      complete: () => ended.resolve('complete'),
    },
  );
  return { results, ended: ended.promise };
}

function streamOf(result: Answer | undefined): Record<string, unknown> | undefined {
  return (result as { extensions?: { stream?: Record<string, unknown> } } | undefined)?.extensions?.stream;
}

async function start(t: Parameters<typeof startGateway>[0], folder: SubgraphFolder, env = {}) {
  return startGateway(t, { env: { TWINHUB_SUBGRAPHS_FILE: folder.file, ...env } });
}

const entry = (url: string) => ({ name: 'energy', url, sdl: 'energy.graphql' });

test('a subgraph of somebody else joins and leaves a running hub by its file alone', async (t) => {
  const partner = await servePartner(t);
  const folder = new SubgraphFolder(t);
  const running = await start(t, folder);
  const query = '{ asset(id: "7") { name kilowattHours } tariff }';
  const before = await ask(running, query);
  assert.equal(before.errors?.[0]?.extensions['code'], 'GRAPHQL_VALIDATION_FAILED');

  folder.list([entry(partner.url)]);
  await until(() => running.gateway.graph.status.generation === 2, 'the subgraph has joined');
  assert.deepEqual((await ask(running, query)).data, {
    asset: { name: 'asset 7', kilowattHours: 14 },
    tariff: 'tariff of energy',
  });

  folder.list([]);
  await until(() => running.gateway.graph.status.generation === 3, 'the subgraph has left');
  const after = await ask(running, query);
  assert.equal(after.errors?.[0]?.extensions['code'], 'GRAPHQL_VALIDATION_FAILED');
  assert.deepEqual((await ask(running, '{ asset(id: "7") { name } }')).data, { asset: { name: 'asset 7' } });
});

test('no request fails while the graph is exchanged again and again', async (t) => {
  const partner = await servePartner(t);
  const folder = new SubgraphFolder(t);
  folder.list([entry(partner.url)]);
  const running = await start(t, folder);
  let done = false;
  let answered = 0;
  const askOn = async () => {
    while (!done) {
      const id = String(answered % 100);
      const { data, errors } = await ask(running, `{ asset(id: "${id}") { name kilowattHours } }`);
      assert.deepEqual(errors, undefined);
      assert.deepEqual(data, { asset: { name: `asset ${id}`, kilowattHours: Number(id) * 2 } });
      answered += 1;
    }
  };
  const asking = Promise.all([askOn(), askOn(), askOn(), askOn()]);
  for (let round = 1; round <= 12; round += 1) {
    const seen = answered;
    folder.write('energy.graphql', `${energySdl}\n type Round${round} @shareable { id: ID! }`);
    // Who was first does not matter: this call or the look at the file.
    await running.gateway.graph.reload();
    assert.equal(running.gateway.graph.status.generation, round + 1);
    await until(() => answered > seen + 3, 'requests go on');
  }
  done = true;
  await asking;
});

test('what cannot serve changes nothing, and the status and the log say why', async (t) => {
  const partner = await servePartner(t);
  const folder = new SubgraphFolder(t);
  folder.list([entry(partner.url)]);
  const running = await start(t, folder);
  const { graph } = running.gateway;
  for (const [broken, code] of [
    ['type Query { tariff: ', 'COMPOSITION_FAILED'],
    [`${link} type Query { asset: Int }`, 'COMPOSITION_FAILED'],
  ] as const) {
    folder.write('energy.graphql', broken);
    const reloaded = await graph.reload();
    assert.equal(!reloaded.changed && reloaded.error?.code, code);
    assert.equal(graph.status.refused?.code, code);
    assert.match(graph.status.refused?.reason ?? '', /energy/);
    assert.deepEqual((await ask(running, '{ tariff }')).data, { tariff: 'tariff of energy' });
  }
  assert.ok(
    running.log.lines.some(({ level, message }) => level === 'error' && /stays as it is/.test(message)),
  );
  folder.write('energy.graphql', energySdl);
  assert.deepEqual(await graph.reload(), { changed: false });
  assert.equal(graph.status.refused, null);
  assert.equal(graph.status.generation, 1);
  assert.ok(
    running.log.lines.some(({ level, message }) => level === 'warn' && /asked for again/.test(message)),
  );
});

test('a running subscription whose types still exist goes on without a gap', async (t) => {
  const partner = await servePartner(t);
  const folder = new SubgraphFolder(t);
  folder.list([entry(partner.url)]);
  const running = await start(t, folder);
  const own = subscribe(running, 'subscription { reading { id value asset { name } } }');
  await listening(running, 1);
  running.plant.readings.publish({ id: '1', value: 1 });
  await until(() => own.results.length === 1);
  folder.list([]);
  const reloaded = await running.gateway.graph.reload();
  assert.deepEqual(reloaded.changed && reloaded.streams, { kept: 1, restarted: 0, ended: 0 });
  running.plant.readings.publish({ id: '2', value: 2 });
  await until(() => own.results.length === 2);
  assert.deepEqual(
    own.results.map((result) => [result.data, streamOf(result)?.['sequence']]),
    [
      [{ reading: { id: '1', value: 1, asset: { name: 'asset 1' } } }, 1],
      [{ reading: { id: '2', value: 2, asset: { name: 'asset 2' } } }, 2],
    ],
  );
  assert.equal(running.plant.stopped, 0, 'its source has not been stopped');
});

test('a subscription that joins what has left ends with the reason; one that joins what comes gets it', async (t) => {
  const partner = await servePartner(t);
  const folder = new SubgraphFolder(t);
  folder.list([entry(partner.url)]);
  const running = await start(t, folder);
  const joined = subscribe(running, 'subscription { reading { id asset { kilowattHours } } }');
  await listening(running, 1);
  running.plant.readings.publish({ id: '4', value: 1 });
  await until(() => joined.results.length === 1);
  assert.deepEqual(joined.results[0]?.data, { reading: { id: '4', asset: { kilowattHours: 8 } } });
  folder.list([]);
  const reloaded = await running.gateway.graph.reload();
  assert.deepEqual(reloaded.changed && reloaded.streams, { kept: 0, restarted: 0, ended: 1 });
  const [error] = (await joined.ended) as NonNullable<Answer['errors']>;
  assert.equal(error?.extensions['code'], 'SCHEMA_CHANGED');
  assert.match(error.message, /kilowattHours/);
  await until(() => running.gateway.stats().upstreams === 0);
  assert.equal(running.plant.stopped, 1, 'its source has been stopped');
});

test('a stream whose subgraph moves starts at the new place, and its reader is told of the gap', async (t) => {
  const [old, fresh] = await Promise.all([servePartner(t), servePartner(t, { factor: 3 })]);
  const folder = new SubgraphFolder(t);
  folder.list([entry(old.url)]);
  const running = await start(t, folder);
  const { results } = subscribe(running, 'subscription { metered { id asset { name kilowattHours } } }');
  await until(() => old.metered.listenerCount === 1);
  old.metered.publish({ id: '1', kilowattHours: 1 });
  await until(() => results.length === 1);
  folder.list([entry(fresh.url)]);
  const reloaded = await running.gateway.graph.reload();
  assert.deepEqual(reloaded.changed && reloaded.streams, { kept: 0, restarted: 1, ended: 0 });
  await until(() => fresh.metered.listenerCount === 1 && old.metered.listenerCount === 0);
  fresh.metered.publish({ id: '2', kilowattHours: 2 });
  await until(() => results.length === 3);
  assert.deepEqual(
    results.map(({ data }) => data),
    [
      { metered: { id: '1', asset: { name: 'asset 1', kilowattHours: 2 } } },
      null,
      { metered: { id: '2', asset: { name: 'asset 2', kilowattHours: 6 } } },
    ],
  );
  const { epoch, ...told } = streamOf(results[1]) ?? {};
  assert.equal(epoch, streamOf(results[0])?.['epoch']);
  assert.deepEqual(told, {
    sequence: 2,
    notice: { state: 'resumed', reason: 'schema', subgraph: 'energy' },
    gap: { from: null, to: null },
  });
});

test('connections to a subgraph that has left are closed when nothing can need them any more', async (t) => {
  const partner = await servePartner(t);
  const folder = new SubgraphFolder(t);
  folder.list([entry(partner.url)]);
  const running = await start(t, folder, { TWINHUB_REQUEST_TIMEOUT_MS: '300' });
  const { results } = subscribe(running, 'subscription { metered { id } }');
  await until(() => partner.metered.listenerCount === 1);
  folder.list([]);
  await running.gateway.graph.reload();
  await until(() => partner.metered.listenerCount === 0 && partner.sockets === 0);
  assert.equal(results.length, 0);
});

test('a stream that is kept loses nothing and repeats nothing, however often the graph is exchanged', async (t) => {
  const partner = await servePartner(t);
  const folder = new SubgraphFolder(t);
  folder.list([entry(partner.url)]);
  const running = await start(t, folder);
  const { results } = subscribe(running, 'subscription { reading { value asset { name kilowattHours } } }');
  await listening(running, 1);
  let value = 0;
  let done = false;
  const publishOn = async () => {
    while (!done) {
      value += 1;
      running.plant.readings.publish({ id: '5', value });
      await until(() => results.length > value - 20, 'the reader follows');
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const publishing = publishOn();
  for (let round = 1; round <= 8; round += 1) {
    folder.write('energy.graphql', `${energySdl}\n type Round${round} @shareable { id: ID! }`);
    await running.gateway.graph.reload();
    assert.equal(running.gateway.graph.status.generation, round + 1);
  }
  done = true;
  await publishing;
  await until(() => results.length === value);
  assert.ok(value > 8, 'events came between the exchanges');
  for (const [index, { data, errors }] of results.entries()) {
    assert.equal(errors, undefined);
    assert.deepEqual(data, {
      reading: { value: index + 1, asset: { name: 'asset 5', kilowattHours: 10 } },
    });
  }
});
