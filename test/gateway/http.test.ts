import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { getIntrospectionQuery } from 'graphql';
import { bodyOf, startGateway, until } from './support.ts';

test('a query is answered over POST and GET, and a mutation over POST only', async (t) => {
  const { post, url } = await startGateway(t);
  const response = await post('query ($id: ID!) { asset(id: $id) { name } whoami }', {
    variables: { id: '7' },
  });
  assert.deepEqual(
    [response.status, await response.json()],
    [200, { data: { asset: { name: 'asset 7' }, whoami: 'ada' } }],
  );
  assert.match(response.headers.get('x-request-id') ?? '', /^request-/);
  const headers = { authorization: 'Bearer bob', 'apollo-require-preflight': 'yes' };
  const got = await fetch(`${url}/graphql?query=${encodeURIComponent('{ whoami }')}`, { headers });
  assert.deepEqual(await got.json(), { data: { whoami: 'bob' } });
  const written = await fetch(
    `${url}/graphql?query=${encodeURIComponent('mutation { rename(id: 1, name: "x") { name } }')}`,
    { headers },
  );
  assert.equal(written.status, 405);
  const posted = await post('mutation { rename(id: 1, name: "x") { name } }');
  assert.deepEqual(await posted.json(), { data: { rename: { name: 'x' } } });
});

test('a GET that a foreign page could send with cookies is refused', async (t) => {
  const { url } = await startGateway(t);
  const response = await fetch(`${url}/graphql?query={whoami}`, {
    headers: { cookie: 'session=ada', 'content-type': 'text/plain' },
  });
  assert.equal(response.status, 403);
  const [error] = (await bodyOf(response)).errors;
  assert.deepEqual([error.extensions.code, error.extensions.details.rule], ['FORBIDDEN', 'csrf']);
  const told = await fetch(`${url}/graphql?query={whoami}`, {
    headers: { cookie: 'session=ada', 'x-twinhub-csrf': '1' },
  });
  assert.deepEqual(await told.json(), { data: { whoami: 'ada' } });
  const own = await fetch(`${url}/graphql?query={whoami}`, {
    headers: { cookie: 'session=ada', 'sec-fetch-site': 'same-origin' },
  });
  assert.equal(own.status, 200);
});

test('without a valid sign-in every transport of /graphql says 401, also to introspection', async (t) => {
  const { post, url } = await startGateway(t);
  const answers = await Promise.all([
    post(getIntrospectionQuery(), { token: null }),
    post('{ whoami }', { token: 'expired' }),
    fetch(`${url}/graphql?query={__typename}`),
    fetch(`${url}/graphql`, { headers: { accept: 'text/html' }, redirect: 'manual' }),
    fetch(`${url}/graphql/stream?query=subscription{mine}`, { headers: { accept: 'text/event-stream' } }),
    fetch(`${url}/graphql`, { headers: { accept: 'text/event-stream' } }),
  ]);
  for (const answer of answers) {
    assert.equal(answer.status, 401);
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
    const { errors, data } = await bodyOf(answer);
    assert.deepEqual([errors[0].extensions.code, data], ['UNAUTHENTICATED', undefined]);
  }
  assert.equal(
    (await bodyOf(post('{ whoami }', { token: 'expired' }))).errors[0].message,
    'The token has expired.',
  );
});

test('a page that needs a sign-in leads to the sign-in page, the rest gets 401, and public routes answer', async (t) => {
  const seen: unknown[] = [];
  const { url } = await startGateway(t, {
    routes: [
      { method: 'GET', path: '/sign-in', public: true, handle: (_req, res) => void res.end('sign in') },
      {
        method: 'GET',
        path: '/console/*',
        public: false,
        handle: (_req, res, principal) => (seen.push(principal?.subject), void res.end('console')),
      },
    ],
  });
  const page = await fetch(`${url}/console/plant?a=b`, {
    headers: { accept: 'text/html' },
    redirect: 'manual',
  });
  assert.deepEqual(
    [page.status, page.headers.get('location')],
    [303, '/sign-in?next=%2Fconsole%2Fplant%3Fa%3Db'],
  );
  const graphiql = await fetch(`${url}/graphiql`, { headers: { accept: 'text/html' }, redirect: 'manual' });
  assert.equal(graphiql.headers.get('location'), '/sign-in?next=%2Fgraphiql');
  assert.equal((await fetch(`${url}/graphiql/client.js`)).status, 401);
  assert.equal((await fetch(`${url}/console`)).status, 401);
  assert.equal(
    await (await fetch(`${url}/sign-in`, { headers: { authorization: 'Bearer expired' } })).text(),
    'sign in',
  );
  assert.equal(
    await (await fetch(`${url}/console/x`, { headers: { cookie: 'session=ada' } })).text(),
    'console',
  );
  assert.deepEqual(seen, ['ada']);
  const missing = await fetch(`${url}/nowhere`);
  assert.deepEqual([missing.status, (await bodyOf(missing)).errors[0].extensions.code], [404, 'NOT_FOUND']);
});

