import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverAudits } from 'graphql-http';
import { negotiateAnswerType } from '#gateway/http/media-type.ts';
import { bodyOf, startGateway } from './support.ts';

test('the audit of GraphQL over HTTP: every MUST, SHOULD and MAY', { timeout: 120_000 }, async (t) => {
  const { url } = await startGateway(t);
  const signedIn = (input: string, init: RequestInit = {}) =>
    fetch(input, { ...init, headers: { ...init.headers, authorization: 'Bearer ada' } });
  const audits = serverAudits({ url: `${url}/graphql`, fetchFn: signedIn });
  const results = await Promise.all(audits.map(({ fn }) => fn()));
  const failed = results.flatMap((result) =>
    result.status === 'ok' ? [] : [`${result.status} ${result.id} ${result.name}: ${result.reason}`],
  );
  const levels = results.map(({ name }) => /^(MUST|SHOULD|MAY)/.exec(name)?.[0]);
  const count = (level: string) => levels.filter((one) => one === level).length;
  t.diagnostic(JSON.stringify({ MUST: count('MUST'), SHOULD: count('SHOULD'), MAY: count('MAY') }));
  assert.ok(count('MUST') >= 10 && count('SHOULD') >= 15, 'the audit has what it had');
  assert.deepEqual(failed, []);
});

test('the media type follows what the client prefers', () => {
  const json = 'application/json';
  const graphql = 'application/graphql-response+json';
  const cases: [string | undefined, string | null][] = [
    [undefined, json],
    ['', json],
    ['*/*', json],
    ['application/*', json],
    [graphql, graphql],
    [`${graphql}, ${json}`, graphql],
    [`${json}, ${graphql};q=0.9`, json],
    [`${json};q=0.5, ${graphql};q=0.6`, graphql],
    [`${graphql}; charset=utf-8, ${json};q=0.9`, graphql],
    [`text/html, */*;q=0.1`, json],
    [`${json};q=0, */*`, graphql],
    ['APPLICATION/JSON', json],
    ['text/html', null],
    [`${json};q=0`, null],
    [`${json};q=nonsense`, null],
  ];
  for (const [accept, expected] of cases) assert.equal(negotiateAnswerType(accept), expected, accept);
});

test('methods, media types and encodings that are not understood are refused with their status', async (t) => {
  const { url } = await startGateway(t);
  const ask = async (init: RequestInit, query = '') => {
    const response = await fetch(`${url}/graphql${query}`, {
      ...init,
      headers: { authorization: 'Bearer ada', ...init.headers },
    });
    const { errors } = await bodyOf(response);
    return [response.status, errors[0].extensions.code, errors[0].extensions.details?.rule];
  };
  const body = '{"query":"{ whoami }"}';
  assert.deepEqual(await ask({ method: 'PUT', body }), [405, 'INVALID_INPUT', 'method']);
  assert.deepEqual(await ask({ method: 'DELETE' }), [405, 'INVALID_INPUT', 'method']);
  assert.deepEqual(await ask({ method: 'POST', body }), [415, 'INVALID_INPUT', 'contentType']);
  assert.deepEqual(
    await ask({ method: 'POST', body, headers: { 'content-type': 'application/json; charset=latin1' } }),
    [415, 'INVALID_INPUT', 'contentType'],
  );
  assert.deepEqual(
    await ask({
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', accept: 'application/xml' },
    }),
    [406, 'INVALID_INPUT', 'accept'],
  );
  assert.deepEqual(await ask({}, '?query=mutation{rename(id:1,name:"x"){name}}'), [
    405,
    'INVALID_INPUT',
    'post',
  ]);
  assert.deepEqual(await ask({}, '?query={whoami}&variables=nonsense'), [400, 'INVALID_INPUT', undefined]);
  const refused = await fetch(`${url}/graphql`, { method: 'PATCH' });
  assert.equal(refused.headers.get('allow'), 'GET, HEAD, POST, OPTIONS');
});

test('a batch is answered in order, each operation for itself, up to its limit', async (t) => {
  const { url } = await startGateway(t, { env: { TWINHUB_MAX_BATCH: '3' } });
  const send = (operations: unknown) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: 'Bearer ada', 'content-type': 'application/json' },
      body: JSON.stringify(operations),
    });
  const three = await send([{ query: '{ whoami }' }, { query: '{ nothing }' }, { query: '{ ping }' }]);
  const answers = (await three.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] }[];
  assert.equal(three.status, 200);
  assert.deepEqual(
    answers.map(({ data, errors }) => data ?? errors?.[0]?.extensions.code),
    [{ whoami: 'ada' }, 'GRAPHQL_VALIDATION_FAILED', { ping: 'pong' }],
  );
  const four = await send(Array.from({ length: 4 }, () => ({ query: '{ whoami }' })));
  const [error] = (await bodyOf(four)).errors;
  assert.deepEqual(
    [four.status, error.extensions.code, error.extensions.details.limit, error.extensions.details.max],
    [400, 'LIMIT_EXCEEDED', 'batch', 3],
  );
  assert.equal((await send([])).status, 400);
  const mixed = (await (await send([7, { query: '{ ping }' }])).json()) as { data?: unknown }[];
  assert.deepEqual(mixed[1], { data: { ping: 'pong' } });
});
