import { canonicalJson } from '#kernel/canonical.ts';
import type { Principal } from '#ontology/principal.ts';

/**
 * The default: streams are shared between the connections of one account with one sign-in. It covers everything an
 * answer can depend on; only the end of the sign-in is left out, since a refreshed token changes nothing else.
 */
export function accountScope({ expiresAt: _end, ...principal }: Principal): string {
  return canonicalJson({ ...principal, roles: [...principal.roles].sort() });
}

/**
 * Streams are shared between everybody with the same roles in a tenant. Only where no subscription's answer depends
 * on who the person is.
 */
export function roleScope({ tenant, roles }: Principal): string {
  return canonicalJson({ tenant, roles: [...roles].sort() });
}
