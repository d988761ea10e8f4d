/**
 * The hub's own query planner: for any Federation 2 supergraph, on any machine. How it works is in README.md here.
 */
import {
  getOperationAST,
  Kind,
  parse,
  print,
  type DocumentNode,
  type OperationDefinitionNode,
} from 'graphql';
import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import type { PlanNode } from '../plan-nodes.ts';
import type { ActiveOverrides, Planner, PlanRequest } from '../planner.ts';
import { joinGraphs, parseSupergraph } from '../supergraph/join-graphs.ts';
import type { Asked } from './demands.ts';
import { Distances } from './distances.ts';
import { Effort } from './effort.ts';
import { overrideLabels, readSupergraph } from './read-supergraph.ts';
import { searchDraft } from './search.ts';
import type { SupergraphModel } from './supergraph-model.ts';
import { rootFetch, writePlan, type OperationHead } from './write-plan.ts';

/** @throws {HubError} CONFIG_INVALID - the supergraph is not a Federation 2 one. */
export function createOwnPlanner(supergraphSdl: string): Planner {
  const supergraph = parseSupergraph(supergraphSdl);
  joinGraphs(supergraph);
  return new OwnPlanner(supergraph);
}

/** A supergraph with its overrides decided, and what is known about its ways. */
interface Ground {
  readonly model: SupergraphModel;
  readonly distances: Distances;
}

/** What one operation is planned with. */
interface Work extends Ground {
  readonly effort: Effort;
}

/** Outcomes of progressive overrides that are kept. */
const maxGrounds = 32;

class OwnPlanner implements Planner {
  readonly overrides: Planner['overrides'];
  readonly #supergraph: DocumentNode;
  readonly #labels: readonly string[];
  readonly #grounds = new Map<string, Ground>();

  constructor(supergraph: DocumentNode) {
    this.#supergraph = supergraph;
    this.#labels = overrideLabels(supergraph);
    this.overrides = {
      labels: this.#labels.filter((label) => percentOf(label) === null),
      percentages: this.#labels.flatMap((label) => percentOf(label) ?? []),
    };
    this.#groundFor(undefined);
  }

  async plan({ query, operationName, overrides, signal, effort }: PlanRequest): Promise<PlanNode | null> {
    signal?.throwIfAborted();
    try {
      const ground = { ...this.#groundFor(overrides), effort: effort ?? new Effort() };
      return this.#plan(query, operationName, ground);
    } catch (error) {
      if (isHubError(error)) throw error;
      throw new HubError('INTERNAL', `The operation could not be planned: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  #plan(query: string, operationName: string | null, ground: Work): PlanNode | null {
    const document = parse(query, { noLocation: true });
    const operation = getOperationAST(document, operationName);
    if (!operation)
      throw new HubError('INTERNAL', 'The operation could not be planned: the document has none.');
    const head = { kind: operation.operation, variables: variablesOf(operation) };
    const asked = { set: operation.selectionSet, fragments: fragmentsOf(document) };
    if (head.kind === 'query') return planQuery(asked, head, ground);
    return head.kind === 'mutation'
      ? planMutation(asked, head, ground)
      : planSubscription(asked, head, ground);
  }

  #groundFor(overrides: ActiveOverrides | undefined): Ground {
    const active = this.#labels.filter((label) => isActive(label, overrides));
    const key = JSON.stringify(active);
    const known = this.#grounds.get(key);
    if (known) return known;
    const model = readSupergraph(this.#supergraph, (label) => active.includes(label));
    const ground = { model, distances: new Distances(model) };
    const [oldest] = this.#grounds.keys();
    if (oldest !== undefined && this.#grounds.size >= maxGrounds) this.#grounds.delete(oldest);
    this.#grounds.set(key, ground);
    return ground;
  }
}

function isActive(label: string, overrides: ActiveOverrides | undefined): boolean {
  const percent = percentOf(label);
  if (percent === null) return overrides?.labels.has(label) ?? false;
  return percent > (overrides?.percentage ?? 100);
}

/** `percent(30)` is 30, other labels are `null`. */
function percentOf(label: string): number | null {
  const match = /^percent\((\d+(?:\.\d+)?)\)$/.exec(label);
  return match ? Number(match[1]) : null;
}

function planQuery(asked: Asked, head: OperationHead, ground: Work): PlanNode | null {
  return writePlan(draftOf(asked, head, ground, false).groups, head);
}

/** Root fields of a mutation one after another, each with everything below it. */
function planMutation(asked: Asked, head: OperationHead, ground: Work): PlanNode | null {
  const nodes = rootFields(asked).flatMap(
    (part) => writePlan(draftOf(part, head, ground, true).groups, head) ?? [],
  );
  const [only] = nodes;
  return nodes.length > 1 ? { kind: 'Sequence', nodes } : (only ?? null);
}

function planSubscription(asked: Asked, head: OperationHead, ground: Work): PlanNode | null {
  const draft = draftOf(asked, head, ground, true);
  const [source] = draft.roots.values();
  if (!source) return null;
  const rest = writePlan(draft.entityGroups, { ...head, kind: 'query' });
  const first: PlanNode = { kind: 'Subscription', primary: rootFetch(source, head) };
  if (!rest) return first;
  return { kind: 'Sequence', nodes: [first, ...(rest.kind === 'Sequence' ? rest.nodes : [rest])] };
}

function draftOf(asked: Asked, { kind }: OperationHead, ground: Work, isSingleRoot: boolean) {
  const { model, distances, effort } = ground;
  const rootType = model.roots[kind];
  if (rootType === undefined)
    throw new HubError('INTERNAL', `The operation could not be planned: no ${kind} type.`);
  return searchDraft(asked, { model, distances, effort, rootType, isSingleRoot });
}

/** The operation once for each of its root fields; those of one key belong together. */
function rootFields({ set, fragments }: Asked): Asked[] {
  const byKey = new Map<string, Asked['set']['selections'][number][]>();
  const collect = ({ selections }: Asked['set']): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        byKey.set(key, [...(byKey.get(key) ?? []), selection]);
      } else {
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (inner) collect(inner.selectionSet);
      }
    }
  };
  collect(set);
  return [...byKey.values()].map((selections) => ({ set: { ...set, selections }, fragments }));
}

function fragmentsOf({ definitions }: DocumentNode): Asked['fragments'] {
  return new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
}

function variablesOf({ variableDefinitions = [] }: OperationDefinitionNode): ReadonlyMap<string, string> {
  return new Map(variableDefinitions.map((node) => [node.variable.name.value, print(node)]));
}
