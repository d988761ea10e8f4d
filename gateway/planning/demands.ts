/**
 * An operation as a list of demands: which leaves of which nodes are asked for, and which nodes have to exist.
 *
 * Fields of an interface stay demands on the interface where some subgraph answers them for all its types; elsewhere
 * each type is asked for by itself.
 */
import {
  Kind,
  print,
  visit,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { HubError } from '#kernel/errors.ts';
import type { Draft } from './draft.ts';
import type { FieldCall } from './field-sets.ts';
import type { ObjectNode } from './nodes.ts';

/** Something asked for that is met by itself. */
export interface Demand {
  readonly node: ObjectNode;
  /** `null` when the node has to exist, or its type to be known. */
  readonly leaf: { readonly key: string; readonly call: FieldCall } | null;
  readonly typeName: boolean;
  /** In how many places it can be had. */
  readonly options: number;
  /** Whether its objects may be of types that not all subgraphs know which have the objects. */
  readonly isUncertain: boolean;
  /** Levels below the root. */
  readonly depth: number;
}

export interface Asked {
  readonly set: SelectionSetNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/**
 * Types of interfaces within interfaces multiply, so that a short operation may come to any number of demands: what one
 * takes counts before it is made, and again when it is met.
 */
const effortOfDemand = 4;

/**
 * @throws {HubError} LIMIT_EXCEEDED - its fields multiply too much; INTERNAL - it has a condition, which is decided
 *   before planning.
 */
export function demandsOf({ set, fragments }: Asked, draft: Draft): readonly Demand[] {
  const walk = new Walk(draft, fragments);
  walk.set(draft.root, set, 0);
  return walk.demands;
}

class Walk {
  readonly demands: Demand[] = [];
  readonly #draft: Draft;
  readonly #fragments: Asked['fragments'];

  constructor(draft: Draft, fragments: Asked['fragments']) {
    this.#draft = draft;
    this.#fragments = fragments;
  }

  set(node: ObjectNode, { selections }: SelectionSetNode, depth: number): void {
    for (const selection of selections) {
      refuseConditions(selection);
      this.#draft.effort.take(1);
      if (selection.kind === Kind.FIELD) this.#field(node, selection, depth);
      else this.#fragment(node, selection, depth);
    }
  }

  #demand(demand: Demand): void {
    this.#draft.effort.take(effortOfDemand);
    this.demands.push(demand);
  }

  #field(node: ObjectNode, field: FieldNode, depth: number): void {
    const name = field.name.value;
    if (name === '__typename') return this.#exists(node, depth, this.#isAbstract(node));
    // The rest of introspection is answered from the schema.
    if (name.startsWith('__')) return;
    const call = callOf(field);
    const key = field.alias?.value ?? name;
    node.position.take(key, call);
    for (const one of this.#nodesAnswering(node, call))
      if (one === node || this.#draft.routes.arrivals(one).length)
        this.#fieldOf(one, key, call, field.selectionSet, depth);
  }

  #fieldOf(
    node: ObjectNode,
    key: string,
    call: FieldCall,
    set: SelectionSetNode | undefined,
    depth: number,
  ): void {
    if (!set) {
      const options = this.#draft.model
        .spotsOf(node.type)
        .filter((spot) => this.#draft.model.answers(spot, call.name));
      return this.#demand({
        node,
        leaf: { key, call },
        typeName: false,
        options: options.length,
        depth,
        isUncertain: this.#isUncertain(node),
      });
    }
    const child = this.#draft.childOf(node, key, call);
    this.#exists(child, depth + 1, false);
    this.set(child, set, depth + 1);
  }

  #exists(node: ObjectNode, depth: number, typeName: boolean): void {
    // The objects of a narrowed node are those of the node itself.
    if (node.link.kind === 'narrowed' && node.parent) return this.#exists(node.parent, depth, typeName);
    if (node.parent)
      this.#demand({ node, leaf: null, typeName, options: Infinity, depth, isUncertain: false });
  }

  #isUncertain(node: ObjectNode): boolean {
    for (let at = node; at.parent; at = at.parent) {
      if (at.link.kind !== 'narrowed' || this.#isAbstract(at)) continue;
      const { type, parent } = at;
      const unaware = this.#draft.routes
        .arrivals(parent)
        .some(({ spot }) => !spot.type.isInterfaceObject && !spot.type.possible.has(type));
      if (unaware) return true;
    }
    return false;
  }

  /** The node itself, or one for each of its types where no subgraph answers for all of them. */
  #nodesAnswering(node: ObjectNode, call: FieldCall): readonly ObjectNode[] {
    if (!this.#isAbstract(node)) return [node];
    const isAnswered = this.#draft.answersAsWhole(node, call.name);
    return isAnswered ? [node] : this.#narrowedTo(node, node.type);
  }

  #fragment(node: ObjectNode, selection: Exclude<SelectionNode, FieldNode>, depth: number): void {
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
    if (!fragment) return;
    const condition = fragment.typeCondition?.name.value;
    if (condition === undefined || this.#draft.model.satisfies(node.type, condition))
      return this.set(node, fragment.selectionSet, depth);
    if (!this.#isAbstract(node)) return;
    const nodes = this.#narrowsAsWhole(node, condition)
      ? [node.narrow(condition)]
      : this.#narrowedTo(node, condition);
    for (const one of nodes)
      if (this.#draft.routes.arrivals(one).length) this.set(one, fragment.selectionSet, depth);
  }

  /** The node's object types that satisfy a condition, as far as they can come. */
  #narrowedTo(node: ObjectNode, condition: string): readonly ObjectNode[] {
    return this.#draft.routes
      .typesOf(node)
      .filter((name) => this.#draft.model.satisfies(name, condition))
      .map((name) => node.narrow(name));
  }

  /** Whether every subgraph where the node can be knows the abstract type as the whole graph does. */
  #narrowsAsWhole(node: ObjectNode, condition: string): boolean {
    const { model, routes } = this.#draft;
    if (model.type(condition).kind === 'object' || node.link.kind === 'narrowed') return false;
    return routes.to(node).every(({ spot }) => {
      const matches = [...spot.type.possible].some((name) => model.satisfies(name, condition));
      return !spot.type.isInterfaceObject && (!matches || routes.narrowedSpot(spot, condition) !== undefined);
    });
  }

  #isAbstract(node: ObjectNode): boolean {
    return this.#draft.model.type(node.type).kind !== 'object';
  }
}

function refuseConditions({ directives = [] }: SelectionNode): void {
  for (const { name } of directives)
    if (name.value === 'skip' || name.value === 'include')
      throw new HubError(
        'INTERNAL',
        `The operation could not be planned: @${name.value} has to be decided before.`,
      );
}

/** Directives go on: the composer keeps those for operations only when all subgraphs have them. */
function callOf(field: FieldNode): FieldCall {
  const args = field.arguments?.length ? `(${field.arguments.map(print).join(', ')})` : '';
  const directives = (field.directives ?? []).map((directive) => ` ${print(directive)}`).join('');
  return { name: field.name.value, suffix: args + directives, variables: variablesOf(field) };
}

function variablesOf({ arguments: args = [], directives = [] }: FieldNode): string[] {
  const names = new Set<string>();
  for (const node of [...args, ...directives])
    visit(node, { Variable: ({ name }) => void names.add(name.value) });
  return [...names];
}
