/** Compares one content of a model with its successor. */
import type { InterfaceSource, SourceElement } from '../dtdl/instances/source.ts';
import { literal, typesOf } from '../dtdl/instances/source.ts';
import type { ChangeList } from './diff-types.ts';
import { SchemaComparison, type SchemaUse } from './diff-schema.ts';

/** A content as its source says it. */
export interface ContentView {
  readonly name: string;
  readonly kind: ContentKind;
  readonly element: SourceElement;
  readonly source: InterfaceSource;
  /** The model that declares it. */
  readonly declaredBy: string;
}

export const contentKinds = ['Property', 'Telemetry', 'Relationship', 'Component', 'Command'] as const;
export type ContentKind = (typeof contentKinds)[number];

/** How ids of models are compared: whether those who relied on the old one can do with the new one. */
export interface IdComparison {
  /** Whether the new model is the successor of the old one. */
  isSuccessor(before: string, after: string): boolean;
  /** Whether a twin of `id` counts as one of `of`, in the new version. */
  isSubtype(id: string, of: string): boolean;
}

/** Lists what differs between two contents of the same name. */
export function compareContents(
  before: ContentView,
  after: ContentView,
  ids: IdComparison,
  list: ChangeList,
): void {
  const { name } = before;
  if (before.kind !== after.kind)
    return list.breaking(name, 'changed', `The ${word(before)} ${name} has become a ${word(after)}.`);
  switch (before.kind) {
    case 'Property':
      compareSchemas(before, after, 'schema', 'given', name, list);
      compareMeaning(before, after, list);
      return compareWritable(before, after, list);
    case 'Telemetry':
      compareSchemas(before, after, 'schema', 'given', name, list);
      return compareMeaning(before, after, list);
    case 'Relationship':
      return compareRelationships(before, after, ids, list);
    case 'Component':
      return compareTargets(before, after, 'schema', ids, list);
    case 'Command':
      comparePayloads(before, after, 'request', 'given', list);
      return comparePayloads(before, after, 'response', 'read', list);
  }
}

const word = ({ kind }: ContentView) => kind.toLowerCase();

function compareSchemas(
  before: Pick<ContentView, 'element' | 'source'>,
  after: Pick<ContentView, 'element' | 'source'>,
  member: string,
  use: SchemaUse,
  path: string,
  list: ChangeList,
): void {
  const side = ({ element, source }: Pick<ContentView, 'element' | 'source'>) => ({
    source,
    schema: source.schema(element, member),
  });
  new SchemaComparison(list, use).compare(side(before), side(after), `${path}.${member}`);
}

/** Unit (of the language or the hub's own extension) and semantic types: what the numbers mean. */
function compareMeaning(before: ContentView, after: ContentView, list: ChangeList): void {
  for (const member of ['unit', 'ucum'])
    compareFact(`${before.name}.${member}`, textOf(before, member), textOf(after, member), list);
  const types = ({ element, kind }: ContentView) =>
    typesOf(element)
      .filter((type) => type !== kind)
      .sort()
      .join(', ');
  compareFact(`${before.name}.@type`, types(before), types(after), list);
}

function textOf({ element }: ContentView, member: string): string {
  const value = literal(element, member);
  return typeof value === 'string' ? value : '';
}

function compareFact(path: string, before: string, after: string, list: ChangeList): void {
  if (before === after) return;
  const what = path.split('.').at(-1) ?? '';
  if (!before) list.compatible(path, 'added', `It says now what was open: ${what} ${after}.`);
  else if (!after) list.breaking(path, 'removed', `It no longer says ${what} ${before}.`);
  else list.breaking(path, 'changed', `${before} has become ${after}: the same number means something else.`);
}

function compareWritable(before: ContentView, after: ContentView, list: ChangeList): void {
  const [was, is] = [before, after].map(({ element }) => literal(element, 'writable') === true);
  const path = `${before.name}.writable`;
  if (was && !is) list.breaking(path, 'narrowed', 'It can no longer be written.');
  if (!was && is) list.compatible(path, 'widened', 'It can be written now.');
}

