import type { DtdlElement } from './element.ts';
import type { Adjunct, AdjunctProperty } from './metamodel/types.ts';
import type { StandardElement } from './metamodel/types.ts';
import { isA } from './metamodel/classes.ts';
import { lineOf, standardElements } from './metamodel/vocabulary.ts';
import type { DtdlVersion } from './dtmi.ts';

/** An element named where elements are held; followed after all documents are read. */
export interface Reference {
  readonly from: DtdlElement;
  /** Member, or identifier of an adjunct's property. */
  readonly member: string;
  readonly id: string;
  /** As written: a DTMI or a word; `null` for an element written in place. */
  readonly written: string | null;
  /** Classes it may have; `null` when that was checked already, or is up to an adjunct. */
  readonly classes: readonly string[] | null;
  readonly versions: readonly DtdlVersion[] | null;
  /** Identifiers of types, one of which it needs, and of the element it has to be a child of. */
  readonly types: readonly string[] | null;
  readonly childOf: string | null;
  readonly pointer: string;
}

/** Elements and references of one import. */
export class Registry {
  readonly elements = new Map<string, DtdlElement>();
  readonly references: Reference[] = [];
  /** Elements whose id an element around them took. */
  readonly clashes: DtdlElement[] = [];
}

/** What can be asked of an element, be it of a model or of the language. */
export interface Target {
  readonly cls: string;
  readonly version: DtdlVersion;
  readonly parent: string | null;
  readonly adjuncts: ReadonlySet<string>;
  /** A primitive schema: the same in all versions of the language that have it. */
  readonly anyVersion?: boolean;
}

/** The element with an id, of the models or of the language. */
export function targetOf(id: string, registry: Registry): Target | null {
  const element = registry.elements.get(id);
  if (element) return element;
  return standardTargets.get(id) ?? null;
}

function ofStandard({ cls, version, parent, types }: StandardElement): Target {
  return { cls, version, parent, adjuncts: new Set(types), anyVersion: isA(cls, 'PrimitiveSchema') };
}

const standardTargets: ReadonlyMap<string, Target> = new Map(
  [...standardElements].map(([id, element]) => [id, ofStandard(element)]),
);

const classPrefix = 'dtmi:dtdl:class:';

/** Whether an element has a type: its class or one that it refines, in any version, or an adjunct. */
export function hasType(target: Target, uri: string): boolean {
  if (uri.startsWith(classPrefix) && isA(target.cls, uri.slice(classPrefix.length).split(';', 1)[0] ?? ''))
    return true;
  return [...target.adjuncts].some((type) => lineOf(type).some((adjunct) => adjunct.uri === uri));
}

const none: readonly Adjunct[] = [];

/** The adjuncts of an element with all they refine. */
export function adjunctsOf(element: DtdlElement): readonly Adjunct[] {
  if (!element.adjuncts.size) return none;
  return [...element.adjuncts].flatMap((uri) => lineOf(uri));
}

/** The property that the adjuncts give an element, by identifier. */
export function adjunctProperty(element: DtdlElement, uri: string): AdjunctProperty | null {
  for (const { properties } of adjunctsOf(element))
    if (Object.hasOwn(properties, uri)) return properties[uri] ?? null;
  return null;
}
