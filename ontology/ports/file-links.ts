import type { TenantId, TwinId } from '../ids.ts';
import type { Page, PageRequest } from './twin-store.ts';

/** A file of a twin: the value of an AAS `File` element, or the picture of its shell. */
export interface FileLink {
  readonly twinId: TwinId;
  /**
   * Property of the twin whose value names the file, `HandoverDocumentation.Document.0.DigitalFile`; `$thumbnail` for the
   * picture. With the twin it is unique.
   */
  readonly element: string;
  /** The value it belongs to, as the model has it: when the property has another one, the file is no longer meant. */
  readonly path: string;
  /** Its content. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** For people: the last step of the path, decoded. */
  readonly name: string;
  /** A media type, as the model or the package says. */
  readonly contentType: string;
}

/** What the thumbnail is called among the elements. */
export const thumbnailElement = '$thumbnail';

/** Which files belong to which twins, per tenant. What a call wrote is durable when it resolves. */
export interface FileLinks {
  /** Adds, or replaces those of the same twin and element; all or nothing. */
  attach(tenant: TenantId, links: readonly FileLink[]): Promise<void>;
  /** Removes those of a twin, or only of the elements named. @returns how many. */
  detach(tenant: TenantId, twinId: TwinId, elements?: readonly string[]): Promise<number>;
  /** Ordered by element. `next` is the element of the last one. */
  ofTwin(tenant: TenantId, twinId: TwinId, page: PageRequest): Promise<Page<FileLink>>;
  /** A link to this content, the first by twin and element; `null` when no twin of the tenant has it. */
  ofContent(tenant: TenantId, sha256: string): Promise<FileLink | null>;

  /** Keeps links that an import will make, and with them their contents; nobody sees them yet. Adds to those staged. */
  stage(tenant: TenantId, batch: string, links: readonly FileLink[]): Promise<void>;
  /** Makes what is staged visible, and remembers what it replaces. A repeat does nothing. @returns how many. */
  commit(tenant: TenantId, batch: string): Promise<number>;
  /** Takes a commit back, but for links that were changed since. A repeat does nothing. @returns how many. */
  revert(tenant: TenantId, batch: string): Promise<number>;
  /** Forgets what is staged. */
  discard(tenant: TenantId, batch: string): Promise<void>;

  /** Which of these contents a link needs, one that is staged, or one that a commit replaced. */
  needed(tenant: TenantId, sha256s: readonly string[]): Promise<ReadonlySet<string>>;
}
