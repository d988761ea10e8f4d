import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HubError, isHubError } from '#kernel/errors.ts';
import { parseTenantId } from '#ontology/ids.ts';
import { createScopeFactory } from '#gateway/context.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { EntityBatcher } from '#gateway/realtime/entity-batcher.ts';
import { EventScopes } from '#gateway/realtime/event-scopes.ts';

const options = {
  principal: {
    tenant: parseTenantId('acme'),
    subject: 's',
    personId: 's',
    name: 's',
    roles: [],
    authTime: 0,
    acr: null,
    expiresAt: Number.MAX_SAFE_INTEGER,
  },
  requestId: 'r',
};

test('a stream that ends takes its events along: those that run and those that begin later', () => {
  const scopes = new EventScopes(createScopeFactory(60_000), undefined);
  const [running, done] = [scopes.open(options, 'b'), scopes.open(options, 'b')];
  done.end();
  assert.equal(running.context.signal.aborted, false);
  scopes.end(new HubError('CANCELLED', 'Nobody listens any more.'));
  const late = scopes.open(options, 'b');
  for (const { context } of [running, late]) {
    assert.ok(context.signal.aborted);
    assert.ok(isHubError(context.signal.reason, 'CANCELLED'));
  }
  assert.equal(done.context.signal.aborted, false);
});

test('an event has a deadline of its own', async () => {
  const scopes = new EventScopes(createScopeFactory(10), undefined);
  const { context } = scopes.open(options, 'b');
  const reason = await new Promise((resolve) =>
    context.signal.addEventListener('abort', () => resolve(context.signal.reason)),
  );
  assert.ok(isHubError(reason, 'DEADLINE_EXCEEDED'));
});

test('the batcher knows a context as long as its event is completed', () => {
  const known = new Map<RequestContext, string>();
  const batcher = new EntityBatcher();
  batcher.mark = (context, batch) => void known.set(context, batch);
  batcher.forget = (context) => void known.delete(context);
  const scope = new EventScopes(createScopeFactory(60_000), batcher).open(options, 'b');
  assert.deepEqual([...known], [[scope.context, 'b']]);
  scope.end();
  assert.equal(known.size, 0);
});
