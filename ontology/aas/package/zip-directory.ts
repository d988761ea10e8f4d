/**
 * Reads the central directory of a ZIP file, which alone says what is inside. Local headers have to agree with it, so
 * that no other reader sees something else than we do.
 * @see PKWARE APPNOTE 6.3.10, section 4.3
 */
import { shown } from './findings.ts';
import type { PackageLimits } from './limits.ts';
import { PackageFault } from './rules.ts';

/** An entry as the central directory states it. Nothing of it is checked but that it lies within the file. */
export interface ZipEntry {
  /** As it stands, decoded. */
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Upper 16 bits: the mode of Unix. */
  readonly attributes: number;
  /** Where its local header starts. */
  readonly offset: number;
}

/** A range of the file, end excluded. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** What the directory and its end records cover: to the end of the file. */
  readonly start: number;
}

const signature = { entry: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 };
const none16 = 0xffff;
const none32 = 0xffffffff;
const endSize = 22;
const end64Size = 56;
const locator64Size = 20;

interface End extends Range {
  readonly count: number;
  readonly size: number;
  readonly offset: number;
}

/** @throws {PackageFault} no directory, one that contradicts itself, or more entries than allowed. */
export function readDirectory(bytes: Uint8Array, limits: PackageLimits): ZipDirectory {
  if (bytes.length > limits.maxBytes)
    throw new PackageFault(
      'packageTooLarge',
      `The package has ${bytes.length} bytes; ${limits.maxBytes} are allowed.`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = readEnd(view);
  if (end.count > limits.maxEntries)
    throw new PackageFault(
      'packageTooManyEntries',
      `It has ${end.count} entries; ${limits.maxEntries} are allowed.`,
    );
  if (end.offset + end.size > end.start)
    throw new PackageFault('packageTruncated', 'The central directory lies beyond the end of the file.');
  if (end.offset + end.size < end.start)
    throw new PackageFault(
      'packageForeignBytes',
      'There are bytes before the ZIP file or behind its directory.',
    );
  return { entries: readEntries(bytes, view, end), start: end.offset };
}

/** The end record is the last thing in the file but for its own comment. */
function readEnd(view: DataView): End {
  const last = view.byteLength - endSize;
  for (let at = last; at >= Math.max(0, last - none16); at--) {
    if (view.getUint32(at, true) !== signature.end) continue;
    if (at + endSize + view.getUint16(at + 20, true) !== view.byteLength) continue;
    return end64(view, at) ?? plainEnd(view, at);
  }
  const begins = view.byteLength >= 4 && [0x04034b50, signature.end].includes(view.getUint32(0, true));
  if (!begins) throw new PackageFault('packageNotZip', 'This is no ZIP file.');
  if (hasEnd(view))
    throw new PackageFault('packageForeignBytes', 'There are bytes behind the end of the ZIP file.');
  throw new PackageFault('packageTruncated', 'The ZIP file has no end: its central directory is missing.');
}

function hasEnd(view: DataView): boolean {
  const lowest = Math.max(0, view.byteLength - 2 ** 20);
  for (let at = view.byteLength - endSize; at >= lowest; at--)
    if (view.getUint32(at, true) === signature.end) return true;
  return false;
}

function plainEnd(view: DataView, at: number): End {
  checkDisks([view.getUint16(at + 4, true), view.getUint16(at + 6, true)]);
  const count = view.getUint16(at + 10, true);
  checkCounts(view.getUint16(at + 8, true), count);
  return {
    start: at,
    end: view.byteLength,
    count,
    size: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
}

function end64(view: DataView, at: number): End | null {
  const locator = at - locator64Size;
  if (locator < 0 || view.getUint32(locator, true) !== signature.locator64) return null;
  const start = big(view, locator + 8);
  if (start + end64Size > locator || view.getUint32(start, true) !== signature.end64)
    throw new PackageFault('packageDirectory', 'The ZIP64 locator does not lead to an end record.');
  if (start + 12 + big(view, start + 4) !== locator)
    throw new PackageFault(
      'packageForeignBytes',
      'There are bytes between the ZIP64 end record and its locator.',
    );
  checkDisks([
    view.getUint32(start + 16, true),
    view.getUint32(start + 20, true),
    view.getUint32(locator + 4, true),
  ]);
  const end = {
    start,
    end: view.byteLength,
    count: big(view, start + 32),
    size: big(view, start + 40),
    offset: big(view, start + 48),
  };
  checkCounts(big(view, start + 24), end.count);
  const plain = [view.getUint16(at + 10, true), view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  const agrees = [end.count, end.size, end.offset].every(
    (value, i) => plain[i] === (i === 0 ? none16 : none32) || plain[i] === value,
  );
  if (!agrees) throw new PackageFault('packageDirectory', 'The two end records contradict each other.');
  return end;
}

function checkDisks(disks: readonly number[]): void {
  if (disks.some((disk) => disk !== 0))
    throw new PackageFault('packageMultiDisk', 'The ZIP file is spread over several.');
}

function checkCounts(here: number, all: number): void {
  if (here !== all)
    throw new PackageFault('packageDirectory', `The end record counts ${here} and ${all} entries.`);
}

function readEntries(bytes: Uint8Array, view: DataView, end: End): ZipEntry[] {
  const entries: ZipEntry[] = [];
  const limit = end.offset + end.size;
  let at = end.offset;
  while (at < limit) {
    // Before they fill the memory.
    if (entries.length === end.count)
      throw new PackageFault(
        'packageDirectory',
        `It has more entries than its end record says, ${end.count}.`,
      );
    if (at + 46 > limit || view.getUint32(at, true) !== signature.entry)
      throw new PackageFault(
        'packageDirectory',
        `Entry ${entries.length + 1} of the central directory is broken.`,
      );
    const [nameSize, extraSize, commentSize] = [28, 30, 32].map((offset) =>
      view.getUint16(at + offset, true),
    ) as [number, number, number];
    const next = at + 46 + nameSize + extraSize + commentSize;
    if (next > limit)
      throw new PackageFault(
        'packageDirectory',
        `Entry ${entries.length + 1} of the central directory is cut off.`,
      );
    const extra = { start: at + 46 + nameSize, end: at + 46 + nameSize + extraSize };
    entries.push(readEntry(view, at, decodeName(bytes.subarray(at + 46, extra.start)), extra));
    at = next;
  }
  if (entries.length !== end.count)
    throw new PackageFault(
      'packageDirectory',
      `It has ${entries.length} entries; its end record says ${end.count}.`,
    );
  return entries;
}

function readEntry(view: DataView, at: number, name: string, extra: Range): ZipEntry {
  const wide = {
    size: view.getUint32(at + 24, true),
    packedSize: view.getUint32(at + 20, true),
    offset: view.getUint32(at + 42, true),
  };
  const disk = view.getUint16(at + 34, true);
  const [size, packedSize, offset, diskLeft] = widen(
    view,
    extra,
    [wide.size, wide.packedSize, wide.offset],
    disk,
    name,
  );
  checkDisks([diskLeft]);
  return {
    name,
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packedSize,
    size,
    attributes: view.getUint32(at + 38, true),
    offset,
  };
}

/** Replaces the values that are all ones by those of the ZIP64 extra field, in its order. @see APPNOTE 4.5.3 */
function widen(
  view: DataView,
  extra: Range,
  values: readonly [number, number, number],
  disk: number,
  name: string,
): [number, number, number, number] {
  let field = zip64Field(view, extra);
  const wide = values.map((value) => {
    if (value !== none32) return value;
    if (!field || field.start + 8 > field.end)
      throw new PackageFault('packageDirectory', `The ZIP64 sizes of ${shown(name)} are missing.`);
    const read = big(view, field.start);
    field = { start: field.start + 8, end: field.end };
    return read;
  }) as [number, number, number];
  const diskWide =
    disk === none16 && field && field.start + 4 <= field.end ? view.getUint32(field.start, true) : disk;
  return [...wide, diskWide];
}

/** The ZIP64 extra field, without its head. @see APPNOTE 4.5.3 */
export function zip64Field(view: DataView, extra: Range): Range | null {
  for (let at = extra.start; at + 4 <= extra.end;) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) return { start: at + 4, end: Math.min(end, extra.end) };
    at = end;
  }
  return null;
}

/** @throws {PackageFault} beyond what a number holds exactly. */
function big(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER))
    throw new PackageFault(
      'packageDirectory',
      'A size or place in the central directory is beyond any file.',
    );
  return Number(value);
}

/** UTF-8, whatever the flag says: names of parts are ASCII, and tools that go beyond write UTF-8. */
function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const readable = Buffer.from(bytes).toString('latin1');
    throw new PackageFault('packageName', `The name ${shown(readable)} is not UTF-8.`);
  }
}
