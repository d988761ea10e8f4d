import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { crc32, inflateRaw, inflateRawSync, type InputType, type ZlibOptions } from 'node:zlib';
import { PackageFault } from './rules.ts';
import type { PackedPart } from './zip-entries.ts';

/** Larger parts are inflated beside the event loop and hashed in slices of this size, bytes. */
const slice = 4 * 2 ** 20;

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

// With `info` zlib answers how much of the input it used; the types do not say so.
const inflateAside = promisify(inflateRaw) as unknown as (
  input: InputType,
  options: ZlibOptions,
) => Promise<Inflated>;

/**
 * The bytes of a part, never more than the directory says.
 * @param part - name for the fault. @throws {PackageFault} when data, size or checksum are not as stated.
 */
export async function inflatePart(
  bytes: Uint8Array,
  { entry, data }: PackedPart,
  part: string,
): Promise<Uint8Array> {
  const packed = bytes.subarray(data.start, data.end);
  const content = entry.method === 0 ? packed : await inflateBounded(packed, entry.size, part);
  if (content.length !== entry.size)
    throw new PackageFault(
      'packageSize',
      `It has ${content.length} bytes; the directory says ${entry.size}.`,
      part,
    );
  if ((await checksum(content)) !== entry.crc)
    throw new PackageFault('packageCrc', 'Its checksum is not the one in the directory.', part);
  return content;
}

async function inflateBounded(packed: Uint8Array, size: number, part: string): Promise<Uint8Array> {
  // One byte is the smallest limit zlib takes.
  const options = {
    info: true,
    maxOutputLength: Math.max(1, size),
    chunkSize: Math.min(Math.max(64, size), slice),
  };
  try {
    const sync = Math.max(size, packed.length) <= slice;
    const { buffer, engine } = sync
      ? (inflateRawSync(packed, options) as unknown as Inflated)
      : await inflateAside(packed, options);
    if (engine.bytesWritten === packed.length) return buffer;
  } catch (error) {
    if (error instanceof RangeError)
      throw new PackageFault(
        'packageSize',
        `It has more than the ${size} bytes that the directory says.`,
        part,
      );
    throw new PackageFault('packageDeflate', 'Its packed data are broken.', part);
  }
  throw new PackageFault('packageDeflate', 'There are bytes behind its packed data.', part);
}

async function checksum(content: Uint8Array): Promise<number> {
  let crc = 0;
  for await (const piece of slices(content)) crc = crc32(piece, crc);
  return crc;
}

/** Lower-case hexadecimal SHA-256; gives way between slices. */
export async function digest(content: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of slices(content)) hash.update(piece);
  return hash.digest('hex');
}

async function* slices(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += slice) {
    if (at) await setImmediate();
    yield content.subarray(at, at + slice);
  }
}
