import type { Clock } from '#kernel/clock.ts';
import { createLocalIdentity } from '#connectors/local-identity/index.ts';
import { createOidcIdentity } from '#connectors/oidc/index.ts';
import { createAuthenticator, type Authenticator } from '#gateway/auth/authenticate.ts';
import { createSignInRoutes } from '#gateway/auth/routes.ts';
import { createSessions, type Sessions } from '#gateway/auth/sessions.ts';
import type { HttpRoute } from '#gateway/http-route.ts';
import type { Identity } from '#ontology/ports/identity.ts';
import type { HubConfig } from '../config.ts';
import { keepKeyPair, keepRecord, keepSecret, type DataFolder } from '../data-folder.ts';

/** A sign-in lasts one shift. */
const sessionMs = 12 * 3_600_000;

/** Who people are, how requests are checked, and the pages of sign-in. */
export interface IdentityParts {
  readonly identity: Identity;
  readonly authenticator: Authenticator;
  readonly onSignOut: Sessions['onRevoked'];
  readonly routes: readonly HttpRoute[];
}

/** The configured provider, else the local identity of this machine. */
export async function openIdentity(
  config: HubConfig,
  deps: { folder: DataFolder; clock: Clock; publicUrl: () => string },
): Promise<IdentityParts> {
  const { folder, clock, publicUrl } = deps;
  const identity = config.oidc
    ? createOidcIdentity(config.oidc, { clock })
    : createLocalIdentity(
        { tenant: config.tenant, sessionMs },
        { keys: await keepKeyPair(folder, 'identity-key.json'), clock },
      );
  const sessions = createSessions({
    key: keepSecret(folder, 'session-key', 32),
    clock,
    // A persona's session must not survive the change to a real provider.
    issuer: config.oidc ? config.oidc.issuer : `local:${config.tenant}`,
    kept: keepRecord(folder, 'signed-out.json'),
  });
  return {
    identity,
    authenticator: createAuthenticator({ identity, sessions, clock }),
    onSignOut: sessions.onRevoked,
    routes: createSignInRoutes({ identity, sessions, clock, publicUrl }),
  };
}
