import { isAllowed, permissions, type Permission, type Principal } from '#ontology/principal.ts';
import type { RequestContext } from '#ontology/request-context.ts';

/** What the auth directives ask of the outside. */
export interface AuthPort {
  /** Whether somebody is known by name: `@authenticated`. */
  isAuthenticated(principal: Principal): boolean;
  /** What `@requiresScopes` compares with. */
  scopesOf(principal: Principal): ReadonlySet<string>;
  /** Those of the policies that hold for the caller now: `@policy`. Asked again for each event of a subscription. */
  heldPolicies(policies: readonly string[], context: RequestContext): Promise<ReadonlySet<string>>;
}

/**
 * Scopes are those of the token, the caller's roles, and the permissions these give (`workflows.approve`). A policy is
 * a role, a permission, or one of them written out: `role:planner`, `permission:twins.write`, `scope:...`. Unknown ones
 * never hold.
 */
export const principalPolicies: AuthPort = {
  isAuthenticated: (principal) => !principal.anonymous,
  scopesOf,
  heldPolicies: async (policies, { principal }) => {
    return new Set(policies.filter((policy) => holds(policy, principal)));
  },
};

function scopesOf(principal: Principal): ReadonlySet<string> {
  const allowed = (Object.keys(permissions) as Permission[]).filter((name) => isAllowed(principal, name));
  return new Set<string>([...(principal.scopes ?? []), ...principal.roles, ...allowed]);
}

/** A bare name is a role or a permission: what a token calls its scopes is up to its issuer's clients. */
function holds(policy: string, principal: Principal): boolean {
  const [, kind, name = policy] = /^(role|permission|scope):(.+)$/.exec(policy) ?? [];
  if (kind === 'scope') return principal.scopes?.includes(name) ?? false;
  const byRole = kind !== 'permission' && principal.roles.some((role) => role === name);
  return byRole || (kind !== 'role' && isPermission(name) && isAllowed(principal, name));
}

function isPermission(name: string): name is Permission {
  return Object.hasOwn(permissions, name);
}
