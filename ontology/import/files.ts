import type { ReadEnvironment } from '../aas/index.ts';
import type { ImportDocument } from './documents.ts';

/** Whether a reference has a scheme or an authority, so that it never means a part of a package. @see RFC 3986, 4.2 */
function isAddress(path: string): boolean {
  return /^(?!file:)[A-Za-z][A-Za-z0-9+.-]*:/i.test(path) || path.startsWith('//');
}

/** Warns of files that an environment of a package refers to and the package does not have. */
export function reportMissingFiles(
  environments: readonly ReadEnvironment[],
  documents: readonly ImportDocument[],
): void {
  const inPackage = new Map(documents.map(({ name, hasFile }) => [name, hasFile]));
  for (const { sink, shells, submodels } of environments) {
    const hasFile = inPackage.get(sink.document);
    if (!hasFile) continue;
    const pictures = shells.flatMap(({ thumbnail }) => thumbnail ?? []);
    for (const { path, pointer } of [...pictures, ...submodels.flatMap(({ files }) => files)]) {
      if (isAddress(path) || hasFile(path)) continue;
      const what = JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
      sink.warn('hub:fileMissing', pointer, `The package has no file ${what}. Add it, or give its address.`);
    }
  }
}
