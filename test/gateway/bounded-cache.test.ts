import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedCache } from '#gateway/engine/bounded-cache.ts';

test('never holds more than its capacity, and what is new is there', () => {
  const cache = new BoundedCache<number, number>(10);
  for (let key = 0; key < 1_000; key += 1) {
    cache.set(key, key);
    if (key % 3 === 0) cache.get(key - 1);
    assert.equal(cache.get(key), key);
    assert.ok(cache.size <= 10);
  }
});

test('what is used stays, what is not goes in the order it came', () => {
  const cache = new BoundedCache<string, number>(3);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.set('c', 3);
  cache.get('a');
  cache.set('d', 4);
  assert.deepEqual([cache.get('a'), cache.get('b'), cache.get('c')], [1, undefined, 3]);
  cache.set('a', 5);
  assert.equal(cache.get('a'), 5);
  cache.delete('a');
  assert.deepEqual([cache.get('a'), cache.size], [undefined, 2]);
});

test('where all are in use the one that came first goes', () => {
  const cache = new BoundedCache<string, number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.get('a');
  cache.get('b');
  cache.set('c', 3);
  assert.deepEqual([cache.get('a'), cache.get('b'), cache.get('c')], [undefined, 2, 3]);
});

test('what is kept weighs no more than it may together, and the last one stays whatever it weighs', () => {
  const cache = new BoundedCache<string, number>(10, 100);
  cache.set('a', 1, 60);
  cache.set('b', 2, 40);
  assert.equal(cache.size, 2);
  cache.set('c', 3, 1);
  assert.deepEqual([cache.get('a'), cache.get('b'), cache.get('c')], [undefined, 2, 3]);
  cache.set('d', 4, 500);
  assert.deepEqual([cache.get('d'), cache.size], [4, 1]);
  cache.delete('d');
  cache.set('e', 5, 50);
  cache.set('e', 6, 90);
  cache.set('f', 7, 20);
  assert.deepEqual([cache.get('e'), cache.get('f'), cache.size], [undefined, 7, 1]);
});
