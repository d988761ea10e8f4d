import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { parse } from 'graphql';
import { commandDocuments, documents } from '#deploy/commands/documents.ts';
import { signalsFromHub } from '#deploy/commands/hub-client.ts';
import { commands } from '#deploy/commands/index.ts';
import { localToken } from '#deploy/commands/token.ts';
import { readHubConfig } from '#deploy/config.ts';
import { startHub } from '#deploy/hub.ts';
import { createMemoryLogger } from '#kernel/log.ts';
import { writePackage } from '#ontology/aas/package/index.ts';
import { temporaryFolder } from '../subgraphs/assets/imports-support.ts';

/** A hub that runs trusted documents only, and the commands beside it. */
async function start(t: TestContext) {
  const folder = temporaryFolder(t);
  const env = {
    TWINHUB_DATA_DIR: join(folder, 'hub'),
    TWINHUB_DEMO: 'false',
    TWINHUB_PORT: '0',
    TWINHUB_TRUSTED_DOCUMENTS: 'enforce',
  };
  const hub = await startHub(readHubConfig(env, folder), { log: createMemoryLogger() });
  t.after(() => hub.close());
  const lines: string[] = [];
  const line = (text: string) => void lines.push(text);
  const terminal = {
    out: line,
    err: line,
    env: { TWINHUB_URL: hub.url, TWINHUB_DATA_DIR: env.TWINHUB_DATA_DIR },
    cwd: folder,
  };
  const run = async (name: string, ...args: readonly string[]) => {
    lines.length = 0;
    const command = await commands[name]?.load();
    assert.equal(await command?.run(args, { terminal } as never), 0, lines.join('\n'));
    return [...lines];
  };
  return { hub, folder, terminal, run };
}

const model = {
  '@context': 'dtmi:dtdl:context;3',
  '@id': 'dtmi:com:example:Pump;1',
  '@type': 'Interface',
  extends: 'dtmi:twinhub:isa95:Asset;1',
  contents: [{ '@type': 'Telemetry', name: 'flow', schema: 'double' }],
};
const twinGraph = {
  digitalTwinsFileInfo: { fileVersion: '1.0.0' },
  digitalTwinsGraph: {
    digitalTwins: [{ $dtId: 'P-1', $metadata: { $model: 'dtmi:com:example:Pump;1' }, name: 'A pump' }],
    relationships: [],
  },
};

test(
  'every command that talks to a hub works where only trusted documents run',
  { timeout: 300_000 },
  async (t) => {
    const { hub, folder, terminal, run } = await start(t);
    const token = await localToken(terminal, 'ines', 60_000);
    const refused = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ twins(first: 1) { nodes { name } } }' }),
    });
    assert.equal(refused.status, 403, 'other documents do not run');

    writeFileSync(join(folder, 'pump.json'), JSON.stringify(model));
    assert.match((await run('models', 'import', 'pump.json')).join(), /created 1/);
    writeFileSync(join(folder, 'graph.json'), JSON.stringify(twinGraph));
    assert.match((await run('models', 'import', 'graph.json')).join(), /created 1/);
    const submodels = [{ modelType: 'Submodel', id: 'urn:test:data', idShort: 'Data' }];
    const bytes = Buffer.from(JSON.stringify({ submodels }));
    const environments = [{ path: '/aasx/data.json', contentType: 'application/json', bytes }];
    writeFileSync(join(folder, 'data.aasx'), writePackage({ environments }));
    assert.match(
      (await run('models', 'import', 'data.aasx')).join(),
      /created 1/,
      'as a job, with its findings',
    );

    await run('models', 'export', '--standard', 'dtdl', '-o', 'models.out.json');
    assert.match(readFileSync(join(folder, 'models.out.json'), 'utf8'), /dtmi:com:example:Pump;1/);
    await run('models', 'export', '--standard', 'aas', '--format', 'aasx', '-o', 'out.aasx');
    assert.equal(readFileSync(join(folder, 'out.aasx')).toString('latin1', 0, 2), 'PK', 'a package');
    const signals = await signalsFromHub(terminal, {});
    assert.deepEqual(
      signals.map(({ twinId, signal }) => [twinId, signal]),
      [['P-1', 'flow']],
      'what opcua propose asks for',
    );
  },
);

test('commands have no other documents than those', () => {
  const folder = new URL('../../deploy/', import.meta.url);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || name === 'commands/documents.ts') continue;
    const text = readFileSync(new URL(name, folder), 'utf8');
    assert.doesNotMatch(text, /[`'"]\s*(query|mutation|subscription)\b[^`'"]*\{\s*\w/, name);
  }
  assert.equal(commandDocuments().length, Object.keys(documents).length);
  for (const { id, text } of commandDocuments()) {
    assert.match(id, /^command\//);
    assert.ok(parse(text).definitions.length === 1);
  }
});
