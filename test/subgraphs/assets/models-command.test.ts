import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { noLookups } from '#ontology/import.ts';
import { modelsCommand } from '#deploy/commands/models.ts';
import { demoDocuments } from '#deploy/demo/models/index.ts';
import { isHubError } from '#kernel/errors.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { contextOf, createFixture, demo } from './support.ts';

describe('twinhub models', () => {
  const folder = mkdtempSync(join(tmpdir(), 'twinhub-models-'));
  const { schema, twins } = createFixture();
  const server = new ApolloServer<RequestContext>({
    schema,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  let url = '';

  before(async () => {
    for (const { name, content } of demoDocuments()) {
      mkdirSync(join(folder, 'demo', name, '..'), { recursive: true });
      writeFileSync(join(folder, 'demo', name), content);
    }
    writeFileSync(join(folder, 'demo', 'notes.json'), '{"notes": []}');
    writeFileSync(
      join(folder, 'bad.json'),
      '{\n  "@context": "dtmi:dtdl:context;3",\n  "@id": "dtmi:test:Bad;1",\n  "@type": "Interface",\n  "contents": 5\n}',
    );
    writeFileSync(
      join(folder, 'warn.json'),
      JSON.stringify({
        remark: 'nobody reads it',
        digitalTwinsGraph: { digitalTwins: [], relationships: [] },
      }),
    );
    const started = await startStandaloneServer(server, {
      listen: { port: 0, host: '127.0.0.1' },
      context: async ({ req }) =>
        contextOf(demo, req.headers.authorization === 'Bearer good' ? ['integrator'] : ['operator']),
    });
    url = `${started.url}graphql`;
  });

  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const run = async (args: readonly string[], token = 'good') => {
    const out: string[] = [];
    const err: string[] = [];
    const terminal = {
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
      env: {},
      cwd: folder,
    };
    const code = await modelsCommand(args, {
      terminal,
      token: async () => token,
      base: async () => noLookups,
    });
    return { code, out, err };
  };

  test('check is quiet about files that are fine, and names what it left out', async () => {
    const { code, out, err } = await run(['check', 'demo']);
    assert.deepEqual([code, out], [0, []]);
    assert.deepEqual(err, [
      `${join('demo', 'notes.json')}: left out, neither a DTDL interface, nor a twin graph, nor an AAS environment`,
      '11 document(s), 0 error(s), 0 warning(s)',
    ]);
  });

  test('check prints one finding a line with its place and ends with 1', async () => {
    const { code, out } = await run(['check', 'bad.json']);
    assert.deepEqual([code, out.length], [1, 1]);
    assert.match(out[0] ?? '', /^bad\.json:5:3 refNotStringOrObject /);
  });

  test('a warning alone is fine unless --strict', async () => {
    assert.equal((await run(['check', 'warn.json'])).code, 0);
    const strict = await run(['check', '--strict', 'warn.json']);
    assert.equal(strict.code, 1);
    assert.match(strict.out[0] ?? '', /^warn\.json:1:\d+ hub:unknownMember warning: /);
  });

  test('wrong words are told as such', async () => {
    for (const args of [
      [],
      ['check'],
      ['sing', 'demo'],
      ['check', 'nowhere'],
      ['check', '--colour', 'demo'],
      ['check', join('demo', 'notes.json')],
    ]) {
      await assert.rejects(run(args), (error) => isHubError(error, 'INVALID_INPUT'), args.join(' '));
    }
  });

  test('import sends everything to the hub, dry first', async () => {
    const dry = await run(['import', '--dry-run', '--url', url, 'demo']);
    assert.deepEqual([dry.code, dry.err.at(-1)], [0, 'would be created 69, changed 0, equal 0']);
    assert.equal((await twins.listTwins(demo, {}, { first: 1, after: null })).items.length, 0);
    const done = await run(['import', '--url', url, 'demo']);
    assert.deepEqual([done.code, done.err.at(-1)], [0, 'created 69, changed 0, equal 0']);
    assert.equal((await twins.listTwins(demo, {}, { first: 50, after: null })).items.length, 17);
  });

  test('import tells findings of the hub with line and column, and refusals', async () => {
    const bad = await run(['import', '--url', url, 'bad.json']);
    assert.equal(bad.code, 1);
    assert.match(bad.out[0] ?? '', /^bad\.json:5:3 refNotStringOrObject /);
    const refused = await run(['import', '--url', url, 'demo'], 'other');
    assert.equal(refused.code, 1);
    assert.match(refused.err.at(-1) ?? '', /^FORBIDDEN /);
  });

  test('import says so when no hub answers', async () => {
    await assert.rejects(run(['import', '--url', 'http://127.0.0.1:9/graphql', 'demo']), (error) =>
      isHubError(error, 'CONNECTOR_UNREACHABLE'),
    );
  });
});
