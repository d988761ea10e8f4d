import { deflateSync } from 'fflate';
import { crc32 } from 'node:zlib';
import { HubError } from '#kernel/errors.ts';

/** One entry to be written, in the order given. */
export interface ZipContent {
  /** UTF-8, no leading slash. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const utf8Flag = 0x800;
const version = 20;
/** 1 January 1980, the first day ZIP knows: a date would make equal packages differ. */
const dosDate = 0x0021;
const maxUint32 = 0xffffffff;
const maxEntries = 0xfffe;

interface Packed extends ZipContent {
  readonly encodedName: Uint8Array;
  readonly packed: Uint8Array;
  readonly method: number;
  readonly crc: number;
}

/**
 * A ZIP file without ZIP64, data descriptors or extra fields. fflate packs alike everywhere, zlib does not.
 * @throws {HubError} LIMIT_EXCEEDED - from 4 GiB or 65,535 entries on.
 */
export function writeZip(contents: readonly ZipContent[]): Uint8Array {
  if (contents.length > maxEntries) throw tooLarge();
  const entries = contents.map(pack);
  const headers = entries.map((entry) => header(entry, null));
  const size = entries.reduce((sum, { packed }, i) => sum + packed.length + (headers[i]?.length ?? 0), 0);
  if (size > maxUint32) throw tooLarge();
  let offset = 0;
  const directory = entries.map((entry, i) => {
    const at = offset;
    offset += entry.packed.length + (headers[i]?.length ?? 0);
    return header(entry, at);
  });
  const pieces = entries.flatMap(({ packed }, i) => [headers[i] ?? packed, packed]);
  const directorySize = directory.reduce((sum, { length }) => sum + length, 0);
  if (size + directorySize > maxUint32) throw tooLarge();
  return Buffer.concat([...pieces, ...directory, end(entries.length, directorySize, size)]);
}

function tooLarge(): HubError {
  return new HubError(
    'LIMIT_EXCEEDED',
    'The package would be larger than 4 GiB or have more than 65,534 entries.',
  );
}

function pack({ name, bytes }: ZipContent): Packed {
  const deflated = deflateSync(bytes, { level: 6 });
  const smaller = deflated.length < bytes.length;
  return {
    name,
    bytes,
    encodedName: new TextEncoder().encode(name),
    packed: smaller ? deflated : bytes,
    method: smaller ? 8 : 0,
    crc: crc32(bytes),
  };
}

/** Local header, or with an offset the entry of the directory. @see APPNOTE 4.3.7, 4.3.12 */
function header(entry: Packed, offset: number | null): Uint8Array {
  const central = offset !== null;
  const fixed = Buffer.alloc(central ? 46 : 30);
  const at = central ? 2 : 0;
  fixed.writeUInt32LE(central ? 0x02014b50 : 0x04034b50, 0);
  if (central) fixed.writeUInt16LE(version, 4);
  fixed.writeUInt16LE(version, 4 + at);
  fixed.writeUInt16LE(utf8Flag, 6 + at);
  fixed.writeUInt16LE(entry.method, 8 + at);
  fixed.writeUInt16LE(dosDate, 12 + at);
  fixed.writeUInt32LE(entry.crc, 14 + at);
  fixed.writeUInt32LE(entry.packed.length, 18 + at);
  fixed.writeUInt32LE(entry.bytes.length, 22 + at);
  fixed.writeUInt16LE(entry.encodedName.length, 26 + at);
  if (central) fixed.writeUInt32LE(offset, 42);
  return Buffer.concat([fixed, entry.encodedName]);
}

/** @see APPNOTE 4.3.16 */
function end(count: number, size: number, offset: number): Uint8Array {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}
