/**
 * Compares many more random operations than the suite does:
 * `node test/federation/fuzz.ts [--from SEED] [--count N] [--remote] [--planner own|native]`. Ends with 1 and the operation at a difference.
 */
import { parseArgs } from 'node:util';
import { plannerChoices } from '#gateway/planner.ts';
import { createDifferential } from './differential.ts';
import { usePlanner } from './support.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '5000' },
    remote: { type: 'boolean', default: false },
    planner: { type: 'string', default: 'own' },
  },
});
const planner = plannerChoices.find((choice) => choice === values.planner);
if (!planner) throw new Error(`--planner is one of ${plannerChoices.join(', ')}`);
usePlanner(planner);
const differential = await createDifferential({ remote: values.remote });
const first = Number(values.from);
try {
  for (let seed = first; seed < first + Number(values.count); seed += 1) await differential.compare(seed);
} catch (error) {
  process.exitCode = 1;
  process.stdout.write(`${String(error)}\n`);
} finally {
  await differential.close();
}
process.stdout.write(`${JSON.stringify(differential.counts)}\n`);
