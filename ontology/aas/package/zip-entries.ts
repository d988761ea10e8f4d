import { shown } from './findings.ts';
import { ratioMatters, type PackageLimits } from './limits.ts';
import { PackageFault } from './rules.ts';
import { zip64Field, type Range, type ZipDirectory, type ZipEntry } from './zip-directory.ts';

/** An entry that may be inflated, and where its bytes are. */
export interface PackedPart {
  readonly entry: ZipEntry;
  readonly data: Range;
}

const localSignature = 0x04034b50;
const descriptorSignature = 0x08074b50;
const descriptorFlag = 8;
const stored = 0;
const deflated = 8;
/** Encrypted, compressed patch, strong encryption, masked header values. */
const refusedFlags = 0x1 | 0x20 | 0x40 | 0x2000;
const fileTypes = { mask: 0xf000, none: 0, regular: 0x8000, folder: 0x4000 };

/**
 * Checks all entries against their local headers, one another and the limits. Folders are checked and left out.
 * @returns the entries of files, and the number of bytes that belong to nothing.
 * @throws {PackageFault} the first contradiction.
 */
export function checkEntries(
  bytes: Uint8Array,
  directory: ZipDirectory,
  limits: PackageLimits,
): { parts: readonly PackedPart[]; gap: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let total = 0;
  for (const entry of directory.entries) {
    checkKind(entry);
    checkLimits(entry, limits);
    total += entry.size;
  }
  if (total > limits.maxTotalBytes)
    throw new PackageFault(
      'packageTotalTooLarge',
      `Unpacked it has ${total} bytes; ${limits.maxTotalBytes} are allowed.`,
    );
  const placed = directory.entries.map((entry) => ({
    entry,
    ...locate(bytes, view, entry, directory.start),
  }));
  const gap = checkOverlap(placed, directory.start);
  return { parts: placed.filter(({ entry }) => !isFolder(entry)), gap };
}

function isFolder(entry: ZipEntry): boolean {
  return entry.name.endsWith('/');
}

function checkKind(entry: ZipEntry): void {
  const name = shown(entry.name);
  if (entry.flags & refusedFlags)
    throw new PackageFault(
      'packageEncrypted',
      `The entry ${name} is encrypted or patched (flags ${entry.flags}).`,
    );
  if (entry.method !== stored && entry.method !== deflated)
    throw new PackageFault('packageMethod', `The entry ${name} is packed with method ${entry.method}.`);
  const type = (entry.attributes >>> 16) & fileTypes.mask;
  const plain = isFolder(entry) ? [fileTypes.none, fileTypes.folder] : [fileTypes.none, fileTypes.regular];
  if (!plain.includes(type))
    throw new PackageFault('packageSpecialEntry', `The entry ${name} is a link or a special file.`);
  if (isFolder(entry) && (entry.size !== 0 || entry.packedSize > 2))
    throw new PackageFault('packageSpecialEntry', `The folder ${name} has content.`);
}

function checkLimits(entry: ZipEntry, limits: PackageLimits): void {
  const { size, packedSize } = entry;
  const name = shown(entry.name);
  if (entry.method === stored && size !== packedSize)
    throw new PackageFault(
      'packageSize',
      `The stored entry ${name} has two sizes, ${packedSize} and ${size}.`,
    );
  if (size > limits.maxPartBytes)
    throw new PackageFault(
      'packagePartTooLarge',
      `The entry ${name} has ${size} bytes; ${limits.maxPartBytes} are allowed.`,
    );
  if (size > ratioMatters && size > packedSize * limits.maxRatio)
    throw new PackageFault(
      'packageRatio',
      `The entry ${name} grows from ${packedSize} to ${size} bytes, more than ${limits.maxRatio}-fold.`,
    );
}

