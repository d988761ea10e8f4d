/** Imports item by item: what is right is taken, what is wrong is left out and reported. */
import {
  planImport,
  type ImportDocument,
  type ImportFinding,
  type ImportLookups,
  type ImportPlan,
  type ItemPlace,
  type PlannedFile,
} from './import.ts';
import type { PlannedSample } from './import/series.ts';
import type { TwinChanges } from './ports/twin-store.ts';

/** What of an import can be taken. */
export interface PartialPlan {
  readonly changes: Required<TwinChanges>;
  /** Files of the twins that are taken. */
  readonly files: readonly PlannedFile[];
  /** Samples of the twins that are taken. */
  readonly samples: readonly PlannedSample[];
  readonly findings: readonly ImportFinding[];
  /** Models, twins and relationships that are left out, each once. */
  readonly refused: readonly ItemPlace[];
}

/**
 * Plans an import item by item. With `strict`, warnings count as errors. An asset administration shell's environment
 * counts as one item, since its parts belong together; a document that cannot be read is left out; of other documents
 * each model, twin and relationship counts. A model that is built on one left out is left out, too.
 */
export async function planPartially(
  documents: readonly ImportDocument[],
  known: ImportLookups,
  options: { readonly strict?: boolean; readonly createTwins?: boolean } = {},
): Promise<PartialPlan> {
  const errorsOf = (findings: readonly ImportFinding[]) =>
    findings.filter(({ severity }) => options.strict || severity === 'ERROR');
  const { createTwins = false } = options;
  const whole = await planImport(documents, known, { createTwins });
  if (!errorsOf(whole.findings).length) return { ...whole, refused: [] };
  const faulty = new Set(errorsOf(whole.findings).map(({ document }) => document));
  const rest = documents.filter(({ name, standard }) => standard !== 'AAS' || !faulty.has(name));
  const dropped = new Set(documents.filter((one) => !rest.includes(one)).map(({ name }) => name));
  const plan = dropped.size ? await planImport(rest, known, { createTwins }) : whole;
  const left = whole.findings.filter(({ document }) => dropped.has(document));
  const { changes, refused } = withoutFaulty(plan, errorsOf(plan.findings));
  const inDropped = whole.places.filter(({ document }) => dropped.has(document));
  const taken = new Set(changes.twins.map(({ id }) => id));
  const files = plan.draftedFiles.filter(({ twinId }) => taken.has(twinId));
  const samples = plan.draftedSamples.filter(({ twinId }) => taken.has(twinId));
  return {
    changes,
    files,
    samples,
    findings: [...left, ...plan.findings],
    refused: [...inDropped, ...refused],
  };
}

const keyOf = ({ item, id }: Pick<ItemPlace, 'item' | 'id'>) => `${item} ${id}`;

function withoutFaulty(
  plan: ImportPlan,
  errors: readonly ImportFinding[],
): { changes: Required<TwinChanges>; refused: ItemPlace[] } {
  const faulty = faultyItems(plan.places, errors);
  addDependents(plan.drafted, faulty);
  const good = <T extends { readonly id: string }>(item: ItemPlace['item'], items: readonly T[]) =>
    items.filter(({ id }) => !faulty.has(keyOf({ item, id })));
  const { models, twins, relationships } = plan.drafted;
  const drafted = new Set([
    ...models.map(({ id }) => keyOf({ item: 'MODEL', id })),
    ...twins.map(({ id }) => keyOf({ item: 'TWIN', id })),
    ...relationships.map(({ id }) => keyOf({ item: 'RELATIONSHIP', id })),
  ]);
  const refused = new Map(
    plan.places
      // Stored twins that are only an end of a relationship have a place, too, but are not written.
      .filter((place) =>
        drafted.has(keyOf(place)) ? faulty.has(keyOf(place)) : place.item === 'RELATIONSHIP',
      )
      .map((place) => [keyOf(place), place]),
  );
  return {
    changes: {
      models: good('MODEL', models),
      twins: good('TWIN', twins),
      relationships: good('RELATIONSHIP', relationships),
    },
    refused: [...refused.values()],
  };
}

/** Items an error stands in; an error that stands in none is one of the whole document. */
function faultyItems(places: readonly ItemPlace[], errors: readonly ImportFinding[]): Set<string> {
  const byPlace = new Map<string, ItemPlace[]>();
  for (const place of places) {
    const at = `${place.document}\n${place.pointer}`;
    byPlace.set(at, [...(byPlace.get(at) ?? []), place]);
  }
  const wholes = new Set<string>();
  const faulty = new Set<string>();
  for (const { document, pointer } of errors) {
    const found = prefixesOf(pointer).flatMap((prefix) => byPlace.get(`${document}\n${prefix}`) ?? []);
    for (const place of found) faulty.add(keyOf(place));
    if (!found.length) wholes.add(document);
  }
  for (const place of places) if (wholes.has(place.document)) faulty.add(keyOf(place));
  return faulty;
}

/** A pointer and all above it, the document itself included. */
function prefixesOf(pointer: string): string[] {
  const parts = pointer.split('/');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('/'));
}

/** Adds models that extend or contain a faulty one, until there are no more. */
function addDependents({ models }: Required<TwinChanges>, faulty: Set<string>): void {
  for (let before = -1; before !== faulty.size;) {
    before = faulty.size;
    for (const { id, extends: bases, contents } of models) {
      const parts = contents.flatMap((content) => (content.kind === 'component' ? content.schema : []));
      if ([...bases, ...parts].some((base) => faulty.has(keyOf({ item: 'MODEL', id: base }))))
        faulty.add(keyOf({ item: 'MODEL', id }));
    }
  }
}
