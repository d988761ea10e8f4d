/**
 * The nodes of a query plan, as the engine reads them. They are those of Apollo Federation's query plans, with
 * `BatchFetch` (several entity fetches to one subgraph in one request) beside them.
 */
export type PlanNode =
  | FetchNode
  | BatchFetchNode
  | SequenceNode
  | ParallelNode
  | FlattenNode
  | ConditionNode
  | SubscriptionNode
  | DeferNode;

/** Where a Flatten leads: into a field, to each item of a list, only for objects of some types. */
export type PlanPathSegment =
  { readonly Field: string } | { readonly TypeCondition: readonly string[] } | '@';

export interface FetchNode {
  readonly kind: 'Fetch';
  readonly serviceName: string;
  readonly operation: string;
  readonly operationKind?: 'query' | 'mutation' | 'subscription';
  readonly variableUsages?: readonly string[];
  /** Present on entity fetches: what of each object makes its representation. */
  readonly requires?: readonly RequiresSelection[];
  readonly inputRewrites?: readonly PlanRewrite[];
  readonly outputRewrites?: readonly PlanRewrite[];
}

export interface BatchFetchNode {
  readonly kind: 'BatchFetch';
  readonly serviceName: string;
  readonly operation: string;
  readonly operationKind?: 'query' | 'mutation' | 'subscription';
  readonly variableUsages?: readonly string[];
  readonly entityBatch: { readonly aliases: readonly EntityBatchAlias[] };
}

export interface EntityBatchAlias {
  readonly alias: string;
  /** Two aliases may share one variable. */
  readonly representationsVariableName: string;
  readonly paths: readonly (readonly PlanPathSegment[])[];
  readonly requires: readonly RequiresSelection[];
  readonly inputRewrites?: readonly PlanRewrite[];
  readonly outputRewrites?: readonly PlanRewrite[];
}

export interface SequenceNode {
  readonly kind: 'Sequence';
  readonly nodes: readonly PlanNode[];
}

export interface ParallelNode {
  readonly kind: 'Parallel';
  readonly nodes: readonly PlanNode[];
}

export interface FlattenNode {
  readonly kind: 'Flatten';
  readonly path: readonly PlanPathSegment[];
  readonly node: PlanNode;
}

export interface ConditionNode {
  readonly kind: 'Condition';
  /** A Boolean variable. */
  readonly condition: string;
  readonly ifClause?: PlanNode | null;
  readonly elseClause?: PlanNode | null;
}

/** `primary` comes without a `kind`. */
export interface SubscriptionNode {
  readonly kind: 'Subscription';
  readonly primary: Omit<FetchNode, 'kind'>;
}

export interface DeferNode {
  readonly kind: 'Defer';
}

export type RequiresSelection =
  | {
      readonly kind: 'Field';
      readonly name: string;
      readonly alias?: string;
      readonly selections?: readonly RequiresSelection[];
    }
  | {
      readonly kind: 'InlineFragment';
      readonly typeCondition: string;
      readonly selections: readonly RequiresSelection[];
    }
  | { readonly kind: 'FragmentSpread'; readonly value: string };

export type RewriteSegment = { readonly TypenameEquals: readonly string[] } | { readonly Key: string };

export interface ValueSetter {
  readonly path: readonly RewriteSegment[];
  readonly setValueTo: string;
}

export interface KeyRenamer {
  readonly path: readonly RewriteSegment[];
  readonly renameKeyTo: string;
}

/** The native planner writes a rewrite either wrapped in its name or flat. */
export type PlanRewrite =
  { readonly ValueSetter: ValueSetter } | { readonly KeyRenamer: KeyRenamer } | ValueSetter | KeyRenamer;
