import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Broadcast } from '#kernel/broadcast.ts';
import { SubgraphFolder } from '../gateway/graph/support.ts';
import { serveSubgraph, type ServedSubgraph } from '../federation/serve-subgraph.ts';
import { eventually, signIn, type HubClient } from './support/client.ts';
import { startHub, twinhub, type HubProcess } from './support/hub-process.ts';

/** A partner's service joins the graph of a running plant and leaves it, as docs/subgraphs.md tells. */
const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@external", "@requires"])
  type Query { tariff: Float! }
  type Subscription { tariffChanged: Float! }
  type Twin @key(fields: "id") { id: ID! name: String! @external costPerHour: Float @requires(fields: "name") }`;
const tariffs = new Broadcast<number>();

describe('a partner joins a running hub', () => {
  let partner: ServedSubgraph;
  let hub: HubProcess;
  let client: HubClient;
  let folder: SubgraphFolder;
  const cleanups: (() => void)[] = [];

  before(async () => {
    partner = await serveSubgraph({
      name: 'cost',
      sdl,
      resolvers: {
        Query: { tariff: () => 0.3 },
        Subscription: {
          tariffChanged: { subscribe: () => tariffs.subscribe(), resolve: (to: unknown) => to },
        },
        Twin: {
          __resolveReference: async (twin: object) => twin,
          costPerHour: ({ name }: { name: string }) => name.length / 10,
        },
      },
    });
    folder = new SubgraphFolder({ after: (fn) => void cleanups.push(fn as () => void) });
    folder.write('cost.graphql', await twinhub('subgraphs', 'sdl', partner.url));
    hub = await startHub({ env: { TWINHUB_SUBGRAPHS_FILE: folder.file } });
    client = await signIn(hub, 'ines');
  });
  after(async () => {
    await client?.close();
    await hub?.stop();
    await partner?.close();
    for (const cleanup of cleanups) cleanup();
  });

  const pump = '{ twinByTwinId(twinId: "P-101") { name costPerHour } }';
  const valid = async (query: string) => !(await client.ask(query)).errors;
  interface Pump {
    readonly twinByTwinId: { readonly name: string; readonly costPerHour: number };
  }

  test('it joins by its file, and knows who asks', async () => {
    assert.equal(await valid(pump), false);
    folder.list([{ name: 'cost', url: partner.url, sdl: 'cost.graphql', identity: true }]);
    assert.match(await twinhub('subgraphs', 'check', folder.file), /cost: gets to know of Twin: id, name/);
    await eventually('the partner has joined', () => valid(pump));
    const { twinByTwinId: twin } = await client.get<Pump>(pump);
    assert.equal(twin.costPerHour, twin.name.length / 10);
    const seen = partner.seen.find(({ variables }) => 'representations' in variables);
    const keys = createRemoteJWKSet(new URL(`${hub.url}/.well-known/twinhub-identity/jwks.json`));
    const { payload } = await jwtVerify(String(seen?.headers['x-twinhub-identity']), keys, {
      audience: 'cost',
    });
    assert.equal(payload['tenant'], 'demo');
    assert.equal(seen?.headers.authorization, undefined);
  });

  test('when it leaves, its streams end with the reason and those of the plant go on', async () => {
    const signals = await client.get<{ twinByTwinId: { signals: { id: string }[] } }>(
      '{ twinByTwinId(twinId: "P-101") { signals { id } } }',
    );
    const ids = signals.twinByTwinId.signals.map(({ id }) => id);
    const samples = client.subscribe<{ signalUpdated: object }>(
      'subscription ($ids: [ID!]!) { signalUpdated(signalIds: $ids) { sample { value } } }',
      { ids },
    );
    const theirs = client.subscribe<{ tariffChanged: number }>('subscription { tariffChanged }');
    const first = theirs.next();
    await eventually('the partner’s stream runs', async () => tariffs.listenerCount === 1);
    tariffs.publish(0.4);
    assert.deepEqual((await first).value, { tariffChanged: 0.4 });
    await samples.next();
    folder.list([]);
    await assert.rejects(theirs.next(), (reason: readonly { extensions: { code: string } }[]) => {
      assert.equal(reason[0]?.extensions.code, 'SCHEMA_CHANGED');
      return true;
    });
    for (let more = 0; more < 3; more += 1) assert.ok((await samples.next()).value?.signalUpdated);
    await samples.return?.();
    assert.equal(await valid(pump), false);
    assert.equal(await valid('{ twinByTwinId(twinId: "P-101") { name } }'), true);
    await eventually('its source has been stopped', async () => tariffs.listenerCount === 0);
  });
});
