import type { Closable } from '#kernel/lifecycle.ts';
import type { ModelId, TenantId, TwinId } from '../ids.ts';
import type { Model } from '../model.ts';
import type { Relationship, RelationshipInput, Twin, TwinInput, TwinKind } from '../twin.ts';

/** One page of a list, ordered by id; `next` is given back as `after` for the following page, `null` at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface PageRequest {
  /** 1 to 500. */
  readonly first: number;
  /** `next` of the page before, or `null` from the start. */
  readonly after: string | null;
}

export interface TwinFilter {
  readonly kinds?: readonly TwinKind[];
  /** Twins of this model or of one that extends it. */
  readonly modelId?: ModelId;
  readonly parentId?: TwinId | null;
  /** Case-insensitive part of id or name. */
  readonly text?: string;
}

/** What one import or one writer changes, all or nothing. Order inside does not matter. */
export interface TwinChanges {
  readonly models?: readonly Model[];
  readonly twins?: readonly TwinInput[];
  readonly relationships?: readonly RelationshipInput[];
}

/** Models, twins and their relationships, per tenant. Reads reflect one's own writes at once. */
export interface TwinStore extends Closable {
  /**
   * Creates or replaces, in one transaction. An equal model, twin or relationship stays as it is (same revision).
   *
   * @returns how many were created, changed and left equal.
   * @throws {HubError} ALREADY_EXISTS - a model of this id with other content exists (models are immutable);
   *   NOT_FOUND - a twin's model or parent, or an end of a relationship, is neither stored nor among the changes;
   *   STORE_UNAVAILABLE.
   */
  apply(tenant: TenantId, changes: TwinChanges): Promise<{ created: number; changed: number; equal: number }>;
  /**
   * Sets properties of one twin (`null` removes one).
   * @param expectedRevision - refuse when the twin has another one; `null` to write in any case.
   * @throws {HubError} NOT_FOUND, REVISION_CONFLICT
   */
  patchProperties(
    tenant: TenantId,
    id: TwinId,
    patch: Readonly<Record<string, unknown>>,
    expectedRevision: number | null,
  ): Promise<Twin>;
  /** In the order asked, `null` for those not known. */
  twins(tenant: TenantId, ids: readonly TwinId[]): Promise<readonly (Twin | null)[]>;
  listTwins(tenant: TenantId, filter: TwinFilter, page: PageRequest): Promise<Page<Twin>>;
  /** Children of each twin, ordered by id, in the order asked (at most 1,000 each). */
  childrenOf(tenant: TenantId, ids: readonly TwinId[]): Promise<readonly (readonly Twin[])[]>;
  /** For each twin its ancestors from the site down to the parent. */
  ancestorsOf(tenant: TenantId, ids: readonly TwinId[]): Promise<readonly (readonly Twin[])[]>;
  /** Relationships that leave (`out`) or reach (`in`) each twin, ordered by name then id. */
  relationshipsOf(
    tenant: TenantId,
    ids: readonly TwinId[],
    direction: 'out' | 'in',
  ): Promise<readonly (readonly Relationship[])[]>;
  /** In the order asked, `null` for those not known. */
  models(tenant: TenantId, ids: readonly ModelId[]): Promise<readonly (Model | null)[]>;
  listModels(tenant: TenantId, page: PageRequest): Promise<Page<Model>>;
  /** Each model with all its bases, direct and indirect, itself first; `null` when not known. */
  lineageOf(tenant: TenantId, ids: readonly ModelId[]): Promise<readonly (readonly Model[] | null)[]>;
}
