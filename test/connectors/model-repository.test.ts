import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { isPrivateAddress } from '#connectors/model-repository/addresses.ts';
import {
  createModelRepository,
  modelRepositoryDefaults,
  readModelRepositoryConfig,
} from '#connectors/model-repository/index.ts';
import { pathOf } from '#connectors/model-repository/paths.ts';
import { ConfigReader } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';
import { noLookups, planImport } from '#ontology/import.ts';
import { resolveModels } from '#ontology/model-resolution.ts';

const root = mkdtempSync(join(tmpdir(), 'twinhub-repository-'));
const closing: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closing) await close();
  rmSync(root, { recursive: true });
});

let folders = 0;
/** A new folder with files. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = join(root, `f${folders++}`);
  mkdirSync(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** A server on the loopback; `asked` lists the paths. */
async function serve(answer: (path: string) => (response: ServerResponse) => void) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request.url ?? '')(response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closing.push(
    () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  );
  return { url, asked };
}

const thing = (name: string, bases: readonly string[] = []) => ({
  '@context': 'dtmi:dtdl:context;3',
  '@id': `dtmi:com:example:${name};1`,
  '@type': 'Interface',
  ...(bases.length ? { extends: bases.map((base) => `dtmi:com:example:${base};1`) } : {}),
});
const text = (...things: readonly object[]) => JSON.stringify(things.length === 1 ? things[0] : things);
const config = (location: string, more: object = {}) => ({ ...modelRepositoryDefaults, location, ...more });
const id = (name: string) => `dtmi:com:example:${name};1`;
const isCode =
  (code: Parameters<typeof isHubError>[1]) =>
  (error: unknown): boolean =>
    isHubError(error, code);

test('an identifier becomes a path in lower case; what is none has no path', () => {
  assert.equal(pathOf('dtmi:com:Example:Thing_2;1'), 'dtmi/com/example/thing_2-1.json');
  assert.equal(pathOf('dtmi:com:example:Thing;1.2'), 'dtmi/com/example/thing-1.2.json');
  for (const wrong of [
    'dtmi:com:example:Thing',
    'dtmi:..:..;1',
    'dtmi:a/b;1',
    'dtmi:a%2e;1',
    'urn:x;1',
    'dtmi:a;0',
    '',
  ])
    assert.equal(pathOf(wrong), null, wrong);
});

describe('a folder', () => {
  test('gives what is asked for, expanded documents first, in the order asked', async () => {
    const location = folderOf({
      'dtmi/com/example/a-1.json': text(thing('A')),
      'dtmi/com/example/b-1.json': text(thing('B', ['A'])),
      'dtmi/com/example/b-1.expanded.json': text(thing('B', ['A']), thing('A')),
    });
    const repository = createModelRepository(config(location));
    const found = await repository.resolve([id('B'), id('Nobody'), 'not a dtmi', id('A')]);
    assert.deepEqual(
      found.map(({ name }) => name),
      [join(location, 'dtmi/com/example/b-1.expanded.json'), join(location, 'dtmi/com/example/a-1.json')],
    );
    assert.equal(found[0]?.content, text(thing('B', ['A']), thing('A')));
  });

  test('is refused when a file is too large, or defines something else', async () => {
    const location = folderOf({
      'dtmi/com/example/a-1.json': text(thing('Another')),
      'dtmi/com/example/b-1.json': text({ ...thing('B'), comment: 'x'.repeat(5_000) }),
      'dtmi/com/example/c-1.json': 'no JSON',
    });
    const repository = createModelRepository(config(location, { maxBytes: 2_000 }));
    await assert.rejects(repository.resolve([id('A')]), isCode('CONNECTOR_PROTOCOL'));
    await assert.rejects(repository.resolve([id('B')]), isCode('LIMIT_EXCEEDED'));
    await assert.rejects(repository.resolve([id('C')]), isCode('CONNECTOR_PROTOCOL'));
  });
});

