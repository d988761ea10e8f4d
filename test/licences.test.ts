import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../', import.meta.url);

interface Locked {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly license?: string;
}

/** Licences that what ships may have: permissive ones only. */
const allowed = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
  'Zlib',
]);

/** Packages whose package.json words their licence in an older way; each was read. */
const read: Readonly<Record<string, string>> = {
  dequeue: 'BSD-2-Clause', // LICENSE file
  humanize: 'MIT', // LICENSE file
  precond: 'MIT', // README and head of index.js
};

function isAllowed(expression: string): boolean {
  const choices = expression.replace(/[()]/g, '').split(/\s+OR\s+/);
  return choices.some((choice) => choice.split(/\s+AND\s+/).every((part) => allowed.has(part)));
}

test('every package that ships has a permissive licence', () => {
  const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const shipped = Object.entries(lock.packages).filter(
    ([path, one]) => path.startsWith('node_modules/') && !one.dev,
  );
  assert.ok(shipped.length > 100, 'package-lock.json was not read');
  const wrong = shipped.flatMap(([path, one]) => {
    const name = path.split('node_modules/').at(-1) ?? path;
    const licence = read[name] ?? one.license ?? licenceOf(path, one);
    if (licence === 'not installed') return [];
    return licence !== null && isAllowed(licence) ? [] : [`${name}: ${licence ?? 'no licence named'}`];
  });
  assert.deepEqual(wrong, []);
});

test('no package of the tree, development ones included, is under the Elastic licence', () => {
  const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const elastic = Object.entries(lock.packages).filter(([, one]) => /elastic/i.test(one.license ?? ''));
  assert.deepEqual(
    elastic.map(([path]) => path),
    [],
  );
});

/** For lock entries without a licence; a package of another platform is not installed and has none to read. */
function licenceOf(path: string, one: Locked): string | null {
  try {
    const manifest = JSON.parse(readFileSync(new URL(`${path}/package.json`, root), 'utf8')) as {
      license?: string | { type: string };
      licenses?: { type: string }[];
    };
    const { license, licenses } = manifest;
    return typeof license === 'string'
      ? license
      : (license?.type ?? licenses?.map((l) => l.type).join(' OR ') ?? null);
  } catch {
    return one.optional ? 'not installed' : null;
  }
}
