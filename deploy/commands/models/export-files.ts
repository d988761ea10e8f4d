import { createHash } from 'node:crypto';
import { HubError } from '#kernel/errors.ts';
import type { PackageContent, PartContent } from '#ontology/aas/package/index.ts';
import { thumbnailElement } from '#ontology/ports/file-links.ts';
import { documents } from '../documents.ts';
import { hubUrl } from '../hub-client.ts';
import type { HubAccess } from '../hub-options.ts';
import { askHub, type HubDeps } from './hub.ts';

/** Where the environment of an exported package is. */
export const environmentPath = '/aasx/environment.aas.xml';

/** A file as the hub lists it. */
interface ListedFile {
  readonly twinId: string;
  readonly element: string;
  readonly path: string;
  readonly contentType: string;
  readonly sha256: string;
  readonly url: string;
}

interface TwinsAnswer {
  readonly twins: {
    readonly nodes: readonly {
      readonly twinId: string;
      readonly files: { readonly nodes: readonly Omit<ListedFile, 'twinId'>[] };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/**
 * The files that an exported environment refers to, for the package it goes into. Of two with one path, that of a twin
 * named by `ids` is taken; the other one is told about.
 *
 * @param environment - XML text. @throws {HubError} CONNECTOR_UNREACHABLE, CONNECTOR_REFUSED, CONNECTOR_PROTOCOL
 */
export async function filesFor(
  environment: string,
  ids: readonly string[],
  access: HubAccess,
  deps: HubDeps,
): Promise<Pick<PackageContent, 'supplements' | 'thumbnail'>> {
  const rank = ({ twinId }: ListedFile) => (ids.includes(twinId) ? 0 : 1);
  const listed = (await listFiles(access, deps)).filter((file) => isMeant(file, environment, ids));
  const parts = new Map<string, PartContent & { readonly sha256: string }>();
  for (const file of listed.sort((a, b) => rank(a) - rank(b))) {
    const path = partPath(file.path);
    const there = path === null ? undefined : parts.get(path.toLowerCase());
    if (path === null) continue;
    if (!there)
      parts.set(path.toLowerCase(), { path, sha256: file.sha256, ...(await download(file, access, deps)) });
    else if (there.sha256 !== file.sha256)
      deps.terminal.err(`${file.twinId} ${file.element}: left out, another file has its path ${file.path}`);
  }
  const picture = listed.find(({ element }) => element === thumbnailElement);
  const thumbnail = picture && parts.get(partPath(picture.path)?.toLowerCase() ?? '');
  return { supplements: [...parts.values()], ...(thumbnail ? { thumbnail } : {}) };
}

async function listFiles(access: HubAccess, deps: HubDeps): Promise<ListedFile[]> {
  const found: ListedFile[] = [];
  for (let after: string | null = null; ;) {
    const { twins }: TwinsAnswer = await askHub<TwinsAnswer>(
      access,
      documents.twinsWithFiles,
      { after },
      deps,
    );
    for (const { twinId, files } of twins.nodes)
      for (const file of files.nodes) found.push({ twinId, ...file });
    if (!twins.pageInfo.hasNextPage) return found;
    after = twins.pageInfo.endCursor;
  }
}

/** Whether the environment has the file's path as a value, or the file is the picture of a twin that was asked for. */
function isMeant(
  { element, path, twinId }: ListedFile,
  environment: string,
  ids: readonly string[],
): boolean {
  if (element === thumbnailElement && ids.includes(twinId)) return true;
  return environment.includes(`>${escaped(path)}<`);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The part that a path of a `File` element means in the exported package; `null` when it names none. */
function partPath(path: string): string | null {
  const base = `http://package${environmentPath}`;
  const reference = path.replace(/^file:\/{0,3}/i, '/');
  if (!URL.canParse(reference, base)) return null;
  const { host, pathname } = new URL(reference, base);
  return host === 'package' && !pathname.endsWith('/') ? pathname : null;
}

async function download(
  file: ListedFile,
  access: HubAccess,
  deps: HubDeps,
): Promise<Pick<PartContent, 'bytes' | 'contentType'>> {
  const url = new URL(file.url, hubUrl(deps.terminal, access));
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${await deps.token(access)}` },
    redirect: 'error',
    ...(deps.signal ? { signal: deps.signal } : {}),
  }).catch((cause: unknown) => {
    throw new HubError('CONNECTOR_UNREACHABLE', `The file ${url.pathname} did not come.`, { cause });
  });
  if (!response.ok)
    throw new HubError(
      'CONNECTOR_REFUSED',
      `The hub refused ${url.pathname}: HTTP status ${response.status}`,
    );
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (createHash('sha256').update(bytes).digest('hex') !== file.sha256)
    throw new HubError('CONNECTOR_PROTOCOL', `The file ${url.pathname} is not what the hub says it is.`);
  return { bytes, contentType: file.contentType };
}
