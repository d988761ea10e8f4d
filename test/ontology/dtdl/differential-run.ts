/**
 * Compares our reader with the reference: every class, member and fault in turn, and random models.
 *
 * Run with: `node test/ontology/dtdl/differential-run.ts --cases 100000 --seed 1 [--kind random|systematic]`.
 * Prints how many cases agree, and an example of each kind of difference; exits with 1 when there is one.
 */
import { parseArgs } from 'node:util';
import { allCases, type DtdlCase } from './cases.ts';
import { compare, ourVerdict, type Agreement } from './compare.ts';
import { expectedDifference } from './expected.ts';
import { loadOracle, type Verdict } from './oracle.ts';
import { randomCases } from './random.ts';

/** What came out of a run. */
export interface Tally {
  readonly counts: Record<Agreement | 'expected', number>;
  /** Differences that nobody planned, by what differs, each with cases. */
  readonly differences: Map<string, DtdlCase[]>;
}

/** Compares cases until there are no more. */
export function compareAll(cases: Iterable<DtdlCase>, oracle: (document: unknown) => Verdict): Tally {
  const counts = { same: 0, fewer: 0, codes: 0, unresolved: 0, verdict: 0, crash: 0, expected: 0 };
  const differences = new Map<string, DtdlCase[]>();
  for (const found of cases) {
    const text = JSON.stringify(found.document);
    const reference = oracle(text);
    const ours = ourVerdict(text);
    const agreement = compare(ours, reference);
    if (agreement === 'same' || agreement === 'fewer' || agreement === 'crash') {
      counts[agreement]++;
      continue;
    }
    if (expectedDifference(ours, reference, text)) {
      counts.expected++;
      continue;
    }
    counts[agreement]++;
    const about = `${agreement}: reference ${describe(reference)}, ours ${describe(ours)}`;
    differences.set(about, [...(differences.get(about) ?? []), found]);
  }
  return { counts, differences };
}

function describe({ valid, codes, unresolved }: Verdict): string {
  return valid ? 'valid' : [...codes, ...unresolved.map((id) => `?${id}`)].join(' ') || 'invalid';
}

/** `count` of the cases, evenly spread, beginning at a place that depends on the seed. */
export function* some(
  cases: Iterable<DtdlCase>,
  count: number,
  total: number,
  seed: number,
): Generator<DtdlCase> {
  const step = Math.max(1, Math.floor(total / Math.max(1, count)));
  let i = 0;
  let given = 0;
  for (const found of cases) {
    if (i++ % step !== seed % step) continue;
    if (given++ >= count) return;
    yield found;
  }
}

/** About how many cases there are. */
export const systematicTotal = 1_040_000;

/** Random cases, as many as asked for. */
export function* first(cases: Iterable<DtdlCase>, count: number): Generator<DtdlCase> {
  let given = 0;
  for (const found of cases) {
    if (given++ >= count) return;
    yield found;
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      kind: { type: 'string' },
    },
  });
  const [count, seed] = [Number(values.cases), Number(values.seed)];
  const oracle = await loadOracle();
  const sources = [
    ...(values.kind === 'random' ? [] : [some(allCases(), count, systematicTotal, seed)]),
    ...(values.kind === 'systematic' ? [] : [first(randomCases(seed), count)]),
  ];
  let differing = 0;
  for (const source of sources) {
    const { counts, differences } = compareAll(source, oracle);
    print(JSON.stringify(counts));
    for (const [about, cases] of differences) {
      differing += cases.length;
      const [example] = cases;
      print(`${cases.length} ${about}
  ${example?.name}
  ${JSON.stringify(example?.document).slice(0, 1500)}`);
    }
  }
  // The WebAssembly runtime keeps the process alive.
  process.exit(differing ? 1 : 0);
}

if (import.meta.main) await main();
