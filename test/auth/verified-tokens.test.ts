import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '#kernel/clock.ts';
import { HubError, isHubError } from '#kernel/errors.ts';
import { parseTenantId } from '#ontology/ids.ts';
import type { Principal } from '#ontology/principal.ts';
import { createSessions } from '#gateway/auth/sessions.ts';
import { VerifiedTokens } from '#gateway/auth/verified-tokens.ts';

const start = 1_700_000_000_000;

function personUntil(expiresAt: number): Principal {
  return {
    tenant: parseTenantId('acme'),
    subject: 'ann',
    personId: 'ann',
    name: 'Ann',
    roles: ['operator'],
    authTime: start,
    acr: null,
    expiresAt,
  };
}

/** A check that counts, and refuses the tokens of `refused`. */
function counting(clock: SimulatedClock, expiresAt: number, refused = new Set<string>()) {
  const checked: string[] = [];
  const tokens = new VerifiedTokens(clock, async (token) => {
    checked.push(token);
    if (refused.has(token) || clock.now() >= expiresAt) throw new HubError('UNAUTHENTICATED', 'no');
    return { ...personUntil(expiresAt), name: token };
  });
  return { checked, tokens, refused };
}

test('a token is checked once in half a minute, each token by itself', async () => {
  const clock = new SimulatedClock(start);
  const { tokens, checked } = counting(clock, start + 3_600_000);
  assert.equal((await tokens.principalOf('a')).name, 'a');
  assert.equal((await tokens.principalOf('b')).name, 'b');
  await clock.advance(29_000);
  assert.equal((await tokens.principalOf('a')).name, 'a');
  assert.deepEqual(checked, ['a', 'b']);
  await clock.advance(1_000);
  await tokens.principalOf('a');
  assert.deepEqual(checked, ['a', 'b', 'a']);
});

test('what is kept does not outlive the token, and a refusal is not kept', async () => {
  const clock = new SimulatedClock(start);
  const { tokens, checked, refused } = counting(clock, start + 10_000, new Set(['bad']));
  await tokens.principalOf('a');
  await clock.advance(10_000);
  await assert.rejects(tokens.principalOf('a'), (error) => isHubError(error, 'UNAUTHENTICATED'));
  await assert.rejects(tokens.principalOf('bad'), (error) => isHubError(error, 'UNAUTHENTICATED'));
  refused.delete('bad');
  await assert.rejects(tokens.principalOf('bad'), (error) => isHubError(error, 'UNAUTHENTICATED'));
  assert.deepEqual(checked, ['a', 'a', 'bad', 'bad']);
});

test('a clock that is set back makes no check hold longer', async () => {
  let now = start;
  let checks = 0;
  const tokens = new VerifiedTokens({ now: () => now, sleep: () => Promise.resolve() }, async () => {
    checks += 1;
    return personUntil(start + 3_600_000);
  });
  await tokens.principalOf('a');
  now -= 60_000;
  await tokens.principalOf('a');
  assert.equal(checks, 2);
});

test('a session that is signed out of ends at once, though it was read just before', async () => {
  const clock = new SimulatedClock(start);
  const sessions = createSessions({ key: new Uint8Array(32).fill(9), clock });
  const cookie = await sessions.issue(personUntil(start + 3_600_000));
  const other = await sessions.issue(personUntil(start + 3_600_000));
  assert.equal((await sessions.read(cookie)).subject, 'ann');
  await sessions.revoke(cookie);
  await assert.rejects(sessions.read(cookie), (error) => isHubError(error, 'UNAUTHENTICATED'));
  assert.equal((await sessions.read(other)).subject, 'ann');
  await clock.advance(3_600_000);
  await assert.rejects(sessions.read(other), (error) => isHubError(error, 'UNAUTHENTICATED'));
});
