import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { getIntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { AsyncQueue } from '#kernel/async-queue.ts';
import { composeSupergraph } from '#gateway/compose.ts';
import { serveSubgraph, type ServedSubgraph } from './serve-subgraph.ts';
import { link, type TestSubgraph } from './support.ts';

const release = Promise.withResolvers<string>();
const slowAsked = Promise.withResolvers<void>();
const subgraphs: TestSubgraph[] = [
  {
    name: 'assets',
    sdl: `${link} type Query { assets: [Asset!]! slow: String secret: String } type Asset @key(fields: "id") { id: ID! name: String }
      type Subscription { ticks: Asset }`,
    resolvers: {
      Query: {
        assets: () => [{ id: '1', name: 'a' }],
        slow: () => (slowAsked.resolve(), release.promise),
        secret: () => {
          throw new Error('says the subgraph');
        },
      },
      Subscription: {
        ticks: {
          subscribe: () => {
            const queue = new AsyncQueue<{ id: string }>();
            queue.push({ id: '9' });
            return queue;
          },
          resolve: (event: object) => event,
        },
      },
    },
  },
  {
    name: 'health',
    sdl: `${link} type Query { ok: Boolean } type Asset @key(fields: "id") { id: ID! health: Float }`,
    resolvers: { Asset: { __resolveReference: async ({ id }: { id: string }) => ({ id, health: 0.5 }) } },
  },
];

let served: ServedSubgraph[] = [];
let folder = '';
let supergraph = '';
const running = new Set<ChildProcess>();

before(async () => {
  served = await Promise.all(subgraphs.map((one) => serveSubgraph(one)));
  folder = mkdtempSync(join(tmpdir(), 'open-gateway-'));
  supergraph = join(folder, 'supergraph.graphql');
  writeFileSync(supergraph, composeSupergraph(served).supergraphSdl);
});
after(async () => {
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(served.map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly graphql: string;
  readonly health: string;
}

/** Starts the command and waits for the line that says where it answers. */
async function start(...args: readonly string[]): Promise<Started> {
  const main = new URL('../../deploy/main.ts', import.meta.url).pathname;
  const child = spawn(
    process.execPath,
    [main, 'gateway', '--supergraph', supergraph, '--port', '0', ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  running.add(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const [, graphql, health] = /^GraphQL at (\S+), health at (\S+)$/.exec(line) ?? [];
    if (graphql && health) return { child, graphql, health };
  }
  throw new Error('it ended before it was ready');
}

async function post(url: string, query: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as {
    data?: Record<string, unknown>;
    errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
  };
}

test('a supergraph file is served at the paths asked for, with introspection, headers and errors of the subgraphs', async () => {
  const { child, graphql, health } = await start(
    '--path',
    '/api',
    '--health',
    '/ready',
    '--forward',
    'X-Site',
  );
  assert.match(graphql, /\/api$/);
  assert.equal((await fetch(health)).status, 200);
  assert.equal((await fetch(health, { method: 'HEAD' })).status, 200);
  const joined = await post(graphql, '{ assets { id name health } }', { 'x-site': 'north', 'x-other': 'no' });
  assert.deepEqual(joined, { data: { assets: [{ id: '1', name: 'a', health: 0.5 }] } });
  const sent = served[1]?.seen.at(-1)?.headers;
  assert.deepEqual([sent?.['x-site'], sent?.['x-other']], ['north', undefined]);
  assert.ok((await post(graphql, getIntrospectionQuery())).data?.['__schema']);
  const failed = await post(graphql, '{ secret }');
  assert.deepEqual(failed.data, { secret: null });
  assert.deepEqual(
    [failed.errors?.[0]?.message, failed.errors?.[0]?.path, failed.errors?.[0]?.extensions['serviceName']],
    ['says the subgraph', ['secret'], 'assets'],
  );
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('subscriptions come over graphql-transport-ws and join other subgraphs', async () => {
  const { child, graphql } = await start();
  const client = createClient({ url: graphql.replace('http', 'ws'), webSocketImpl: WebSocket });
  const events = client.iterate<{ ticks: unknown }>({ query: 'subscription { ticks { id health } }' });
  assert.deepEqual((await events.next()).value?.data, { ticks: { id: '9', health: 0.5 } });
  await client.dispose();
  child.kill('SIGTERM');
  await once(child, 'exit');
});

test('introspection can be switched off, and SIGTERM lets a running request end', async () => {
  const { child, graphql } = await start('--no-introspection');
  const refused = await post(graphql, '{ __schema { queryType { name } } }');
  assert.match(refused.errors?.[0]?.message ?? '', /Introspection/);
  assert.deepEqual((await post(graphql, '{ __typename }')).data, { __typename: 'Query' });
  const slow = post(graphql, '{ slow }');
  await slowAsked.promise;
  child.kill('SIGTERM');
  release.resolve('done');
  assert.deepEqual(await slow, { data: { slow: 'done' } });
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('what it cannot serve is said with its reason and exit code', async () => {
  const text = join(folder, 'text.graphql');
  writeFileSync(text, 'type Query { a: Int }');
  const main = new URL('../../deploy/main.ts', import.meta.url).pathname;
  const run = async (...args: readonly string[]) => {
    const child = spawn(process.execPath, [main, 'gateway', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    const [code] = await once(child, 'close');
    return { code, said: Buffer.concat(chunks).toString('utf8') };
  };
  const [none, missing, plainSchema, unknown] = await Promise.all([
    run(),
    run('--supergraph', join(folder, 'nowhere.graphql')),
    run('--supergraph', text),
    run('--supergraph', supergraph, '--subgraph', 'nobody=http://localhost:1/'),
  ]);
  assert.deepEqual([none.code, missing.code, plainSchema.code, unknown.code], [2, 3, 3, 3]);
  assert.match(missing.said, /nowhere\.graphql/);
  assert.match(none.said, /--supergraph FILE/);
  assert.match(plainSchema.said, /no join__Graph/);
  assert.match(unknown.said, /no subgraph nobody; it has assets, health/);
});

/** A GET as harnesses and caches send it. */
function get(url: string, parameters: Record<string, string>) {
  return fetch(`${url}?${new URLSearchParams(parameters).toString()}`, {
    headers: { accept: 'application/json', 'x-twinhub-csrf': '1' },
  });
}

test('POST and GET answer 200 with data and errors, choose operations by name, and refuse mutations by GET', async () => {
  const { child, graphql } = await start();
  const document = 'query A { assets { id } } query B($s: Boolean!) { secret @include(if: $s) ok }';
  const posted = await fetch(graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document, operationName: 'B', variables: { s: true }, extensions: {} }),
  });
  assert.deepEqual(
    [posted.status, posted.headers.get('content-type')?.split(';')[0]],
    [200, 'application/json'],
  );
  const answer = (await posted.json()) as { data: unknown; errors: { path: unknown }[] };
  assert.deepEqual(
    [answer.data, answer.errors.map(({ path }) => path)],
    [{ secret: null, ok: null }, [['secret']]],
  );
  const got = await get(graphql, { query: document, operationName: 'B', variables: '{"s":false}' });
  assert.deepEqual([got.status, await got.json()], [200, { data: { ok: null } }]);
  const unnamed = await post(graphql, document);
  assert.match(unnamed.errors?.[0]?.message ?? '', /operation name/);
  const asked = new URL(graphql);
  asked.hostname = 'localhost';
  assert.deepEqual((await post(asked.href, '{ ok }')).data, { ok: null });
  child.kill('SIGTERM');
  await once(child, 'exit');
});

test('a subgraph that is down at start costs only its own fields', async () => {
  const { child, graphql, health } = await start('--subgraph', 'health=http://127.0.0.1:9/deep/path?x=1');
  assert.equal((await fetch(health)).status, 200);
  const { data, errors } = await post(graphql, '{ assets { id health } ok }');
  assert.deepEqual(data, { assets: [{ id: '1', health: null }], ok: null });
  assert.deepEqual(
    errors?.map(({ path, extensions }) => [path, extensions['code'], extensions['serviceName']]),
    [
      [['ok'], 'CONNECTOR_UNREACHABLE', 'health'],
      [['assets', 0], 'CONNECTOR_UNREACHABLE', 'health'],
    ],
  );
  child.kill('SIGTERM');
  await once(child, 'exit');
});
