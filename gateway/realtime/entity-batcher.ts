import { Kind, type DocumentNode } from 'graphql';
import { canonicalJson } from '#kernel/canonical.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { EndingContext, RequestEnd } from '../engine/request-end.ts';
import { endOfSignal } from '../remote/end-of-waiting.ts';
import type {
  ResponseObject,
  ResponsePath,
  SubgraphError,
  SubgraphExecutor,
  SubgraphRequest,
  SubgraphResult,
} from '../engine/types.ts';

/** One `_entities` field of a request: its response key, and the variable it gets what is looked up from. */
interface Lookup {
  readonly key: string;
  readonly variable: string;
}

interface Waiting {
  readonly request: SubgraphRequest;
  resolve(result: SubgraphResult): void;
  reject(error: unknown): void;
}

/**
 * Asks subgraphs once for the entities of all events that arrive together: lookups with the same text, of events of the
 * same authorisation scope, that begin in one turn of the event loop travel as one request.
 */
export class EntityBatcher {
  readonly #scopes = new Map<RequestContext, string>();

  /** The context of an event, and the scope within which it may share what it asks for. */
  mark(context: RequestContext, scope: string): void {
    this.#scopes.set(context, scope);
  }

  /** The event is completed. */
  forget(context: RequestContext): void {
    this.#scopes.delete(context);
  }

  /** The executor as events reach it; requests of no event pass untouched. */
  wrap(executor: SubgraphExecutor): SubgraphExecutor {
    /** By the text asked, then by who may share. */
    const open = new Map<string, Map<string, Waiting[]>>();
    const flush = (query: string) => {
      const all = open.get(query)?.values() ?? [];
      open.delete(query);
      for (const waiting of all) void ask(executor, waiting);
    };
    return {
      subscribe: (request) => executor.subscribe(request),
      execute: (request) => {
        const scope = this.#scopes.get(request.context);
        const lookups = scope === undefined || request.operation !== 'query' ? [] : lookupsOf(request);
        if (scope === undefined || !lookups.length) return executor.execute(request);
        let byScope = open.get(request.query);
        if (!byScope) {
          open.set(request.query, (byScope = new Map()));
          setImmediate(flush, request.query);
        }
        const waiting = placeFor(sharingKey(scope, request.variables, lookups), byScope);
        return new Promise((resolve, reject) => waiting.push({ request, resolve, reject }));
      },
    };
  }
}

const known = new WeakMap<DocumentNode, readonly Lookup[]>();

/** The lookups a request consists of; none when it asks for anything else. One document is asked again and again. */
function lookupsOf({ document }: SubgraphRequest): readonly Lookup[] {
  let lookups = known.get(document);
  if (!lookups) known.set(document, (lookups = findLookups(document)));
  return lookups;
}

/** @see Apollo Federation subgraph specification, `_entities` */
function findLookups({ definitions }: DocumentNode): readonly Lookup[] {
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const found = (operation?.selectionSet.selections ?? []).map((field): Lookup | null => {
    if (field.kind !== Kind.FIELD || field.name.value !== '_entities') return null;
    const value = field.arguments?.find(({ name }) => name.value === 'representations')?.value;
    if (value?.kind !== Kind.VARIABLE) return null;
    return { key: (field.alias ?? field.name).value, variable: value.name.value };
  });
  return found.every((lookup) => lookup !== null) ? found : [];
}

/** Requests that differ in another variable are other lookups. */
function sharingKey(
  scope: string,
  variables: SubgraphRequest['variables'],
  lookups: readonly Lookup[],
): string {
  const others = Object.keys(variables).filter((name) => !lookups.some(({ variable }) => variable === name));
  return others.length ? canonicalJson([scope, others.map((name) => [name, variables[name]])]) : scope;
}

function placeFor(key: string, places: Map<string, Waiting[]>): Waiting[] {
  let waiting = places.get(key);
  if (!waiting) places.set(key, (waiting = []));
  return waiting;
}

async function ask(executor: SubgraphExecutor, waiting: readonly Waiting[]): Promise<void> {
  const [first] = waiting;
  if (!first) return;
  try {
    if (waiting.length === 1) return first.resolve(await executor.execute(first.request));
    const lookups = lookupsOf(first.request);
    const variables: Record<string, unknown> = { ...first.request.variables };
    for (const { variable } of lookups)
      variables[variable] = waiting.flatMap(({ request }) => wantedOf(request, variable));
    const context = whenAllEnded(waiting.map(({ request }) => request.context));
    deal(await executor.execute({ ...first.request, variables, context }), waiting, lookups);
  } catch (error) {
    for (const { reject } of waiting) reject(error);
  }
}

function wantedOf({ variables }: SubgraphRequest, variable: string): readonly unknown[] {
  const wanted = variables[variable];
  return Array.isArray(wanted) ? wanted : [];
}

/** From where to where the entities of one request are in the joined lists, by response key. */
type Parts = ReadonlyMap<string, readonly [from: number, to: number]>;

/** Gives each request its part of the answer, with errors at the places they have in that part. */
function deal(result: SubgraphResult, waiting: readonly Waiting[], lookups: readonly Lookup[]): void {
  const ends = new Map<string, number>();
  for (const { request, resolve } of waiting) {
    const parts = new Map<string, readonly [number, number]>();
    for (const { key, variable } of lookups) {
      const from = ends.get(key) ?? 0;
      const to = from + wantedOf(request, variable).length;
      ends.set(key, to);
      parts.set(key, [from, to]);
    }
    const errors = (result.errors ?? []).flatMap((error) => shifted(error, parts));
    resolve({ data: dataOf(result, parts), ...(errors.length ? { errors } : {}) });
  }
}

function dataOf({ data }: SubgraphResult, parts: Parts): SubgraphResult['data'] {
  if (!data) return data;
  const part: ResponseObject = Object.assign(Object.create(null), data);
  for (const [key, [from, to]] of parts) {
    const found = data[key];
    if (Array.isArray(found)) part[key] = found.slice(from, to);
  }
  return part;
}

/** The error where one part of the lists sees it; none when it belongs to another part. */
function shifted(error: SubgraphError, parts: Parts): SubgraphError[] {
  const [field, index, ...below] = error.path ?? [];
  const part = typeof field === 'string' ? parts.get(field) : undefined;
  if (field === undefined || !part || typeof index !== 'number') return [error];
  const [from, to] = part;
  if (index < from || index >= to) return [];
  const path: ResponsePath = [field, index - from, ...below];
  return [{ message: error.message, path, extensions: error.extensions }];
}

/** A context that ends when all of them have ended. */
function whenAllEnded(contexts: readonly RequestContext[]): RequestContext {
  const all = new RequestEnd();
  let left = contexts.length;
  const gone = (reason: unknown) => {
    left -= 1;
    if (!left) all.end(reason);
  };
  for (const context of contexts) onEndOf(context, gone);
  const { principal, requestId } = contexts[0] as RequestContext;
  return new EndingContext(principal, requestId, all);
}

function onEndOf(context: RequestContext, gone: (reason: unknown) => void): void {
  const end = EndingContext.endOf(context) ?? endOfSignal(context.signal);
  try {
    end.throwIfEnded();
    end.listen(gone);
  } catch (reason) {
    gone(reason);
  }
}
