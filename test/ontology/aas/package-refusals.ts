/** Packages whose container is broken, dangerous or too large. */
import { deflateRawSync } from 'node:zlib';
import type { packageRules, PackageLimits } from '#ontology/aas/package/index.ts';
import { environmentXml, packageAnd, packageWhere, packageWith, relationships } from './package-data.ts';
import { rawZip } from './package-zip.ts';

/** A package, and the rule by which it is refused. */
export interface Refusal {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly code: keyof typeof packageRules;
  readonly limits?: Partial<PackageLimits>;
  /** Part the finding names. */
  readonly part?: string;
}

const sound = packageWith();
const data = 'aasx/data.xml';
const manyRelationships = relationships(Array.from({ length: 20 }, (_, i) => ['urn:x', `/p${i}`] as const));
const zeros = Buffer.alloc(8 * 2 ** 20);

function named(name: string | Uint8Array, what: string): Refusal {
  return { what, bytes: packageAnd({ name, bytes: 'x' }), code: 'packageName' };
}

const names = [
  named('../evil.txt', 'a way upwards'),
  named('aasx/../../evil.txt', 'a way upwards further in'),
  named('aasx/%2e%2e/%2E%2E/evil.txt', 'an encoded way upwards'),
  named('/etc/passwd', 'an absolute path'),
  named('C:/Windows/evil.dll', 'a drive letter'),
  named('..\\evil.txt', 'backslashes'),
  named('aasx\\evil.txt', 'a backslash'),
  named('aasx/a%5cb', 'an encoded backslash'),
  named('aasx/a%2fb', 'an encoded slash'),
  named('aasx/a\0.xml', 'a NUL'),
  named('aasx/a%00.xml', 'an encoded NUL'),
  named('aasx//a.xml', 'an empty segment'),
  named('aasx/./a.xml', 'a dot segment'),
  named('aasx/a.', 'a segment that ends with a dot'),
  named('aasx/%zz', 'an encoding that is none'),
  named('aasx/%ff', 'an encoding that is no UTF-8'),
  named('aasx/\u001b[2J', 'a control character'),
  named('', 'an empty name'),
  named(Buffer.from([0x61, 0xff, 0xfe]), 'a name that is no UTF-8'),
  named('x'.repeat(1100), 'a very long name'),
  named('a/'.repeat(20_000) + 'b', 'a very deep name'),
  named('aasx/../../evil/', 'a folder upwards'),
];

