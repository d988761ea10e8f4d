/**
 * Looks for a good draft. Which request a field joins depends on those made before, so the demands are met in a few
 * different orders, and the draft with the fewest steps, then the fewest requests, is taken. Demands that can be met
 * in one place only go first: what they need is there for the others.
 */
import { HubError, isHubError } from '#kernel/errors.ts';
import { demandsOf, type Asked, type Demand } from './demands.ts';
import { Draft, type DraftOptions } from './draft.ts';
import type { Spot } from './supergraph-model.ts';
import { countRequests } from './write-plan.ts';

/** Operations with more demands are planned in one order only. */
const fewDemands = 1_000;

/** Once so much of what planning may take is spent, no further order is tried. */
const effortForOthers = 0.1;

type SearchOptions = Omit<DraftOptions, 'horizon'>;

interface Found {
  readonly draft: Draft;
  readonly demands: readonly Demand[];
  readonly steps: number;
  readonly requests: number;
}

type Order = (one: Demand, other: Demand) => number;

const fewestOptionsFirst: Order = (one, other) => rank(one) - rank(other) || one.depth - other.depth;
const deepestFirst: Order = (one, other) => rank(one) - rank(other) || other.depth - one.depth;
const asWritten: Order = (one, other) => Math.max(1, rank(one)) - Math.max(1, rank(other));
const orders: readonly Order[] = [fewestOptionsFirst, deepestFirst, asWritten];

/** Only one place, several, perhaps none, any. */
function rank({ options, isUncertain }: Demand): number {
  if (isUncertain) return 2;
  return options === Infinity ? 3 : Number(options > 1);
}

/**
 * The best draft of a few.
 * @throws {HubError} INTERNAL - something asked for cannot be had; LIMIT_EXCEEDED - it takes too long to find out.
 */
export function searchDraft(asked: Asked, options: SearchOptions): Draft {
  let best: Found | null = null;
  const { effort } = options;
  for (const order of orders) {
    const found = tryOrder(order, asked, options, best);
    if (!found) break;
    const { steps, requests, demands } = found;
    if (!best || steps < best.steps || (steps === best.steps && requests < best.requests)) best = found;
    if (requests <= 1 || demands.length > fewDemands || !demands.some(isFree)) break;
    if (effort.spent > effort.max * effortForOthers) break;
  }
  if (!best) throw new HubError('INTERNAL', 'The operation could not be planned: nothing was tried.');
  return best.draft;
}

/** `null` when one is there and another would take too long. */
function tryOrder(order: Order, asked: Asked, options: SearchOptions, best: Found | null): Found | null {
  try {
    const draft = new Draft({ ...options, horizon: best?.steps ?? 0 });
    const demands = demandsOf(asked, draft);
    meet(demands.toSorted(order), draft);
    const { groups } = draft;
    const steps = groups.reduce((most, { step }) => Math.max(most, step), 0);
    return { draft, demands, steps, requests: countRequests(groups) };
  } catch (error) {
    if (best && isHubError(error, 'LIMIT_EXCEEDED')) return null;
    throw error;
  }
}

/** Whether there is a choice of where it comes from. */
function isFree({ options }: Demand): boolean {
  return options > 1;
}

function meet(demands: readonly Demand[], draft: Draft): void {
  for (const demand of demands) if (canCome(demand, draft)) meetOne(demand, draft);
}

function meetOne({ node, leaf, typeName }: Demand, draft: Draft): void {
  if (leaf) draft.leaf(node, leaf.key, leaf.call);
  else if (typeName) draft.typeName(node);
  else draft.exists(node);
}

/** Whether objects of the type can be met: not so where they are fetched from a subgraph that does not have it. */
function canCome({ node, isUncertain }: Demand, draft: Draft): boolean {
  if (!isUncertain) return true;
  for (let at = node; at.parent; at = at.parent) {
    if (at.link.kind !== 'narrowed') continue;
    const { type, parent } = at;
    const names = draft.model.type(type).possible;
    const knows = ({ spot }: { spot: Spot }) =>
      spot.type.isInterfaceObject || [...spot.type.possible].some((name) => names.has(name));
    if (!parent.places.every(knows) || !draft.routes.arrivals(at).length) return false;
  }
  return true;
}
