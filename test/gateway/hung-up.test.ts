import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { parse } from 'graphql';
import { createGraph } from './cost-support.ts';
import { principalOf, startGateway, until } from './support.ts';

for (const accept of ['application/json', 'text/event-stream'])
  test(`a caller that hangs up while their sign-in is looked at has nothing run (GET, ${accept})`, async (t) => {
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const { url, gateway, plant } = await startGateway(t, {
      deps: {
        authenticate: async ({ authorization = '' }) => {
          if (!authorization.endsWith('slow')) return principalOf('ada');
          asked.resolve();
          await answered.promise;
          return principalOf('slow');
        },
      },
    });
    const caller = request(`${url}/graphql?query={whoami,hang}`, {
      headers: { authorization: 'Bearer slow', accept },
    });
    caller.on('error', () => {});
    caller.end();
    await asked.promise;
    caller.destroy();
    await until(() => gateway.stats().requestsInFlight === 0, 'the hub knows that they left');
    answered.resolve();
    // Whoever asks later is answered later.
    const later = await fetch(`${url}/graphql?query={whoami}`, { headers: { accept: 'application/json' } });
    assert.equal(later.status, 200);
    assert.deepEqual(
      plant.contexts.map(({ principal }) => principal.subject),
      ['ada'],
    );
  });

test('variables are coerced once on their way through the gateway', async () => {
  const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
    input Box { size: Int } type Query { box(box: Box): Int }`;
  const seen: unknown[] = [];
  const engine = await createGraph([{ name: 'boxes', sdl }], {
    executors: {
      boxes: {
        execute: async ({ variables }) => (seen.push(variables), { data: { box: 1 } }),
        subscribe: () => Promise.reject(new Error('it is no stream')),
      },
    },
  });
  let reads = 0;
  const box = {
    get size() {
      reads += 1;
      return 5;
    },
  };
  const { data } = await engine.execute({
    document: parse('query ($box: Box) { box(box: $box) }'),
    variables: { box },
    context: { principal: principalOf('ada'), requestId: 'r', signal: new AbortController().signal },
  });
  assert.deepEqual([data?.['box'], JSON.stringify(seen)], [1, '[{"box":{"size":5}}]']);
  assert.equal(reads, 1);
});
