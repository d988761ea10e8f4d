import { readFile, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { HubError } from '#kernel/errors.ts';
import type { ModelResolver, ResolvedDocument } from '#ontology/ports/model-resolver.ts';
import { DocumentCache } from './cache.ts';
import { fetchText, shownUrl } from './client.ts';
import type { ModelRepositoryConfig } from './config.ts';
import { definesModel } from './content.ts';
import { expandedPath, pathOf } from './paths.ts';

export { modelRepositoryDefaults, readModelRepositoryConfig, type ModelRepositoryConfig } from './config.ts';

/** How many documents are fetched at once. */
const maxAtOnce = 8;

/**
 * A repository of DTDL interfaces in the layout of the device models repository: a folder or an address. For each
 * interface `....expanded.json` is tried first, which brings what it needs along, then `....json`.
 */
export function createModelRepository(config: ModelRepositoryConfig): ModelResolver {
  const read = /^https?:\/\//.test(config.location) ? overHttp(config) : fromFolder(config);
  return {
    async resolve(ids, signal) {
      const paths = new Map(
        ids.flatMap((id) => [[id, pathOf(id)] as const]).filter(([, path]) => path !== null),
      );
      const found = new Map<string, ResolvedDocument>();
      const waiting = [...paths];
      const work = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          const [id, path] = next;
          const document = await documentOf(id, path ?? '', read, signal);
          if (document) found.set(id, document);
        }
      };
      await Promise.all(Array.from({ length: Math.min(maxAtOnce, waiting.length) }, work));
      // In the order asked, so that findings come in the same order each time.
      const documents = [...paths.keys()].flatMap((id) => found.get(id) ?? []);
      return [...new Map(documents.map((document) => [document.name, document])).values()];
    },
  };
}

/** Reads one path of the repository; `null` when there is nothing. */
type Read = (path: string, signal?: AbortSignal) => Promise<ResolvedDocument | null>;

async function documentOf(
  id: string,
  path: string,
  read: Read,
  signal: AbortSignal | undefined,
): Promise<ResolvedDocument | null> {
  for (const candidate of [expandedPath(path), path]) {
    signal?.throwIfAborted();
    const document = await read(candidate, signal);
    if (!document) continue;
    if (!definesModel(document.content, id))
      throw new HubError('CONNECTOR_PROTOCOL', `${document.name} does not define ${id}.`, {
        details: { id },
      });
    return document;
  }
  return null;
}

function fromFolder({ location, maxBytes }: ModelRepositoryConfig): Read {
  return async (path, signal) => {
    const file = join(location, path);
    const found = await stat(file).catch(() => null);
    if (!found?.isFile()) return null;
    if (found.size > maxBytes)
      throw new HubError('LIMIT_EXCEEDED', `${file} is larger than ${maxBytes} bytes.`, {
        details: { maxBytes },
      });
    return { name: file, content: await readFile(file, { encoding: 'utf8', ...(signal ? { signal } : {}) }) };
  };
}

function overHttp(config: ModelRepositoryConfig): Read {
  const base = new URL(config.location.endsWith('/') ? config.location : `${config.location}/`);
  // One cache serves several repositories; they must not answer for one another.
  const space = createHash('sha256').update(base.href).digest('hex').slice(0, 16);
  const cache = config.cacheFolder === null ? null : new DocumentCache(join(config.cacheFolder, space));
  return async (path, signal) => {
    const url = new URL(path, base);
    const kept = await cache?.read(path);
    if (typeof kept === 'string') return { name: shownUrl(url), content: kept };
    const content = await fetchText(url, config, signal);
    if (content === null) return null;
    // A page that says "not found" with status 200 is no model, and must not be kept.
    if (definesModel(content, null)) await cache?.keep(path, content);
    return { name: shownUrl(url), content };
  };
}
