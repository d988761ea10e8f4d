import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGateway, type Running } from '../gateway/support.ts';

const json = 'application/graphql-response+json';
const events = 'text/event-stream';

/** Sends a body as it is. */
async function send({ url }: Running, body: string, accept: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: 'Bearer ada', 'content-type': 'application/json', accept },
    body,
  });
  const text = await response.text();
  const { errors } = JSON.parse(text) as {
    errors?: { extensions: { code: string; details?: { limit?: string; max?: number } } }[];
  };
  const { code, details } = errors?.[0]?.extensions ?? {};
  return { status: response.status, bytes: text.length, refusal: [code, details?.limit, details?.max] };
}

const many = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => one(i)).join(' ');
const deep = (count: number) => `${'{"a":'.repeat(count)}1${'}'.repeat(count)}`;

test('what is nested too deep for a parser is refused as such, and is no fault of the hub', async (t) => {
  const running = await startGateway(t);
  const documents = [
    `{ ${'box { '.repeat(3_000)} a ${'}'.repeat(3_001)}`,
    `{ asset(id: ${'['.repeat(4_900)}${']'.repeat(4_900)}) { id } }`,
    `query ($a: ${'['.repeat(4_900)}Int${']'.repeat(4_900)}) { ping }`,
    `{ asset(id: ${'{a:'.repeat(2_000)} 1 ${'}'.repeat(2_000)}) { id } }`,
  ];
  for (const query of documents)
    for (const accept of [json, events]) {
      const { status, refusal } = await send(running, JSON.stringify({ query }), accept);
      assert.deepEqual([status, ...refusal], [400, 'LIMIT_EXCEEDED', 'depth', 16], query.slice(0, 40));
    }
  const variables = [
    ['query ($t: Instant) { at(time: $t) }', json],
    ['subscription ($t: ID) { reading(of: $t) { id } }', events],
  ] as const;
  for (const [query, accept] of variables) {
    const body = `{"query":${JSON.stringify(query)},"variables":{"other":${deep(100_000)}}}`;
    const { status, refusal } = await send(running, body, accept);
    assert.deepEqual([status, ...refusal], [400, 'LIMIT_EXCEEDED', 'variablesDepth', 500], query);
  }
  const faults = running.log.lines.filter(({ level }) => level === 'error');
  assert.deepEqual(faults, []);
});

test('brackets in texts and comments are no levels, and many beside each other neither', async (t) => {
  const running = await startGateway(t);
  const open = '{[('.repeat(300);
  const operations = many(600, (i) => `query Q${i} { ping }`);
  for (const query of [`query Q1 { asset(id: "${open}") { id } } # ${open}`, operations]) {
    const { status } = await send(running, JSON.stringify({ query, operationName: 'Q1' }), json);
    assert.equal(status, 200, query.slice(0, 40));
  }
});

test('what is too large is refused before it is looked at whether it is valid', async (t) => {
  const running = await startGateway(t);
  const documents: readonly [string, string][] = [
    ['rootFields', `{ ${many(3_000, (i) => `unknown${i}`)} }`],
    ['aliases', `{ box { ${many(300, (i) => `a${i}: unknown${i}(x: 1)`)} } }`],
    ['directives', `{ box { a ${'@unknown '.repeat(300)} } }`],
  ];
  for (const [limit, query] of documents) {
    const { refusal, bytes } = await send(running, JSON.stringify({ query }), json);
    assert.deepEqual(refusal.slice(0, 2), ['LIMIT_EXCEEDED', limit]);
    assert.ok(bytes < 1_500, `${bytes} bytes tell what is wrong with it`);
  }
});

test('a document that is wrong in a thousand places is told about twenty', async (t) => {
  const running = await startGateway(t);
  const query = `query (${many(2_000, (i) => `$v${i}: Int`)}) { ping }`;
  const response = await running.post(query);
  const { errors } = (await response.json()) as { errors: { message: string }[] };
  assert.equal(errors.length, 21);
  assert.match(errors[20]?.message ?? '', /Too many validation errors/);
});
