import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import { composeSupergraph } from '#gateway/compose.ts';
import { until } from '../support.ts';
import { servePartner, SubgraphFolder } from './support.ts';

/** `twinhub gateway` in a process of its own. */
async function serve(t: TestContext, folder: SubgraphFolder) {
  const program = new URL('../../../deploy/main.ts', import.meta.url).pathname;
  const args = ['gateway', '--supergraph', 'supergraph.graphql', '--port', '0'];
  const child = spawn(process.execPath, [program, ...args], { cwd: folder.path });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => void (said.out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => void (said.err += String(chunk)));
  await until(() => /GraphQL at http/.test(said.out) || child.exitCode !== null, 'the gateway serves');
  const url = /GraphQL at (\S+),/.exec(said.out)?.[1] ?? assert.fail(said.err);
  return {
    said,
    hangUp: () => child.kill('SIGHUP'),
    stop: () => (child.kill('SIGTERM'), exited),
    async ask(query: string) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as { data?: unknown; errors?: { message: string }[] };
    },
    health: async () =>
      (await fetch(url.replace('/graphql', '/health'))).json() as Promise<{
        generation: number;
        lastChangeRefused?: boolean;
      }>,
  };
}

test('the command goes over to another supergraph by its file, at once on SIGHUP, and keeps the old one where the new one is broken', async (t) => {
  const [energy, water] = [await servePartner(t), await servePartner(t, { name: 'water' })];
  const folder = new SubgraphFolder(t);
  const supergraphOf = (...all: readonly { name: string; sdl: string; url: string }[]) =>
    composeSupergraph(all).supergraphSdl;
  folder.write('supergraph.graphql', supergraphOf(energy));
  const gateway = await serve(t, folder);
  assert.deepEqual(await gateway.ask('{ tariff }'), { data: { tariff: 'tariff of energy' } });

  folder.write('supergraph.graphql', supergraphOf(water));
  const generation = async (wanted: number) => {
    const deadline = performance.now() + 30_000;
    while ((await gateway.health()).generation !== wanted)
      assert.ok(performance.now() < deadline, `generation ${wanted} does not serve: ${gateway.said.err}`);
  };
  await generation(2);
  assert.deepEqual(await gateway.ask('{ tariff }'), { data: { tariff: 'tariff of water' } });

  folder.write('supergraph.graphql', 'type Query { half: ');
  gateway.hangUp();
  await until(() => /stays as it is/.test(gateway.said.err), 'the broken one is reported');
  assert.equal((await gateway.health()).lastChangeRefused, true);
  assert.deepEqual(await gateway.ask('{ tariff }'), { data: { tariff: 'tariff of water' } });

  folder.write('supergraph.graphql', supergraphOf(energy));
  gateway.hangUp();
  await generation(3);
  assert.deepEqual(await gateway.ask('{ tariff }'), { data: { tariff: 'tariff of energy' } });
  assert.equal(await gateway.stop(), 0);
});
