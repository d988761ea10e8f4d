import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Fragments, SelectedOperation } from './operation.ts';
import type { TypeLookup } from './type-lookup.ts';

/**
 * The operation with each field once at its place: fragments are written out where they are spread, those that apply
 * anyway are gone, and fields with one key are merged as the specification merges them.
 *
 * Clients put operations together from fragments, so that one field stands at one place several times. The native
 * planner (router-query-planner 0.0.38) gives up on some of these ("No paths found", "Missing FetchStep").
 *
 * @param selected - without `@skip` and `@include`.
 * @see https://spec.graphql.org/October2021/#MergeSelectionSets()
 */
export function withMergedSelections(
  selected: SelectedOperation,
  schema: GraphQLSchema,
  types: TypeLookup,
): SelectedOperation {
  const { operation, fragments } = selected;
  const root = schema.getRootType(operation.operation);
  if (!root) return selected;
  const merger = new Merger(schema, types, fragments);
  return {
    operation: { ...operation, selectionSet: merger.merge(root, [operation.selectionSet]) },
    fragments: noFragments,
  };
}

const noFragments: Fragments = new Map();

/** What one selection set holds when everything in it is merged. */
interface Merged {
  readonly fields: Map<string, FieldNode[]>;
  readonly fragments: Map<string, SelectionSetNode[]>;
}

class Merger {
  readonly #schema: GraphQLSchema;
  readonly #types: TypeLookup;
  readonly #fragments: Fragments;

  constructor(schema: GraphQLSchema, types: TypeLookup, fragments: Fragments) {
    this.#schema = schema;
    this.#types = types;
    this.#fragments = fragments;
  }

  merge(parent: GraphQLCompositeType, sets: readonly SelectionSetNode[]): SelectionSetNode {
    const merged: Merged = { fields: new Map(), fragments: new Map() };
    for (const set of sets) this.#collect(parent, set, merged);
    const fields = [...merged.fields.values()].map((nodes) => this.#field(parent, nodes));
    const narrowed = [...merged.fragments].map(([name, inner]) => this.#fragment(name, inner));
    const untold =
      narrowed.length > 0 &&
      !merged.fields.has(typeName.name.value) &&
      this.#types.hasInterfaceObject(parent.name);
    return { kind: Kind.SELECTION_SET, selections: [...fields, ...(untold ? [typeName] : []), ...narrowed] };
  }

  #collect(parent: GraphQLCompositeType, set: SelectionSetNode, merged: Merged): void {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) append(merged.fields, keyOf(selection), selection);
      else this.#collectFragment(parent, selection, merged);
    }
  }

  #collectFragment(
    parent: GraphQLCompositeType,
    selection: Exclude<SelectionNode, FieldNode>,
    merged: Merged,
  ): void {
    const fragment = this.#definitionOf(selection);
    if (!fragment) return;
    const condition = fragment.typeCondition?.name.value;
    if (condition === undefined || this.#alwaysApplies(condition, parent))
      this.#collect(parent, fragment.selectionSet, merged);
    else append(merged.fragments, condition, fragment.selectionSet);
  }

  #definitionOf(
    selection: Exclude<SelectionNode, FieldNode>,
  ): InlineFragmentNode | FragmentDefinitionNode | undefined {
    return selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
  }

  #alwaysApplies(condition: string, parent: GraphQLCompositeType): boolean {
    if (condition === parent.name) return true;
    const type = this.#schema.getType(condition);
    if (!isCompositeType(type) || isObjectType(type)) return false;
    return (isObjectType(parent) || isInterfaceType(parent)) && this.#schema.isSubType(type, parent);
  }

  #field(parent: GraphQLCompositeType, nodes: readonly FieldNode[]): FieldNode {
    const [first] = nodes as [FieldNode];
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const type = 'getFields' in parent ? parent.getFields()[first.name.value]?.type : undefined;
    const named = type && getNamedType(type);
    return sets.length && isCompositeType(named)
      ? { ...first, selectionSet: this.merge(named, sets) }
      : first;
  }

  #fragment(name: string, sets: readonly SelectionSetNode[]): InlineFragmentNode {
    const type = this.#schema.getType(name);
    const selections = sets.flatMap((set) => set.selections);
    return {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
      selectionSet: isCompositeType(type) ? this.merge(type, sets) : { kind: Kind.SELECTION_SET, selections },
    };
  }
}

/**
 * Asked for beside fragments on types of an interface: of objects of an `@interfaceObject` the native planner (0.0.38)
 * asks for the type only where a field of one type is wanted, not where it is a type's name or a field of them all.
 */
const typeName: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function keyOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
