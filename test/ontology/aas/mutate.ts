/** Broken copies of documents, made from a seed: the same seed gives the same text. */

/** Numbers from 0 to below 1 that look random. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const splinters = [
  '',
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  'null',
  '1e999',
  '-',
  '\\u0000',
  '\\ud800',
  '"__proto__":{}',
  '"constructor"',
  '<',
  '>',
  '/',
  '</',
  '<!',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?x',
  '?>',
  '&',
  '&amp;',
  '&#0;',
  '&#x110000;',
  '&x;',
  '<!DOCTYPE a>',
  'xmlns=""',
  "'",
  '=',
  ' ',
  '\n',
  '\0',
  '\uFEFF',
  '\ud800',
  '\uffff',
  'x'.repeat(300),
  '9'.repeat(40),
  '[[[[[[[[[[',
  '<a><a><a><a>',
  'modelType',
  'Submodel',
  'value',
  'keys',
  'true',
  '2026-02-30',
];

/** Changes a text in a few places: cuts, copies, swaps, inserts. @param parts - texts to take pieces from. */
export function mutated(text: string, random: () => number, parts: readonly string[]): string {
  let result = text;
  for (let times = 1 + Math.floor(random() * 4); times > 0; times--) {
    const at = Math.floor(random() * (result.length + 1));
    const end = Math.min(result.length, at + Math.floor(random() ** 3 * 60));
    const other = parts[Math.floor(random() * parts.length)] ?? '';
    const from = Math.floor(random() * other.length);
    const inserts = [
      splinters[Math.floor(random() * splinters.length)] ?? '',
      other.slice(from, from + Math.floor(random() ** 2 * 200)),
      result.slice(at, end).repeat(2),
      '',
      String.fromCharCode(Math.floor(random() * (random() < 0.9 ? 128 : 65536))),
    ];
    result = result.slice(0, at) + (inserts[Math.floor(random() * inserts.length)] ?? '') + result.slice(end);
  }
  return result.slice(0, 200_000);
}
