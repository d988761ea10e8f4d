import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import type { ResponseObject } from '#gateway/engine/types.ts';
import { keepAskedOnly } from '#gateway/graph/asked-only.ts';

const kept = (query: string, json: string, variables: Readonly<Record<string, unknown>> = {}) => {
  const data = JSON.parse(json) as ResponseObject;
  return keepAskedOnly(data, parse(query), variables) ? data : 'refused';
};

test('what was not asked for is taken out, at every depth and below every fragment', () => {
  const query = `{ a { b: c ... on X { d } ... F } list { e } }  fragment F on Y { a { g } f { h } }`;
  assert.deepEqual(
    kept(
      query,
      '{"a":{"b":1,"c":2,"d":[3],"f":{"h":4,"x":5},"a":null,"__proto__":{"y":6}},"list":[{"e":7,"z":8},null,[{"e":9,"w":1}]],"q":1}',
    ),
    { a: { b: 1, d: [3], f: { h: 4 }, a: null }, list: [{ e: 7 }, null, [{ e: 9 }]] },
  );
});

test('what an entity was asked by stays what it is; its own fields, and those with arguments, are as answered', () => {
  const query = `query ($representations: [_Any!]!) {
    first: _entities(representations: $representations) { ... on Asset { __typename id same: id named(in: "EUR") cost } } }`;
  const representations = [
    { __typename: 'Asset', id: '1', named: 'mine' },
    { __typename: 'Asset', id: '2' },
  ];
  assert.deepEqual(
    kept(
      query,
      '{"first":[{"__typename":"Query","id":"9","same":"9","named":"EUR","cost":5},{"cost":6},{"id":"3"}]}',
      { representations },
    ),
    {
      first: [{ __typename: 'Asset', id: '1', same: '1', named: 'EUR', cost: 5 }, { cost: 6 }, { id: '3' }],
    },
  );
});

test('values nested too deep to be written are refused, others are as they were', () => {
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  assert.notEqual(kept('{ any }', `{"any":${deep(200)}}`), 'refused');
  assert.equal(kept('{ any }', `{"any":${deep(300)}}`), 'refused');
  assert.equal(kept('{ a { b } }', `{"a":${deep(300)}}`), 'refused');
  assert.equal(kept('{ any }', `{"any":${'{"a":'.repeat(300)}1${'}'.repeat(300)}}`), 'refused');
});
