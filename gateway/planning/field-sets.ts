import { Kind, parse, print, type SelectionSetNode } from 'graphql';

/** What a `@key`, `@requires` or `@provides` names, and what is asked for internally because of it. */
export type FieldSet = readonly FieldSetPart[];

export type FieldSetPart =
  | { readonly kind: 'field'; readonly call: FieldCall; readonly below: FieldSet | null }
  | { readonly kind: 'on'; readonly type: string; readonly below: FieldSet };

/** A field with what is written behind its name. Two calls with the same text are answered alike. */
export interface FieldCall {
  readonly name: string;
  /** Arguments and directives as they are sent, empty for none. */
  readonly suffix: string;
  readonly variables: readonly string[];
}

/** Parses `id site { id ... on Plant { code } }`. */
export function parseFieldSet(text: string): FieldSet {
  const [operation] = parse(`{${text}}`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a field set: ${text}`);
  return toFieldSet(operation.selectionSet);
}

function toFieldSet({ selections }: SelectionSetNode): FieldSet {
  return selections.flatMap((selection): FieldSetPart[] => {
    if (selection.kind === Kind.FIELD) {
      // Type names come along wherever they are needed.
      if (selection.name.value === '__typename') return [];
      const suffix = selection.arguments?.length ? `(${selection.arguments.map(print).join(', ')})` : '';
      const call = { name: selection.name.value, suffix, variables: [] };
      return [
        { kind: 'field', call, below: selection.selectionSet ? toFieldSet(selection.selectionSet) : null },
      ];
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const below = toFieldSet(selection.selectionSet);
    const type = selection.typeCondition?.name.value;
    return type === undefined ? [...below] : [{ kind: 'on', type, below }];
  });
}

/**
 * What a provided field set has of a field: `null` when it does not have it.
 * @param applies - whether a fragment's condition holds for the object.
 */
export function fieldIn(
  set: FieldSet | null,
  name: string,
  applies: (condition: string) => boolean,
): { readonly below: FieldSet } | null {
  const parts = (set ?? []).flatMap((part): FieldSet[] => {
    if (part.kind === 'field') return part.call.name === name ? [part.below ?? []] : [];
    const inner = applies(part.type) ? fieldIn(part.below, name, applies) : null;
    return inner ? [inner.below] : [];
  });
  return parts.length ? { below: parts.flat() } : null;
}

/** The names of the fields at the top of a set, those in fragments too. */
export function topNames(set: FieldSet): string[] {
  return set.flatMap((part) => (part.kind === 'field' ? [part.call.name] : topNames(part.below)));
}
