import {
  defaultFieldResolver,
  getNullableType,
  isListType,
  isObjectType,
  Kind,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { HubError } from '#kernel/errors.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { limitExceeded } from '../limits.ts';

/** What one request (or one event) may spend in one subgraph: 10,000 samples of nine signals, or some seconds of nesting. */
export const defaultListValues = 150_000;

type Resolve = NonNullable<GraphQLField<unknown, RequestContext>['resolve']>;

/**
 * Bounds what lists within lists may become: `children` below `ancestors` below `children` multiplies with every level,
 * so that a short query makes more objects than memory holds. Counted are the items of every list; each weighs 1 and
 * one more for every field asked of it that leads to further objects, a tenth for every plain one. Once the budget is spent, further lists come back empty and the whole fetch is refused.
 */
export class ListBudget {
  readonly #max: number;
  readonly #spent = new WeakMap<object, number>();

  /** @param max - values, above 0. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Makes the schema's list fields count. */
  watch(schema: GraphQLSchema): void {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith('__')) continue;
      for (const field of Object.values(type.getFields()))
        if (isList(field.type) && field.name !== '_entities') this.#watchField(field);
    }
  }

  /** @throws {HubError} LIMIT_EXCEEDED - `details.limit` is `listValues`. */
  assertLeft(context: RequestContext): void {
    if (this.#isSpent(context)) throw this.#exceeded();
  }

  /** Values so far. */
  spentBy(context: RequestContext): number {
    return this.#spent.get(context) ?? 0;
  }

  /** Gives back what was spent since `spentBy` told `before`: the same is asked again. */
  refund(context: RequestContext, before: number): void {
    this.#spent.set(context, before);
  }

  #isSpent(context: RequestContext): boolean {
    return this.spentBy(context) > this.#max;
  }

  #watchField(field: GraphQLField<unknown, RequestContext>): void {
    const resolve = field.resolve ?? (defaultFieldResolver as Resolve);
    field.resolve = (source, args, context, info) => {
      if (this.#isSpent(context)) return [];
      const found: unknown = resolve(source, args, context, info);
      if (found instanceof Promise) return found.then((list: unknown) => this.#take(list, context, info));
      return this.#take(found, context, info);
    };
  }

  #take(list: unknown, context: RequestContext, info: GraphQLResolveInfo): unknown {
    if (!Array.isArray(list) || !list.length) return list;
    const spent = this.spentBy(context) + list.length * weightOf(info);
    this.#spent.set(context, spent);
    return spent > this.#max ? [] : list;
  }

  #exceeded(): HubError {
    return limitExceeded(
      'listValues',
      this.#max,
      `The answer would hold more than ${this.#max} values in lists: ask for shorter lists, or nest fewer of them.`,
    );
  }
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type));
}

/** By the fields' nodes, whose array is the same for each run of a document. */
const weights = new WeakMap<object, number>();

/** Weight of one item of a list, by what is asked of it, fragments expanded. */
function weightOf(info: GraphQLResolveInfo): number {
  const known = weights.get(info.fieldNodes);
  if (known !== undefined) return known;
  const weight = weigh(info);
  weights.set(info.fieldNodes, weight);
  return weight;
}

function weigh({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  const count = (set: SelectionSetNode | undefined): number =>
    (set?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + (selection.selectionSet ? 1 : 0.1);
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + count(selection.selectionSet);
      return sum + count(fragments[selection.name.value]?.selectionSet);
    }, 0);
  return 1 + fieldNodes.reduce((sum, { selectionSet }) => sum + count(selectionSet), 0);
}
