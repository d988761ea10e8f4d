import { HubError } from '#kernel/errors.ts';
import type { TenantId, TwinId } from '../ids.ts';
import type { TwinChanges } from './twin-store.ts';

/** Names one set: the import it belongs to, and its number within it. */
export interface ChangeSetKey {
  readonly tenant: TenantId;
  /** The import. */
  readonly owner: string;
  /** Orders the sets of an import, e.g. `000012`, or `000012.03` for a part of it; 1 to 64 characters. */
  readonly part: string;
}

/** Changes with what the planner saw of the twins they write. */
export interface StagedChanges extends TwinChanges {
  /** Revision of each twin when the changes were planned, 0 where there was none. Twins not named here are not checked. */
  readonly expected: ReadonlyMap<TwinId, number>;
}

export interface ChangeSetCounts {
  readonly created: number;
  readonly changed: number;
  readonly equal: number;
}

/** What applying a set did. */
export interface ChangeSetOutcome extends ChangeSetCounts {
  /** Twins that it created or changed. */
  readonly twins: readonly TwinId[];
}

/** One item of a set that was taken apart, in a set of its own. */
export interface SplitItem {
  readonly part: string;
  readonly item: 'MODEL' | 'TWIN' | 'RELATIONSHIP';
  readonly id: string;
}

/** What reverting did: how many were removed, and how many got their former content. */
export interface RevertOutcome {
  readonly removed: number;
  readonly restored: number;
  /** Twins that got their former content. */
  readonly twins: readonly TwinId[];
}

/** Why an import cannot be reverted: what was changed, or is used, since. */
export interface RevertConflict {
  readonly item: 'MODEL' | 'TWIN' | 'RELATIONSHIP';
  readonly id: string;
  readonly reason: string;
}

/** At most so many conflicts are named. */
export const maxRevertConflicts = 100;

/**
 * Changes of the twin graph that are applied exactly once and can be taken back exactly. It belongs to the engine of the
 * twin store: a set and what was there before it are written in the transaction that applies the set, so a crash leaves
 * both or neither.
 */
export interface ChangeSetStore {
  /** Adds to a set that is not applied; nothing of it is visible yet. An item staged again replaces the one before. */
  stage(key: ChangeSetKey, changes: StagedChanges): Promise<void>;
  /**
   * Applies a staged set in one transaction, as `TwinStore.apply` does, and keeps what was there before. A set that is
   * applied already stays as it is and answers what it did then.
   *
   * @throws {HubError} NOT_FOUND, ALREADY_EXISTS, INVALID_INPUT - as `TwinStore.apply`; REVISION_CONFLICT - a twin has
   *   another revision than `expected`; STORE_UNAVAILABLE - it may or may not be applied: ask again.
   */
  commit(key: ChangeSetKey): Promise<ChangeSetOutcome>;
  /**
   * Takes a staged set apart, so that each of its items can be committed by itself: models first, then twins, then
   * relationships. The set itself is refused from then on (INVALID_INPUT). Again it answers the same.
   */
  split(key: ChangeSetKey): Promise<readonly SplitItem[]>;
  /** Forgets the sets of an import that are not applied. */
  discard(tenant: TenantId, owner: string): Promise<void>;
  /** What the applied sets of an import did together, `null` when none is applied. Reverted sets count as not applied. */
  applied(tenant: TenantId, owner: string): Promise<ChangeSetCounts | null>;
  /**
   * Takes back all applied sets of an import in one transaction: removes what they created, restores what they changed
   * (with a new revision). With nothing to take back it does nothing, so it can be repeated.
   *
   * @throws {HubError} REVISION_CONFLICT - something was changed or is used since; `details.conflicts` holds
   *   RevertConflicts.
   */
  revert(tenant: TenantId, owner: string): Promise<RevertOutcome>;
  /** Forgets how to take back an import that stays. */
  forget(tenant: TenantId, owner: string): Promise<void>;
}

/** The refusal to take an import back. */
export function revertRefused(conflicts: readonly RevertConflict[]): HubError {
  const [first] = conflicts;
  const more = conflicts.length > 1 ? ` (and ${conflicts.length - 1} more)` : '';
  return new HubError(
    'REVISION_CONFLICT',
    `The import cannot be taken back: ${first?.item.toLowerCase()} ${first?.id}: ${first?.reason}${more}`,
    { details: { conflicts: conflicts.slice(0, maxRevertConflicts), total: conflicts.length } },
  );
}
