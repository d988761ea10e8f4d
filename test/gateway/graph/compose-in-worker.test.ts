import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHubError } from '#kernel/errors.ts';
import { composeSupergraph } from '#gateway/compose.ts';
import { composeExtended } from '#gateway/graph/compose-extended.ts';
import { composeInWorker } from '#gateway/graph/compose-in-worker.ts';
import { sentFields } from '#gateway/graph/sent-fields.ts';
import { energySdl, link } from './support.ts';

const own = [
  {
    name: 'assets',
    sdl: `${link} type Query { asset: Asset } type Asset @key(fields: "id") { id: ID! name: String place: Place }
      type Place { site: String area: String }
      directive @coalesce(by: [String!]!) on FIELD_DEFINITION
      type Subscription { changed: Asset @coalesce(by: ["id"]) plain: Asset }`,
  },
];
const ownSupergraph = composeSupergraph(own).supergraphSdl;
const energy = { name: 'energy', sdl: energySdl, url: 'http://energy.example' };
const never = new AbortController().signal;

test('a worker composes the same as this thread, which goes on meanwhile', async () => {
  const composing = composeInWorker({ own, external: [energy], ownSupergraph }, never);
  let done = false;
  let turns = 0;
  composing.finally(() => (done = true)).catch(() => {});
  while (!done) {
    turns += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(await composing, composeExtended(own, [energy]));
  assert.ok(turns > 50, `${turns} turns of the event loop`);
});

test('faults come out of the worker as they are', async () => {
  const external = [{ name: 'energy', sdl: `${link} type Query { asset: Int }` }];
  await assert.rejects(
    composeInWorker({ own, external, ownSupergraph }, never),
    (error) =>
      isHubError(error, 'COMPOSITION_FAILED') &&
      /asset/.test(error.message) &&
      Array.isArray(error.details['faults']),
  );
});

test('a composition that takes too much time or memory ends alone', async () => {
  const request = { own, external: [energy], ownSupergraph };
  await assert.rejects(
    composeInWorker(request, never, { timeoutMs: 1, memoryMb: 1_024 }),
    (error) => isHubError(error, 'COMPOSITION_FAILED') && /more than 1 ms/.test(error.message),
  );
  await assert.rejects(
    composeInWorker(request, never, { timeoutMs: 60_000, memoryMb: 4 }),
    (error) => isHubError(error, 'COMPOSITION_FAILED') && /more than 4 MiB/.test(error.message),
  );
});

test('a composition nobody waits for any more is given up', async () => {
  const closing = new AbortController();
  const composing = composeInWorker({ own, external: [energy], ownSupergraph }, closing.signal);
  closing.abort(new Error('closing'));
  await assert.rejects(composing, /closing/);
});

test('what others say of replaceable events is of their own streams', () => {
  const sdl = `${link} directive @coalesce(by: [String!]!) on FIELD_DEFINITION
    type Query { tariff: String }
    type Subscription { metered: String @coalesce(by: ["theirs"]) }`;
  const { coalesce } = composeExtended(own, [{ name: 'energy', sdl }]);
  assert.deepEqual(
    [...coalesce],
    [
      ['metered', ['theirs']],
      ['changed', ['id']],
    ],
  );
});

test('all that a partner gets to know is told, whatever names its directives have', () => {
  const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{name: "@key", as: "@entity"}, {name: "@requires", as: "@draws"}, "@external"])
    type Query { tariff: String }
    type Place { site: String @external area: String @external }
    type Asset @entity(fields: "id") @entity(fields: "id name", resolvable: false) {
      id: ID! name: String @external place: Place @external
      watts: Int @draws(fields: "place   { site     area }")
    }`;
  const { supergraphSdl } = composeExtended(own, [{ name: 'energy', sdl }]);
  assert.deepEqual(sentFields(supergraphSdl, 'energy'), [
    { type: 'Asset', fields: ['id', 'place{site area}'] },
  ]);
  assert.deepEqual(sentFields(supergraphSdl, 'assets'), [{ type: 'Asset', fields: ['id'] }]);
});
