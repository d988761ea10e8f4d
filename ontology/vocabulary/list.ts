/** A list of ids of one origin with the terms of the hub they stand for. Ids are facts; texts of the origin are left out. */
export interface TermList {
  /** Who publishes the ids, and where they were taken from. */
  readonly origin: string;
  /** Under which terms the origin publishes, and why the list may stand here. */
  readonly licence: string;
  /** Version of this list; raised when a term changes. */
  readonly version: number;
  /** Id, without version where the concept is the same in all of them, to term. */
  readonly terms: Readonly<Record<string, string>>;
}
