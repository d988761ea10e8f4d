import type { ExecutionResult, GraphQLError } from 'graphql';
import type { EngineResult, ResponsePath } from '#gateway/engine/types.ts';
import { canonical, misplanned } from './world.ts';

/** How two answers differ. */
export interface Difference {
  readonly kind: 'refused' | 'misplanned' | 'data' | 'places' | 'messages' | 'effects';
  readonly text: string;
}

type Errors = readonly GraphQLError[];

/**
 * Compares a federated answer with that of one schema. `data` is the same to the letter. There are five places
 * where several subgraphs cannot answer alike:
 * 1. Which of several errors below one null is met, and whether all or only the first: each null has an error in both
 *    answers, or in neither, and no error stands at a place that has a value.
 * 2. Messages of graphql-js name `Type.field` as the subgraph knows it, where a root type may have another name and an
 *    interface object stands for its members: only the field's name counts. Literals that they quote are quoted as the
 *    plan writes them.
 * 3. What a field is computed from (`@requires`) is fetched beside it. When that fails, the error stands at the place of
 *    what was fetched, which the client may not have asked for.
 * 4. What a field is computed from is fetched together with other fields of the same object. One of these that must not be
 *    null and fails takes it along: then the computed leaf is null, beside the error.
 * 5. `extensions.serviceName` names the subgraph, and errors that the caller's input caused have a code.
 * Where both report an error at one place, its message and extensions are the same.
 */
export function differenceOf(expected: ExecutionResult, actual: EngineResult): Difference | null {
  const refused = actual.errors?.find(({ message }) => /could not be planned/.test(message));
  if (refused) return { kind: 'refused', text: refused.message };
  const impossible = actual.errors?.find(({ message }) => message.includes(misplanned));
  if (impossible) return { kind: 'misplanned', text: impossible.message };
  const [wanted, given] = [pretty(expected.data), pretty(withLostInputs(expected.data, actual))];
  if (wanted !== given) return { kind: 'data', text: firstDifference(wanted, given) };
  return differentPlaces(expected, actual) ?? differentMessages(expected.errors ?? [], actual.errors ?? []);
}

/**
 * With a subgraph that does not answer, how much is lost depends on the ways a plan takes. What is answered is still
 * what one schema answers, and each null that this one does not have has an error at, above or below it.
 */
export function unexplainedLoss(expected: ExecutionResult, actual: EngineResult): Difference | null {
  const refused = actual.errors?.find(({ message }) => /could not be planned/.test(message));
  if (refused) return { kind: 'refused', text: refused.message };
  const paths = (actual.errors ?? []).map(({ path }) => path ?? []);
  const walk = (wanted: unknown, given: unknown, path: ResponsePath): string | null => {
    if (given === null && wanted !== null) {
      const explained =
        paths.some((other) => path.every((part, at) => at >= other.length || other[at] === part)) ||
        (isComputed(path.at(-1)) && isBeside(paths, path.slice(0, -1)));
      return explained ? null : `nothing explains the null at ${path.join('.')}`;
    }
    if (wanted === null || typeof wanted !== 'object')
      return Object.is(wanted, given)
        ? null
        : `${path.join('.')}: ${pretty(given)} instead of ${pretty(wanted)}`;
    const [a, b] = [Object.entries(wanted), Object.entries(given as object)];
    if (a.map(([key]) => key).join() !== b.map(([key]) => key).join())
      return `other keys at ${path.join('.')}`;
    for (const [key, value] of a) {
      const found = walk(value, (given as Record<string, unknown>)[key], [
        ...path,
        Array.isArray(wanted) ? Number(key) : key,
      ]);
      if (found) return found;
    }
    return null;
  };
  const text = walk(plain(expected.data ?? null), plain(actual.data ?? null), []);
  return text ? { kind: 'data', text } : null;
}

