import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { allCases, type DtdlCase } from './cases.ts';
import { compareAll, first, some, systematicTotal } from './differential-run.ts';
import { loadOracle, type Verdict } from './oracle.ts';
import { randomCases } from './random.ts';

describe('verdicts and codes are those of the reference implementation', () => {
  let oracle: (document: unknown) => Verdict;
  before(async () => {
    oracle = await loadOracle();
  });

  const check = (cases: Iterable<DtdlCase>, least: number) => {
    const { counts, differences } = compareAll(cases, oracle);
    assert.deepEqual(
      [...differences].map(([about, [example]]) => [about, example?.name, example?.document]),
      [],
    );
    assert.ok(counts.same + counts.fewer >= least, JSON.stringify(counts));
  };

  test('for classes, members and faults in turn', () => {
    check(some(allCases(), 400, systematicTotal, 11), 380);
  });

  test('for models that refer to each other, spoilt or not', () => {
    check(first(randomCases(7), 200), 180);
  });
});
