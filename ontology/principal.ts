import type { TenantId } from './ids.ts';

/** Roles of people and programs, as a tenant's identity provider hands them out. */
export const roles = [
  'operator',
  'reliability-engineer',
  'planner',
  'maintenance-manager',
  'integrator',
] as const;
export type Role = (typeof roles)[number];

/** Who asks. A person may have several accounts: `personId` is what dual control compares. */
export interface Principal {
  readonly tenant: TenantId;
  /** The account: `sub` of the token. */
  readonly subject: string;
  /** The human being (or program) behind the account. */
  readonly personId: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** When the person last proved who they are: `auth_time`, epoch ms. @see RFC 9470 */
  readonly authTime: number;
  /** How: `acr` of the token, `null` when the provider does not say. */
  readonly acr: string | null;
  /** When the token ends, epoch ms. */
  readonly expiresAt: number;
  /** What the token was issued for. @see RFC 6749, 3.3 @default none */
  readonly scopes?: readonly string[];
  /** Nobody known: the principal of requests without a sign-in, where such are answered. @default false */
  readonly anonymous?: boolean;
}

/** What one may do. Reading needs any role; each other action needs one of the listed ones. */
export const permissions = {
  read: roles,
  'models.import': ['integrator'],
  'twins.write': ['integrator'],
  'samples.write': ['integrator'],
  'recommendations.triage': ['reliability-engineer', 'planner'],
  'workflows.approve': ['planner', 'maintenance-manager'],
  'workflows.execute': ['operator', 'planner'],
  'workflows.feedback': ['reliability-engineer', 'operator'],
  'workflows.cancel': ['planner', 'maintenance-manager'],
  'workflows.resume': ['planner', 'maintenance-manager'],
  'evidence.read': ['reliability-engineer', 'maintenance-manager'],
  'gateway.diagnose': ['integrator'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof permissions;

/** Whether one of the principal's roles allows it. */
export function isAllowed(principal: Principal, permission: Permission): boolean {
  const allowed: readonly Role[] = permissions[permission];
  return principal.roles.some((role) => allowed.includes(role));
}
