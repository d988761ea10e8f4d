/**
 * Names of parts and targets of relationships. A name is kept as it stands; parts are told apart by their key, so that
 * writers who encode and writers who do not, and those who mix case, mean the same part.
 * @see ISO/IEC 29500-2, 9.1.1 (part names), 9.3 (relationships)
 */
import { shown } from './findings.ts';
import { PackageFault } from './rules.ts';

export interface PartName {
  /** With a leading slash, as it stands in the package. */
  readonly path: string;
  /** Equal for names that mean the same part: percent-decoded, NFC, lower case. */
  readonly key: string;
  /** Whether it has characters that a part name percent-encodes. */
  readonly unencoded: boolean;
}

export const contentTypesKey = '/[content_types].xml';
export const rootRelationshipsKey = '/_rels/.rels';

const maxNameLength = 1024;
const maxSegments = 64;
const control = /[\u0000-\u001f\u007f-\u009f\ufeff\ufffe\uffff]/;
const piece = /\/\[\d+\](\.last)?\.piece$/;
const encoded = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/;

/** Reads the name of an entry that is no folder. @throws {PackageFault} packageName, packagePieces */
export function parsePartName(name: string): PartName {
  const bad = (what: string) => new PackageFault('packageName', `The name ${shown(name)} ${what}.`);
  if (name.length > maxNameLength) throw bad(`has more than ${maxNameLength} characters`);
  if (control.test(name)) throw bad('has control characters');
  if (name.includes('\\')) throw bad('has backslashes');
  if (name.startsWith('/')) throw bad('is absolute');
  if (/^[A-Za-z]:/.test(name)) throw bad('starts with a drive letter');
  const pieces = name.split('/');
  if (pieces.length > maxSegments) throw bad(`has more than ${maxSegments} segments`);
  const segments = pieces.map((segment) => {
    const decoded = decodeSegment(segment);
    if (decoded === null) throw bad('has a segment that is empty, a way upwards, or wrongly encoded');
    return decoded;
  });
  const key = keyOf(segments);
  if (piece.test(key)) throw new PackageFault('packagePieces', `The part ${shown(name)} is cut into pieces.`);
  return { path: `/${name}`, key, unencoded: key !== contentTypesKey && !encoded.test(name) };
}

/** A name for folders is as harmless as one for parts. @throws {PackageFault} packageName */
export function checkFolderName(name: string): void {
  parsePartName(name.replace(/\/$/, ''));
}

function keyOf(segments: readonly string[]): string {
  return `/${segments.join('/')}`.normalize('NFC').toLowerCase();
}

/** @returns `null` for one that names nothing, leads upwards, or hides a separator. */
function decodeSegment(segment: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(segment);
  } catch {
    return null;
  }
  if (decoded === '' || decoded.endsWith('.') || control.test(decoded) || /[\\/]/.test(decoded)) return null;
  return decoded;
}

/** Key of the relationship part of a part, or of the package (`/`). */
export function relationshipsKey(sourceKey: string): string {
  const at = sourceKey.lastIndexOf('/') + 1;
  return `${sourceKey.slice(0, at)}_rels/${sourceKey.slice(at)}.rels`;
}

/** Key of the source of a relationship part, `/` for the package; `null` for other parts. */
export function relationshipSource(key: string): string | null {
  const found = /^(.*\/)_rels\/([^/]*)\.rels$/.exec(key);
  return found ? `${found[1]}${found[2]}` : null;
}

/**
 * Where a reference leads: the key of a part (that may be missing), or `null` for something outside.
 * @param source - key of the part it stands in, `/` for the package. @param reference - RFC 3986 reference
 * @returns also `null` for addresses with a scheme or an authority. @throws {PackageFault} packageTarget
 */
export function resolveReference(source: string, reference: string): string | null {
  const bad = (what: string) => new PackageFault('packageTarget', `The target ${shown(reference)} ${what}.`);
  if (reference.length > maxNameLength) {
    if (isAddress(reference)) return null;
    throw bad(`has more than ${maxNameLength} characters`);
  }
  if (isAddress(reference)) return null;
  if (control.test(reference) || reference.includes('\\')) throw bad('has backslashes or control characters');
  const path = reference.replace(/#.*$/, '');
  if (path === '' || path.includes('?')) throw bad('names no part');
  const segments = path.startsWith('/') ? [] : source.split('/').slice(1, -1);
  for (const segment of path.replace(/^\//, '').split('/')) {
    if (segment === '.') continue;
    if (segment === '..') {
      if (segments.pop() === undefined) throw bad('leads out of the package');
      continue;
    }
    const decoded = decodeSegment(segment);
    if (decoded === null) throw bad('has a segment that is empty, a way upwards, or wrongly encoded');
    segments.push(decoded);
  }
  return keyOf(segments);
}

/** Whether a reference has a scheme or an authority, so that it leads out of any package. */
function isAddress(reference: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(reference) || reference.startsWith('//');
}

/** Whether a key is that of a relationship part or of [Content_Types].xml. */
export function isMarkup(key: string): boolean {
  return key === contentTypesKey || relationshipSource(key) !== null;
}
