import {
  getOperationAST,
  GraphQLError,
  Kind,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { HubError } from '#kernel/errors.ts';
import { isIncluded } from './field-groups.ts';

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** One operation of a document, with the fragments of the document. */
export interface SelectedOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
}

/**
 * The operation to run.
 * @throws {GraphQLError} OPERATION_RESOLUTION_FAILURE - no such operation, or several and no name.
 * @throws {HubError} INVALID_INPUT - it asks for incremental delivery, or has a reserved alias.
 */
export function selectOperation(document: DocumentNode, name: string | null | undefined): SelectedOperation {
  const operation = getOperationAST(document, name ?? undefined);
  if (!operation) throw unresolved(document, name);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  refuseUnsupported(document);
  return { operation, fragments };
}

function unresolved(document: DocumentNode, name: string | null | undefined): GraphQLError {
  const message = name
    ? `Unknown operation named "${name}".`
    : 'Must provide operation name if query contains multiple operations.';
  const none = !document.definitions.some((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return new GraphQLError(none ? 'The document has no operation.' : message, {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });
}

function refuseUnsupported(document: DocumentNode): void {
  visit(document, {
    // The engine trusts what stands under such keys: an alias __typename would let a field's value pass as a type.
    Field({ alias }) {
      if (alias?.value.startsWith('__'))
        throw new HubError(
          'INVALID_INPUT',
          `The alias ${alias.value} is reserved: choose one that does not start with __.`,
        );
    },
    Directive({ name }) {
      if (name.value === 'defer' || name.value === 'stream') throw incrementalRefused(name.value);
    },
  });
}

/** @throws {HubError} INVALID_INPUT - the document asks for the schema. */
export function refuseIntrospection(document: DocumentNode): void {
  visit(document, {
    Field(field) {
      if (isIntrospection(field))
        throw new HubError('INVALID_INPUT', `Introspection is switched off here: ${field.name.value}.`);
    },
  });
}

/** The refusal of `@defer` and `@stream`. */
export function incrementalRefused(directive: string): HubError {
  return new HubError(
    'INVALID_INPUT',
    `@${directive} is not supported; ask for these fields in an operation of their own.`,
    {
      details: { directive },
    },
  );
}

/** The operation's text with the fragments it reaches, as the planner reads it. */
export function printOperation(operation: OperationDefinitionNode, fragments: Fragments): string {
  const reached = new Set<FragmentDefinitionNode>();
  const reach = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment || reached.has(fragment)) return;
        reached.add(fragment);
        reach(fragment);
      },
    });
  };
  reach(operation);
  return [operation, ...reached].map(print).join('\n');
}

/**
 * The operation as the planner gets it: `__typename` without an alias, since the engine reads types by that key; and
 * in the place of `__schema` and `__type`, which no subgraph answers for the whole graph. These two exist on the query
 * type only, so whatever has their name is one of them.
 */
export function withPlainTypeNames({ operation, fragments }: SelectedOperation): SelectedOperation {
  const replace = <T extends OperationDefinitionNode | FragmentDefinitionNode>(node: T): T =>
    visit(node, { Field: (field) => (isMeta(field) ? typeNameField : undefined) }) as T;
  return {
    operation: replace(operation),
    fragments: new Map([...fragments].map(([name, fragment]) => [name, replace(fragment)])),
  };
}

const typeNameField: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function isMeta(field: FieldNode): boolean {
  return isIntrospection(field) || (field.name.value === '__typename' && field.alias !== undefined);
}

/** Whether a field is answered from the public schema. */
export function isIntrospection(field: FieldNode): boolean {
  return field.name.value === '__schema' || field.name.value === '__type';
}

/**
 * One operation per root field, in the order in which they are met; with `variables`, only those that `@skip` and
 * `@include` let through: a field that is skipped at first and stands again later comes later. A mutation's root fields
 * run strictly one after another, each with everything below it; the native planner's plan for all of them together
 * would fetch joins of one beside the next.
 *
 * @see https://spec.graphql.org/October2021/#sec-Mutation
 */
export function splitRootFields(
  { operation, fragments }: SelectedOperation,
  variables?: Readonly<Record<string, unknown>>,
): OperationDefinitionNode[] {
  const byKey = new Map<string, SelectionNode[]>();
  const walk = (set: SelectionSetNode, wrap: (inner: SelectionNode) => SelectionNode): void => {
    for (const selection of set.selections) {
      if (variables && !isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        byKey.set(key, [...(byKey.get(key) ?? []), wrap(selection)]);
        continue;
      }
      const fragment = asInlineFragment(selection, fragments);
      if (fragment) walk(fragment.selectionSet, (inner) => wrap(narrowed(fragment, inner)));
    }
  };
  walk(operation.selectionSet, (inner) => inner);
  return [...byKey.values()].map((selections) => ({
    ...operation,
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  }));
}

function asInlineFragment(
  selection: Exclude<SelectionNode, FieldNode>,
  fragments: Fragments,
): InlineFragmentNode | undefined {
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
  const fragment = fragments.get(selection.name.value);
  if (!fragment) return undefined;
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: fragment.typeCondition,
    selectionSet: fragment.selectionSet,
    ...(selection.directives ? { directives: selection.directives } : {}),
  };
}

function narrowed(fragment: InlineFragmentNode, inner: SelectionNode): InlineFragmentNode {
  return { ...fragment, selectionSet: { kind: Kind.SELECTION_SET, selections: [inner] } };
}

/** Whether anything but type names is asked for at the root. */
export function needsSubgraphs(selected: SelectedOperation): boolean {
  return splitRootFields(selected).some(({ selectionSet }) => !selectionSet.selections.every(isTypeName));
}

function isTypeName(selection: SelectionNode): boolean {
  if (selection.kind === Kind.FIELD) return selection.name.value === '__typename';
  return selection.kind === Kind.INLINE_FRAGMENT && selection.selectionSet.selections.every(isTypeName);
}
