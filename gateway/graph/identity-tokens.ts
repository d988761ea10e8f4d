import { createHash, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { canonicalJson } from '#kernel/canonical.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Principal } from '#ontology/principal.ts';
import { BoundedCache } from '../engine/bounded-cache.ts';
import type { HttpRoute } from '../http-route.ts';
import { sendJson } from '../http/respond.ts';
import { accountScope } from '../realtime/scope-key.ts';
import { forwardHeaders } from '../remote/headers.ts';

/** The header that tells a subgraph of somebody else who asks. */
export const identityHeader = 'x-twinhub-identity';

/** Where the keys are published that verify it. @see RFC 7517 */
export const identityKeysPath = '/.well-known/twinhub-identity/jwks.json';

export interface IdentityTokensOptions {
  /** Ed25519, private. */
  readonly key: KeyObject;
  /** `iss`: the hub's address. */
  readonly issuer: () => string;
  readonly clock: Clock;
}

/** How long a token holds, and how much of it is left when it is replaced; seconds. */
const lifeSeconds = 300;
const renewBeforeSeconds = 60;

interface Token {
  readonly text: string;
  readonly renewAt: number;
}

/**
 * Tells subgraphs of others who asks, in a way they can verify: a JWT (RFC 7519) signed with EdDSA (RFC 8037), for one
 * subgraph each (`aud`), never longer than the caller's sign-in. Claims beside the registered ones: `tenant`, `roles`,
 * `person_id`.
 */
export class IdentityTokens {
  readonly #options: IdentityTokensOptions;
  readonly #keyId: string;
  readonly #jwk: Readonly<Record<string, unknown>>;
  /** By the caller, then by the subgraph. */
  readonly #seen = new WeakMap<Principal, Map<string, Principal>>();

  readonly #tokens = new BoundedCache<string, Token>(10_000);

  constructor(options: IdentityTokensOptions) {
    this.#options = options;
    const { kty, crv, x } = createPublicKey(options.key).export({ format: 'jwk' });
    this.#keyId = thumbprint({ crv, kty, x });
    this.#jwk = { kty, crv, x, kid: this.#keyId, alg: 'EdDSA', use: 'sig' };
  }

  /** The caller as one subgraph gets to know them: requests on their behalf carry the token. */
  asSeenBy(subgraph: string, principal: Principal): Principal {
    const bySubgraph = this.#seen.get(principal) ?? new Map<string, Principal>();
    this.#seen.set(principal, bySubgraph);
    let seen = bySubgraph.get(subgraph);
    if (!seen) {
      seen = { ...principal };
      const key = canonicalJson([subgraph, accountScope(principal), principal.expiresAt]);
      forwardHeaders(seen, () => ({ [identityHeader]: this.#tokenFor(key, principal, subgraph).text }));
      bySubgraph.set(subgraph, seen);
    }
    return seen;
  }

  /** One for all requests of an account and sign-in: they share connections, and signing takes its time. */
  #tokenFor(key: string, principal: Principal, subgraph: string): Token {
    const kept = this.#tokens.get(key);
    if (kept && this.#options.clock.now() < kept.renewAt) return kept;
    const token = this.#issue(principal, subgraph);
    this.#tokens.set(key, token);
    return token;
  }

  /** The public key, for whoever verifies. */
  route(): HttpRoute {
    return {
      method: 'GET',
      path: identityKeysPath,
      public: true,
      handle: (_req, res) => sendJson(res, 200, { keys: [this.#jwk] }),
    };
  }

  #issue(principal: Principal, audience: string): Token {
    const issuedAt = Math.floor(this.#options.clock.now() / 1000);
    const expires = Math.min(issuedAt + lifeSeconds, Math.floor(principal.expiresAt / 1000));
    const claims = {
      iss: this.#options.issuer(),
      aud: audience,
      sub: principal.subject,
      tenant: principal.tenant,
      roles: principal.roles,
      person_id: principal.personId,
      iat: issuedAt,
      exp: expires,
    };
    const signed = `${encoded({ alg: 'EdDSA', typ: 'JWT', kid: this.#keyId })}.${encoded(claims)}`;
    const signature = sign(null, Buffer.from(signed), this.#options.key).toString('base64url');
    return { text: `${signed}.${signature}`, renewAt: (expires - renewBeforeSeconds) * 1000 };
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** @see RFC 7638: the required members in lexicographic order. */
function thumbprint(members: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
