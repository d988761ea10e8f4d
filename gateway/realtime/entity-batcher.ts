import { canonicalJson } from '#kernel/canonical.ts';
import type { RequestContext } from '#ontology/request-context.ts';
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
  readonly #scopes = new WeakMap<RequestContext, string>();

  /** The context of an event, and the scope within which it may share what it asks for. */
  mark(context: RequestContext, scope: string): void {
    this.#scopes.set(context, scope);
  }

  /** The executor as events reach it; requests of no event pass untouched. */
  wrap(executor: SubgraphExecutor): SubgraphExecutor {
    const open = new Map<string, Waiting[]>();
    const flush = (key: string) => {
      const waiting = open.get(key) ?? [];
      open.delete(key);
      void ask(executor, waiting);
    };
    return {
      subscribe: (request) => executor.subscribe(request),
      execute: (request) => {
        const scope = this.#scopes.get(request.context);
        const wanted = request.variables[representations];
        if (scope === undefined || request.operation !== 'query' || !Array.isArray(wanted))
          return executor.execute(request);
        const key = canonicalJson([scope, request.query, { ...request.variables, [representations]: null }]);
        const waiting = open.get(key) ?? [];
        if (!waiting.length) {
          open.set(key, waiting);
          setImmediate(flush, key);
        }
        return new Promise((resolve, reject) => waiting.push({ request, wanted, resolve, reject }));
      },
    };
  }
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
    const signal = whenAllAborted(waiting.map(({ request }) => request.context.signal));
    const context = { ...first.request.context, signal };
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

function whenAllAborted(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  let left = signals.length;
  for (const signal of signals) {
    const gone = () => (left -= 1) || all.abort(signal.reason);
    if (signal.aborted) gone();
    else signal.addEventListener('abort', gone, { once: true });
  }
  return all.signal;
}
