import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './fuzz.ts';

test('a spoilt document gets an answer, whatever was done to it', () => {
  const { fallen, read, valid } = fuzz(3000, 3);
  assert.deepEqual(fallen, []);
  // Else nothing but JSON syntax was tried.
  assert.ok(read > 300 && valid > 5, `${read} read, ${valid} valid`);
});
