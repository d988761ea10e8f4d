import type { DocumentNode } from 'graphql';

/** The beginning of a request's text up to its variables, kept as long as the document it is of. */
const heads = new WeakMap<DocumentNode, string>();

/**
 * The JSON of a request. A document is sent with other variables again and again: its text is escaped once.
 *
 * @param query - the document's text, always the same for one document.
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters
 */
export function requestText(
  document: DocumentNode,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): string {
  let head = heads.get(document);
  if (head === undefined) heads.set(document, (head = `{"query":${JSON.stringify(query)}`));
  for (const _name in variables) return `${head},"variables":${JSON.stringify(variables)}}`;
  return `${head}}`;
}
