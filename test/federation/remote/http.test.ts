import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HubError, isHubError } from '#kernel/errors.ts';
import { forwardHeaders } from '#gateway/remote/headers.ts';
import { createRemoteGraph, type RemoteGraphOptions } from '../remote-graph.ts';
import type { Intercept } from '../serve-subgraph.ts';
import { link, newContext, plain, type TestSubgraph } from '../support.ts';

const pumps: TestSubgraph = {
  name: 'pumps',
  sdl: `${link} type Query { pumps: [Pump!]! } type Mutation { start: Int } type Pump @key(fields: "id") { id: ID! name: String }`,
  resolvers: {
    Query: {
      pumps: () => [
        { id: '1', name: 'a' },
        { id: '2', name: 'b' },
      ],
    },
    Mutation: { start: () => 1 },
  },
};
const health: TestSubgraph = {
  name: 'health',
  sdl: `${link} type Query { ok: Boolean } type Pump @key(fields: "id") { id: ID! health: Float }`,
  resolvers: {
    Query: { ok: () => true },
    Pump: {
      __resolveReference: async ({ id }: { id: string }) => {
        if (id === '2') throw new Error('worn out');
        return { id, health: 0.5 };
      },
    },
  },
};

/** Runs one query while the second subgraph answers in some other way. */
async function withHealth(intercept: Intercept, options: RemoteGraphOptions = {}) {
  const graph = await createRemoteGraph([pumps, health], { ...options, intercept: { health: intercept } });
  try {
    const result = await graph.run('{ pumps { id name health } }');
    return { result, ...plain(result) };
  } finally {
    await graph.close();
  }
}

const pumpsWithoutHealth = {
  pumps: [
    { id: '1', name: 'a', health: null },
    { id: '2', name: 'b', health: null },
  ],
};
const text = (status: number, type: string, body: string): Intercept => {
  return (_req, res) => {
    res.writeHead(status, { 'content-type': type });
    res.end(body);
    return true;
  };
};

const broken: Record<string, { answer: Intercept; code: string; says: RegExp }> = {
  'a page instead of JSON': {
    answer: text(200, 'text/html', '<p>login</p>'),
    code: 'CONNECTOR_PROTOCOL',
    says: /status 200 and text\/html/,
  },
  'JSON that ends too early': {
    answer: text(200, 'application/json', '{"data":{"_entities":['),
    code: 'CONNECTOR_PROTOCOL',
    says: /not a GraphQL answer/,
  },
  'JSON that is no result': {
    answer: text(200, 'application/json', '[1]'),
    code: 'CONNECTOR_PROTOCOL',
    says: /not a GraphQL answer/,
  },
  'a status without a body': { answer: text(503, '', ''), code: 'CONNECTOR_UNREACHABLE', says: /status 503/ },
  'a refusal': { answer: text(403, 'text/plain', 'no'), code: 'CONNECTOR_REFUSED', says: /status 403/ },
  'a redirection': { answer: text(302, 'text/plain', ''), code: 'CONNECTOR_PROTOCOL', says: /status 302/ },
  'a body shorter than announced': {
    answer: (_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      res.write('{"data":', () => res.destroy());
      return true;
    },
    code: 'CONNECTOR_UNREACHABLE',
    says: /broke off/,
  },
  'a closed connection': {
    answer: (req) => (req.socket.destroy(), true),
    code: 'CONNECTOR_UNREACHABLE',
    says: /does not answer/,
  },
};