function compareRelationships(
  before: ContentView,
  after: ContentView,
  ids: IdComparison,
  list: ChangeList,
): void {
  compareTargets(before, after, 'target', ids, list);
  compareMultiplicity(before, after, list);
  compareWritable(before, after, list);
  const properties = ({ element, source }: ContentView) =>
    new Map(
      source.elements(element, 'properties').map((property) => [String(literal(property, 'name')), property]),
    );
  const [old, now] = [properties(before), properties(after)];
  for (const [name, element] of old) {
    const path = `${before.name}.${name}`;
    const same = now.get(name);
    if (same)
      compareSchemas(
        { element, source: before.source },
        { element: same, source: after.source },
        'schema',
        'given',
        path,
        list,
      );
    else list.breaking(path, 'removed', `The property ${name} of the relationship is gone.`);
  }
  for (const name of now.keys())
    if (!old.has(name))
      list.compatible(`${before.name}.${name}`, 'added', `The relationship has a new property ${name}.`);
}

function compareMultiplicity(before: ContentView, after: ContentView, list: ChangeList): void {
  const bound = ({ element }: ContentView, member: string, open: number) => {
    const value = literal(element, member);
    return typeof value === 'number' ? value : open;
  };
  const shown = (value: number) => (value === Infinity ? 'any number' : String(value));
  for (const [member, open, sign] of [
    ['maxMultiplicity', Infinity, 1],
    ['minMultiplicity', 0, -1],
  ] as const) {
    const [was, is] = [bound(before, member, open), bound(after, member, open)];
    const text = `${shown(was)} has become ${shown(is)}.`;
    if ((is - was) * sign < 0) list.breaking(`${before.name}.${member}`, 'narrowed', text);
    else if (is !== was) list.compatible(`${before.name}.${member}`, 'widened', text);
  }
}

/** The model a relationship leads to, or a component is of. */
function compareTargets(
  before: ContentView,
  after: ContentView,
  member: 'target' | 'schema',
  ids: IdComparison,
  list: ChangeList,
): void {
  const idOf = ({ element, source }: ContentView) => {
    const schema = source.schema(element, member);
    return typeof schema === 'object' && schema !== null ? String(schema['@id'] ?? '') : (schema ?? '');
  };
  const [old, now] = [idOf(before), idOf(after)];
  const path = `${before.name}.${member}`;
  if (old === now) return;
  if (ids.isSuccessor(old, now)) return list.compatible(path, 'changed', `${now} takes the place of ${old}.`);
  if (!now) return list.compatible(path, 'widened', `It may lead to twins of any model, not only of ${old}.`);
  if (!old) return list.breaking(path, 'narrowed', `It may lead to twins of ${now} only; before, to any.`);
  // A relationship to a base takes in more twins; a component of a subtype has everything the old one had.
  const [wide, narrow] = member === 'target' ? [now, old] : [old, now];
  if (ids.isSubtype(narrow, wide))
    return list.compatible(path, 'widened', `${old} has become ${now}, which takes in all that it did.`);
  list.breaking(path, 'changed', `${old} has become ${now}, which is something else.`);
}

function comparePayloads(
  before: ContentView,
  after: ContentView,
  member: 'request' | 'response',
  use: SchemaUse,
  list: ChangeList,
): void {
  const [old, now] = [
    before.source.elements(before.element, member)[0],
    after.source.elements(after.element, member)[0],
  ];
  const path = `${before.name}.${member}`;
  if (old && now) {
    compareSchemas(
      { element: old, source: before.source },
      { element: now, source: after.source },
      'schema',
      use,
      path,
      list,
    );
    return compareNullable(old, now, use, path, list);
  }
  if (old) return list.breaking(path, 'removed', `The ${member} is gone.`);
  if (!now) return;
  if (use === 'given') list.breaking(path, 'added', 'Callers have to give a request now.');
  else list.compatible(path, 'added', 'There is a response now.');
}

function compareNullable(
  old: SourceElement,
  now: SourceElement,
  use: SchemaUse,
  path: string,
  list: ChangeList,
): void {
  const [was, is] = [old, now].map((payload) => literal(payload, 'nullable') === true);
  if (was === is) return;
  const isFine = is ? use === 'given' : use === 'read';
  const message = is ? 'It may be null now.' : 'It may no longer be null.';
  if (isFine) list.compatible(`${path}.nullable`, is ? 'widened' : 'narrowed', message);
  else list.breaking(`${path}.nullable`, is ? 'widened' : 'narrowed', message);
}
