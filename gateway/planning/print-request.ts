/**
 * The text of a request to a subgraph. Two types of one place may have fields of one response key but of other types
 * (as this subgraph has them), which a server refuses to answer in one request: then one of them gets an alias, and a
 * rewrite gives it its key back.
 *
 * @see https://spec.graphql.org/October2021/#SameResponseShape()
 */
import type { PlanRewrite, RewriteSegment } from '../plan-nodes.ts';
import type { SelectedField, Selection } from './fetch-groups.ts';

/** A printed selection set. */
export interface Printed {
  readonly text: string;
  readonly variables: ReadonlySet<string>;
  readonly rewrites: readonly PlanRewrite[];
}

export function printSelection(selection: Selection): Printed {
  const printer = new Printer();
  printer.separate([selection]);
  return { text: printer.set(selection, []), variables: printer.variables, rewrites: printer.rewrites };
}

interface Entry {
  readonly key: string;
  readonly field: SelectedField;
}

class Printer {
  readonly variables = new Set<string>();
  readonly rewrites: PlanRewrite[] = [];
  readonly #aliases = new Map<SelectedField, string>();
  #separated = 0;

  /** Finds the aliases that selection sets of one place need. */
  separate(sets: readonly Selection[]): void {
    const shapes = new Map<string, Map<string, Entry[]>>();
    for (const { key, field } of sets.flatMap(entriesOf)) {
      const byShape = shapes.get(key) ?? new Map<string, Entry[]>();
      shapes.set(key, byShape);
      const shape = shapeOf(field);
      const same = byShape.get(shape);
      if (same) same.push({ key, field });
      else byShape.set(shape, [{ key, field }]);
    }
    for (const byShape of shapes.values()) {
      for (const [index, entries] of [...byShape.values()].entries()) {
        if (index) this.#giveAlias(entries);
        this.separate(entries.flatMap(({ field }) => field.below ?? []));
      }
    }
  }

  #giveAlias(entries: readonly Entry[]): void {
    this.#separated += 1;
    for (const { key, field } of entries) this.#aliases.set(field, `__${key}_as_${this.#separated}`);
  }

  set(selection: Selection, path: readonly RewriteSegment[]): string {
    const parts = [...selection.fields].map(([key, field]) => this.#field(key, field, path));
    for (const [type, inner] of selection.fragments) parts.push(`... on ${type} ${this.set(inner, path)}`);
    if (needsTypeName(selection)) parts.unshift('__typename');
    return `{${parts.join(' ')}}`;
  }

  #field(key: string, field: SelectedField, path: readonly RewriteSegment[]): string {
    const { call, below } = field;
    const alias = this.#aliases.get(field) ?? key;
    const at = [...path, { Key: alias }];
    for (const name of call.variables) this.variables.add(name);
    const set = below ? ` ${this.set(below, at)}` : '';
    if (alias !== key) this.rewrites.push({ KeyRenamer: { path: at, renameKeyTo: key } });
    return `${alias === call.name ? '' : `${alias}: `}${call.name}${call.suffix}${set}`;
  }
}

/** Where an object's type is not told by the place, it is asked for. An interface object does not know it. */
function needsTypeName({ spot, asksTypeName, fields, fragments }: Selection): boolean {
  const isAbstract = spot.type.kind !== 'object' && !spot.type.isInterfaceObject;
  return asksTypeName || isAbstract || (!fields.size && !fragments.size);
}

function entriesOf(selection: Selection): Entry[] {
  const own = [...selection.fields].map(([key, field]) => ({ key, field }));
  return [...own, ...[...selection.fragments.values()].flatMap(entriesOf)];
}

/** Objects of any type go together, leaves only with their like; lists and nulls must be the same. */
function shapeOf({ type, below }: SelectedField): string {
  return below ? type.text.replaceAll(/\w+/g, '') : type.text;
}