for (const [name, { answer, code, says }] of Object.entries(broken))
  test(`${name} costs the fields of that subgraph only and names it`, async () => {
    const { result, data, errors } = await withHealth(answer);
    assert.deepEqual(data, pumpsWithoutHealth);
    assert.equal(errors?.length, 1);
    assert.match(errors?.[0]?.message ?? '', says);
    assert.deepEqual(
      [errors?.[0]?.path, result.errors?.[0]?.extensions['serviceName']],
      [['pumps'], 'health'],
    );
    const inner = result.errors?.[0]?.originalError;
    assert.ok(isHubError(inner) && inner.code === code, String(isHubError(inner) && inner.code));
    assert.match(String(inner.details['url']), /^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
  });

test('an answer that is too large or too late is cut off', async () => {
  const large = await withHealth(
    text(200, 'application/json', JSON.stringify({ data: { x: 'y'.repeat(5_000) } })),
    {
      limits: { maxResponseBytes: 4_096 },
    },
  );
  assert.match(large.errors?.[0]?.message ?? '', /more than 4096 bytes/);
  const late = await withHealth(() => true, { limitsOf: { health: { timeoutMs: 50 } } });
  assert.match(late.errors?.[0]?.message ?? '', /did not answer within 50 ms/);
  assert.deepEqual([large.data, late.data], [pumpsWithoutHealth, pumpsWithoutHealth]);
});

test('errors of entities come to their places as the subgraph said them, also with an error status', async () => {
  const graph = await createRemoteGraph([pumps, health]);
  try {
    const { data, errors } = plain(await graph.run('{ pumps { id health } }'));
    assert.deepEqual(data, {
      pumps: [
        { id: '1', health: 0.5 },
        { id: '2', health: null },
      ],
    });
    assert.deepEqual(errors, [
      { message: 'worn out', path: ['pumps', 1], extensions: { serviceName: 'health' } },
    ]);
  } finally {
    await graph.close();
  }
  const { data, errors } = await withHealth(
    text(
      400,
      'application/json',
      JSON.stringify({ errors: [{ message: 'bad', extensions: { code: 'X' } }] }),
    ),
  );
  assert.deepEqual(data, pumpsWithoutHealth);
  assert.deepEqual(errors, [
    { message: 'bad', path: ['pumps'], extensions: { code: 'X', serviceName: 'health' } },
  ]);
});

test('who hangs up ends the request to the subgraph', async () => {
  const abort = new AbortController();
  const closed = Promise.withResolvers<void>();
  const graph = await createRemoteGraph([pumps, health], {
    intercept: {
      health: (_req, res) => {
        res.once('close', () => closed.resolve());
        abort.abort(new HubError('CANCELLED', 'gone'));
        return true;
      },
    },
  });
  try {
    const result = await graph.run('{ ok }', {}, newContext(abort.signal));
    assert.ok(isHubError(result.errors?.[0]?.originalError, 'CANCELLED'));
    await closed.promise;
  } finally {
    await graph.close();
  }
});

test('a mutation is sent once, a query again when its kept connection was closed under it', async () => {
  let mutations = 0;
  let queries = 0;
  const graph = await createRemoteGraph([pumps, health], {
    intercept: {
      pumps: (req, _res, body) => {
        if (!body.includes('mutation')) return false;
        mutations += 1;
        req.socket.destroy();
        return true;
      },
      health: (req) => {
        queries += 1;
        if (queries !== 2) return false;
        req.socket.destroy();
        return true;
      },
    },
  });
  try {
    const first = await graph.run('mutation { start }');
    assert.ok(isHubError(first.errors?.[0]?.originalError, 'CONNECTOR_UNREACHABLE'));
    assert.equal(mutations, 1);
    assert.deepEqual(plain(await graph.run('{ ok }')), { data: { ok: true } });
    assert.deepEqual(plain(await graph.run('{ ok }')), { data: { ok: true } });
    assert.equal(queries, 3);
  } finally {
    await graph.close();
  }
});

test('allowed headers, the request id and the trace go on to subgraphs', async () => {
  const graph = await createRemoteGraph([pumps, health]);
  try {
    const context = newContext();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const principal = { ...context.principal };
    forwardHeaders(principal, { traceparent, 'x-site': 'north' });
    await graph.run('{ ok }', {}, { ...context, principal });
    const { headers } = graph.served['health']?.seen[0] ?? {};
    assert.equal(headers?.['x-site'], 'north');
    assert.equal(headers?.['x-request-id'], context.requestId);
    assert.equal(headers?.['traceparent'], traceparent);
    assert.match(headers?.accept ?? '', /^application\/graphql-response\+json/);
    assert.equal(headers?.['content-type'], 'application/json');
  } finally {
    await graph.close();
  }
});
