import type { JsonObject } from '../json-text.ts';
import type { LanguageTexts } from '../model.ts';
import type { Context } from './context.ts';
import type { DtdlVersion } from './dtmi.ts';

/** A value of a member that holds elements. */
export interface Child {
  /** The element it stands for: written in place, in another place, or of the language itself. */
  readonly id: string;
  readonly pointer: string;
}

/** An element of a model as read. Elements of the language are not among them. */
export interface DtdlElement {
  readonly cls: string;
  /** Its `@id`, or one made of its parent's. */
  readonly id: string;
  readonly context: Context;
  readonly version: DtdlVersion;
  readonly document: number;
  readonly pointer: string;
  readonly node: JsonObject;
  /** The element it is written in, and the interface it is part of; `null` for a top-level element. */
  readonly parent: string | null;
  readonly definedIn: string | null;
  /** Identifiers of its adjuncts, and types that are not known. */
  readonly adjuncts: ReadonlySet<string>;
  readonly unknownTypes: readonly string[];
  texts: Map<string, LanguageTexts> | null;
  /** Plain values by member, or by identifier of an adjunct's property. */
  readonly values: Map<string, unknown>;
  /** Elements it holds, likewise. */
  children: Map<string, Child[]>;
  /** JSON pointers of members, likewise. */
  readonly written: Map<string, string>;
}

/** For elements that hold none. */
export const noChildren: Map<string, Child[]> = new Map();

/** The `name` of an element. */
export function nameOf(element: DtdlElement): string | null {
  const name = element.values.get('name');
  return typeof name === 'string' ? name : null;
}

/** Elements a member holds. */
export function childrenOf(element: DtdlElement, member: string): readonly Child[] {
  return element.children.get(member) ?? [];
}

/** The one element a member holds. */
export function onlyChild(element: DtdlElement, member: string): Child | undefined {
  return element.children.get(member)?.[0];
}

/** Where a member of an element stands, else the element. */
export function placeOf(element: DtdlElement, member: string): string {
  return element.written.get(member) ?? element.pointer;
}
