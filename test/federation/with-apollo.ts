// For developers: every behaviour over supergraphs of two composers, and beside @apollo/gateway.
//   (cd test/bench/contenders && npm ci) && node test/federation/with-apollo.ts [PART OF A NAME]
// Exit code 1 when one of ours does not answer as the behaviour says. What @apollo/gateway answers otherwise is
// printed, unless apollo-differs.ts has decided it.
import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '#kernel/errors.ts';
import { composeWithApollo, createApolloGateway } from './apollo.ts';
import { apolloDiffers } from './apollo-differs.ts';
import { linked, type Behaviour } from './cases/behaviour.ts';
import { checkAsk } from './cases/check.ts';
import { behaviours } from './cases/index.ts';
import { composeOwn, createOpenGraph, type Compose, type OpenGraph } from './open-graph.ts';

interface Tally {
  behaviours: number;
  asks: number;
  failed: number;
  differs: number;
}

const composers: Readonly<Record<string, Compose>> = {
  'own composition': composeOwn,
  '@apollo/composition': composeWithApollo,
};
const wanted = behaviours.filter(({ name }) => name.includes(process.argv[2] ?? ''));
let failed = 0;
for (const [composer, compose] of Object.entries(composers)) {
  const tally: Tally = { behaviours: 0, asks: 0, failed: 0, differs: 0 };
  for (const behaviour of wanted) await runOne(behaviour, composer, compose, tally);
  failed += tally.failed;
  print(
    `${composer}: ${tally.behaviours} behaviours, ${tally.asks} operations, ${tally.failed} failed; @apollo/gateway differs in ${tally.differs}`,
  );
}
// @apollo/gateway keeps timers of graphs that it could not open.
process.exit(failed ? 1 : 0);

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function runOne(behaviour: Behaviour, composer: string, compose: Compose, tally: Tally) {
  const say = (text: string) => print(`[${composer}] ${behaviour.name}\n  ${text}`);
  tally.behaviours += 1;
  let graph: OpenGraph;
  try {
    graph = await createOpenGraph(linked(behaviour), compose);
  } catch (error) {
    tally.failed += 1;
    return say(`FAILED to open: ${messageOf(error)}`);
  }
  try {
    await askAll(graph, behaviour, tally, say);
    await compareAll(graph, behaviour, tally, say);
  } finally {
    await graph.close();
  }
}

/** Fetches are looked at with our own supergraph only: another composer's may be planned otherwise. */
async function askAll(
  graph: OpenGraph,
  { asks }: Behaviour,
  tally: Tally,
  say: (text: string) => void,
): Promise<void> {
  for (const ask of asks) {
    tally.asks += 1;
    try {
      await checkAsk(graph, ask, { fetches: false });
    } catch (error) {
      tally.failed += 1;
      say(`FAILED ${ask.query}\n${messageOf(error)}`);
    }
  }
}

async function compareAll(
  graph: OpenGraph,
  { name, asks }: Behaviour,
  tally: Tally,
  say: (text: string) => void,
): Promise<void> {
  let apollo;
  try {
    apollo = await createApolloGateway(graph.supergraphSdl);
  } catch (error) {
    tally.differs += asks.length;
    return say(`@apollo/gateway does not open it: ${messageOf(error)}`);
  }
  for (const ask of asks) {
    for (const { invalid } of graph.served) invalid.length = 0;
    const answer = await apollo.ask(ask);
    const invalid = graph.served.flatMap((one) => one.invalid);
    if (isDeepStrictEqual(answer.data ?? undefined, ask.data ?? undefined) && !invalid.length) continue;
    tally.differs += 1;
    if (name in apolloDiffers) continue;
    say(`@apollo/gateway: ${ask.query}\n  ${JSON.stringify({ ...answer, invalid })}`);
  }
  await apollo.close();
}
