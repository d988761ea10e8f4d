import { HubError } from '#kernel/errors.ts';

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Lower-case letters, digits and hyphens, 1 to 63; the owner of everything below it. */
export type TenantId = Branded<string, 'TenantId'>;
/** A twin within its tenant: 1 to 128 of A-Z a-z 0-9 . _ : - as Azure Digital Twins' `$dtId`; case matters. */
export type TwinId = Branded<string, 'TwinId'>;
/** A model: a DTMI, or the id or semantic id (IRI, IRDI) of an AAS submodel template; carried unchanged. */
export type ModelId = Branded<string, 'ModelId'>;

/** Checks the form of a tenant id. @throws {HubError} INVALID_ID */
export function parseTenantId(text: string): TenantId {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(text))
    throw invalid('tenant id', text, '1 to 63 lower-case letters, digits and hyphens');
  return text as TenantId;
}

/** Checks the form of a twin id. @throws {HubError} INVALID_ID */
export function parseTwinId(text: string): TwinId {
  if (!/^[A-Za-z0-9._:-]{1,128}$/.test(text))
    throw invalid('twin id', text, '1 to 128 letters, digits and . _ : -');
  return text as TwinId;
}

/** Checks that a model id is not empty and not longer than 2,048 characters. @throws {HubError} INVALID_ID */
export function parseModelId(text: string): ModelId {
  if (text.length < 1 || text.length > 2048)
    throw invalid('model id', text.slice(0, 80), '1 to 2048 characters');
  return text as ModelId;
}

/** GraphQL types that carry a global id. */
export const nodeTypes = [
  'Twin',
  'Model',
  'Signal',
  'FailureMode',
  'Recommendation',
  'Workflow',
  'ImportJob',
] as const;
export type NodeType = (typeof nodeTypes)[number];

/** The parts of a global id. `local` is the id within tenant and type. */
export interface GlobalId {
  readonly type: NodeType;
  readonly tenant: TenantId;
  readonly local: string;
}

/** One global text form for every node: base64url of `Type:tenant:local`. Two tenants never share one. */
export function formatGlobalId(type: NodeType, tenant: TenantId, local: string): string {
  return Buffer.from(`${type}:${tenant}:${local}`, 'utf8').toString('base64url');
}

/**
 * Takes a global id apart.
 * @param expected - the type it must be of, when the caller knows.
 * @throws {HubError} INVALID_ID - not a global id, or of another type.
 */
export function parseGlobalId(id: string, expected?: NodeType): GlobalId {
  const text = Buffer.from(id, 'base64url').toString('utf8');
  const [, typeText, tenant, local] = /^([A-Za-z]+):([a-z0-9-]+):(.+)$/s.exec(text) ?? [];
  const type = nodeTypes.find((name) => name === typeText);
  if (!type || !tenant || !local || Buffer.from(text, 'utf8').toString('base64url') !== id)
    throw invalid('global id', id, 'an id as the hub returned it');
  if (expected && type !== expected)
    throw invalid('global id', id, `the id of a ${expected}, not of a ${type}`);
  return { type, tenant: parseTenantId(tenant), local };
}

/**
 * The local id in a global id, when it belongs to `tenant`; `null` when it is another tenant's: what is not visible
 * does not exist.
 * @throws {HubError} INVALID_ID
 */
export function localIdFor(id: string, expected: NodeType, tenant: TenantId): string | null {
  const parsed = parseGlobalId(id, expected);
  return parsed.tenant === tenant ? parsed.local : null;
}

/** The local id of a signal: its twin's id and its name in the model, e.g. `P-101/velocityRms`. */
export function formatSignalId(twinId: TwinId, name: string): string {
  return `${twinId}/${name}`;
}

/** Takes a signal's local id apart. @throws {HubError} INVALID_ID */
export function parseSignalId(text: string): { twinId: TwinId; name: string } {
  const slash = text.indexOf('/');
  const name = text.slice(slash + 1);
  if (slash < 1 || !/^[A-Za-z][A-Za-z0-9_]{0,127}$/.test(name)) throw invalid('signal id', text, 'TWIN/NAME');
  return { twinId: parseTwinId(text.slice(0, slash)), name };
}

function invalid(what: string, got: string, allowed: string): HubError {
  return new HubError('INVALID_ID', `Not a ${what}: ${JSON.stringify(got)}; allowed is ${allowed}.`, {
    details: { got, allowed },
  });
}
