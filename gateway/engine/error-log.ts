import { GraphQLError } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import { clientPath } from './shielded-keys.ts';
import type { ResponsePath, SubgraphError } from './types.ts';

interface PathNode {
  readonly children: Map<string | number, PathNode>;
  failed: boolean;
}

/**
 * The errors of one operation, and which places of the response they explain. A null where the schema allows none is
 * reported only when nothing explains it yet: an error at that place, above it or below it.
 */
export class ErrorLog {
  readonly list: GraphQLError[] = [];
  #root: PathNode | undefined;

  /** Records an error; its path, if it has one, is explained by it. */
  add(error: GraphQLError): void {
    this.list.push(error);
    if (error.path) this.explain(error.path);
  }

  /** Says that an error already recorded explains nulls at `path` and below. */
  explain(path: ResponsePath): void {
    let node = (this.#root ??= newNode());
    for (const key of clientPath(path)) {
      let child = node.children.get(key);
      if (!child) node.children.set(key, (child = newNode()));
      node = child;
    }
    node.failed = true;
  }

  /** Whether an error at, above or below `path` is recorded. */
  explains(path: ResponsePath): boolean {
    let node = this.#root;
    if (!node) return false;
    for (const key of path) {
      if (node.failed) return true;
      const child = node.children.get(key);
      if (!child) return false;
      node = child;
    }
    return true;
  }
}

function newNode(): PathNode {
  return { children: new Map(), failed: false };
}

/** A subgraph's error at its place in the whole response; the subgraph names itself in `extensions.serviceName`. */
export function fromSubgraph(
  error: SubgraphError,
  serviceName: string,
  path: ResponsePath | undefined,
): GraphQLError {
  return new GraphQLError(error.message, {
    path: path && clientPath(path),
    originalError: error instanceof Error ? error : undefined,
    extensions: { ...error.extensions, serviceName },
  });
}

/** The failure of a whole fetch: what was thrown instead of an answer. */
export function fetchFailure(
  thrown: unknown,
  serviceName: string,
  path: ResponsePath | undefined,
): GraphQLError {
  const error =
    thrown instanceof Error
      ? thrown
      : new HubError('INTERNAL', `Subgraph ${serviceName} failed.`, { details: { thrown: String(thrown) } });
  const extensions = error instanceof GraphQLError ? error.extensions : {};
  return new GraphQLError(error.message, {
    path: path && clientPath(path),
    originalError: error,
    extensions: { ...extensions, serviceName },
  });
}

/** A null where the schema allows none and no subgraph said why. The wording is graphql-js's. */
export function nullViolation(typeName: string, fieldName: string, path: ResponsePath): GraphQLError {
  const message = `Cannot return null for non-nullable field ${typeName}.${fieldName}.`;
  return new GraphQLError(message, { path: [...path], originalError: new HubError('INTERNAL', message) });
}

/** A value that is not of the type the schema promises. The value itself stays inside. */
export function typeViolation(
  typeName: string,
  fieldName: string,
  promised: string,
  path: ResponsePath,
  cause?: unknown,
): GraphQLError {
  const message = `A subgraph answered ${typeName}.${fieldName} with something that is not ${promised}.`;
  return new GraphQLError(message, {
    path: [...path],
    originalError: new HubError('CONNECTOR_PROTOCOL', message, { cause }),
  });
}

/** A null where the caller must not see what there is. */
export function accessDenied(reason: HubError, path: ResponsePath): GraphQLError {
  return new GraphQLError(reason.message, { path: [...path], originalError: reason });
}

/** The longest path that all of them begin with; `undefined` when that is the root. */
export function commonPath(paths: readonly ResponsePath[]): ResponsePath | undefined {
  const [first, ...rest] = paths;
  if (!first) return undefined;
  let length = first.length;
  for (const path of rest) {
    let same = 0;
    while (same < length && path[same] === first[same]) same += 1;
    length = same;
  }
  return length ? first.slice(0, length) : undefined;
}
