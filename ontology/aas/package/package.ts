import type { ImportFinding } from '../../import-finding.ts';
import type { EnvironmentFormat } from './format.ts';
import type { Relationship } from './relationships.ts';

/** A part of a package. */
export interface PackagePart {
  /** With a leading slash, as it stands in the package: `/aasx/files/manual.pdf`. */
  readonly path: string;
  /** A media type; `application/octet-stream` when the package says none. */
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Inflates it; a part is not held in memory. */
  bytes(): Promise<Uint8Array>;
}

/** An aas-spec part. */
export interface PackageEnvironment extends PackagePart {
  /** Its `path`. */
  readonly part: string;
  readonly format: EnvironmentFormat;
  /** `3.0`, `3.1` or `3.2`; `null` in JSON, which does not say it. */
  readonly version: string | null;
  /** Without a byte order mark. */
  readonly text: string;
  /** Path of the environment that says the same in the other format and is read instead of this one, else `null`. */
  readonly alternativeOf: string | null;
}

export type PackageFileRole = 'supplement' | 'thumbnail' | 'coreProperties' | 'other';

/** A part that is no environment: supplementary files, the thumbnail, and parts nobody refers to. */
export interface PackageFile extends PackagePart {
  readonly role: PackageFileRole;
}

/** What a package holds. With an error among the findings it holds nothing. */
export interface AasPackage {
  readonly name: string;
  readonly environments: readonly PackageEnvironment[];
  /** All parts but the environments, the origin, relationship parts and [Content_Types].xml. */
  readonly files: readonly PackageFile[];
  readonly thumbnail: PackageFile | null;
  /** Dublin Core and package properties by local name; empty when there are none. */
  readonly coreProperties: ReadonlyMap<string, string>;
  /** All of them, those of vendors included. */
  readonly relationships: readonly Relationship[];
  /** The origin part, `null` only in a package with errors. */
  readonly origin: PackagePart | null;
  readonly findings: readonly ImportFinding[];
  /**
   * The file that a `File` element means.
   * @param value - its value. @param environment - path of the environment it stands in
   * @returns `null` for addresses outside the package and parts that are not there.
   */
  find(value: string, environment: string): PackageFile | null;
}

/** A package of which nothing could be read. */
export function emptyPackage(name: string): AasPackage {
  return {
    name,
    environments: [],
    files: [],
    thumbnail: null,
    coreProperties: new Map(),
    relationships: [],
    origin: null,
    findings: [],
    find: () => null,
  };
}
