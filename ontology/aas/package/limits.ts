/** What a package may take of us. Each is checked before the work it bounds is done. */
export interface PackageLimits {
  /** Size of the package, bytes. */
  readonly maxBytes: number;
  /** Entries of the central directory, folders included. */
  readonly maxEntries: number;
  /** Size of one part when inflated, bytes. */
  readonly maxPartBytes: number;
  /** Size of all parts when inflated, bytes. */
  readonly maxTotalBytes: number;
  /** Size of all environments (JSON or XML), bytes: they are held as text. */
  readonly maxEnvironmentBytes: number;
  /** Size of all relationship parts, [Content_Types].xml and core properties, bytes. */
  readonly maxMarkupBytes: number;
  /** Inflated size to packed size, of a part of more than a mebibyte. Environments reach 40, Deflate can reach 1,032. */
  readonly maxRatio: number;
  /** Relationships of all relationship parts together. */
  readonly maxRelationships: number;
}

const mebibyte = 2 ** 20;

export const defaultPackageLimits: PackageLimits = Object.freeze({
  maxBytes: 256 * mebibyte,
  maxEntries: 10_000,
  maxPartBytes: 256 * mebibyte,
  maxTotalBytes: 1024 * mebibyte,
  maxEnvironmentBytes: 128 * mebibyte,
  maxMarkupBytes: 8 * mebibyte,
  maxRatio: 250,
  maxRelationships: 20_000,
});

/** Parts up to this size cannot do harm by their ratio alone, bytes. */
export const ratioMatters = mebibyte;
