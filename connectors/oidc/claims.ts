import { HubError } from '#kernel/errors.ts';
import { parseTenantId } from '#ontology/ids.ts';
import { roles, type Principal, type Role } from '#ontology/principal.ts';
import type { OidcConfig } from './config.ts';

type Claims = Readonly<Record<string, unknown>>;

/**
 * Claims of a verified token as Principal.
 * @throws {HubError} UNAUTHENTICATED - a claim that must be there is missing or has the wrong form; says which.
 */
export function toPrincipal(claims: Claims, config: OidcConfig): Principal {
  const subject = text(claims, 'sub');
  const expiresAt = seconds(claims, 'exp');
  const tenant = at(claims, config.tenantClaim) ?? config.defaultTenant;
  if (typeof tenant !== 'string') throw refuse(`claim ${config.tenantClaim} with the tenant`);
  return {
    tenant: parseTenantId(tenant),
    subject,
    personId: person(claims, config),
    name: String(claims['name'] ?? claims['preferred_username'] ?? subject),
    roles: readRoles(at(claims, config.rolesClaim), config),
    // Without auth_time nothing says when the person was last asked: a token can be issued anew from a sign-in of last
    // week. Then it counts as never, so that decisions that need a fresh sign-in ask for one. @see RFC 9470, 5
    authTime: claims['auth_time'] == null ? 0 : seconds(claims, 'auth_time'),
    acr: typeof claims['acr'] === 'string' ? claims['acr'] : null,
    expiresAt,
    ...scopesOf(claims),
  };
}

/** Providers write `scope` as one text (RFC 8693, 4.2), some `scp` as a list. */
function scopesOf(claims: Claims): { readonly scopes?: readonly string[] } {
  const value = claims['scope'] ?? claims['scp'];
  const names = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(' ') : [];
  const scopes = names.filter(Boolean);
  return scopes.length ? { scopes } : {};
}

/**
 * Dual control counts persons, so an account without the configured claim must not count as one more: it is refused.
 * The claim has to be one that the provider, not the person, decides on.
 */
function person(claims: Claims, { personClaim }: OidcConfig): string {
  const value = at(claims, personClaim);
  if (typeof value === 'string' && value) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw refuse(`claim ${personClaim} that names the person`);
}

function readRoles(value: unknown, config: OidcConfig): readonly Role[] {
  const names = Array.isArray(value)
    ? value.map(String)
    : typeof value === 'string'
      ? value.split(/[\s,]+/)
      : [];
  const mapped = names.map((name) => (Object.hasOwn(config.roleNames, name) ? config.roleNames[name] : name));
  return roles.filter((role) => mapped.includes(role));
}

function at(claims: Claims, path: string): unknown {
  // A claim may have dots in its own name (namespaced claims are URLs).
  if (Object.hasOwn(claims, path)) return claims[path];
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        value !== null && typeof value === 'object' && Object.hasOwn(value, name)
          ? (value as Claims)[name]
          : undefined,
      claims,
    );
}

function text(claims: Claims, name: string): string {
  const value = claims[name];
  if (typeof value !== 'string' || !value) throw refuse(`claim ${name}`);
  return value;
}

function seconds(claims: Claims, name: string): number {
  const value = claims[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refuse(`claim ${name}`);
  return value * 1000;
}

function refuse(what: string): HubError {
  return new HubError('UNAUTHENTICATED', `The token lacks the ${what}.`);
}
