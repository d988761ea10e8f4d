import { HubError } from '#kernel/errors.ts';
import { thumbnailElement, type FileLink, type FileLinks } from '#ontology/ports/file-links.ts';
import type { Twin } from '#ontology/twin.ts';
import { toConnection, toPageRequest, type Connection } from '../common/connection.ts';

/** The files of a twin, a page of those that its values still mean. @throws {HubError} LIMIT_EXCEEDED, STEP_NOT_ALLOWED */
export async function filesOf(
  twin: Twin,
  args: { first: number; after?: string | null },
  links: FileLinks | undefined,
): Promise<Connection<FileLink>> {
  if (!links) throw new HubError('STEP_NOT_ALLOWED', 'This hub keeps no files.');
  const request = toPageRequest(args);
  const page = await links.ofTwin(twin.tenant, twin.id, request);
  const items = page.items.filter((link) => isMeant(link, twin));
  const connection = toConnection({ ...page, items }, request, ({ element }) => element);
  // A page that lost its last items still tells where the next one begins.
  const endCursor =
    page.next === null ? connection.pageInfo.endCursor : Buffer.from(page.next).toString('base64url');
  return { ...connection, pageInfo: { ...connection.pageInfo, endCursor } };
}

/** A file stays with its twin while the property has the value it came with. */
function isMeant({ element, path }: FileLink, twin: Twin): boolean {
  return element === thumbnailElement || twin.properties[element] === path;
}

/** Resolvers of the type TwinFile. */
export const fileFields = {
  TwinFile: {
    url: ({ sha256 }: FileLink) => `/files/${sha256}`,
  },
};
