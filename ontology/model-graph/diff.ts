/**
 * The difference between two versions of models, and whether those who use the old version can go on with the new one:
 * twins and relationships that were right stay right, and what was read keeps its meaning.
 */
import { InterfaceSource, literal, typesOf, type SourceElement } from '../dtdl/instances/source.ts';
import type { Model, ModelContent } from '../model.ts';
import { compareContents, contentKinds, type ContentView, type IdComparison } from './diff-content.ts';
import { ChangeList, type ModelChange, type ModelDiff } from './diff-types.ts';
import { ModelGraph } from './graph.ts';
import { compareVersions, versionless } from './versions.ts';

export type { ModelChange, ModelDiff } from './diff-types.ts';

/**
 * Compares models. A model of the old set meets the one of the same id in the new set, else the newest one of the same
 * id without version; two single models meet each other whatever they are called. Models of the old set that stand in
 * the new one unchanged cost nothing.
 *
 * @param bases - models that both versions extend or lead to, without being compared themselves.
 */
export function diffModels(
  before: readonly Model[],
  after: readonly Model[],
  bases: readonly Model[] = [],
): ModelDiff {
  const pairs = pairModels(before, after);
  const context = new DiffContext(
    new ModelGraph([...bases, ...before]),
    new ModelGraph([...bases, ...after]),
    pairs,
  );
  const met = new Set(pairs.values());
  const changes: ModelChange[] = before.flatMap((model) => {
    const successor = pairs.get(model.id);
    return successor === undefined ? [gone(model)] : context.compare(model.id, successor);
  });
  for (const model of after)
    if (!met.has(model.id)) {
      const list = new ChangeList(model.id);
      list.compatible('', 'added', `The model ${model.id} is new.`);
      changes.push(...list.found);
    }
  return { verdict: changes.some(({ breaking }) => breaking) ? 'BREAKING' : 'COMPATIBLE', changes };
}

function gone(model: Model): ModelChange {
  const message = `The model ${model.id} is gone; its twins have none.`;
  return { modelId: model.id, path: '', change: 'removed', breaking: true, message };
}

function pairModels(before: readonly Model[], after: readonly Model[]): ReadonlyMap<string, string> {
  const [first, second] = [before[0], after[0]];
  if (before.length === 1 && after.length === 1 && first && second) return new Map([[first.id, second.id]]);
  const ids = new Set<string>(after.map(({ id }) => id));
  const newest = new Map<string, string>();
  for (const { id } of [...after].sort((a, b) => compareVersions(a.id, b.id)))
    newest.set(versionless(id), id);
  return new Map(
    before.flatMap(({ id }) => {
      const successor = ids.has(id) ? id : newest.get(versionless(id));
      return successor === undefined ? [] : [[id, successor] as const];
    }),
  );
}

/** Both versions, and which model became which. */
class DiffContext implements IdComparison {
  readonly #before: ModelGraph;
  readonly #after: ModelGraph;
  readonly #pairs: ReadonlyMap<string, string>;

  constructor(before: ModelGraph, after: ModelGraph, pairs: ReadonlyMap<string, string>) {
    this.#before = before;
    this.#after = after;
    this.#pairs = pairs;
  }

  isSuccessor(before: string, after: string): boolean {
    return before === after || this.#pairs.get(before) === after;
  }

  isSubtype(id: string, of: string): boolean {
    return this.#after.isSubtype(id, of) || this.#after.isSubtype(this.#pairs.get(id) ?? id, of);
  }

