/**
 * Throws spoilt documents at the reader: bytes changed, pieces moved, models changed. It has to answer each, in time.
 *
 * Run with: `node test/ontology/dtdl/fuzz.ts --inputs 100000 --seed 1`. Prints how many, the slowest, and what fell over.
 */
import { parseArgs } from 'node:util';
import { allCases, type DtdlCase } from './cases.ts';
import { ourVerdict } from './compare.ts';
import { some, systematicTotal } from './differential-run.ts';
import { randomCases, randomOf } from './random.ts';

const pieces = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\u0000',
  '\uFEFF',
  '\uD800',
  '1e999',
  '-0',
  '3.0',
  'null',
  'true',
  '{}',
  '[]',
  '"__proto__":',
  '"constructor":',
  '"@id":',
  '"@type":',
  '"@context":',
  '"@graph":',
  '"name":',
  '"dtmi:a:b;1"',
  '"dtmi:dtdl:context;3"',
  '"dtmi:dtdl:context;4#limitless"',
  '"Interface"',
  '99999999999999999999',
  '[[[[[[[[',
];

/** A text with one to four changes. */
export function spoil(text: string, random: () => number): string {
  let spoilt = text;
  const at = () => Math.floor(random() * (spoilt.length + 1));
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--) {
    const [from, to] = [at(), at()].sort((a, b) => a - b) as [number, number];
    const piece = pieces[Math.floor(random() * pieces.length)] ?? '';
    switch (Math.floor(random() * 5)) {
      case 0:
        spoilt = spoilt.slice(0, from) + piece + spoilt.slice(from);
        break;
      case 1:
        spoilt = spoilt.slice(0, from) + spoilt.slice(Math.min(to, from + 40));
        break;
      case 2:
        spoilt = spoilt.slice(0, from) + spoilt.slice(from, to).slice(0, 400) + spoilt.slice(from);
        break;
      case 3:
        spoilt =
          spoilt.slice(0, from) + String.fromCharCode(Math.floor(random() * 256)) + spoilt.slice(from + 1);
        break;
      default:
        spoilt = spoilt.slice(0, from) + piece + spoilt.slice(from + piece.length);
    }
  }
  return spoilt;
}

export interface FuzzResult {
  readonly inputs: number;
  readonly valid: number;
  /** Inputs that are JSON. */
  readonly read: number;
  readonly slowestMs: number;
  /** Inputs the reader fell over, with what it said. */
  readonly fallen: readonly string[];
}

function* seeds(seed: number): Generator<DtdlCase> {
  const systematic = some(allCases(), systematicTotal, 40_000, seed);
  for (const random of randomCases(seed)) {
    yield random;
    const next = systematic.next();
    if (!next.done) yield next.value;
  }
}

/** Reads spoilt documents, as many as asked for. */
export function fuzz(inputs: number, seed: number): FuzzResult {
  const random = randomOf(seed);
  const fallen: string[] = [];
  let [done, valid, read, slowestMs] = [0, 0, 0, 0];
  for (const { document } of seeds(seed)) {
    const text = JSON.stringify(document);
    for (let i = 0; i < 8; i++) {
      if (done++ >= inputs) return { inputs, valid, read, slowestMs, fallen };
      const input = i === 0 ? text : spoil(text, random);
      const begun = performance.now();
      try {
        const verdict = ourVerdict(input);
        if (verdict.valid) valid++;
        if (!verdict.codes.includes('hub:notJson')) read++;
      } catch (error) {
        fallen.push(`${String(error)} ${input.slice(0, 300)}`);
      }
      slowestMs = Math.max(slowestMs, performance.now() - begun);
    }
  }
  return { inputs: done, valid, read, slowestMs, fallen };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { inputs: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
  });
  const { fallen, ...rest } = fuzz(Number(values.inputs), Number(values.seed));
  process.stdout.write(
    `${JSON.stringify({ ...rest, fallen: fallen.length })}\n${fallen.slice(0, 5).join('\n')}\n`,
  );
  process.exit(fallen.length ? 1 : 0);
}
