import {
  getOperationAST,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * By the name of a subscription field: the fields below it that say what an event is about (`signal.id`). An event
 * about the same thing replaces an older one for a reader that lags behind.
 */
export type CoalesceRules = ReadonlyMap<string, readonly string[]>;

/** Gives the key of a result; `null` when it has none and nothing may replace it. */
export type KeyOf = (data: unknown) => string | null;

const noKey: KeyOf = () => null;

/** How the events of this operation are keyed: only where it selects each of the fields that the rule names. */
export function coalesceKeyOf(
  document: DocumentNode,
  operationName: string | null,
  rules: CoalesceRules,
): KeyOf {
  const operation = getOperationAST(document, operationName);
  if (!operation) return noKey;
  const fieldsOf = fieldFinder(document);
  const [root] = fieldsOf(operation.selectionSet);
  const rule = root && rules.get(root.name.value);
  if (!root || !rule) return noKey;
  const paths = rule.map((path) => responsePathOf(root, path.split('.'), fieldsOf));
  if (!paths.every((path) => path !== null)) return noKey;
  return (data) => keyAt(data, paths);
}

function keyAt(data: unknown, paths: readonly (readonly string[])[]): string | null {
  const values = paths.map((path) => valueAt(data, path));
  return values.every((value) => typeof value === 'string' || typeof value === 'number')
    ? JSON.stringify(values)
    : null;
}

function valueAt(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined,
    data,
  );
}

/** Response keys from the root to the field that `names` lead to; `null` when the operation does not select it always. */
function responsePathOf(
  field: FieldNode,
  names: readonly string[],
  fieldsOf: (set: SelectionSetNode) => readonly FieldNode[],
): readonly string[] | null {
  const key = field.alias?.value ?? field.name.value;
  const [name, ...rest] = names;
  if (!name) return [key];
  const below = field.selectionSet ? fieldsOf(field.selectionSet) : [];
  const next = below.find((one) => one.name.value === name);
  const path = next && responsePathOf(next, rest, fieldsOf);
  return path ? [key, ...path] : null;
}

/** Fields of a selection set with fragments followed; those under a condition are left out. */
function fieldFinder(document: DocumentNode): (set: SelectionSetNode) => readonly FieldNode[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const fieldsOf = (set: SelectionSetNode): readonly FieldNode[] =>
    set.selections.flatMap((selection): readonly FieldNode[] => {
      if (selection.directives?.length) return [];
      if (selection.kind === Kind.FIELD) return [selection];
      if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet);
      const fragment = fragments.get(selection.name.value);
      return fragment ? fieldsOf(fragment.selectionSet) : [];
    });
  return fieldsOf;
}

/**
 * The rules that subgraphs state with `@coalesce(by: ["..."])` on fields of their Subscription type.
 *
 * @param documents - the subgraphs' SDL, parsed.
 */
export function coalesceRulesOf(documents: readonly DocumentNode[]): CoalesceRules {
  const rules = new Map<string, readonly string[]>();
  for (const { definitions } of documents) {
    for (const node of definitions) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
      if (node.name.value !== 'Subscription') continue;
      for (const field of node.fields ?? []) {
        const by = field.directives
          ?.find(({ name }) => name.value === 'coalesce')
          ?.arguments?.find(({ name }) => name.value === 'by')?.value;
        if (by?.kind !== Kind.LIST) continue;
        rules.set(
          field.name.value,
          by.values.flatMap((value) => (value.kind === Kind.STRING ? [value.value] : [])),
        );
      }
    }
  }
  return rules;
}
