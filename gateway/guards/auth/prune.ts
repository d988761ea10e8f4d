import { Kind, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { SelectedOperation } from '../../engine/operation.ts';

/** Where a selected field may be read: everywhere, nowhere, or only of objects of the named types. */
export type Readable = 'everywhere' | 'nowhere' | readonly string[];

/** The operation without the fields that may not be read. An object of which nothing is left is still asked for. */
export function withoutFields(
  { operation, fragments }: SelectedOperation,
  readable: (node: FieldNode) => Readable,
): SelectedOperation {
  const pruneSet = (set: SelectionSetNode): SelectionSetNode => {
    const selections = set.selections.flatMap(prune);
    return { ...set, selections: selections.length ? selections : [typeNameField] };
  };
  const prune = (node: SelectionNode): SelectionNode[] => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return [node];
    if (node.kind === Kind.INLINE_FRAGMENT) return [{ ...node, selectionSet: pruneSet(node.selectionSet) }];
    const where = readable(node);
    if (where === 'nowhere') return [];
    const kept = node.selectionSet ? { ...node, selectionSet: pruneSet(node.selectionSet) } : node;
    return where === 'everywhere' ? [kept] : where.map((type) => only(type, kept));
  };
  return {
    operation: { ...operation, selectionSet: pruneSet(operation.selectionSet) },
    fragments: new Map(
      [...fragments].map(([name, fragment]) => [
        name,
        { ...fragment, selectionSet: pruneSet(fragment.selectionSet) },
      ]),
    ),
  };
}

const typeNameField: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function only(type: string, node: FieldNode): SelectionNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
    selectionSet: { kind: Kind.SELECTION_SET, selections: [node] },
  };
}
