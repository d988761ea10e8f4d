import { pointerTo } from '../../json-pointer.ts';
import { termOf, type CarriedIds, type FoundTerm } from '../../vocabulary/index.ts';
import {
  textsOf,
  type LangString,
  type Reference,
  type Submodel,
  type SubmodelElement,
} from '../environment.ts';

/** An element with its place: the pointer in the file, and the names that lead to it (list positions as numbers). */
export interface Placed {
  readonly element: SubmodelElement;
  readonly pointer: string;
  readonly path: readonly string[];
  /** What its semantic ids mean; `null` when the vocabulary does not have them. */
  readonly term: FoundTerm | null;
}

/** Something about a known submodel that could not be used, or was taken on trust. */
export interface SubmodelFinding {
  readonly code: string;
  readonly pointer: string;
  readonly message: string;
}

/** What the readers of known submodels need besides the elements. */
export interface ReadScope {
  /** UCUM code of the element at a path below the submodel; `null` when it has none. */
  readonly unitOf: (path: readonly string[]) => string | null;
  readonly report: (code: string, pointer: string, message: string) => void;
}

/** The semantic ids of an element or submodel: the last key of each reference. */
export function idsOf(element: {
  readonly semanticId?: Reference;
  readonly supplementalSemanticIds?: readonly Reference[];
}): CarriedIds {
  // What was read in import mode may lack members that the standard requires.
  const last = (reference: Reference | undefined): string | undefined => reference?.keys?.at(-1)?.value;
  return {
    main: [last(element.semanticId)].filter((id) => id !== undefined),
    supplemental: (element.supplementalSemanticIds ?? [])
      .flatMap((reference) => (reference.keys ?? []).map((key): string | undefined => key.value))
      .filter((id) => id !== undefined),
  };
}

/** The elements of a submodel. */
export function elementsOf(submodel: Submodel, pointer: string): readonly Placed[] {
  return place(submodel.submodelElements ?? [], pointerTo(pointer, 'submodelElements'), []);
}

/** The elements inside a collection, list or entity; empty for others. */
export function childrenOf({ element, pointer, path }: Placed): readonly Placed[] {
  const member = element.modelType === 'Entity' ? 'statements' : 'value';
  const held = member === 'statements' ? element.statements : element.value;
  const holds = ['Entity', 'SubmodelElementCollection', 'SubmodelElementList'].includes(element.modelType);
  if (!holds || !Array.isArray(held)) return [];
  return place(held as readonly SubmodelElement[], pointerTo(pointer, member), path);
}

function place(list: readonly SubmodelElement[], pointer: string, path: readonly string[]): Placed[] {
  return list.map((element, i) => ({
    element,
    pointer: pointerTo(pointer, i),
    path: [...path, element.idShort ?? String(i)],
    term: termOf(idsOf(element)),
  }));
}

/** All elements below, depth first. */
export function* descendantsOf(placed: Placed): Generator<Placed> {
  for (const child of childrenOf(placed)) {
    yield child;
    yield* descendantsOf(child);
  }
}

/** An idShort without the number a template leaves room for: `Marking00`, `MaintenanceStep__03__`. */
export function baseName(idShort: string | undefined): string {
  return (idShort ?? '').replace(/[_\d]+$/, '');
}

/** Elements that mean a term, else those of a name; both in the order they stand. */
export function pickAll(all: readonly Placed[], term: string, name: string): readonly Placed[] {
  const meant = all.filter((placed) => placed.term?.term === term);
  return meant.length ? meant : all.filter(({ element }) => baseName(element.idShort) === name);
}

/** The first of `pickAll`. */
export function pick(all: readonly Placed[], term: string, name: string): Placed | null {
  return pickAll(all, term, name)[0] ?? null;
}

/** The text of a Property, File or MultiLanguageProperty (English, else the first); `null` when empty. */
export function textOf({ element }: Placed): string | null {
  const { value } = element;
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  if (element.modelType !== 'MultiLanguageProperty' || !Array.isArray(value)) return null;
  const texts = textsOf(value as readonly LangString[]);
  return texts['en'] ?? Object.values(texts)[0] ?? null;
}

/** The texts of an element by language; a text without language stands under `und`. */
export function languageTextsOf(placed: Placed): Readonly<Record<string, string>> | null {
  const { element } = placed;
  if (element.modelType === 'MultiLanguageProperty' && Array.isArray(element.value))
    return element.value.length ? textsOf(element.value as readonly LangString[]) : null;
  const text = textOf(placed);
  return text === null ? null : { und: text };
}

/** The number of a Property; `null` when empty; reports one that is not a number. */
export function numberOf(placed: Placed, { report }: ReadScope): number | null {
  const text = textOf(placed);
  if (text === null) return null;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  report(
    'hub:valueNotRead',
    placed.pointer,
    `${placed.path.join('.')} is ${JSON.stringify(text)}, not a number.`,
  );
  return null;
}
