/** Builds ZIP files byte by byte, so that a test can make any of their statements false. */
import { crc32, deflateRawSync } from 'node:zlib';

/** An entry; every stated value can differ from the true one. */
export interface RawEntry {
  readonly name: string | Uint8Array;
  readonly bytes?: string | Uint8Array;
  readonly method?: number;
  /** Packed bytes, instead of those that `bytes` give. */
  readonly packed?: Uint8Array;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly packedSize?: number;
  readonly attributes?: number;
  readonly disk?: number;
  /** Where the directory says the entry starts. */
  readonly offset?: number;
  /** Statements of the local header that differ. */
  readonly local?: Readonly<{ name?: string; method?: number; flags?: number; crc?: number; size?: number }>;
  /** Adds a data descriptor of this width and leaves the local header's values zero. */
  readonly descriptor?: 4 | 8;
  readonly descriptorCrc?: number;
  /** States sizes and place in a ZIP64 extra field. */
  readonly zip64?: boolean;
  /** Bytes before the entry. */
  readonly before?: Uint8Array;
}

export interface RawZip {
  readonly entries: readonly RawEntry[];
  readonly prefix?: Uint8Array;
  readonly suffix?: Uint8Array;
  readonly count?: number;
  readonly countHere?: number;
  readonly directoryOffset?: number;
  readonly disk?: number;
  readonly comment?: string;
  /** Adds the end record of ZIP64; a number is the count it states. */
  readonly zip64?: boolean | number;
}

interface Written {
  readonly local: Buffer;
  readonly central: (offset: number) => Buffer;
}

const wide = 0xffffffff;

export function rawZip(zip: RawZip): Buffer {
  const pieces: Buffer[] = [Buffer.from(zip.prefix ?? [])];
  let at = pieces[0]?.length ?? 0;
  const centrals = zip.entries.map((entry) => {
    const { local, central } = write(entry);
    const before = Buffer.from(entry.before ?? []);
    pieces.push(before, local);
    const offset = entry.offset ?? at + before.length;
    at += before.length + local.length;
    return central(offset);
  });
  const directory = Buffer.concat(centrals);
  const offset = zip.directoryOffset ?? at;
  const end64 = zip.zip64
    ? endRecord64(zip, directory.length, offset, at + directory.length)
    : Buffer.alloc(0);
  const end = endRecord(zip, directory.length, offset);
  return Buffer.concat([...pieces, directory, end64, end, Buffer.from(zip.suffix ?? [])]);
}

function write(entry: RawEntry): Written {
  const bytes = Buffer.from(entry.bytes ?? '');
  const method = entry.method ?? 8;
  const packed = Buffer.from(entry.packed ?? (method === 8 ? deflateRawSync(bytes) : bytes));
  const name = Buffer.from(entry.name);
  const localName = entry.local?.name === undefined ? name : Buffer.from(entry.local.name);
  const flags = (entry.flags ?? 0x800) | (entry.descriptor ? 8 : 0);
  const stated = {
    crc: entry.crc ?? crc32(bytes),
    size: entry.size ?? bytes.length,
    packedSize: entry.packedSize ?? packed.length,
  };
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(entry.local?.flags ?? flags, 6);
  head.writeUInt16LE(entry.local?.method ?? method, 8);
  if (!entry.descriptor) {
    head.writeUInt32LE(entry.local?.crc ?? stated.crc, 14);
    head.writeUInt32LE(entry.zip64 ? wide : stated.packedSize, 18);
    head.writeUInt32LE(entry.zip64 ? wide : (entry.local?.size ?? stated.size), 22);
  }
  head.writeUInt16LE(localName.length, 26);
  const localExtra = entry.zip64 ? extra64([stated.size, stated.packedSize]) : Buffer.alloc(0);
  head.writeUInt16LE(localExtra.length, 28);
  const tail = entry.descriptor ? descriptor(entry, stated) : Buffer.alloc(0);
  const local = Buffer.concat([head, localName, localExtra, packed, tail]);
  return { local, central: (offset) => central(entry, { ...stated, name, flags, method, offset }) };
}

function descriptor(entry: RawEntry, stated: { crc: number; size: number; packedSize: number }): Buffer {
  const width = entry.descriptor ?? 4;
  const tail = Buffer.alloc(8 + 2 * width);
  tail.writeUInt32LE(0x08074b50, 0);
  tail.writeUInt32LE(entry.descriptorCrc ?? stated.crc, 4);
  for (const [i, value] of [stated.packedSize, stated.size].entries())
    if (width === 4) tail.writeUInt32LE(value, 8 + 4 * i);
    else tail.writeBigUInt64LE(BigInt(value), 8 + 8 * i);
  return tail;
}

function extra64(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  for (const [i, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
  return extra;
}

interface Stated {
  readonly name: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly packedSize: number;
  readonly offset: number;
}

function central(entry: RawEntry, stated: Stated): Buffer {
  const extra = entry.zip64 ? extra64([stated.size, stated.packedSize, stated.offset]) : Buffer.alloc(0);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(stated.flags, 8);
  head.writeUInt16LE(stated.method, 10);
  head.writeUInt32LE(stated.crc, 16);
  head.writeUInt32LE(entry.zip64 ? wide : stated.packedSize, 20);
  head.writeUInt32LE(entry.zip64 ? wide : stated.size, 24);
  head.writeUInt16LE(stated.name.length, 28);
  head.writeUInt16LE(extra.length, 30);
  head.writeUInt16LE(entry.disk ?? 0, 34);
  head.writeUInt32LE(entry.attributes ?? 0, 38);
  head.writeUInt32LE(entry.zip64 ? wide : stated.offset, 42);
  return Buffer.concat([head, stated.name, extra]);
}

function endRecord64(zip: RawZip, size: number, offset: number, at: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  const count = BigInt(typeof zip.zip64 === 'number' ? zip.zip64 : zip.entries.length);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(count, 24);
  record.writeBigUInt64LE(count, 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(at), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

function endRecord(zip: RawZip, size: number, offset: number): Buffer {
  const comment = Buffer.from(zip.comment ?? '');
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(zip.disk ?? 0, 4);
  record.writeUInt16LE(zip.disk ?? 0, 6);
  record.writeUInt16LE(zip.zip64 ? 0xffff : (zip.countHere ?? zip.count ?? zip.entries.length), 8);
  record.writeUInt16LE(zip.zip64 ? 0xffff : (zip.count ?? zip.entries.length), 10);
  record.writeUInt32LE(zip.zip64 ? wide : size, 12);
  record.writeUInt32LE(zip.zip64 ? wide : offset, 16);
  record.writeUInt16LE(comment.length, 20);
  return Buffer.concat([record, comment]);
}
