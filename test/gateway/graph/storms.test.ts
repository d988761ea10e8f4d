import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMemoryLogger } from '#kernel/log.ts';
import { systemClock } from '#kernel/clock.ts';
import { composeSupergraph } from '#gateway/compose.ts';
import { LiveGraph, type GraphDefinition, type GraphSource } from '#gateway/graph/live-graph.ts';
import { versionsOf, watchFiles } from '#gateway/graph/watch-files.ts';
import { principalPolicies } from '#gateway/guards/auth/index.ts';
import { startGateway, until } from '../support.ts';
import { energySdl, link, servePartner, SubgraphFolder } from './support.ts';

/** A source whose loads end when they are told to. */
function heldSource() {
  const loads: PromiseWithResolvers<void>[] = [];
  let held = false;
  let closed = 0;
  const definition = (): GraphDefinition => {
    const sdl = `${link} type Query { n${loads.length}: Int }`;
    const { supergraphSdl } = composeSupergraph([{ name: 'only', sdl }]);
    const executor = {
      execute: () => Promise.reject(new Error('not asked')),
      subscribe: () => Promise.reject(new Error('not asked')),
    };
    return { supergraphSdl, executors: { only: executor }, coalesce: new Map(), hints: [] };
  };
  const source: GraphSource = {
    versions: new Map(),
    async load(signal) {
      const load = Promise.withResolvers<void>();
      loads.push(load);
      const made = definition();
      if (!held) load.resolve();
      signal.addEventListener('abort', () => load.reject(signal.reason as Error));
      await load.promise;
      return made;
    },
    settled: () => {},
    peers: () => [],
    close: async () => void (closed += 1),
  };
  return {
    source,
    loads,
    hold: () => (held = true),
    get closed() {
      return closed;
    },
  };
}

const log = createMemoryLogger();
const options = {
  auth: principalPolicies,
  planCacheSize: 1,
  planner: 'own',
  clock: systemClock,
  log,
} as const;

test('a thousand calls for another graph make two loads: the one that runs, and one after it', async () => {
  const one = heldSource();
  const graph = await LiveGraph.open(one.source, options);
  one.hold();
  const first = graph.reload();
  await until(() => one.loads.length === 2);
  const storm = Array.from({ length: 1_000 }, () => graph.reload());
  one.loads[1]?.resolve();
  assert.equal((await first).changed, true);
  await until(() => one.loads.length === 3);
  one.loads[2]?.resolve();
  const outcomes = await Promise.all(storm);
  assert.ok(outcomes.every((outcome) => outcome === outcomes[0]));
  assert.equal(graph.status.generation, 3);
  assert.equal(one.loads.length, 3);
  await graph.close();
});

test('closing gives up a reload that is under way, and no graph comes after it', async () => {
  const one = heldSource();
  const graph = await LiveGraph.open(one.source, options);
  one.hold();
  const under = [graph.reload(), graph.reload()];
  await until(() => one.loads.length === 2);
  await graph.close();
  assert.deepEqual(await Promise.all(under), [{ changed: false }, { changed: false }]);
  assert.equal(graph.status.refused, null);
  assert.deepEqual(await graph.reload(), { changed: false });
  assert.deepEqual([one.closed, one.loads.length, graph.status.generation], [1, 2, 1]);
});

test('files that go, come back, or are exchanged by a link are read again, and hold no process', async (t) => {
  const { path } = new SubgraphFolder(t);
  const place = (name: string) => join(path, name);
  for (const version of ['v1', 'v2']) {
    mkdirSync(place(version));
    writeFileSync(place(`${version}/a.graphql`), 'the same text');
  }
  symlinkSync('v1', place('now'));
  const file = place('now/a.graphql');
  let read = await versionsOf([file]);
  let changes = 0;
  const stop = watchFiles(
    () => read,
    async () => {
      read = await versionsOf([file]);
      changes += 1;
    },
  );
  t.after(stop);
  symlinkSync('v2', place('next'));
  renameSync(place('next'), place('now'));
  await until(() => changes === 1, 'the link leads elsewhere');
  rmSync(place('v2/a.graphql'));
  await until(() => changes === 2, 'it is gone');
  writeFileSync(place('v2/a.graphql'), 'the same text');
  await until(() => changes === 3, 'it is back');
});

test('a hub whose schema file goes serves on, and takes it up again when it is back', async (t) => {
  const partner = await servePartner(t);
  const folder = new SubgraphFolder(t);
  folder.list([{ name: 'energy', url: partner.url, sdl: 'energy.graphql' }]);
  const running = await startGateway(t, { env: { TWINHUB_SUBGRAPHS_FILE: folder.file } });
  const { graph } = running.gateway;
  const tariff = async () => (await (await running.post('{ tariff }')).json()) as { data?: unknown };
  for (const name of ['energy.graphql', 'subgraphs.json']) {
    rmSync(join(folder.path, name));
    await until(() => graph.status.refused !== null, `${name} is missed`);
    assert.equal(graph.status.refused?.code, 'CONFIG_INVALID');
    assert.match(graph.status.refused?.reason ?? '', new RegExp(name));
    assert.deepEqual((await tariff()).data, { tariff: 'tariff of energy' });
    if (name === 'energy.graphql') folder.write(name, energySdl);
    else folder.list([{ name: 'energy', url: partner.url, sdl: 'energy.graphql' }]);
    await until(() => graph.status.refused === null, `${name} is back`);
  }
  assert.equal(graph.status.generation, 1);
});

test('files that change all the time while they are read leave a graph of whole files', async (t) => {
  const partner = await servePartner(t);
  const folder = new SubgraphFolder(t);
  const entry = { name: 'energy', url: partner.url, sdl: 'energy.graphql' };
  folder.list([entry]);
  const running = await startGateway(t, { env: { TWINHUB_SUBGRAPHS_FILE: folder.file } });
  const { graph } = running.gateway;
  for (let round = 0; round < 60; round += 1) {
    // Half of it, nothing at all, all of it.
    const text = JSON.stringify({ subgraphs: round % 2 ? [] : [entry] });
    folder.write('subgraphs.json', text.slice(0, (text.length * (round % 3)) / 2));
    void graph.reload();
    await new Promise((resolve) => setTimeout(resolve, 10));
    const { data } = (await (await running.post('{ asset(id: "1") { name } }')).json()) as { data?: unknown };
    assert.deepEqual(data, { asset: { name: 'asset 1' } });
  }
  folder.list([entry]);
  await graph.reload();
  assert.equal(graph.status.refused, null);
  const answer = (await (await running.post('{ tariff }')).json()) as { data?: unknown };
  assert.deepEqual(answer.data, { tariff: 'tariff of energy' });
});