describe('an address', () => {
  const json = (content: string) => (response: ServerResponse) => {
    response.setHeader('content-type', 'application/json');
    response.end(content);
  };

  test('is asked once for each document when there is a cache, by every process that shares it', async () => {
    const { url, asked } = await serve((path) =>
      path.endsWith('/a-1.json') ? json(text(thing('A'))) : (response) => void response.writeHead(404).end(),
    );
    const cacheFolder = folderOf({});
    const first = createModelRepository(config(`${url}/models`, { cacheFolder }));
    assert.equal((await first.resolve([id('A')]))[0]?.content, text(thing('A')));
    assert.deepEqual(asked, [
      '/models/dtmi/com/example/a-1.expanded.json',
      '/models/dtmi/com/example/a-1.json',
    ]);
    const second = createModelRepository(config(`${url}/models/`, { cacheFolder }));
    assert.equal((await second.resolve([id('A')]))[0]?.content, text(thing('A')));
    assert.ok(
      !asked.slice(2).includes('/models/dtmi/com/example/a-1.json'),
      'the document came from the cache',
    );
    const other = createModelRepository(config(`${url}/others`, { cacheFolder }));
    await other.resolve([id('A')]);
    assert.ok(asked.includes('/others/dtmi/com/example/a-1.json'), 'another repository has its own cache');
    assert.ok(!readdirSync(cacheFolder, { recursive: true }).some((file) => String(file).endsWith('.tmp')));
  });

  test('that answers with a page in place of a model is told, and the page is not kept', async () => {
    const { url, asked } = await serve(() => json('<html>not found</html>'));
    const repository = createModelRepository(config(url, { cacheFolder: folderOf({}) }));
    for (const time of [1, 2]) {
      await assert.rejects(repository.resolve([id('A')]), isCode('CONNECTOR_PROTOCOL'));
      assert.equal(asked.length, time);
    }
  });

  test('that sends without end, or nothing, is given up', async () => {
    const endless = await serve(() => (response) => {
      const more = () => void (response.destroyed || response.write('x'.repeat(65_536), more));
      more();
    });
    await assert.rejects(
      createModelRepository(config(endless.url, { maxBytes: 1_000_000 })).resolve([id('A')]),
      isCode('LIMIT_EXCEEDED'),
    );
    const silent = await serve(() => () => undefined);
    await assert.rejects(
      createModelRepository(config(silent.url, { timeoutMs: 200 })).resolve([id('A')]),
      isCode('DEADLINE_EXCEEDED'),
    );
    const ending = new AbortController();
    const waiting = createModelRepository(config(silent.url)).resolve([id('A')], ending.signal);
    ending.abort();
    await assert.rejects(waiting);
  });

  test('that is broken or not there is told apart', async () => {
    const broken = await serve(() => (response) => void response.writeHead(500).end());
    await assert.rejects(
      createModelRepository(config(broken.url)).resolve([id('A')]),
      isCode('CONNECTOR_REFUSED'),
    );
    await assert.rejects(
      createModelRepository(config('http://127.0.0.1:9')).resolve([id('A')]),
      isCode('CONNECTOR_UNREACHABLE'),
    );
  });

  test('that redirects into a private network is not followed, unless that is allowed', async () => {
    const target = await serve(() => json(text(thing('A'))));
    for (const location of [
      target.url,
      target.url.replace('127.0.0.1', 'localhost'),
      target.url.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
      target.url.replace('127.0.0.1', '2130706433'),
      'http://169.254.169.254/latest/meta-data',
    ]) {
      const { url } = await serve(() => (response) => void response.writeHead(302, { location }).end());
      await assert.rejects(
        createModelRepository(config(url)).resolve([id('A')]),
        isCode('CONNECTOR_REFUSED'),
        location,
      );
    }
    assert.deepEqual(target.asked, []);
    const { url } = await serve(
      () => (response) => void response.writeHead(307, { location: `${target.url}/x` }).end(),
    );
    const allowed = createModelRepository(config(url, { allowPrivateRedirects: true }));
    assert.equal((await allowed.resolve([id('A')])).length, 1);
  });

  test('is named without user and password, in documents and in refusals', async () => {
    const { url, asked } = await serve((path) =>
      path.includes('/a-1.json')
        ? json(text(thing('A')))
        : (response) => void response.writeHead(path.includes('/b-1') ? 500 : 404).end(),
    );
    const secret = createModelRepository(config(url.replace('//', '//robot:hunter2@')));
    const [document] = await secret.resolve([id('A')]);
    assert.equal(document?.name, `${url}/dtmi/com/example/a-1.json`);
    await assert.rejects(secret.resolve([id('B')]), (error: Error) => {
      assert.match(error.message, /answers with status 500/);
      assert.doesNotMatch(error.message, /hunter2|robot/);
      return true;
    });
    assert.equal(asked.length, 3);
  });

  test('that redirects in circles, or to another protocol, is given up', async () => {
    const circle = await serve(
      (path) => (response) => void response.writeHead(301, { location: path }).end(),
    );
    await assert.rejects(
      createModelRepository(config(circle.url, { allowPrivateRedirects: true })).resolve([id('A')]),
      isCode('CONNECTOR_REFUSED'),
    );
    assert.ok(circle.asked.length < 10);
    for (const location of ['file:///etc/passwd', 'ftp://example.org/', 'http://[']) {
      const { url } = await serve(() => (response) => void response.writeHead(302, { location }).end());
      await assert.rejects(
        createModelRepository(config(url, { allowPrivateRedirects: true })).resolve([id('A')]),
        isCode('CONNECTOR_REFUSED'),
        location,
      );
    }
  });
});

