import { GraphQLError } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { BoundedCache } from '../../engine/bounded-cache.ts';
import { isObject } from '../../engine/merge.ts';
import { OperationRefused } from '../../documents.ts';
import type { CheckedParams } from '../../operation-params.ts';
import { sha256, type TrustedDocuments } from './trusted-documents.ts';

/** `off`: any document runs. `log`: so does it, and those that are not trusted are named in the log. `enforce`: no others run. */
export const trustModes = ['off', 'log', 'enforce'] as const;
export type TrustMode = (typeof trustModes)[number];

export interface DocumentSourceOptions {
  readonly mode: TrustMode;
  readonly trusted: TrustedDocuments;
  /** Automatic persisted queries kept; 0 switches them off. */
  readonly persistedQueries: number;
  readonly log: Logger;
}

/** Longest text that is kept for automatic persisted queries, characters. */
const longestKept = 64 * 1024;

/** Finds the text of an operation: sent along, trusted, or kept from an earlier request. */
export class DocumentSource {
  readonly #options: DocumentSourceOptions;
  readonly #kept: BoundedCache<string, string> | null;
  readonly #logged = new BoundedCache<string, true>(1_000);

  constructor(options: DocumentSourceOptions) {
    this.#options = options;
    this.#kept = options.persistedQueries > 0 ? new BoundedCache(options.persistedQueries) : null;
  }

  /**
   * The text to run.
   * @throws {HubError} INVALID_INPUT - there is none, or hash and text differ; NOT_FOUND - no such trusted document;
   *   FORBIDDEN - the document is not a trusted one.
   * @throws {OperationRefused} PERSISTED_QUERY_NOT_FOUND, PERSISTED_QUERY_NOT_SUPPORTED
   */
  textOf({ query, documentId, extensions }: CheckedParams): string {
    const hash = hashOf(extensions);
    if (query) return this.#sent(query, hash);
    if (documentId !== null) return this.#named(documentId);
    if (hash !== null) return this.#options.trusted.byId(hash) ?? this.#keptUnder(hash);
    throw new HubError('INVALID_INPUT', 'The request has no query.');
  }

  /** Keeps the text of a valid document that came with its hash; beside the id of a document no hash was compared. */
  keep(text: string, { query, extensions }: CheckedParams): void {
    const isChecked = query === text && this.#kept !== null && this.#options.mode !== 'enforce';
    const hash = isChecked ? hashOf(extensions) : null;
    if (hash !== null && text.length <= longestKept) this.#kept?.set(hash, text);
  }

  #sent(query: string, hash: string | null): string {
    if (hash !== null && hash !== sha256(query))
      throw new HubError('INVALID_INPUT', 'The hash of the persisted query is not that of its text.');
    this.#assertTrusted(query);
    return query;
  }

  #named(id: string): string {
    const text = this.#options.trusted.byId(id);
    if (text !== undefined) return text;
    throw new HubError('NOT_FOUND', 'No trusted document has this id.', { details: { documentId: id } });
  }

  #keptUnder(hash: string): string {
    if (!this.#kept || this.#options.mode === 'enforce')
      throw refused('PersistedQueryNotSupported', 'PERSISTED_QUERY_NOT_SUPPORTED');
    const text = this.#kept.get(hash);
    if (text === undefined) throw refused('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
    return text;
  }

  #assertTrusted(query: string): void {
    const { mode, trusted, log } = this.#options;
    if (mode === 'off' || trusted.includes(query)) return;
    const hash = sha256(query);
    if (mode === 'enforce') {
      throw new HubError('FORBIDDEN', 'Only trusted documents run here, and this is none of them.', {
        details: { rule: 'trustedDocuments', sha256: hash },
      });
    }
    if (this.#logged.get(hash)) return;
    this.#logged.set(hash, true);
    log.warn('A document that is not trusted was run', { sha256: hash, document: query.slice(0, 2_000) });
  }
}

/** The messages are the protocol's: clients compare them. @see https://www.apollographql.com/docs/apollo-server/performance/apq */
function refused(message: string, code: string): OperationRefused {
  return new OperationRefused([new GraphQLError(message, { extensions: { code } })]);
}

/** @throws {HubError} INVALID_INPUT - a version that is not known, or no hash. */
function hashOf(extensions: CheckedParams['extensions']): string | null {
  const persisted = extensions?.['persistedQuery'];
  if (persisted === undefined || persisted === null) return null;
  const { version, sha256Hash } = isObject(persisted) ? persisted : {};
  if (version === 1 && typeof sha256Hash === 'string') return sha256Hash.toLowerCase();
  throw new HubError('INVALID_INPUT', 'extensions.persistedQuery needs version 1 and a sha256Hash.');
}
