/**
 * Compares plans of both planners over more random operations than the suite does, and says where ours are worse:
 * `node test/federation/compare-plans.ts [--count N]`, N operations for each behaviour.
 */
import { parseArgs } from 'node:util';
import { linked } from './cases/behaviour.ts';
import { behaviours } from './cases/index.ts';
import { comparePlans, type Comparison } from './plan-quality.ts';

const { values } = parseArgs({ options: { count: { type: 'string', default: '40' } } });
const all: Comparison[] = [];
for (const behaviour of behaviours)
  all.push(...(await comparePlans(linked(behaviour), Number(values.count))));

const tell = (line: string) => process.stdout.write(`${line}\n`);
const isLonger = ({ own, native }: Comparison) => own.steps > native.steps;
const asksMore = ({ own, native }: Comparison) =>
  own.steps === native.steps && own.requests > native.requests;
for (const one of all)
  if (isLonger(one) || asksMore(one))
    tell(
      `${JSON.stringify(one.own)} native ${JSON.stringify(one.native)} ${one.query.replaceAll(/\s+/g, ' ')}`,
    );

const percentile = (times: readonly number[], share: number) =>
  times.toSorted((one, other) => one - other)[Math.floor((times.length - 1) * share)]?.toFixed(2);
const own = all.map(({ ownMs }) => ownMs);
const native = all.map(({ nativeMs }) => nativeMs);
tell(
  JSON.stringify({
    plans: all.length,
    moreSteps: all.filter(isLonger).length,
    moreRequests: all.filter(asksMore).length,
    fewerSteps: all.filter((one) => one.own.steps < one.native.steps).length,
    fewerRequests: all.filter((one) => one.own.requests < one.native.requests).length,
    requests: all.reduce((sum, one) => sum + one.own.requests, 0),
    nativeRequests: all.reduce((sum, one) => sum + one.native.requests, 0),
    ms: { p50: percentile(own, 0.5), p99: percentile(own, 0.99) },
    nativeMs: { p50: percentile(native, 0.5), p99: percentile(native, 0.99) },
  }),
);