/** @returns its bytes, and all that belongs to it. */
function locate(
  bytes: Uint8Array,
  view: DataView,
  entry: ZipEntry,
  limit: number,
): { data: Range; whole: Range } {
  const { offset } = entry;
  const name = shown(entry.name);
  if (offset + 30 > limit)
    throw new PackageFault('packageTruncated', `The entry ${name} lies beyond the parts.`);
  if (view.getUint32(offset, true) !== localSignature)
    throw new PackageFault(
      'packageHeaderDiffers',
      `Where the entry ${name} should start is no local header.`,
    );
  const nameEnd = offset + 30 + view.getUint16(offset + 26, true);
  const start = nameEnd + view.getUint16(offset + 28, true);
  const data = { start, end: start + entry.packedSize };
  if (data.end > limit)
    throw new PackageFault('packageTruncated', `The entry ${name} is longer than the file.`);
  checkLocal(view, entry, { start: nameEnd, end: start });
  if (!sameName(bytes.subarray(offset + 30, nameEnd), entry.name))
    throw new PackageFault('packageHeaderDiffers', `The entry ${name} has another name in its local header.`);
  return { data, whole: { start: offset, end: descriptorEnd(view, entry, data.end, limit) } };
}

function sameName(local: Uint8Array, name: string): boolean {
  return Buffer.from(name, 'utf8').equals(local);
}

/** Sizes and CRC of the local header, unless a data descriptor follows and they are left zero. @see APPNOTE 4.4.4 */
function checkLocal(view: DataView, entry: ZipEntry, extra: Range): void {
  const at = entry.offset;
  const flags = view.getUint16(at + 6, true);
  const described = (entry.flags & descriptorFlag) !== 0;
  const has = [14, 18, 22].map((offset) => view.getUint32(at + offset, true));
  const wide = zip64Field(view, extra);
  const says = [entry.crc, entry.packedSize, entry.size];
  const fits = has.every(
    (value, i) =>
      value === says[i] || (described && value === 0) || (i > 0 && wide !== null && value === 0xffffffff),
  );
  const sameFlags = ((flags ^ entry.flags) & (refusedFlags | descriptorFlag)) === 0;
  if (fits && sameFlags && view.getUint16(at + 8, true) === entry.method) return;
  throw new PackageFault(
    'packageHeaderDiffers',
    `The local header of ${shown(entry.name)} contradicts the directory.`,
  );
}

/** Where the data descriptor ends, in whichever of its four forms it is; the end of the data without one. */
function descriptorEnd(view: DataView, entry: ZipEntry, end: number, limit: number): number {
  if (!(entry.flags & descriptorFlag)) return end;
  const crcAt = end + 4 <= limit && view.getUint32(end, true) === descriptorSignature ? end + 4 : end;
  for (const width of [4, 8]) {
    const after = crcAt + 4 + 2 * width;
    if (after > limit || view.getUint32(crcAt, true) !== entry.crc) continue;
    if (
      sized(view, crcAt + 4, width) === entry.packedSize &&
      sized(view, crcAt + 4 + width, width) === entry.size
    )
      return after;
  }
  throw new PackageFault(
    'packageHeaderDiffers',
    `The data descriptor of ${shown(entry.name)} contradicts the directory.`,
  );
}

function sized(view: DataView, at: number, width: number): number {
  return width === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}

/** @returns bytes between the entries. */
function checkOverlap(placed: readonly { entry: ZipEntry; whole: Range }[], end: number): number {
  const sorted = [...placed].sort((a, b) => a.whole.start - b.whole.start);
  if ((sorted[0]?.whole.start ?? end) !== 0)
    throw new PackageFault('packageForeignBytes', 'There are bytes before the first entry.');
  let [gap, reached] = [0, 0];
  for (const { entry, whole } of sorted) {
    if (whole.start < reached)
      throw new PackageFault('packageOverlap', `The entry ${shown(entry.name)} shares bytes with another.`);
    gap += whole.start - reached;
    reached = whole.end;
  }
  return gap + end - reached;
}
