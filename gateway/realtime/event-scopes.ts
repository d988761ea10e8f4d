import type { NewScope, RequestScope, ScopeOptions } from '../context.ts';
import type { EventScope } from '../engine/types.ts';
import type { EntityBatcher } from './entity-batcher.ts';

/** The scopes of a stream's events that are being completed. They end with the stream. */
export class EventScopes {
  readonly #newScope: NewScope;
  readonly #batcher: EntityBatcher | undefined;
  readonly #open = new Set<RequestScope>();
  #ended: { readonly reason: unknown } | null = null;

  constructor(newScope: NewScope, batcher: EntityBatcher | undefined) {
    this.#newScope = newScope;
    this.#batcher = batcher;
  }

  /** @param batch - events with the same may share what they ask for. */
  open(options: ScopeOptions, batch: string): EventScope {
    const scope = this.#newScope(options);
    const { context } = scope;
    if (this.#ended) scope.cancel(this.#ended.reason);
    this.#open.add(scope);
    this.#batcher?.mark(context, batch);
    const end = () => {
      this.#open.delete(scope);
      this.#batcher?.forget(context);
      scope.end();
    };
    return { context, end };
  }

  /** Cancels what runs, and what begins later at once. */
  end(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = { reason };
    for (const scope of this.#open) scope.cancel(reason);
  }
}