  compare(oldId: string, newId: string): readonly ModelChange[] {
    const [old, now] = [this.#before.model(oldId), this.#after.model(newId)];
    const list = new ChangeList(newId);
    if (!old || !now || old === now) return [];
    if (old.standard !== now.standard || old.standardVersion !== now.standardVersion)
      list.compatible(
        '@context',
        'changed',
        `${old.standard} ${old.standardVersion} has become ${now.standard} ${now.standardVersion}.`,
      );
    this.#compareBases(old, now, list);
    this.#compareAll(old, now, list);
    compareTexts(old, now, list);
    return list.found;
  }

  #compareBases(old: Model, now: Model, list: ChangeList): void {
    const ancestors = [...this.#after.ancestors(now.id)];
    for (const base of old.extends)
      if (!ancestors.some((other) => this.isSuccessor(base, other)))
        list.breaking(
          'extends',
          'removed',
          `It no longer extends ${base}: its twins no longer count as such.`,
        );
    for (const base of now.extends)
      if (![...this.#before.ancestors(old.id)].some((other) => this.isSuccessor(other, base)))
        list.compatible('extends', 'added', `It extends ${base} now.`);
  }

  #compareAll(old: Model, now: Model, list: ChangeList): void {
    const [before, after] = [viewsOf(this.#before, old), viewsOf(this.#after, now)];
    for (const [name, view] of before) {
      const successor = after.get(name);
      if (successor && this.#isToldAtBase(view, old, successor, now)) continue;
      if (successor) compareContents(view, successor, this, list);
      else if (view.declaredBy === old.id || !this.#pairs.has(view.declaredBy))
        list.breaking(name, 'removed', `The ${view.kind.toLowerCase()} ${name} is gone.`);
    }
    for (const [name, view] of after)
      if (!before.has(name) && view.declaredBy === now.id) reportAdded(view, list);
  }

  /** Inherited on both sides from models that are compared themselves. */
  #isToldAtBase(before: ContentView, old: Model, after: ContentView, now: Model): boolean {
    return (
      before.declaredBy !== old.id &&
      after.declaredBy !== now.id &&
      this.isSuccessor(before.declaredBy, after.declaredBy)
    );
  }
}

function reportAdded({ name, kind }: ContentView, list: ChangeList): void {
  const remark = kind === 'Component' ? ' Twins have to be given it, if only empty.' : '';
  list.compatible(name, 'added', `The ${kind.toLowerCase()} ${name} is new.${remark}`);
}

function compareTexts(old: Model, now: Model, list: ChangeList): void {
  for (const member of ['displayName', 'description'] as const)
    if (JSON.stringify(old[member]) !== JSON.stringify(now[member]))
      list.compatible(member, 'changed', `The ${member} reads otherwise.`);
}

/** All contents with inheritance, commands included, by name. */
function viewsOf(graph: ModelGraph, model: Model): ReadonlyMap<string, ContentView> {
  const views = new Map<string, ContentView>();
  for (const declaring of graph.lineage(model.id))
    for (const view of ownViews(declaring)) if (!views.has(view.name)) views.set(view.name, view);
  return views;
}

const sources = new WeakMap<Model, readonly ContentView[]>();

function ownViews(model: Model): readonly ContentView[] {
  const made = sources.get(model);
  if (made) return made;
  const source = new InterfaceSource(model.source);
  const elements = model.standard === 'DTDL' ? source.contents() : model.contents.map(asElement);
  const views = elements.flatMap((element): ContentView[] => {
    const kind = contentKinds.find((known) => typesOf(element).includes(known));
    return kind
      ? [{ name: String(literal(element, 'name')), kind, element, source, declaredBy: model.id }]
      : [];
  });
  sources.set(model, views);
  return views;
}

const schemaOfType: Readonly<Record<string, unknown>> = {
  number: 'double',
  integer: 'long',
  'number[]': { '@type': 'Array', elementSchema: 'double' },
  object: { '@type': 'Structure' },
};

/** A content of a model of another standard, written as DTDL would. */
function asElement(content: ModelContent): SourceElement {
  const kinds = {
    property: 'Property',
    signal: 'Telemetry',
    relationship: 'Relationship',
    component: 'Component',
  };
  const { name, kind } = content;
  const element: Record<string, unknown> = { '@type': kinds[kind], name };
  if (content.kind === 'property' || content.kind === 'signal')
    Object.assign(element, {
      schema: schemaOfType[content.valueType] ?? content.valueType,
      unit: content.unit,
    });
  if (content.kind === 'property' && content.enumValues) {
    const enumValues = content.enumValues.map((enumValue) => ({ enumValue }));
    element['schema'] = { '@type': 'Enum', valueSchema: content.valueType, enumValues };
  }
  return element;
}
