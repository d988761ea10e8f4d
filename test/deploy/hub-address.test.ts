import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '#deploy/arguments.ts';
import { hubUrl } from '#deploy/commands/hub-client.ts';

const terminal = (env: Record<string, string>) => ({ cwd: '/', env, out: () => {}, err: () => {} });

test('a hub is named by its address or by that of its endpoint', () => {
  assert.equal(hubUrl(terminal({}), {}), 'http://localhost:4000/graphql');
  assert.equal(hubUrl(terminal({ TWINHUB_URL: 'https://hub.example' }), {}), 'https://hub.example/graphql');
  assert.equal(hubUrl(terminal({}), { url: 'http://localhost:5000/' }), 'http://localhost:5000/graphql');
  assert.equal(
    hubUrl(terminal({}), { url: 'http://localhost:5000/api/graphql' }),
    'http://localhost:5000/api/graphql',
  );
  assert.throws(() => hubUrl(terminal({}), { url: 'hub' }), UsageError);
});
