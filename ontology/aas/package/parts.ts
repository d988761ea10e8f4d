import { shown, type PackageFindings } from './findings.ts';
import { inflatePart } from './inflate.ts';
import type { PackageLimits } from './limits.ts';
import { checkFolderName, contentTypesKey, parsePartName, type PartName } from './part-name.ts';
import { PackageFault } from './rules.ts';
import { readDirectory } from './zip-directory.ts';
import { checkEntries, type PackedPart } from './zip-entries.ts';

/** A part that is known, not yet inflated. */
export interface RawPart extends PartName {
  readonly size: number;
  /** Inflates and checks it. @throws {PackageFault} */
  bytes(): Promise<Uint8Array>;
}

/** All parts by key, in the order of the directory. @throws {PackageFault} what the container has wrong. */
export function readParts(
  bytes: Uint8Array,
  limits: PackageLimits,
  findings: PackageFindings,
): ReadonlyMap<string, RawPart> {
  const directory = readDirectory(bytes, limits);
  for (const { name } of directory.entries) if (name.endsWith('/')) checkFolderName(name);
  const { parts: packed, gap } = checkEntries(bytes, directory, limits);
  if (gap) findings.add('packageGap', `${gap} bytes lie between the entries.`);
  const parts = new Map<string, RawPart>();
  for (const one of packed) {
    const part = toPart(bytes, one);
    const same = parts.get(part.key);
    if (same)
      throw new PackageFault('packageDuplicate', `${shown(part.path)} and ${shown(same.path)} are one name.`);
    if (part.unencoded)
      findings.add('packageNameUnencoded', 'Its name has characters that are not encoded.', part.path);
    parts.set(part.key, part);
  }
  checkNesting(parts);
  if (!parts.has(contentTypesKey))
    throw new PackageFault('packageNoContentTypes', 'It has no [Content_Types].xml.');
  return parts;
}

function toPart(bytes: Uint8Array, packed: PackedPart): RawPart {
  const name = parsePartName(packed.entry.name);
  return { ...name, size: packed.entry.size, bytes: () => inflatePart(bytes, packed, name.path) };
}

/** @see ISO/IEC 29500-2, 9.1.1.4: no part's name is another's with segments added. */
function checkNesting(parts: ReadonlyMap<string, RawPart>): void {
  for (const { key, path } of parts.values()) {
    for (let at = key.lastIndexOf('/'); at > 0; at = key.lastIndexOf('/', at - 1)) {
      const above = parts.get(key.slice(0, at));
      if (above)
        throw new PackageFault('packageNested', `${shown(path)} lies below the part ${shown(above.path)}.`);
    }
  }
}