/** The answer with the values of computed leaves that are null beside an error. See 4. */
function withLostInputs(expected: unknown, { data, errors = [] }: EngineResult): unknown {
  const paths = errors.map(({ path }) => path ?? []);
  const walk = (wanted: unknown, given: unknown, path: ResponsePath): unknown => {
    if (given === null && isLeaf(wanted) && isComputed(path.at(-1)) && isBeside(paths, path.slice(0, -1)))
      return wanted;
    if (given === null || wanted === null || typeof given !== 'object' || typeof wanted !== 'object')
      return given;
    const below = (value: unknown, key: string | number) =>
      walk((wanted as Record<string | number, unknown>)[key], value, [...path, key]);
    if (Array.isArray(given)) return given.map(below);
    return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, below(value, key)]));
  };
  return walk(expected, data, []);
}

/** Whether one of the paths leads below an object. */
function isBeside(paths: readonly ResponsePath[], parent: ResponsePath): boolean {
  return paths.some((path) => path.length > parent.length && parent.every((part, at) => path[at] === part));
}

function isLeaf(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/** The generator calls computed fields so. */
function isComputed(key: unknown): boolean {
  return typeof key === 'string' && key.startsWith('calc');
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 1) ?? 'undefined';
}

function firstDifference(wanted: string, given: string): string {
  const [a, b] = [wanted.split('\n'), given.split('\n')];
  const at = a.findIndex((line, index) => line !== b[index]);
  const around = (lines: string[]) => lines.slice(Math.max(0, at - 4), at + 4).join('\n');
  return `wanted\n${around(a)}\ngot\n${around(b)}`;
}

function differentPlaces(expected: ExecutionResult, actual: EngineResult): Difference | null {
  // Without data nothing ran, and errors have no places.
  if (expected.data === undefined) {
    const [wanted, given] = [expected.errors, actual.errors].map((errors) =>
      (errors ?? [])
        .map(({ message }) => message)
        .sort()
        .join('\n'),
    );
    return wanted === given ? null : { kind: 'messages', text: `wanted\n${wanted}\ngot\n${given}` };
  }
  const places = (errors: Errors | undefined) =>
    [
      ...new Set((errors ?? []).map(({ path }) => JSON.stringify(nullAbove(expected.data, path ?? [])))),
    ].sort();
  const [wanted, given] = [places(expected.errors), places(actual.errors)];
  if (wanted.join() === given.join()) return null;
  const missing = wanted.filter((place) => !given.includes(place));
  const surplus = given.filter((place) => !wanted.includes(place) && !place.includes(beside));
  if (!missing.length && !surplus.length) return null;
  return { kind: 'places', text: `without an error: ${missing.join(' ')}; with one: ${surplus.join(' ')}` };
}

/** Ends places the client did not ask for. */
const beside = '~';

/** The null an error explains; `value` at the end where there is none. */
function nullAbove(data: unknown, path: ResponsePath): ResponsePath {
  let value: unknown = data;
  for (const [depth, part] of path.entries()) {
    if (value === null) return path.slice(0, depth);
    if (value === undefined) return [...path.slice(0, depth), beside];
    value = (value as Record<string | number, unknown>)[part];
  }
  if (value === undefined) return [...path, beside];
  return value === null ? path : [...path, 'value'];
}

function differentMessages(expected: Errors, actual: Errors): Difference | null {
  for (const { path } of actual) {
    const here = JSON.stringify(path);
    const at = (errors: Errors) =>
      [...new Set(errors.filter((error) => JSON.stringify(error.path) === here).map(told))].sort();
    const [wanted, given] = [at(expected), at(actual)];
    if (wanted.length && wanted.join('\n') !== given.join('\n'))
      return { kind: 'messages', text: `${here}\nwanted\n${wanted.join('\n')}\ngot\n${given.join('\n')}` };
  }
  return null;
}

function told({ message, extensions }: GraphQLError): string {
  const rest: Record<string, unknown> = { ...extensions };
  delete rest['serviceName'];
  if (rest['code'] === 'BAD_USER_INPUT') delete rest['code'];
  const text = message.replace(/\b[A-Z]\w*\.(?=[a-z])/g, '').replace(/(has invalid value) .*/s, '$1');
  return `${text} ${canonical(rest)}`;
}
