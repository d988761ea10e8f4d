import { Kind, visit, type DocumentNode, type FieldNode } from 'graphql';
import type { SelectedOperation } from './operation.ts';
import type { ResponsePath } from './types.ts';

/** Aliases of clients never start with two underscores. */
const prefix = '__asked_';

/** Response keys under which a plan may need something else than the client. */
export interface ShieldedNames {
  /** Whatever the client asks for under these. */
  readonly always: ReadonlySet<string>;
  /** What the client asks for under these as an alias. */
  readonly asAlias: ReadonlySet<string>;
}

export const nothingShielded: ShieldedNames = { always: new Set(), asAlias: new Set() };

/**
 * Two traps of the native planner (router-query-planner 0.0.38):
 * - A field that some `@requires` asks for with arguments below another field, like `average` in
 *   `group { average(in: "EUR") }`: where a client asks for it under its own name with other arguments, the planner
 *   gives the required one an alias, but takes the client's value for the representation.
 * - A field of a key or a `@requires`, where a client asks for another field under its name as an alias (`id: owner { name }`):
 *   the planner takes the client's value for the representation.
 *
 * So the client's get another key before planning, and the answer is completed from there.
 */
export function shieldedNames(supergraph: DocumentNode): ShieldedNames {
  const always = new Set<string>();
  const asAlias = new Set<string>();
  visit(supergraph, {
    [Kind.ARGUMENT]: ({ name, value }) => {
      if (value.kind !== Kind.STRING || (name.value !== 'requires' && name.value !== 'key')) return;
      for (const [word] of value.value.matchAll(/\w+/g)) asAlias.add(word);
      if (name.value === 'key') return;
      for (const match of nestedPart(value.value).matchAll(/(\w+)\s*\(/g)) always.add(match[1] ?? '');
    },
  });
  return { always, asAlias };
}

function nestedPart(fieldSet: string): string {
  const from = fieldSet.indexOf('{');
  return from < 0 ? '' : fieldSet.slice(from);
}

function mustShield({ alias, name }: FieldNode, { always, asAlias }: ShieldedNames): boolean {
  const key = (alias ?? name).value;
  return always.has(key) || (key !== name.value && asAlias.has(key));
}

/** The key under which the answer to a client's field is found. */
export function keyInData(field: FieldNode, names: ShieldedNames): string {
  const key = (field.alias ?? field.name).value;
  return mustShield(field, names) ? prefix + key : key;
}

function needsShield({ operation, fragments }: SelectedOperation, names: ShieldedNames): boolean {
  let found = false;
  for (const node of [operation, ...fragments.values()])
    visit(node, { Field: (field) => void (found ||= mustShield(field, names)) });
  return found;
}

/** The operation with other keys for the client's fields of these names; the very same when it has none of them. */
export function shield(selected: SelectedOperation, names: ShieldedNames): SelectedOperation {
  if (!needsShield(selected, names)) return selected;
  const rename = (field: FieldNode): FieldNode | undefined => {
    if (!mustShield(field, names)) return undefined;
    return { ...field, alias: { kind: Kind.NAME, value: keyInData(field, names) } };
  };
  const operation = visit(selected.operation, { Field: { leave: rename } });
  const fragments = new Map(
    [...selected.fragments].map(([name, node]) => [name, visit(node, { Field: { leave: rename } })]),
  );
  return { operation, fragments };
}

/** A place of the answer as the client knows it. */
export function clientPath(path: ResponsePath): ResponsePath {
  return path.some(isShielded) ? path.map((part) => (isShielded(part) ? clientKey(part) : part)) : path;
}

function isShielded(part: string | number): part is string {
  return typeof part === 'string' && part.startsWith(prefix);
}

function clientKey(key: string): string {
  return key.slice(prefix.length);
}
