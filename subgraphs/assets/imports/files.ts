import { readFile } from 'node:fs/promises';
import { documentName, readPackage, type AasPackage, type PackageFile } from '#ontology/aas/package/index.ts';
import type { PlannedFile } from '#ontology/import.ts';
import { thumbnailElement, type FileLink } from '#ontology/ports/file-links.ts';
import type { PlanDocument } from './messages.ts';
import type { Call } from './worker-lookups.ts';

/**
 * Hands the files that twins get to the hub: those that are parts of the packages of this import. Addresses outside and
 * parts that are not there were told about before, or are no business of ours; they stay values.
 */
export async function keepFiles(
  planned: readonly PlannedFile[],
  documents: readonly PlanDocument[],
  call: Call,
): Promise<void> {
  const names = documents.map(({ name }) => name);
  const byPackage = Map.groupBy(planned, (file) => packageOf(file, names));
  for (const { name, path } of documents) {
    const files = byPackage.get(name);
    // One package at a time is in memory.
    if (files) await keepFilesOf(await readPackage(name, await readFile(path)), files, call);
  }
}

/** Documents of a package are named after it and the part. */
function packageOf({ document }: PlannedFile, names: readonly string[]): string | undefined {
  return names.find((name) => document.startsWith(documentName(name, '/')));
}

async function keepFilesOf(read: AasPackage, planned: readonly PlannedFile[], call: Call): Promise<void> {
  const kept = new Set<string>();
  const links: FileLink[] = [];
  for (const file of withPictures(read, planned)) {
    const part = partOf(read, file);
    if (!part) continue;
    if (!kept.has(part.sha256)) await keep(part, call);
    kept.add(part.sha256);
    links.push(toLink(file, part));
  }
  if (links.length) await call('linkFiles', links);
}

/** A copy: what travels between threads is the whole buffer of a view, and a stored part is a view of its package. */
async function keep(part: PackageFile, call: Call): Promise<void> {
  await call('keepFile', { sha256: part.sha256, bytes: new Uint8Array(await part.bytes()) });
}

function partOf(read: AasPackage, { document, path }: PlannedFile): PackageFile | null {
  return read.find(path, document.slice(documentName(read.name, '').length));
}

/** The picture of a package is that of its twin, when it is about one twin that has no other. */
function withPictures(read: AasPackage, planned: readonly PlannedFile[]): readonly PlannedFile[] {
  const [first] = planned;
  const isOne = first && planned.every(({ twinId }) => twinId === first.twinId);
  if (!isOne || !read.thumbnail || planned.some(({ element }) => element === thumbnailElement))
    return planned;
  return [...planned, { ...first, element: thumbnailElement, path: read.thumbnail.path, contentType: null }];
}

function toLink({ twinId, element, path, contentType }: PlannedFile, part: PackageFile): FileLink {
  const { sha256, size } = part;
  return {
    twinId,
    element,
    path,
    sha256,
    size,
    name: nameOf(part.path),
    contentType: contentType ?? part.contentType,
  };
}

/** The last step of a path, as people read it. The reader of packages has checked that it can be decoded. */
function nameOf(path: string): string {
  return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
}