test('health answers without a sign-in, 503 when a part is down', async (t) => {
  let ok = true;
  const { url } = await startGateway(t, {
    deps: { health: async () => ({ ok, stores: ok ? 'up' : 'down' }) },
  });
  const up = await fetch(`${url}/health`);
  assert.deepEqual([up.status, await up.json()], [200, { ok: true, stores: 'up' }]);
  ok = false;
  assert.equal((await fetch(`${url}/health`)).status, 503);
});

test('a Host header that is not ours is refused, on health too', async (t) => {
  const { url } = await startGateway(t);
  const { port } = new URL(url);
  const ask = (host: string) =>
    new Promise<number>((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port, path: '/health', headers: { host } }, (res) => {
        res.resume();
        resolve(res.statusCode ?? 0);
      });
      request.on('error', reject).end();
    });
  assert.deepEqual(
    await Promise.all(
      ['evil.example', `evil.example:${port}`, `localhost:${port}`, `127.0.0.1:${port}`].map(ask),
    ),
    [421, 421, 200, 200],
  );
});

test('an error of a resolver inside a subgraph keeps code, advice, details and place', async (t) => {
  const { post } = await startGateway(t);
  const response = await post('{ whoami refused }');
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), {
    data: { whoami: 'ada', refused: null },
    errors: [
      {
        message: 'Not in this state.',
        path: ['refused'],
        extensions: {
          code: 'STEP_NOT_ALLOWED',
          advice: 'Read its state and choose one of the allowed steps.',
          details: { state: 'draft' },
          requestId: response.headers.get('x-request-id'),
          serviceName: 'assets',
        },
      },
    ],
  });
});

test('an unknown error leaves masked with the request id and is logged whole', async (t) => {
  const { post, log } = await startGateway(t);
  const response = await post('{ boom }');
  const text = await response.text();
  assert.ok(!text.includes('hunter2'));
  const { errors } = JSON.parse(text);
  const requestId = response.headers.get('x-request-id');
  assert.deepEqual(
    [errors[0].message, errors[0].extensions.code, errors[0].extensions.requestId],
    ['A fault of the hub.', 'INTERNAL', requestId],
  );
  const line = log.lines.find(({ level }) => level === 'error');
  assert.equal(line?.['requestId'], requestId);
  assert.match(JSON.stringify(line), /hunter2/);
});

test('parse, validation and variable errors keep their message and say 400, or 200 to older clients', async (t) => {
  const { post } = await startGateway(t);
  const headers = { accept: 'application/graphql-response+json' };
  const queries = ['{ whoami', '{ nothing }', 'query ($id: ID!) { asset(id: $id) { id } }', ''];
  const older = await Promise.all(queries.map((query) => post(query)));
  assert.deepEqual(
    older.map(({ status, headers: got }) => [status, got.get('content-type')]),
    [200, 200, 200, 400].map((status) => [status, 'application/json; charset=utf-8']),
  );
  const answers = await Promise.all(queries.map((query) => post(query, { headers })));
  assert.ok(
    answers.every(({ headers: got }) =>
      got.get('content-type')?.startsWith('application/graphql-response+json'),
    ),
  );
  const bodies = await Promise.all(answers.map(bodyOf));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [400, 400, 400, 400],
  );
  assert.deepEqual(
    bodies.map(({ errors }) => errors[0].extensions.code),
    ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'INVALID_INPUT'],
  );
  assert.match(bodies[1]?.errors[0].message ?? '', /Cannot query field "nothing"/);
  assert.match(bodies[2]?.errors[0].message ?? '', /Variable "\$id" of required type/);
});

test('each limit is refused with its name and number', async (t) => {
  const { post } = await startGateway(t, {
    env: {
      TWINHUB_MAX_QUERY_DEPTH: '4',
      TWINHUB_MAX_QUERY_TOKENS: '200',
      TWINHUB_MAX_QUERY_ALIASES: '3',
      TWINHUB_MAX_QUERY_ROOT_FIELDS: '5',
      TWINHUB_MAX_QUERY_FIELDS: '20',
      TWINHUB_MAX_BODY_BYTES: '2000',
    },
  });
  const limitOf = async (query: string) => {
    const answer = await post(query);
    const { errors } = await bodyOf(answer);
    return [
      answer.status,
      errors[0].extensions.code,
      errors[0].extensions.details.limit,
      errors[0].extensions.details.max,
    ];
  };
  const spread = `{ ...A ...A } fragment A on Query { box { ...B ...B } } fragment B on Box { box { ...C ...C } } fragment C on Box { a b c d e }`;
  assert.deepEqual(await limitOf('{ box { box { box { box { a } } } } }'), [
    400,
    'LIMIT_EXCEEDED',
    'depth',
    4,
  ]);
  assert.deepEqual(await limitOf('{ a: whoami b: whoami c: whoami d: whoami }'), [
    400,
    'LIMIT_EXCEEDED',
    'aliases',
    3,
  ]);
  assert.deepEqual(await limitOf('{ whoami whoami whoami whoami whoami whoami }'), [
    400,
    'LIMIT_EXCEEDED',
    'rootFields',
    5,
  ]);
  assert.deepEqual(await limitOf(spread), [400, 'LIMIT_EXCEEDED', 'fields', 20]);
  assert.deepEqual(await limitOf(`{ ${'whoami '.repeat(210)} }`), [400, 'LIMIT_EXCEEDED', 'tokens', 200]);
  assert.deepEqual(await limitOf(`{ whoami } #${'x'.repeat(3000)}`), [
    413,
    'LIMIT_EXCEEDED',
    'bodyBytes',
    2000,
  ]);
  assert.equal(
    (
      await bodyOf(
        post('{ a: whoami __schema { types { fields { type { ofType { ofType { name } } } } } } }'),
      )
    ).errors,
    undefined,
  );
});

