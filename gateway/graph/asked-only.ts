import { Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';
import { isObject } from '../engine/merge.ts';
import type { ResponseObject } from '../engine/types.ts';

/** What was asked for, by response key; of a field below fragments whichever type they are for. */
type Shape = ReadonlyMap<string, Asked>;

interface Asked {
  readonly field: string;
  /** `null` of a leaf. */
  readonly below: Shape | null;
  /** Of `_entities`: the variable with the representations. */
  readonly representations: string | null;
}

/** How deep a leaf (a JSON value) and lists in lists may be: what is deeper cannot be written again. */
const maxDepth = 256;

const shapes = new WeakMap<DocumentNode, Shape>();

/**
 * Takes out of an answer whatever was not asked for, in place: it would be merged with what the hub's own subgraphs answer.
 * Of an entity nothing replaces what it was asked by.
 *
 * @returns whether it can be used: `false` when it is nested too deep.
 */
export function keepAskedOnly(
  data: ResponseObject,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  let shape = shapes.get(document);
  if (!shape) shapes.set(document, (shape = shapeOf(document)));
  if (!prune(data, shape, 0)) return false;
  for (const [key, { representations }] of shape)
    if (representations !== null) restore(data[key], variables[representations], shape.get(key)?.below);
  return true;
}

function prune(value: unknown, shape: Shape | null, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth > maxDepth) return false;
  if (Array.isArray(value)) return value.every((item) => prune(item, shape, depth + 1));
  const object = value as ResponseObject;
  if (!shape) return Object.keys(object).every((key) => prune(object[key], null, depth + 1));
  for (const key of Object.keys(object)) {
    const asked = shape.get(key);
    if (!asked) delete object[key];
    else if (!prune(object[key], asked.below, asked.below ? depth + 1 : 0)) return false;
  }
  return true;
}

/** What a representation says is as it says, whatever the answer does. */
function restore(items: unknown, representations: unknown, below: Shape | null | undefined): void {
  if (!Array.isArray(items) || !Array.isArray(representations) || !below) return;
  items.forEach((item: unknown, index) => {
    const known: unknown = representations[index];
    if (!isObject(item) || !isObject(known)) return;
    for (const [key, { field, below: nested }] of below)
      if (!nested && Object.hasOwn(item, key) && Object.hasOwn(known, field)) item[key] = known[field];
  });
}

function shapeOf(document: DocumentNode): Shape {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  return operation ? shapeOfSet([operation.selectionSet], fragments) : new Map();
}

function shapeOfSet(
  sets: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Shape {
  const asked = new Map<
    string,
    { field: string; below: SelectionSetNode[]; representations: string | null }
  >();
  const take = (set: SelectionSetNode) => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) take(selection.selectionSet);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment) take(fragment.selectionSet);
      } else {
        const key = (selection.alias ?? selection.name).value;
        const argument = selection.arguments?.find(({ name }) => name.value === 'representations')?.value;
        const isEntities = selection.name.value === '_entities' && argument?.kind === Kind.VARIABLE;
        const known = asked.get(key) ?? {
          // With arguments it may have another value than the representation has.
          field: selection.arguments?.length ? '' : selection.name.value,
          below: [],
          representations: isEntities ? argument.name.value : null,
        };
        if (selection.selectionSet) known.below.push(selection.selectionSet);
        asked.set(key, known);
      }
    }
  };
  sets.forEach(take);
  return new Map(
    [...asked].map(([key, { field, below, representations }]) => [
      key,
      { field, below: below.length ? shapeOfSet(below, fragments) : null, representations },
    ]),
  );
}
