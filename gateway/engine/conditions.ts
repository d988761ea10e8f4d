import {
  Kind,
  visit,
  type DirectiveNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded } from './field-groups.ts';
import type { SelectedOperation } from './operation.ts';

type Variables = Readonly<Record<string, unknown>>;

/** The variables that `@skip` and `@include` of an operation look at, sorted. */
export function conditionVariables({ operation, fragments }: SelectedOperation): readonly string[] {
  const names = new Set<string>();
  for (const node of [operation, ...fragments.values()]) {
    visit(node, {
      Directive(directive) {
        const value = isCondition(directive) ? directive.arguments?.[0]?.value : undefined;
        if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
      },
    });
  }
  return [...names].sort();
}

/**
 * The operation with its conditions decided: what is skipped is gone, what stays has no `@skip` or `@include` any more.
 *
 * Each combination of values is planned for itself: our planner asks for that. The native one (router-query-planner
 * 0.0.38) can carry conditions into its fetches, but loses some of them where one object is selected both with and
 * without a condition.
 */
export function withConditionsDecided(selected: SelectedOperation, variables: Variables): SelectedOperation {
  return {
    operation: decide(selected.operation, variables),
    fragments: new Map(
      [...selected.fragments].map(([name, fragment]) => [name, decide(fragment, variables)]),
    ),
  };
}

function decide<T extends OperationDefinitionNode | FragmentDefinitionNode>(
  node: T,
  variables: Variables,
): T {
  const selection = (part: SelectionNode) => {
    if (!part.directives?.some(isCondition)) return undefined;
    if (!isIncluded(part, variables)) return null;
    return { ...part, directives: part.directives.filter((directive) => !isCondition(directive)) };
  };
  return visit(node, {
    Field: selection,
    InlineFragment: selection,
    FragmentSpread: selection,
    SelectionSet: { leave: (set) => (set.selections.length ? undefined : onlyTypeName) },
  }) as T;
}

/** A selection set must not be empty: the object is still asked for, only nothing of it. */
const onlyTypeName: SelectionSetNode = {
  kind: Kind.SELECTION_SET,
  selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }],
};

function isCondition(directive: DirectiveNode): boolean {
  return directive.name.value === 'skip' || directive.name.value === 'include';
}