test('incremental delivery and subscriptions over plain HTTP are refused with the way to go', async (t) => {
  const { post } = await startGateway(t);
  const defer = await bodyOf(post('{ whoami ... @defer { slow } }'));
  assert.ok(defer.errors.some(({ message }) => /@defer is not supported/.test(message)));
  const subscription = await post('subscription { mine }');
  assert.equal(subscription.status, 400);
  assert.match((await bodyOf(subscription)).errors[0].message, /text\/event-stream/);
});

test('a request that takes too long is answered with DEADLINE_EXCEEDED, and its resolvers are told', async (t) => {
  const { post, plant } = await startGateway(t, { env: { TWINHUB_REQUEST_TIMEOUT_MS: '100' } });
  const response = await post('{ whoami hang }');
  const { data, errors } = await bodyOf(response);
  assert.deepEqual([data, errors[0].extensions.code], [{ whoami: null, hang: null }, 'DEADLINE_EXCEEDED']);
  assert.ok(plant.contexts.every(({ signal }) => signal.aborted));
});

test('a caller that hangs up aborts its request', async (t) => {
  const { url, plant } = await startGateway(t);
  const abort = new AbortController();
  const sent = fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer ada' },
    body: '{"query":"{ hang }"}',
    signal: abort.signal,
  });
  await until(() => plant.contexts.length === 1);
  abort.abort();
  await assert.rejects(sent);
  await until(() => plant.contexts[0]?.signal.aborted === true);
});

test('closing lets a running request finish and refuses new ones', { timeout: 60_000 }, async (t) => {
  const { gateway, url, post, plant } = await startGateway(t, {
    env: { TWINHUB_DRAIN_TIMEOUT_MS: '600000' },
  });
  const running = post('{ slow }');
  await until(() => plant.contexts.length === 1);
  const closing = gateway.close();
  await assert.rejects(fetch(`${url}/health`));
  plant.release();
  assert.deepEqual(await (await running).json(), { data: { slow: 'done' } });
  // It does not wait for kept-alive connections.
  await closing;
});

test('closing does not wait for ever', async (t) => {
  const { gateway, post, plant } = await startGateway(t, { env: { TWINHUB_DRAIN_TIMEOUT_MS: '50' } });
  const running = post('{ hang }');
  running.catch(() => {});
  await until(() => plant.contexts.length === 1);
  await gateway.close();
  await assert.rejects(running);
});

test('a port in use is said so', async (t) => {
  const { url } = await startGateway(t);
  await assert.rejects(
    startGateway(t, { env: { TWINHUB_PORT: new URL(url).port } }),
    /another program listens there/,
  );
});

test('request targets that are no paths harm neither requests nor upgrades', async (t) => {
  const { url, post } = await startGateway(t);
  const { port } = new URL(url);
  const firstLine = (target: string, upgrade: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n`),
      );
      socket.on('error', reject).once('data', (data) => {
        resolve(String(data).split('\r\n')[0] ?? '');
        socket.destroy();
      });
    });
  assert.match(await firstLine('http://elsewhere/', 'Connection: close\r\n'), /400/);
  assert.match(await firstLine('//', 'Connection: close\r\n'), /404/);
  assert.match(await firstLine('//', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'), /404/);
  assert.equal((await post('{ whoami }')).status, 200);
});

test('a value that a scalar of a subgraph refuses is the fault of the caller, as variable and as literal', async (t) => {
  const { post } = await startGateway(t);
  const good = await bodyOf(
    post('query ($t: Instant) { at(time: $t) }', { variables: { t: '2026-01-31T08:00:00Z' } }),
  );
  assert.deepEqual(good.data, { at: '2026-01-31T08:00:00.000Z' });
  const variable = await bodyOf(
    post('query ($t: Instant) { whoami at(time: $t) }', { variables: { t: 'noon' } }),
  );
  assert.match(variable.errors[0].message, /Variable "\$t" got invalid value "noon".*RFC 3339/);
  const literal = await bodyOf(post('{ whoami at(time: "noon") }'));
  assert.match(literal.errors[0].message, /Argument "time" has invalid value "noon"/);
  assert.deepEqual(
    [variable, literal].map(({ errors }) => errors[0].extensions.code),
    ['BAD_USER_INPUT', 'BAD_USER_INPUT'],
  );
});
