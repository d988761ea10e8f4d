import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKeyPair } from 'jose';
import { SimulatedClock } from '#kernel/clock.ts';
import { isHubError } from '#kernel/errors.ts';
import { createLocalIdentity } from '#connectors/local-identity/index.ts';
import { createAuthenticator } from '#gateway/auth/authenticate.ts';
import { createSessions } from '#gateway/auth/sessions.ts';
import { parseTenantId } from '#ontology/ids.ts';

const hour = 3_600_000;
const unauthenticated = (error: unknown) => isHubError(error, 'UNAUTHENTICATED');

async function setUp() {
  const clock = new SimulatedClock(Date.UTC(2026, 0, 1));
  const keys = (await generateKeyPair('EdDSA', { crv: 'Ed25519' })) as never;
  const identity = createLocalIdentity({ tenant: parseTenantId('demo'), sessionMs: hour }, { keys, clock });
  const sessions = createSessions({ key: new Uint8Array(32).fill(7), clock });
  return { clock, identity, sessions, authenticator: createAuthenticator({ identity, sessions, clock }) };
}

test('a token of the local identity says who it is for and ends', async () => {
  const { clock, identity } = await setUp();
  const { token } = await identity.issueToken('petra', hour);
  const principal = await identity.verifyBearer(token);
  assert.equal(principal.name, 'Petra Lindqvist');
  assert.deepEqual(principal.roles, ['planner']);
  assert.equal(principal.expiresAt, clock.now() + hour);
  await clock.advance(hour + 1000);
  await assert.rejects(identity.verifyBearer(token), /expired/);
});

test('a token signed with another key, or without a signature, is refused', async () => {
  const { identity } = await setUp();
  const other = await setUp();
  const { token } = await other.identity.issueToken('petra', hour);
  await assert.rejects(identity.verifyBearer(token), unauthenticated);
  const unsigned = [Buffer.from('{"alg":"none"}').toString('base64url'), token.split('.')[1], ''].join('.');
  await assert.rejects(identity.verifyBearer(unsigned), unauthenticated);
});

test('a session cookie is read back, cannot be forged, is not a bearer token, and ends with sign-out', async () => {
  const { identity, sessions, authenticator } = await setUp();
  assert.equal(identity.signIn.kind, 'personas');
  if (identity.signIn.kind !== 'personas') return;
  const cookie = await sessions.issue(await identity.signIn.signIn('marc'));
  const principal = await authenticator.request({ cookie: `a=b; twinhub_session=${cookie}` });
  assert.equal(principal?.personId, 'marc');
  await assert.rejects(
    authenticator.request({ cookie: `twinhub_session=${cookie.slice(0, -3)}abc` }),
    unauthenticated,
  );
  await assert.rejects(authenticator.request({ authorization: `Bearer ${cookie}` }), unauthenticated);
  await assert.rejects(authenticator.request({ authorization: 'Basic eDp5' }), unauthenticated);
  const pending = await sessions.seal('text', hour);
  await assert.rejects(authenticator.request({ cookie: `twinhub_session=${pending}` }), unauthenticated);
  await sessions.revoke(cookie);
  await assert.rejects(authenticator.request({ cookie: `twinhub_session=${cookie}` }), unauthenticated);
  assert.equal(await authenticator.request({}), null);
});

test('a socket brings its token in connection_init, or its cookie with the upgrade', async () => {
  const { identity, sessions, authenticator } = await setUp();
  const { token, principal } = await identity.issueToken('ravi', hour);
  assert.equal((await authenticator.socket({ Authorization: `Bearer ${token}` }, {}))?.personId, 'ravi');
  assert.equal(
    (await authenticator.socket(undefined, { cookie: `twinhub_session=${await sessions.issue(principal)}` }))
      ?.personId,
    'ravi',
  );
  assert.equal(await authenticator.socket({}, {}), null);
});

test('there is no token for a persona that does not exist, and the answer names those that do', async () => {
  const { identity } = await setUp();
  await assert.rejects(identity.issueToken('mallory', hour), /olivia, ravi, petra, marc, ines/);
});