const container: Refusal[] = [
  { what: 'nothing', bytes: new Uint8Array(), code: 'packageNotZip' },
  { what: 'text', bytes: Buffer.from('hello, this is not a package at all'), code: 'packageNotZip' },
  { what: 'half a package', bytes: sound.subarray(0, sound.length / 2), code: 'packageTruncated' },
  { what: 'a package but for its last byte', bytes: sound.subarray(0, -1), code: 'packageTruncated' },
  {
    what: 'bytes before',
    bytes: packageWith({}, { prefix: Buffer.from('#!/bin/sh\n') }),
    code: 'packageForeignBytes',
  },
  {
    what: 'bytes behind',
    bytes: packageWith({}, { suffix: Buffer.from('<script>') }),
    code: 'packageForeignBytes',
  },
  {
    what: 'bytes prepended by a copier',
    bytes: Buffer.concat([Buffer.from('MZ'), sound]),
    code: 'packageForeignBytes',
  },
  {
    what: 'a directory beyond the end',
    bytes: packageWith({}, { directoryOffset: 2 ** 31 }),
    code: 'packageTruncated',
  },
  { what: 'several disks', bytes: packageWith({}, { disk: 1 }), code: 'packageMultiDisk' },
  { what: 'an entry on another disk', bytes: packageWhere(data, { disk: 3 }), code: 'packageMultiDisk' },
  { what: 'a count too high', bytes: packageWith({}, { count: 9 }), code: 'packageDirectory' },
  { what: 'a count too low', bytes: packageWith({}, { count: 7 }), code: 'packageDirectory' },
  { what: 'two counts', bytes: packageWith({}, { countHere: 7 }), code: 'packageDirectory' },
  { what: 'a ZIP64 count too high', bytes: packageWith({}, { zip64: 9 }), code: 'packageDirectory' },
  { what: 'an encrypted entry', bytes: packageWhere(data, { flags: 0x801 }), code: 'packageEncrypted' },
  { what: 'strong encryption', bytes: packageWhere(data, { flags: 0x841 }), code: 'packageEncrypted' },
  { what: 'another method', bytes: packageWhere(data, { method: 12 }), code: 'packageMethod' },
  {
    what: 'a link',
    bytes: packageWhere(data, { attributes: 0o120777 * 65536 }),
    code: 'packageSpecialEntry',
  },
  {
    what: 'a device',
    bytes: packageWhere(data, { attributes: 0o020666 * 65536 }),
    code: 'packageSpecialEntry',
  },
  {
    what: 'a folder with content',
    bytes: packageAnd({ name: 'a/', bytes: 'hidden' }),
    code: 'packageSpecialEntry',
  },
  { what: 'a size too low', bytes: packageWhere(data, { size: 5 }), code: 'packageSize', part: `/${data}` },
  {
    what: 'a size too high',
    bytes: packageWhere(data, { size: 5000 }),
    code: 'packageSize',
    part: `/${data}`,
  },
  { what: 'a size of zero', bytes: packageWhere(data, { size: 0 }), code: 'packageSize', part: `/${data}` },
  {
    what: 'a stored entry of two sizes',
    bytes: packageWhere(data, { method: 0, size: 5 }),
    code: 'packageSize',
  },
  { what: 'a wrong checksum', bytes: packageWhere(data, { crc: 1 }), code: 'packageCrc', part: `/${data}` },
  {
    what: 'broken data',
    bytes: packageWhere(data, { packed: Buffer.alloc(40, 0xfe) }),
    code: 'packageDeflate',
  },
  {
    what: 'data cut off',
    bytes: packageWhere(data, { packed: deflateRawSync(environmentXml).subarray(0, 30) }),
    code: 'packageDeflate',
  },
  {
    what: 'bytes behind the data of a part',
    bytes: packageWhere(data, {
      packed: Buffer.concat([deflateRawSync(environmentXml), Buffer.from('more')]),
    }),
    code: 'packageDeflate',
  },
  {
    what: 'another name inside',
    bytes: packageWhere(data, { local: { name: 'aasx/evil.xml' } }),
    code: 'packageHeaderDiffers',
  },
  {
    what: 'another method inside',
    bytes: packageWhere(data, { local: { method: 0 } }),
    code: 'packageHeaderDiffers',
  },
  {
    what: 'another size inside',
    bytes: packageWhere(data, { local: { size: 1 } }),
    code: 'packageHeaderDiffers',
  },
  {
    what: 'another checksum inside',
    bytes: packageWhere(data, { local: { crc: 1 } }),
    code: 'packageHeaderDiffers',
  },
  {
    what: 'encryption inside',
    bytes: packageWhere(data, { local: { flags: 0x801 } }),
    code: 'packageHeaderDiffers',
  },
  {
    what: 'another descriptor',
    bytes: packageWhere(data, { descriptor: 4, descriptorCrc: 1 }),
    code: 'packageHeaderDiffers',
  },
  { what: 'a place with no header', bytes: packageWhere(data, { offset: 1 }), code: 'packageHeaderDiffers' },
  {
    what: 'a place beyond the parts',
    bytes: packageWhere(data, { offset: sound.length - 10 }),
    code: 'packageTruncated',
  },
  {
    what: 'a packed size beyond the parts',
    bytes: packageWhere(data, { packedSize: 10 ** 6 }),
    code: 'packageTruncated',
  },
  { what: 'an entry inside another', bytes: overlapping(), code: 'packageOverlap' },
  { what: 'a thousand entries over one bomb', bytes: quoted(), code: 'packageOverlap' },
];

