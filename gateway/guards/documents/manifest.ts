import { readFile } from 'node:fs/promises';
import { HubError, messageOf } from '#kernel/errors.ts';
import { isObject } from '../../engine/merge.ts';

/** A document of a manifest. */
export interface ManifestEntry {
  readonly id: string;
  readonly text: string;
}

/**
 * Reads a manifest of trusted documents: Relay's (an object of texts by id) or Apollo's (`operations` with `id` and
 * `body`).
 *
 * @throws {HubError} CONFIG_INVALID - it cannot be read, or is neither.
 * @see https://relay.dev/docs/guides/persisted-queries/
 * @see https://www.apollographql.com/docs/graphos/platform/security/persisted-queries
 */
export async function readManifest(path: string): Promise<readonly ManifestEntry[]> {
  try {
    return parseManifest(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new HubError(
      'CONFIG_INVALID',
      `The trusted documents in ${path} cannot be read: ${messageOf(error)}`,
      {
        details: { path },
        cause: error,
      },
    );
  }
}

/** @throws {Error} saying what is wrong. */
export function parseManifest(manifest: unknown): readonly ManifestEntry[] {
  if (!isObject(manifest)) throw new Error('it is not an object');
  if ('format' in manifest || Array.isArray(manifest['operations'])) return parseApolloManifest(manifest);
  return Object.entries(manifest).map(([id, text]) => {
    if (typeof text !== 'string') throw new Error(`the document ${id} is not a text`);
    return { id, text };
  });
}

function parseApolloManifest({ format, version, operations }: Readonly<Record<string, unknown>>) {
  if (format !== undefined && format !== 'apollo-persisted-query-manifest')
    throw new Error(`the format ${JSON.stringify(format)} is not known`);
  if (version !== undefined && version !== 1) throw new Error(`version ${String(version)} is not known`);
  if (!Array.isArray(operations)) throw new Error('operations is not a list');
  return operations.map((operation: unknown, index) => {
    const { id, body } = isObject(operation) ? operation : {};
    if (typeof id === 'string' && typeof body === 'string') return { id, text: body };
    throw new Error(`operation ${index} has no id or no body`);
  });
}
