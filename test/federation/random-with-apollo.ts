// For developers: random operations over every behaviour, beside @apollo/gateway on a supergraph of @apollo/composition.
//   (cd test/bench/contenders && npm ci) && node test/federation/random-with-apollo.ts [OPERATIONS EACH] [SEED] [PART OF A NAME]
// Prints what we refuse, what our subgraphs find invalid, and where @apollo/gateway has a value and we silently have none. The
// other way round is common and not printed: apollo-differs.ts says why.
import { parse, validate } from 'graphql';
import { buildPublicSchema } from '#gateway/engine/public-schema.ts';
import { messageOf } from '#kernel/errors.ts';
import { composeWithApollo, createApolloGateway } from './apollo.ts';
import { linked, type Behaviour } from './cases/behaviour.ts';
import { behaviours } from './cases/index.ts';
import { createOpenGraph, type OpenGraph, type OpenRequest } from './open-graph.ts';
import { createRandom, randomOperation } from './random-operations.ts';

const [each = '30', first = '1', part = ''] = process.argv.slice(2);
let ran = 0;
let worse = 0;
for (const behaviour of behaviours.filter(({ name }) => name.includes(part))) await compare(behaviour);
print(`${ran} operations, ${worse} to look at`);
// @apollo/gateway keeps timers of graphs that it could not open.
process.exit(worse ? 1 : 0);

async function compare(behaviour: Behaviour): Promise<void> {
  const graph = await createOpenGraph(linked(behaviour), composeWithApollo);
  const schema = buildPublicSchema(parse(graph.supergraphSdl));
  const apollo = await createApolloGateway(graph.supergraphSdl).catch((error: unknown) => {
    print(`${behaviour.name}: @apollo/gateway does not open it: ${messageOf(error).split('\n')[0]}`);
    return null;
  });
  for (let seed = Number(first); seed < Number(first) + Number(each); seed += 1) {
    const request = randomOperation(schema, createRandom(seed));
    if (validate(schema, parse(request.query)).length) continue;
    ran += 1;
    const faults = await faultsOf(graph, request, apollo);
    if (!faults.length) continue;
    worse += 1;
    print(`${behaviour.name}, seed ${seed}: ${faults.join('; ')}\n${request.query}`);
  }
  await apollo?.close();
  await graph.close();
}

async function faultsOf(
  { ask, served }: OpenGraph,
  request: OpenRequest,
  apollo: Awaited<ReturnType<typeof createApolloGateway>> | null,
): Promise<string[]> {
  for (const { invalid } of served) invalid.length = 0;
  const ours = await ask(request);
  const [said] = ours.errors ?? [];
  if (said && /is the limit/.test(said.message)) return [];
  const faults = served.flatMap(({ invalid }) => invalid);
  if (ours.status !== 200) faults.push(`refused: ${said?.message}`);
  const theirs = await apollo?.ask(request);
  // What we report as an error is not lost silently: @apollo/gateway passes over some violations of the schema.
  if (theirs && !theirs.errors && !said) faults.push(...lacking(ours.data, theirs.data, 'data'));
  return faults;
}

/** The places at which the other has a value and this has none. */
function lacking(own: unknown, other: unknown, at: string): string[] {
  if (other === null || other === undefined) return [];
  if (own === null || own === undefined) return [`nothing at ${at}`];
  if (typeof other !== 'object' || typeof own !== 'object') return [];
  return Object.entries(other).flatMap(([key, value]) =>
    lacking((own as Record<string, unknown>)[key], value, `${at}.${key}`),
  );
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
