import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '..');

/** What each top-level folder may import besides itself. Everything may import kernel; deploy and test everything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  ontology: ['kernel'],
  connectors: ['ontology', 'kernel'],
  subgraphs: ['ontology', 'kernel'],
  workflows: ['ontology', 'kernel'],
  gateway: ['ontology', 'kernel'],
  deploy: ['kernel', 'ontology', 'connectors', 'subgraphs', 'workflows', 'gateway'],
  test: ['kernel', 'ontology', 'connectors', 'subgraphs', 'workflows', 'gateway', 'deploy'],
};

/** Files of a main process may wire everybody. */
const isMain = (file: string) => /(^|\/)main\.ts$/.test(file);

interface Import {
  readonly file: string;
  readonly line: number;
  readonly specifier: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !/node_modules|\/dist\//.test(file));
}

function importsOf(file: string): Import[] {
  const pattern = /(?:\bfrom|\bimport|\bimport\()\s*['"]([^'"\n]+)['"]/g;
  return readFileSync(join(root, file), 'utf8')
    .split('\n')
    .flatMap((text, index) =>
      [...text.matchAll(pattern)].map((match) => ({ file, line: index + 1, specifier: match[1] ?? '' })),
    );
}

/** The top-level folder an import leads to, or `null` for packages, Node's own modules and files beside the folders. */
function target({ file, specifier }: Import): string | null {
  if (specifier.startsWith('#')) return specifier.slice(1).split('/')[0] ?? null;
  const [folder, ...rest] = specifier.startsWith('.')
    ? relative(root, resolve(root, dirname(file), specifier)).split('/')
    : [];
  return folder !== undefined && rest.length ? folder : null;
}

const all = Object.keys(allowed).flatMap((folder) => sourceFiles(folder).flatMap(importsOf));

test('imports follow the arrows: main -> gateway, subgraphs, workflows, connectors -> ontology -> kernel', () => {
  assert.ok(all.length > 100, `only ${all.length} imports were found: the reader of imports is broken`);
  const wrong = all.filter((one) => {
    const from = one.file.split('/')[0] ?? '';
    const to = target(one);
    return to !== null && to !== from && !isMain(one.file) && !allowed[from]?.includes(to);
  });
  assert.deepEqual(
    wrong.map(({ file, line, specifier }) => `${file}:${line} imports ${specifier}`),
    [],
  );
});

test('imports across top-level folders go through # names, so that an arrow is visible in its line', () => {
  const wrong = all.filter((one) => one.specifier.startsWith('.') && target(one) !== one.file.split('/')[0]);
  assert.deepEqual(
    wrong.map(({ file, line, specifier }) => `${file}:${line} imports ${specifier}`),
    [],
  );
});

test('a subgraph imports no other subgraph, a connector no other connector but its store file', () => {
  const part = (path: string) => path.split('/').slice(0, 2).join('/');
  const shared = [
    'subgraphs/common',
    'connectors/sqlite',
    'connectors/outbox-relay.ts',
    'connectors/counterpart',
  ];
  const wrong = all.filter((one) => {
    if (!/^(subgraphs|connectors)\//.test(one.file)) return false;
    const to = one.specifier.startsWith('#')
      ? one.specifier.slice(1)
      : one.specifier.startsWith('.')
        ? relative(root, resolve(root, dirname(one.file), one.specifier))
        : null;
    if (to === null || !/^(subgraphs|connectors)\//.test(to)) return false;
    return part(to) !== part(one.file) && !shared.includes(part(to));
  });
  assert.deepEqual(
    wrong.map(({ file, line, specifier }) => `${file}:${line} imports ${specifier}`),
    [],
  );
});

test('a driver package is imported by its own connector alone', () => {
  const owners: Readonly<Record<string, RegExp>> = {
    'neo4j-driver': /^(connectors\/neo4j|test)\//,
    '@influxdata/': /^(connectors\/influx|test)\//,
    '@duckdb/': /^(connectors\/duckdb|test)\//,
    amqplib: /^(connectors\/amqp|test)\//,
    'node-opcua': /^(connectors\/opcua|deploy\/demo|test)\//,
    'node:sqlite': /^(connectors\/sqlite|test)\//,
    'openid-client': /^(connectors\/oidc|test)\//,
  };
  const wrong = all.filter(({ file, specifier }) =>
    Object.entries(owners).some(([name, owner]) => specifier.startsWith(name) && !owner.test(file)),
  );
  assert.deepEqual(
    wrong.map(({ file, line, specifier }) => `${file}:${line} imports ${specifier}`),
    [],
  );
});
