import { HubError } from '#kernel/errors.ts';
import type { TenantId } from './ids.ts';
import { isAllowed, permissions, type Permission, type Principal } from './principal.ts';

/**
 * What every resolver gets as its GraphQL context: who asks, the request's id and its end. One object per request
 * (per event in a subscription), so per-request loaders may hang on it in a WeakMap.
 */
export interface RequestContext {
  readonly principal: Principal;
  readonly requestId: string;
  /** Aborted when the caller goes away or the deadline passes. */
  readonly signal: AbortSignal;
}

/** The caller's tenant. */
export function tenantOf(context: RequestContext): TenantId {
  return context.principal.tenant;
}

/** @throws {HubError} FORBIDDEN - naming the roles that may. */
export function assertAllowed(context: RequestContext, permission: Permission): void {
  if (isAllowed(context.principal, permission)) return;
  throw new HubError(
    'FORBIDDEN',
    `${permission} needs one of the roles ${permissions[permission].join(', ')}.`,
    {
      details: { permission, roles: permissions[permission] },
    },
  );
}
