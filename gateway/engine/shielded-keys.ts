import { Kind, visit, type DocumentNode, type FieldNode } from 'graphql';
import { isObject } from './merge.ts';
import type { SelectedOperation } from './operation.ts';
import type { ResponseObject, ResponsePath } from './types.ts';

/** Aliases of clients never start with two underscores. */
const prefix = '__asked_';

/**
 * Fields that some `@requires` asks for with arguments below another field, like `average` in `group { average(in: "EUR") }`.
 *
 * Where a client asks for such a field under its own name with other arguments, the planner (router-query-planner
 * 0.0.38) gives the required one an alias, but takes the client's value for the representation. So the client's gets an
 * alias before planning, and its name back before the answer is completed.
 */
export function shieldedNames(supergraph: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(supergraph, {
    [Kind.ARGUMENT]: ({ name, value }) => {
      if (name.value !== 'requires' || value.kind !== Kind.STRING) return;
      for (const match of nestedPart(value.value).matchAll(/(\w+)\s*\(/g)) names.add(match[1] ?? '');
    },
  });
  return names;
}

function nestedPart(fieldSet: string): string {
  const from = fieldSet.indexOf('{');
  return from < 0 ? '' : fieldSet.slice(from);
}

/** The operation with other keys for the client's fields of these names; the very same when it has none of them. */
export function shield(selected: SelectedOperation, names: ReadonlySet<string>): SelectedOperation {
  if (!names.size) return selected;
  let changed = false;
  const rename = (field: FieldNode): FieldNode | undefined => {
    const key = (field.alias ?? field.name).value;
    if (!names.has(key)) return undefined;
    changed = true;
    return { ...field, alias: { kind: Kind.NAME, value: prefix + key } };
  };
  const operation = visit(selected.operation, { Field: { leave: rename } });
  const fragments = new Map(
    [...selected.fragments].map(([name, node]) => [name, visit(node, { Field: { leave: rename } })]),
  );
  return changed ? { operation, fragments } : selected;
}

/** Gives the client's fields their names back, in place. */
export function unshield(value: unknown): void {
  if (Array.isArray(value)) return value.forEach(unshield);
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) {
    unshield(value[key]);
    if (key.startsWith(prefix)) giveBack(value, key);
  }
}

function giveBack(object: ResponseObject, key: string): void {
  object[clientKey(key)] = object[key];
  delete object[key];
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
