/**
 * Shrinks one difference and shows what is left: `node test/federation/schemas/explain.ts SEED/INDEX [--planner own|native]`.
 * SEED and INDEX are those that fuzz.ts tells (`index`, or the last three digits of `dataSeed`).
 */
import { parseArgs } from 'node:util';
import { parse } from 'graphql';
import { createPlanner, plannerChoices } from '#gateway/planner.ts';
import { newContext } from '../support.ts';
import { compareRun, optionsOf, runOf } from './differential.ts';
import { generateModel } from './generate.ts';
import { createGeneratedGraph, type GraphOptions } from './graph.ts';
import { subgraphSdl } from './sdl.ts';
import { judgeWith, shrink, type Case } from './shrink.ts';

const { values, positionals } = parseArgs({
  options: { planner: { type: 'string', default: 'own' } },
  allowPositionals: true,
});
const [seed, index] = (positionals[0] ?? '').split('/').map(Number);
const planner = plannerChoices.find((one) => one === values.planner);
if (!seed || index === undefined || !planner) throw new Error('explain.ts SEED/INDEX [--planner own|native]');

const options: GraphOptions = {
  ...optionsOf(seed),
  remote: false,
  planner: (sdl) => createPlanner(sdl, planner),
};
const small = await smallest(seed, index);
if (small) await show(small);
else process.stdout.write('No difference.\n');

async function smallest(from: number, at: number): Promise<Case | null> {
  const model = generateModel(from);
  const graph = await createGeneratedGraph(model, options);
  const run = runOf(graph, model, at);
  const judge = judgeWith(options);
  return run && (await judge({ model, run })) ? shrink({ model, run }, judge) : null;
}

async function show({ model, run }: Case): Promise<void> {
  const graph = await createGeneratedGraph(model, options);
  const lines = model.subgraphs.map(({ name }) => `# ${name}\n${subgraphSdl(model, name)}`);
  const difference = await compareRun(graph, run);
  const { operation } = run;
  const plans: unknown[] = [];
  await graph.engine.execute({
    document: parse(operation.query),
    variables: operation.variables,
    context: newContext(),
    onPlanned: (planned) => void plans.push(...planned.plans),
  });
  const told = { variables: operation.variables, down: run.down, plans };
  lines.push(operation.query, JSON.stringify(told), `${difference?.kind}: ${difference?.text}`);
  lines.push(
    JSON.stringify(await graph.expected(operation)),
    JSON.stringify(await graph.actual(operation, false)),
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}
