import type { ConfigReader } from '#kernel/config.ts';
import { roles, type Role } from '#ontology/principal.ts';

/** How to reach an OpenID Connect provider and how to read its tokens. */
export interface OidcConfig {
  /** Issuer identifier; discovery is at `<issuer>/.well-known/openid-configuration`. */
  readonly issuer: string;
  readonly clientId: string;
  /** `undefined` for a public client (PKCE alone). */
  readonly clientSecret: string | undefined;
  readonly scopes: string;
  /** `aud` that bearer tokens must carry. @default clientId */
  readonly audience: string;
  /** Claim with the roles; dots go into objects, e.g. `realm_access.roles`. @default roles */
  readonly rolesClaim: string;
  /** The provider's role names to ours. Names that are ours already need no entry. */
  readonly roleNames: Readonly<Record<string, Role>>;
  /** Claim with the tenant. @default tenant; without the claim `defaultTenant` holds */
  readonly tenantClaim: string;
  readonly defaultTenant: string | undefined;
  /** Claim that names the human being behind an account. @default sub */
  readonly personClaim: string;
  /** Allow http:// issuers: only for tests on one machine. */
  readonly allowInsecure: boolean;
}

/** Reads TWINHUB_OIDC_*; `null` when no issuer is set. */
export function readOidcConfig(reader: ConfigReader): OidcConfig | null {
  const issuer = reader.url('TWINHUB_OIDC_ISSUER', { protocols: ['https', 'http'] });
  const allowInsecure = reader.boolean('TWINHUB_OIDC_ALLOW_INSECURE', { default: false });
  const clientId = reader.string('TWINHUB_OIDC_CLIENT_ID', { default: '' });
  const config = {
    clientSecret: reader.secret('TWINHUB_OIDC_CLIENT_SECRET'),
    scopes: reader.string('TWINHUB_OIDC_SCOPES', { default: 'openid profile' }),
    audience: reader.string('TWINHUB_OIDC_AUDIENCE', { default: clientId }),
    rolesClaim: reader.string('TWINHUB_OIDC_ROLES_CLAIM', { default: 'roles' }),
    roleNames: readRoleNames(reader),
    tenantClaim: reader.string('TWINHUB_OIDC_TENANT_CLAIM', { default: 'tenant' }),
    defaultTenant: reader.optional('TWINHUB_OIDC_DEFAULT_TENANT'),
    personClaim: reader.string('TWINHUB_OIDC_PERSON_CLAIM', { default: 'sub' }),
  };
  if (!issuer) return null;
  if (!clientId)
    reader.fault('TWINHUB_OIDC_CLIENT_ID', undefined, 'the client id registered at the provider');
  if (issuer.startsWith('http://') && !allowInsecure)
    reader.fault(
      'TWINHUB_OIDC_ISSUER',
      issuer,
      'an https:// address (http:// only with TWINHUB_OIDC_ALLOW_INSECURE=true, for tests)',
    );
  return Object.freeze({ issuer, clientId, allowInsecure, ...config });
}

/** TWINHUB_OIDC_ROLE_NAMES: `their-name=our-role` pairs separated by commas. */
function readRoleNames(reader: ConfigReader): Readonly<Record<string, Role>> {
  const raw = reader.optional('TWINHUB_OIDC_ROLE_NAMES');
  const pairs = (raw ?? '')
    .split(',')
    .filter(Boolean)
    .map((pair) => pair.split('=').map((part) => part.trim()));
  const good = pairs.filter(
    (pair): pair is [string, Role] =>
      pair.length === 2 && !!pair[0] && roles.some((role) => role === pair[1]),
  );
  if (good.length < pairs.length)
    reader.fault('TWINHUB_OIDC_ROLE_NAMES', raw, `their-name=our-role, with our roles ${roles.join(', ')}`);
  return Object.fromEntries(good);
}
