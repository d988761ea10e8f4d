import { SignJWT, errors, jwtVerify, type CryptoKey } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import { parseTenantId, type TenantId } from '#ontology/ids.ts';
import { roles, type Principal, type Role } from '#ontology/principal.ts';
import type { Identity, Persona } from '#ontology/ports/identity.ts';
import { personas } from './personas.ts';

const issuer = 'twinhub-local';
const audience = 'twinhub';

/** What the local issuer needs. */
export interface LocalIdentityConfig {
  readonly tenant: TenantId;
  /** How long a sign-in lasts, ms. */
  readonly sessionMs: number;
}

/** An Ed25519 key pair that stays on this machine. */
export interface SigningKeys {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** An issuer for one machine: personas without passwords. Never offer it beyond the loopback interface. */
export interface LocalIdentity extends Identity {
  /**
   * A bearer token for scripts on the same machine.
   * @throws {HubError} NOT_FOUND - no such persona.
   */
  issueToken(personaId: string, lifetimeMs: number): Promise<{ token: string; principal: Principal }>;
}

/** Makes the local issuer. */
export function createLocalIdentity(
  config: LocalIdentityConfig,
  deps: { keys: SigningKeys; clock: Clock },
): LocalIdentity {
  const { keys, clock } = deps;
  const principalOf = (personaId: string, lifetimeMs: number): Principal => {
    const persona = findPersona(personaId);
    const now = clock.now();
    return {
      tenant: config.tenant,
      subject: persona.id,
      personId: persona.id,
      name: persona.name,
      roles: persona.roles,
      authTime: now,
      acr: null,
      expiresAt: now + lifetimeMs,
    };
  };
  return {
    signIn: {
      kind: 'personas',
      personas,
      signIn: async (personaId) => principalOf(personaId, config.sessionMs),
    },
    issueToken: async (personaId, lifetimeMs) => {
      const principal = principalOf(personaId, lifetimeMs);
      return { token: await sign(principal, keys.privateKey), principal };
    },
    verifyBearer: (token) => verify(token, keys.publicKey, clock),
    close: () => {},
  };
}

function findPersona(id: string): Persona {
  const found = personas.find((persona) => persona.id === id);
  if (!found)
    throw new HubError(
      'NOT_FOUND',
      `There is no persona ${JSON.stringify(id)}; there are ${personas.map((p) => p.id).join(', ')}.`,
    );
  return found;
}

function sign(principal: Principal, key: CryptoKey): Promise<string> {
  return new SignJWT({
    tenant: principal.tenant,
    name: principal.name,
    roles: [...principal.roles],
    auth_time: Math.floor(principal.authTime / 1000),
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(principal.subject)
    .setIssuedAt(Math.floor(principal.authTime / 1000))
    .setExpirationTime(Math.floor(principal.expiresAt / 1000))
    .sign(key);
}

async function verify(token: string, key: CryptoKey, clock: Clock): Promise<Principal> {
  try {
    const { payload } = await jwtVerify(token, key, {
      issuer,
      audience,
      algorithms: ['EdDSA'],
      typ: 'at+jwt',
      currentDate: new Date(clock.now()),
    });
    return {
      tenant: parseTenantId(String(payload['tenant'])),
      subject: String(payload.sub),
      personId: String(payload.sub),
      name: String(payload['name']),
      roles: roles.filter((role: Role) => Array.isArray(payload['roles']) && payload['roles'].includes(role)),
      authTime: Number(payload['auth_time']) * 1000,
      acr: null,
      expiresAt: Number(payload.exp) * 1000,
    };
  } catch (error) {
    const reason =
      error instanceof errors.JWTExpired ? 'The token has expired.' : 'The token is not one of this hub.';
    throw new HubError('UNAUTHENTICATED', reason, { cause: error });
  }
}