test('addresses of private networks are known, written in any way', () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    'nonsense',
  ])
    assert.ok(isPrivateAddress(address), address);
  for (const address of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])
    assert.ok(!isPrivateAddress(address), address);
});

describe('models that documents refer to', () => {
  const location = folderOf({
    'dtmi/com/example/pump-1.expanded.json': text(thing('Pump', ['Thing']), thing('Thing')),
    'dtmi/com/example/thing-1.json': text(thing('Thing')),
    'dtmi/com/example/motor-1.json': text(thing('Motor', ['Winding'])),
    'dtmi/com/example/winding-1.json': text(thing('Winding')),
  });
  const repository = createModelRepository(config(location));
  const document = (...things: readonly object[]) => ({
    name: 'mine.json',
    standard: 'DTDL' as const,
    content: text(...things),
  });

  test('are brought in, with what they need in turn, each once', async () => {
    const mine = document(thing('Mine', ['Pump', 'Motor']));
    const { documents, unresolved } = await resolveModels([mine], noLookups, repository);
    assert.deepEqual(unresolved, []);
    const plan = await planImport([mine, ...documents], noLookups);
    assert.deepEqual(plan.findings, []);
    assert.deepEqual(
      plan.changes.models.map((model) => model.id).sort(),
      ['Mine', 'Motor', 'Pump', 'Thing', 'Winding'].map(id),
    );
  });

  test('are taken from the documents first, and named when they are nowhere', async () => {
    const mine = document(thing('Mine', ['Pump', 'Nowhere']), { ...thing('Thing'), comment: 'mine' });
    const { documents, unresolved } = await resolveModels([mine], noLookups, repository);
    assert.deepEqual(unresolved, [id('Nowhere')]);
    assert.deepEqual(
      documents.map(({ content }) => (JSON.parse(content) as { '@id': string })['@id']),
      [id('Pump')],
    );
  });

  test('are limited in number', async () => {
    await assert.rejects(
      resolveModels([document(thing('Mine', ['Motor']))], noLookups, repository, { maxInterfaces: 1 }),
      isCode('LIMIT_EXCEEDED'),
    );
  });
});

test('settings are read with their limits; without a place there is no repository', () => {
  const read = (env: Record<string, string>) => {
    const reader = new ConfigReader(env);
    const found = readModelRepositoryConfig(reader);
    reader.finish('TWINHUB_MODELS_');
    return found;
  };
  assert.equal(read({}), null);
  assert.deepEqual(read({ TWINHUB_MODELS_REPOSITORY: 'models' }), {
    ...modelRepositoryDefaults,
    location: 'models',
  });
  assert.throws(
    () => read({ TWINHUB_MODELS_TIMEOUT_MS: 'soon', TWINHUB_MODELS_MAX_BYTES: '1' }),
    isCode('CONFIG_INVALID'),
  );
});
