import { canonicalJson } from '#kernel/canonical.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { EndingContext, RequestEnd } from '../engine/request-end.ts';
import { endOfSignal } from '../remote/end-of-waiting.ts';
import type {
  ResponsePath,
  SubgraphError,
  SubgraphExecutor,
  SubgraphRequest,
  SubgraphResult,
} from '../engine/types.ts';

/** The field and the variable of an entity lookup. @see Apollo Federation subgraph specification, `_entities` */
const entities = '_entities';
const representations = 'representations';

interface Waiting {
  readonly request: SubgraphRequest;
  readonly wanted: readonly unknown[];
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
        const wanted = request.variables[representations];
        if (scope === undefined || request.operation !== 'query' || !Array.isArray(wanted))
          return executor.execute(request);
        let byScope = open.get(request.query);
        if (!byScope) {
          open.set(request.query, (byScope = new Map()));
          setImmediate(flush, request.query);
        }
        const waiting = placeFor(sharingKey(scope, request.variables), byScope);
        return new Promise((resolve, reject) => waiting.push({ request, wanted, resolve, reject }));
      },
    };
  }
}

/** Lookups that differ in another variable are other lookups. */
function sharingKey(scope: string, variables: SubgraphRequest['variables']): string {
  for (const name in variables)
    if (name !== representations) return canonicalJson([scope, { ...variables, [representations]: null }]);
  return scope;
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
    const variables = {
      ...first.request.variables,
      [representations]: waiting.flatMap(({ wanted }) => wanted),
    };
    const context = whenAllEnded(waiting.map(({ request }) => request.context));
    deal(await executor.execute({ ...first.request, variables, context }), waiting);
  } catch (error) {
    for (const { reject } of waiting) reject(error);
  }
}

/** Gives each lookup its part of the answer, with errors at the places they have in that part. */
function deal(result: SubgraphResult, waiting: readonly Waiting[]): void {
  const found = result.data?.[entities];
  let start = 0;
  for (const { wanted, resolve } of waiting) {
    const [from, to] = [start, start + wanted.length];
    start = to;
    const errors = (result.errors ?? []).flatMap((error) => shifted(error, from, to));
    const data = Array.isArray(found)
      ? Object.assign(Object.create(null), { [entities]: found.slice(from, to) })
      : result.data;
    resolve({ data, ...(errors.length ? { errors } : {}) });
  }
}

/** The error where one part of the list sees it; none when it belongs to another part. */
function shifted(error: SubgraphError, from: number, to: number): SubgraphError[] {
  const [field, index, ...below] = error.path ?? [];
  if (field !== entities || typeof index !== 'number') return [error];
  if (index < from || index >= to) return [];
  const path: ResponsePath = [entities, index - from, ...below];
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
