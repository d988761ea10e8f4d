import {
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  isUnionType,
  Kind,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded } from '../../engine/field-groups.ts';
import type { Fragments } from '../../engine/operation.ts';
import type { PlannedOperation } from '../../engine/types.ts';
import type { CostDirectives } from './directives.ts';
import { joinCost } from './joins.ts';
import { isList, sizeOfField } from './list-size.ts';

type Variables = Readonly<Record<string, unknown>>;

export interface EstimateOptions {
  readonly schema: GraphQLSchema;
  readonly directives: CostDirectives;
  /** Length of lists nothing is known about. */
  readonly assumedListSize: number;
}

/** What every mutation costs beside its fields, as in Apollo's demand control. */
export const mutationCost = 10;

/**
 * Estimates what an operation costs at most: 1 for each object it may answer with, 0 for leaves, other weights by
 * `@cost`; lists by their arguments; 10 for each field of a mutation; 1 for each object another subgraph is asked about.
 *
 * @see https://ibm.github.io/graphql-specs/cost-spec.html
 */
export function estimateCost(
  planned: PlannedOperation,
  variables: Variables,
  options: EstimateOptions,
): number {
  const { operation, fragments } = planned.selected;
  const root = options.schema.getRootType(operation.operation);
  if (!root) return 0;
  const walk = new CostWalk(fragments, variables, options);
  const fields = walk.selection([operation.selectionSet], root, 1, '', new Map());
  const mutations = operation.operation === 'mutation' ? mutationCost * walk.rootFields : 0;
  const cost = Math.ceil(fields + mutations + joinCost(planned.plans, walk.counts));
  // None of infinitely many is no number, and no limit would hold it.
  return Number.isNaN(cost) ? Infinity : cost;
}

class CostWalk {
  /** Objects at each place of the answer, by its response keys: `twins.nodes`. */
  readonly counts = new Map<string, number>();
  rootFields = 0;
  readonly #fragments: Fragments;
  readonly #variables: Variables;
  readonly #options: EstimateOptions;

  constructor(fragments: Fragments, variables: Variables, options: EstimateOptions) {
    this.#fragments = fragments;
    this.#variables = variables;
    this.#options = options;
  }

  /** The fields of selection sets that stand at one place, for `count` objects of the type. */
  selection(
    sets: readonly SelectionSetNode[],
    parent: GraphQLCompositeType,
    count: number,
    place: string,
    sizes: ReadonlyMap<string, number>,
  ): number {
    const groups = new Map<string, { parent: GraphQLCompositeType; nodes: FieldNode[] }>();
    for (const set of sets) this.#collect(set, parent, groups, []);
    let cost = 0;
    for (const { parent: type, nodes } of groups.values()) {
      if (!place) this.rootFields += 1;
      cost += this.#field(type, nodes, count, place, sizes);
    }
    return cost;
  }

  /** Groups by type and response key: what one object has twice costs once, what two types have costs twice. */
  #collect(
    set: SelectionSetNode,
    parent: GraphQLCompositeType,
    groups: Map<string, { parent: GraphQLCompositeType; nodes: FieldNode[] }>,
    within: readonly string[],
  ): void {
    for (const selection of set.selections) {
      if (!isIncluded(selection, this.#variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = `${parent.name}.${(selection.alias ?? selection.name).value}`;
        const group = groups.get(key);
        if (group) group.nodes.push(selection);
        else groups.set(key, { parent, nodes: [selection] });
        continue;
      }
      const spread = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : null;
      if (spread !== null && within.includes(spread)) continue;
      const fragment = spread === null ? selection : this.#fragments.get(spread);
      if (!fragment || !('selectionSet' in fragment)) continue;
      const condition = fragment.typeCondition && this.#composite(fragment.typeCondition.name.value);
      const inner = spread === null ? within : [...within, spread];
      this.#collect(fragment.selectionSet, this.#narrower(parent, condition), groups, inner);
    }
  }

  /** A condition that every object fulfils anyway must not make its fields cost twice. */
  #narrower(parent: GraphQLCompositeType, condition: GraphQLCompositeType | undefined): GraphQLCompositeType {
    if (!condition || !isAbstractType(condition)) return condition ?? parent;
    return isUnionType(condition) || isObjectType(parent) ? parent : condition;
  }

  #field(
    parent: GraphQLCompositeType,
    nodes: readonly FieldNode[],
    count: number,
    place: string,
    sizes: ReadonlyMap<string, number>,
  ): number {
    const [node] = nodes;
    const field = node && !isUnionType(parent) ? parent.getFields()[node.name.value] : undefined;
    if (!node || !field) return 0;
    const coordinate = `${parent.name}.${field.name}`;
    const args = this.#argumentsOf(field, node);
    const rule = this.#options.directives.listSizes.get(coordinate);
    const size = sizeOfField(field, args, rule, this.#options.assumedListSize);
    const items = count * (isList(field.type) ? (sizes.get(field.name) ?? size.own) : 1);
    const key = (node.alias ?? node.name).value;
    const here = place ? `${place}.${key}` : key;
    this.counts.set(here, (this.counts.get(here) ?? 0) + items);
    const own =
      items * weightOfField(coordinate, field, this.#options.directives) +
      count * this.#argumentCost(coordinate, args);
    const output = getNamedType(field.type);
    if (!isCompositeType(output)) return own;
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return own + this.selection(sets, output, items, here, size.below);
  }

  #argumentCost(coordinate: string, args: Variables): number {
    const { weights } = this.#options.directives;
    if (!weights.size) return 0;
    return Object.keys(args).reduce((sum, name) => sum + (weights.get(`${coordinate}(${name})`) ?? 0), 0);
  }

  /** Values that the subgraph will refuse anyway count as not given. */
  #argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Variables {
    if (!field.args.length) return {};
    try {
      return getArgumentValues(field, node, this.#variables);
    } catch {
      return {};
    }
  }

  #composite(name: string): GraphQLCompositeType | undefined {
    const type = this.#options.schema.getType(name);
    return type && isCompositeType(type) ? type : undefined;
  }
}

/** What one object (or leaf) of a field costs: by the field, else by its type. */
export function weightOfField(
  coordinate: string,
  field: GraphQLField<unknown, unknown>,
  { weights }: CostDirectives,
): number {
  const output = getNamedType(field.type);
  return weights.get(coordinate) ?? weights.get(output.name) ?? (isLeafType(output) ? 0 : 1);
}
