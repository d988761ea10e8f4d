import { differenceOf, unexplainedLoss, type Difference } from './compare.ts';
import { createGeneratedGraph, schemaDifference, type GeneratedGraph, type GraphOptions } from './graph.ts';
import { generateModel } from './generate.ts';
import type { Model } from './model.ts';
import { randomOperation, type RandomOperation } from './operations.ts';

/** What comparing has seen. */
export interface Counts {
  schemas: number;
  composed: number;
  operations: number;
  mutations: number;
  /** Answers with a value somewhere below the root. */
  withData: number;
  withErrors: number;
  /** Answers that took several subgraphs or several requests. */
  joined: number;
  withSubgraphDown: number;
  refused: number;
}

export function newCounts(): Counts {
  return {
    schemas: 0,
    composed: 0,
    operations: 0,
    mutations: 0,
    withData: 0,
    withErrors: 0,
    joined: 0,
    withSubgraphDown: 0,
    refused: 0,
  };
}

/** A case in which both answers differ, or a schema that is not what it should be. */
export type Finding =
  | { readonly model: Model; readonly run: Run; readonly difference: Difference }
  | { readonly model: Model; readonly problem: string };

/** One operation of one schema. */
export interface Place {
  readonly seed: number;
  readonly index: number;
}

/** One operation over the data of a seed. */
export interface Run {
  readonly operation: RandomOperation;
  readonly dataSeed: number;
  /** The share of values that fail. */
  readonly faults: number;
  readonly down: string | null;
}

/** Runs one operation on both and compares. */
export async function compareRun(
  graph: GeneratedGraph,
  run: Run,
  counts = newCounts(),
): Promise<Difference | null> {
  graph.world.dataSeed = run.dataSeed;
  graph.world.faults = run.faults;
  graph.down = null;
  const expected = await graph.expected(run.operation);
  const wanted = graph.world.log.join('\n');
  graph.down = run.down;
  const before = graph.requests();
  graph.takeInvalid();
  const actual = await graph.actual(run.operation, run.dataSeed % 2 === 1);
  const effects = graph.world.log.join('\n');
  counts.operations += 1;
  counts.mutations += run.operation.query.startsWith('mutation') ? 1 : 0;
  counts.withData += hasValue(expected.data) ? 1 : 0;
  counts.withErrors += expected.errors ? 1 : 0;
  counts.joined += graph.requests() - before > 1 ? 1 : 0;
  counts.withSubgraphDown += run.down ? 1 : 0;
  const [invalid] = graph.takeInvalid();
  if (run.down) return unexplainedLoss(expected, actual);
  const difference = differenceOf(expected, actual);
  if (difference) return difference;
  if (invalid) return { kind: 'misplanned', text: `not valid: ${invalid}` };
  return wanted === effects ? null : { kind: 'effects', text: `wanted\n${wanted}\ngot\n${effects}` };
}

function hasValue(data: unknown): boolean {
  return Object.entries(data ?? {}).some(
    ([key, value]) => key !== 'ok' && value !== null && JSON.stringify(value).length > 4,
  );
}

/** The operations of one schema: every fifth without faults, some with a subgraph that does not answer. */
export function runOf(graph: GeneratedGraph, model: Model, index: number): Run | null {
  const seed = model.seed * 1_000 + index;
  const operation = randomOperation(graph.monolith, seed);
  if (!operation) return null;
  const names = model.subgraphs.map(({ name }) => name);
  const isMutation = operation.query.startsWith('mutation');
  return {
    operation,
    dataSeed: seed,
    faults: index % 5 === 0 ? 0 : index % 5 === 1 ? 0.12 : 0.04,
    down: index % 12 === 7 && !isMutation ? names[index % names.length]! : null,
  };
}

export function optionsOf(seed: number): GraphOptions {
  return { remote: seed % 16 === 5, ...(seed % 4 === 1 ? { hotAfter: 0 } : {}) };
}

/** Operations `from` up to `to` of the schema of a seed. */
export async function compareSchema(
  seed: number,
  { from, to }: { readonly from: number; readonly to: number },
  counts: Counts,
  watch: { found(finding: Finding): void; before?(place: Place): Promise<unknown> },
  more: GraphOptions = {},
): Promise<void> {
  const model = generateModel(seed);
  counts.schemas += 1;
  await watch.before?.({ seed, index: from - 1 });
  let graph: GeneratedGraph;
  try {
    graph = await createGeneratedGraph(model, { ...optionsOf(seed), ...more });
  } catch (error) {
    return watch.found({ model, problem: String(error) });
  }
  counts.composed += 1;
  try {
    const problem = schemaDifference(graph);
    if (problem) watch.found({ model, problem });
    for (let index = from; index < to; index += 1) {
      const run = runOf(graph, model, index);
      if (!run) continue;
      await watch.before?.({ seed, index });
      const difference = await compareRun(graph, run, counts);
      if (difference?.kind === 'refused') counts.refused += 1;
      if (difference) watch.found({ model, run, difference });
    }
  } finally {
    await graph.close();
  }
}

export function addCounts(totals: Counts, counts: Counts): void {
  for (const key of Object.keys(counts) as (keyof Counts)[]) totals[key] += counts[key];
}
