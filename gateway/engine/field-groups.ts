import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { HubError } from '#kernel/errors.ts';
import type { Denials } from './access.ts';
import { keyInData, nothingShielded, type ShieldedNames } from './shielded-keys.ts';

export type CompositeType = GraphQLObjectType | GraphQLInterfaceType;
type Variables = Readonly<Record<string, unknown>>;

/** All selections of one response key of one type, merged. */
export interface FieldGroup {
  readonly key: string;
  /** Where its value is in what the subgraphs answered; see ShieldedNames. */
  readonly keyInData: string;
  readonly fieldName: string;
  readonly parentName: string;
  /** The field's type; `null` for the meta fields `__typename`, `__schema` and `__type`. */
  readonly type: GraphQLOutputType | null;
  readonly nodes: readonly FieldNode[];
  readonly selectionSets: readonly SelectionSetNode[];
  /** Why the caller must not see it. */
  readonly denied: HubError | null;
  /** Groups of the level below, by the name of the type met there. */
  readonly below: Map<string, FieldGroups>;
}

export type FieldGroups = readonly FieldGroup[];

/**
 * Collects the fields of an operation level by level, for the type that is met, and keeps what it collected: one
 * collector serves one set of values for the variables that `@skip` and `@include` look at.
 *
 * @see https://spec.graphql.org/October2021/#CollectFields()
 */
export class FieldCollector {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #root: GraphQLObjectType;
  readonly #rootSet: SelectionSetNode;
  readonly #denials: Denials | null;
  readonly #shielded: ShieldedNames;
  #rootGroups: FieldGroups | undefined;

  constructor(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    root: GraphQLObjectType,
    denials: Denials | null = null,
    shielded: ShieldedNames = nothingShielded,
  ) {
    this.#schema = schema;
    this.#fragments = fragments;
    this.#root = root;
    this.#rootSet = operation.selectionSet;
    this.#denials = denials;
    this.#shielded = shielded;
  }

  /** Why objects of the type are kept from the caller, `null` when they are not. */
  deniedType(typeName: string): HubError | null {
    return this.#denials?.ofType(typeName) ?? null;
  }

  /** The root's groups. */
  root(variables: Variables): FieldGroups {
    return (this.#rootGroups ??= this.#collect(this.#root, [this.#rootSet], variables));
  }

  /** The groups below a field, for an object of `type`. */
  below(group: FieldGroup, type: CompositeType, variables: Variables): FieldGroups {
    let groups = group.below.get(type.name);
    if (!groups) group.below.set(type.name, (groups = this.#collect(type, group.selectionSets, variables)));
    return groups;
  }

  /** Whether what is asked for below a field depends on which of an interface's types an object is of. */
  asksForObjectType({ selectionSets }: FieldGroup, type: CompositeType, variables: Variables): boolean {
    const asks = (set: SelectionSetNode): boolean =>
      set.selections.some((selection) => {
        if (!isIncluded(selection, variables)) return false;
        if (selection.kind === Kind.FIELD) return selection.name.value === '__typename';
        const fragment = this.#fragmentOf(selection, new Set());
        if (!fragment) return false;
        return !this.#applies(fragment.typeCondition?.name.value, type) || asks(fragment.selectionSet);
      });
    return selectionSets.some(asks);
  }

  #collect(type: CompositeType, sets: readonly SelectionSetNode[], variables: Variables): FieldGroups {
    const nodesByKey = new Map<string, FieldNode[]>();
    const visited = new Set<string>();
    const walk = (set: SelectionSetNode): void => {
      for (const selection of set.selections) {
        if (!isIncluded(selection, variables)) continue;
        if (selection.kind === Kind.FIELD) {
          const key = selection.alias?.value ?? selection.name.value;
          const nodes = nodesByKey.get(key);
          if (nodes) nodes.push(selection);
          else nodesByKey.set(key, [selection]);
        } else {
          const fragment = this.#fragmentOf(selection, visited);
          if (fragment && this.#applies(fragment.typeCondition?.name.value, type))
            walk(fragment.selectionSet);
        }
      }
    };
    sets.forEach(walk);
    return [...nodesByKey].map(([key, nodes]) => toGroup(key, nodes, type, this.#denials, this.#shielded));
  }

  #fragmentOf(selection: Exclude<SelectionNode, FieldNode>, visited: Set<string>) {
    if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
    if (visited.has(selection.name.value)) return undefined;
    visited.add(selection.name.value);
    return this.#fragments.get(selection.name.value);
  }

  #applies(condition: string | undefined, type: CompositeType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const wanted = this.#schema.getType(condition);
    return isAbstractType(wanted) && this.#schema.isSubType(wanted, type);
  }
}

/** Whether `@skip` and `@include` let a selection through. */
export function isIncluded(node: SelectionNode, variables: Variables): boolean {
  if (!node.directives?.length) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false;
}

function toGroup(
  key: string,
  nodes: readonly FieldNode[],
  type: CompositeType,
  denials: Denials | null,
  shielded: ShieldedNames,
): FieldGroup {
  const fieldName = nodes[0]?.name.value ?? key;
  const selectionSets = nodes.flatMap((node) => node.selectionSet ?? []);
  const field = type.getFields()[fieldName];
  return {
    key,
    keyInData: nodes[0] ? keyInData(nodes[0], shielded) : key,
    fieldName,
    parentName: type.name,
    type: field?.type ?? null,
    nodes,
    selectionSets,
    denied: denials && deniedAt(nodes, type.name, denials),
    below: new Map(),
  };
}

/** A field that stands at one place several times is seen when it may be seen by one of these ways. */
function deniedAt(nodes: readonly FieldNode[], typeName: string, denials: Denials): HubError | null {
  let first: HubError | null = null;
  for (const node of nodes) {
    const denied = denials.ofField(node, typeName);
    if (!denied) return null;
    first ??= denied;
  }
  return first;
}
