import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import * as client from 'openid-client';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Identity, RedirectSignIn } from '#ontology/ports/identity.ts';
import { toPrincipal } from './claims.ts';
import { createDiscovery } from './client.ts';
import type { OidcConfig } from './config.ts';

/** The provider asks a person again who was asked longer ago than a shift. @see OpenID Connect Core 1.0, 3.1.2.1 */
const shiftSeconds = 12 * 3600;

/** What one browser has to bring back. */
interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly fresh: boolean;
}

/**
 * People from an OpenID Connect provider: sign-in with the authorisation code flow and PKCE, bearer tokens checked
 * against the provider's keys.
 */
export function createOidcIdentity(config: OidcConfig, deps: { clock: Clock }): Identity {
  const discovered = createDiscovery(config);
  return {
    signIn: createRedirectSignIn(config, discovered),
    verifyBearer: createBearerCheck(config, deps.clock, discovered),
    close: () => {},
  };
}

function createRedirectSignIn(
  config: OidcConfig,
  discovered: () => Promise<client.Configuration>,
): RedirectSignIn {
  return {
    kind: 'redirect',
    begin: async (redirectUri, { fresh }) => {
      const provider = await discovered();
      const pending: Pending = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        fresh,
      };
      const url = client.buildAuthorizationUrl(provider, {
        redirect_uri: redirectUri,
        scope: config.scopes,
        code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
        state: pending.state,
        nonce: pending.nonce,
        // Also the only way to make every provider say when the person was last asked (auth_time).
        max_age: String(fresh ? 0 : shiftSeconds),
      });
      return { url: url.href, pending: JSON.stringify(pending) };
    },
    complete: async (callbackUrl, pendingText) => {
      const provider = await discovered();
      const pending = JSON.parse(pendingText) as Pending;
      try {
        const tokens = await client.authorizationCodeGrant(provider, callbackUrl, {
          pkceCodeVerifier: pending.verifier,
          expectedState: pending.state,
          expectedNonce: pending.nonce,
          idTokenExpected: true,
          ...(pending.fresh ? { maxAge: 300 } : {}),
        });
        return toPrincipal(tokens.claims() ?? {}, config);
      } catch (error) {
        if (error instanceof HubError) throw error;
        throw new HubError(
          'UNAUTHENTICATED',
          `The identity provider did not confirm the sign-in${reasonOf(error)}.`,
          { cause: error },
        );
      }
    },
  };
}

/** The provider's own error code, which is safe to show; never its free text. */
function reasonOf(error: unknown): string {
  const code =
    error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError
      ? error.error
      : undefined;
  return code ? ` (${code})` : '';
}

function createBearerCheck(
  config: OidcConfig,
  clock: Clock,
  discovered: () => Promise<client.Configuration>,
): Identity['verifyBearer'] {
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  return async (token) => {
    const { issuer, jwks_uri: jwksUri } = (await discovered()).serverMetadata();
    if (!jwksUri)
      throw new HubError(
        'CONNECTOR_PROTOCOL',
        `The identity provider ${config.issuer} publishes no jwks_uri.`,
      );
    keys ??= createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: 10_000 });
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: config.audience,
        // Only asymmetric algorithms: a token must not be signed with something we publish.
        algorithms: [
          'RS256',
          'RS384',
          'RS512',
          'PS256',
          'PS384',
          'PS512',
          'ES256',
          'ES384',
          'ES512',
          'EdDSA',
          'Ed25519',
        ],
        currentDate: new Date(clock.now()),
        requiredClaims: ['sub', 'exp', 'iat'],
      });
      return toPrincipal(payload, config);
    } catch (error) {
      if (error instanceof HubError) throw error;
      if (error instanceof errors.JWKSTimeout)
        throw new HubError(
          'CONNECTOR_UNREACHABLE',
          `The identity provider ${config.issuer} does not answer.`,
          { cause: error },
        );
      const reason =
        error instanceof errors.JWTExpired
          ? 'The token has expired.'
          : 'The token is not a valid one of the identity provider for this hub.';
      throw new HubError('UNAUTHENTICATED', reason, { cause: error });
    }
  };
}
