import { HubError } from '#kernel/errors.ts';
import type { Page, PageRequest } from '#ontology/ports/twin-store.ts';

/** A Relay connection. @see GraphQL Cursor Connections Specification */
export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly nodes: readonly T[];
  readonly pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/**
 * Checks `first` and `after` of a connection field.
 * @throws {HubError} LIMIT_EXCEEDED - first is not within 1 and 500.
 */
export function toPageRequest(args: { first: number; after?: string | null }): PageRequest {
  if (args.first < 1 || args.first > 500)
    throw new HubError('LIMIT_EXCEEDED', `first is ${args.first}; allowed is 1 to 500.`, {
      details: { limit: 500 },
    });
  return {
    first: args.first,
    after: args.after == null ? null : Buffer.from(args.after, 'base64url').toString('utf8'),
  };
}

/** A page as connection; `cursorOf` gives the store's position of an item. */
export function toConnection<T>(
  page: Page<T>,
  request: PageRequest,
  cursorOf: (item: T) => string,
): Connection<T> {
  const edges = page.items.map((node) => ({
    cursor: Buffer.from(cursorOf(node), 'utf8').toString('base64url'),
    node,
  }));
  return {
    edges,
    nodes: page.items,
    pageInfo: {
      hasNextPage: page.next !== null,
      hasPreviousPage: request.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
