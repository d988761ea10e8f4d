/**
 * The hub's words for what partners' semantic ids mean, e.g. `nameplate.serialNumber` for `0173-1#02-AAM556#004`.
 */
import { unitTypeOf } from '../units/dtdl.ts';
import { eclassTerms } from './eclass.ts';
import { idtaTerms } from './idta.ts';
import { iecCddTerms } from './iec-cdd.ts';
import type { TermList } from './list.ts';
import { parseSemanticId, type CarriedIds, type MatchLevel } from './semantic-id.ts';

export * from './semantic-id.ts';
export type { TermList } from './list.ts';

export const termLists: readonly TermList[] = [eclassTerms, iecCddTerms, idtaTerms];

interface Entry {
  readonly id: string;
  readonly term: string;
}

const byConcept: ReadonlyMap<string, Entry> = new Map(
  termLists.flatMap(({ terms }) =>
    Object.entries(terms).map(([id, term]) => [parseSemanticId(id).concept, { id, term }] as const),
  ),
);

/** A term and how the id led to it. */
export interface FoundTerm {
  readonly term: string;
  readonly match: MatchLevel;
  /** The id that matched, as it came. */
  readonly id: string;
}

/** The term of one id in any notation and version; `null` when the vocabulary does not have it. */
export function termOfId(id: string): FoundTerm | null {
  const { concept, version } = parseSemanticId(id);
  const entry = byConcept.get(concept);
  if (!entry) return null;
  const match =
    entry.id === id ? 'EXACT' : version === parseSemanticId(entry.id).version ? 'VALUE' : 'VERSION';
  return { term: entry.term, match, id };
}

/** The term of an element: by its semantic id, else by a supplemental one; `null` when none is known. */
export function termOf(carried: CarriedIds): FoundTerm | null {
  for (const id of carried.main) {
    const found = termOfId(id);
    if (found) return found;
  }
  for (const id of carried.supplemental) {
    const found = termOfId(id);
    if (found) return { ...found, match: 'SUPPLEMENTAL' };
  }
  return null;
}

const quantityClass = /^dtmi:(?:standard:class|dtdl:extension:quantitativeTypes:v\d+:class):([A-Za-z]+)$/;

/** The kind of quantity a DTDL semantic type names, e.g. `Temperature`; `null` for other ids. */
export function quantityOfId(id: string): string | null {
  const { system, concept } = parseSemanticId(id);
  const name = system === 'DTMI' ? quantityClass.exec(concept)?.[1] : undefined;
  return name && unitTypeOf(name) ? name : null;
}
