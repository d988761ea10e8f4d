import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const folder = resolve(import.meta.dirname, '../../../ontology/aas/package');
/** Nothing here can open a file, a socket or a process. */
const allowed = ['fflate', 'saxes', 'node:crypto', 'node:timers/promises', 'node:util', 'node:zlib'];

test('the reader of packages has no way to a file, a network or a process', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  assert.ok(files.length > 10, 'the folder is not the one meant');
  const outside = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*'([^'.#][^']*)'/g)]
      .map((match) => match[1] ?? '')
      .filter((name) => !allowed.includes(name))
      .map((name) => `${file} imports ${name}`),
  );
  assert.deepEqual(outside, []);
  const globals = files.filter((file) =>
    /\b(?:fetch|WebSocket|eval)\(|\bprocess\./.test(readFileSync(join(folder, file), 'utf8')),
  );
  assert.deepEqual(globals, []);
});
