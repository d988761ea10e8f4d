/**
 * Rules of the twin graph that every TwinStore keeps in the same way: pure, no I/O.
 */
import { canonicalJson } from '#kernel/canonical.ts';
import { HubError } from '#kernel/errors.ts';
import { parseModelId, parseTwinId, type ModelId, type TwinId } from './ids.ts';
import type { Model } from './model.ts';
import type { Page, PageRequest, TwinChanges } from './ports/twin-store.ts';
import { twinKinds, type RelationshipInput, type TwinInput } from './twin.ts';

/** The changes of one `apply`, each id once, with the texts that stores compare. */
export interface CheckedChanges {
  readonly models: readonly { readonly model: Model; readonly text: string }[];
  readonly twins: readonly { readonly twin: TwinInput; readonly properties: string }[];
  readonly relationships: readonly {
    readonly relationship: RelationshipInput;
    readonly properties: string;
  }[];
}

/**
 * Checks what can be checked without the store: ids, kinds, JSON values, and that one id does not stand twice with
 * different content (equal repeats are taken once). `text` and `properties` are canonical JSON.
 *
 * @throws {HubError} INVALID_ID, INVALID_INPUT - naming the first thing at fault.
 */
export function checkChanges(changes: TwinChanges): CheckedChanges {
  const models = once('model', changes.models ?? [], (model) => {
    parseModelId(model.id);
    return { model, text: jsonText(model, `model ${model.id}`) };
  });
  const twins = once('twin', changes.twins ?? [], (twin) => {
    checkTwin(twin);
    return { twin: pickTwin(twin), properties: jsonText(twin.properties, `twin ${twin.id}, properties`) };
  });
  const relationships = once('relationship', changes.relationships ?? [], (relationship) => {
    checkRelationship(relationship);
    const properties = jsonText(relationship.properties, `relationship ${relationship.id}, properties`);
    return { relationship: pickRelationship(relationship), properties };
  });
  return { models, twins, relationships };
}

function once<T extends { readonly id: string }, R>(
  what: string,
  items: readonly T[],
  check: (item: T) => R,
): R[] {
  const seen = new Map<string, { text: string; result: R }>();
  for (const item of items) {
    const before = seen.get(item.id);
    if (!before) {
      const result = check(item);
      seen.set(item.id, { text: canonicalJson(result), result });
    } else if (before.text !== canonicalJson(check(item)))
      throw invalid(`The ${what} ${item.id} stands twice in these changes with different content.`, {
        id: item.id,
      });
  }
  return [...seen.values()].map((entry) => entry.result);
}

function checkTwin(twin: TwinInput): void {
  parseTwinId(twin.id);
  parseModelId(twin.modelId);
  if (!twinKinds.includes(twin.kind))
    throw invalid(
      `The kind of twin ${twin.id} is ${JSON.stringify(twin.kind)}; allowed are ${twinKinds.join(', ')}.`,
      { id: twin.id },
    );
  if (twin.parentId === null) return;
  parseTwinId(twin.parentId);
  if (twin.parentId === twin.id) throw parentCycle(twin.id);
}

function checkRelationship(relationship: RelationshipInput): void {
  const { id, name } = relationship;
  if (id.length < 1 || id.length > 256)
    throw invalid(`A relationship id has 1 to 256 characters, not ${id.length}.`, { id });
  if (name.length < 1 || name.length > 256)
    throw invalid(`The name of relationship ${id} has 1 to 256 characters, not ${name.length}.`, { id });
  parseTwinId(relationship.sourceId);
  parseTwinId(relationship.targetId);
}

const pickTwin = ({ id, kind, name, modelId, parentId, properties }: TwinInput): TwinInput => ({
  id,
  kind,
  name,
  modelId,
  parentId,
  properties,
});

const pickRelationship = ({
  id,
  name,
  sourceId,
  targetId,
  properties,
}: RelationshipInput): RelationshipInput => ({
  id,
  name,
  sourceId,
  targetId,
  properties,
});

/** Canonical JSON of a value. @throws {HubError} INVALID_INPUT - a number in it is not finite (JSON has none such). */
export function jsonText(value: unknown, where: string): string {
  return canonicalJson(assertFinite(value, where));
}

function assertFinite(value: unknown, where: string): unknown {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw invalid(`${where}: ${value} is not a JSON number.`, { where });
  if (value !== null && typeof value === 'object')
    for (const [name, inner] of Object.entries(value)) assertFinite(inner, `${where}/${name}`);
  return value;
}

/** The properties after a patch: values set, `null` removes. @throws {HubError} INVALID_INPUT */
export function patchedProperties(
  before: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): { readonly properties: Readonly<Record<string, unknown>>; readonly text: string } {
  const merged = new Map([
    ...Object.entries(before),
    ...Object.entries(patch).filter(([, value]) => value !== undefined),
  ]);
  for (const [name, value] of Object.entries(patch)) if (value === null) merged.delete(name);
  const text = jsonText(Object.fromEntries(merged), 'properties');
  return { properties: JSON.parse(text) as Record<string, unknown>, text };
}

/**
 * A model and all its bases, breadth first in the order declared, each once. A base that is not in `known` is left out.
 * @returns `null` when the model itself is not known.
 */
export function lineageIn(id: ModelId, known: ReadonlyMap<string, Model>): readonly Model[] | null {
  const first = known.get(id);
  if (!first) return null;
  const found = new Map<string, Model>([[id, first]]);
  for (const model of found.values())
    for (const base of model.extends) {
      const next = known.get(base);
      if (next && !found.has(base)) found.set(base, next);
    }
  return [...found.values()];
}

/** @throws {HubError} INVALID_INPUT - `first` is not a whole number from 1 to 500. */
export function checkPage(page: PageRequest): PageRequest {
  if (!Number.isInteger(page.first) || page.first < 1 || page.first > 500)
    throw invalid(`first is ${page.first}; allowed is a whole number from 1 to 500.`, { first: page.first });
  return page;
}

/** A page out of up to `first + 1` items in order: the surplus one only tells that there are more. */
export function pageOf<T extends { readonly id: string }>(items: readonly T[], first: number): Page<T> {
  const page = items.slice(0, first);
  return { items: page, next: items.length > first ? (page.at(-1)?.id ?? null) : null };
}

/** A twin would stand below itself. */
export function parentCycle(id: TwinId | string): HubError {
  return invalid(`The twin ${id} would stand below itself. Choose another parent.`, { id });
}

/** A reference to what is neither stored nor among the changes. */
export function missing(what: string, id: string, wantedBy: string): HubError {
  return new HubError(
    'NOT_FOUND',
    `The ${what} ${id} of ${wantedBy} is neither stored nor among these changes.`,
    {
      details: { what, id, wantedBy },
    },
  );
}

/** Models are immutable: this one exists with other content. */
export function modelDiffers(id: string): HubError {
  return new HubError(
    'ALREADY_EXISTS',
    `The model ${id} exists with other content. Models do not change: give the new content a new version.`,
    {
      details: { id },
    },
  );
}

/** No twin of this id. */
export function noSuchTwin(id: TwinId): HubError {
  return new HubError('NOT_FOUND', `There is no twin ${id}.`, { details: { id } });
}

/** The twin has another revision than the writer expected. */
export function revisionConflict(id: TwinId, expected: number, found: number): HubError {
  return new HubError('REVISION_CONFLICT', `The twin ${id} has revision ${found}, not ${expected}.`, {
    details: { id, expected, found },
  });
}

function invalid(message: string, details: Record<string, unknown>): HubError {
  return new HubError('INVALID_INPUT', message, { details });
}
