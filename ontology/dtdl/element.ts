import type { LanguageTexts } from '../model.ts';
import type { Context } from './context.ts';
import type { DtdlClass } from './metamodel.ts';
import type { JsonObject } from '../json-text.ts';

/** A value of a member that holds elements: written in place, named by its id, or a standard schema. */
export type Child =
  | { readonly kind: 'element'; readonly element: DtdlElement; readonly pointer: string }
  | { readonly kind: 'reference'; readonly id: string; readonly pointer: string }
  | { readonly kind: 'standard'; readonly term: string; readonly pointer: string };

/** What the two extensions the hub reads say about an element. */
export interface Quantities {
  /** Semantic type such as `Temperature`. */
  readonly semanticType: string | null;
  /** UCUM code out of the DTDL unit or of `ucum`. */
  readonly unit: string | null;
  readonly range: { readonly low: number; readonly high: number } | null;
  readonly samplingPeriodMs: number | null;
}

/** An element as read; references are not followed yet. */
export interface DtdlElement {
  readonly cls: DtdlClass;
  readonly id: string | null;
  readonly name: string | null;
  readonly displayName: LanguageTexts;
  readonly description: LanguageTexts;
  readonly context: Context;
  readonly document: number;
  readonly pointer: string;
  readonly node: JsonObject;
  /** The interface it stands in; an interface stands in itself. */
  readonly owner: string | null;
  readonly quantities: Quantities;
  /** Members that hold booleans, numbers, terms and references, by name. */
  readonly values: ReadonlyMap<string, string | number | boolean>;
  readonly children: ReadonlyMap<string, readonly Child[]>;
}

/** The one value of a member that holds a single element. */
export function onlyChild(element: DtdlElement, member: string): Child | undefined {
  return element.children.get(member)?.[0];
}

/** All children, with the member each stands in. */
export function* childrenOf(element: DtdlElement): Generator<readonly [member: string, child: Child]> {
  for (const [member, children] of element.children) for (const child of children) yield [member, child];
}