/** An entry whose data are a whole other entry. */
function overlapping(): Uint8Array {
  const inner = rawZip({ entries: [{ name: 'inner.xml', bytes: '<a/>', method: 0 }] });
  const local = inner.subarray(0, 30 + 'inner.xml'.length + 4);
  const outer = { name: 'outer.bin', bytes: local, method: 0 };
  return rawZip({
    entries: [outer, { name: 'inner.xml', bytes: '<a/>', method: 0, offset: 30 + 'outer.bin'.length }],
  });
}

/** Entries that all claim the data of one. */
function quoted(): Uint8Array {
  const kernel = { name: 'k.bin', bytes: zeros.subarray(0, 200_000) };
  return rawZip({ entries: [kernel, ...Array.from({ length: 1000 }, () => ({ ...kernel, offset: 0 }))] });
}

const limits: Refusal[] = [
  { what: 'too many bytes', bytes: sound, code: 'packageTooLarge', limits: { maxBytes: 100 } },
  { what: 'too many entries', bytes: sound, code: 'packageTooManyEntries', limits: { maxEntries: 7 } },
  {
    what: 'a large part',
    bytes: packageWith({ a: zeros }),
    code: 'packagePartTooLarge',
    limits: { maxPartBytes: 1000 },
  },
  {
    what: 'large parts together',
    bytes: sound,
    code: 'packageTotalTooLarge',
    limits: { maxTotalBytes: 100 },
  },
  { what: 'a bomb', bytes: packageWith({ a: zeros }), code: 'packageRatio' },
  {
    what: 'a bomb that says it is small',
    bytes: packageAnd({ name: 'a', bytes: zeros, size: 1000 }),
    code: 'packageSize',
    part: '/a',
  },
  {
    what: 'a size beyond any file',
    bytes: packageWhere(data, { zip64: true, size: 2 ** 52 }),
    code: 'packagePartTooLarge',
  },
  { what: 'large markup', bytes: sound, code: 'packagePartTooLarge', limits: { maxMarkupBytes: 10 } },
  {
    what: 'a large environment',
    bytes: sound,
    code: 'packagePartTooLarge',
    limits: { maxEnvironmentBytes: 10 },
  },
  {
    what: 'environments that are large together',
    bytes: packageWith({
      'aasx/_rels/aasx-origin.rels': relationships([
        ['aas-spec', '/aasx/data.xml'],
        ['aas-spec', '/aasx/more.xml'],
      ]),
      'aasx/more.xml': environmentXml,
    }),
    code: 'packagePartTooLarge',
    limits: { maxEnvironmentBytes: environmentXml.length + 10 },
    part: '/aasx/more.xml',
  },
  {
    what: 'an environment that begins after a megabyte of nothing',
    bytes: packageWith({
      [data]: `<!--${'x'.repeat(2 ** 20)}-->${environmentXml.slice(environmentXml.indexOf('<env'))}`,
    }),
    code: 'packageRatio',
  },
  {
    what: 'a root element that does not end',
    bytes: packageWhere(data, {
      bytes: `<environment ${Array.from({ length: 200_000 }, (_, i) => `a${i}="1"`).join(' ')}/>`,
    }),
    code: 'packageXml',
    part: `/${data}`,
  },
  {
    what: 'more entries than it counts',
    bytes: rawZip({ entries: Array.from({ length: 1000 }, (_, i) => ({ name: `${i}` })), count: 3 }),
    code: 'packageDirectory',
  },
  {
    what: 'too many relationships',
    bytes: packageWith({ 'aasx/_rels/data.xml.rels': manyRelationships }),
    code: 'packageTooManyRelationships',
    limits: { maxRelationships: 10 },
  },
];

export const containerRefusals: readonly Refusal[] = [...container, ...names, ...limits];
