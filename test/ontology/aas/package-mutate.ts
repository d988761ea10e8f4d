/** Makes packages that are almost sound, from a seed. */
import { soundParts } from './package-data.ts';
import { rawZip, type RawEntry } from './package-zip.ts';

/** A generator of numbers from 0 to below `n`. */
export type Dice = (n: number) => number;

/** Mulberry32. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const splinters = [
  '../',
  '..\\',
  '/',
  '%2e%2e/',
  '%00',
  '\0',
  '<!DOCTYPE a>',
  '<a>',
  '</a>',
  '&a;',
  '__proto__',
  'TargetMode="External"',
  'https://example.com/',
  'http://www.admin-shell.io/aas/2/0',
  'constructor',
  '\ufeff',
  '"',
  "'",
  '<![CDATA[',
  ']]>',
  '<!--',
  '{',
  '[',
  'Id=""',
  ' ',
  'é',
  '\ud800',
  '#',
  '?',
  ':',
  'aasx/aasx-origin',
  'xmlns:__proto__="x"',
  '__proto__:a="b"',
];

function mutateText(text: string, dice: Dice): string {
  const at = dice(text.length + 1);
  const length = dice(12);
  const pick = splinters[dice(splinters.length)] ?? '';
  const kind = dice(5);
  if (kind === 0) return text.slice(0, at) + text.slice(at + length);
  if (kind === 1) return text.slice(0, at) + text.slice(at, at + length) + text.slice(at);
  if (kind === 2) return text.slice(0, at);
  if (kind === 3) return text.slice(0, at) + pick + text.slice(at + length);
  return text.slice(0, at) + pick + text.slice(at);
}

function mutateEntry(entry: RawEntry, dice: Dice): RawEntry {
  const odd = [0, 1, 2, 7, 0xff, 0xffff, 0x7fffffff, 0xfffffffe, 0xffffffff][dice(9)] ?? 0;
  const changes: (() => Partial<RawEntry>)[] = [
    () => ({ name: mutateText(String(entry.name), dice) }),
    () => ({ bytes: mutateText(String(entry.bytes), dice) }),
    () => ({ bytes: mutateText(String(entry.bytes), dice) }),
    () => ({ method: dice(10) }),
    () => ({ flags: dice(0x10000) }),
    () => ({ crc: odd }),
    () => ({ size: odd }),
    () => ({ packedSize: odd }),
    () => ({ attributes: dice(2 ** 32) }),
    () => ({ offset: dice(2000) }),
    () => ({ descriptor: dice(2) ? 4 : 8 }),
    () => ({ zip64: true }),
    () => ({ local: { name: mutateText(String(entry.name), dice) } }),
    () => ({ packed: Uint8Array.from({ length: dice(50) }, () => dice(256)) }),
  ];
  return { ...entry, ...changes[dice(changes.length)]?.() };
}

const base = [...soundParts()].map(([name, bytes]): RawEntry => ({ name, bytes, method: 0 }));
const packed = base.map((entry) => ({ ...entry, method: 8 }));

/** A package with one to four faults, in its entries, in its bytes, or in both. */
export function mutatedPackage(dice: Dice): Uint8Array {
  const entries = [...(dice(2) ? base : packed)];
  for (let left = dice(4); left > 0; left--) {
    const at = dice(entries.length);
    const entry = entries[at];
    if (!entry) continue;
    const kind = dice(8);
    if (kind === 0) entries.splice(at, 1);
    else if (kind === 1) entries.push(entry);
    else entries[at] = mutateEntry(entry, dice);
  }
  const bytes = rawZip({ entries, zip64: dice(8) === 0 });
  if (dice(3)) return bytes;
  for (let left = 1 + dice(3); left > 0; left--) bytes[dice(bytes.length)] = dice(256);
  return dice(6) ? bytes : bytes.subarray(dice(bytes.length));
}
