import { Deadlines, type Expiring } from '#kernel/deadlines.ts';
import { HubError } from '#kernel/errors.ts';
import type { Principal } from '#ontology/principal.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import { EndingContext, RequestEnd } from './engine/request-end.ts';

/** The context of one request (or one event) and its end. */
export interface RequestScope {
  readonly context: RequestContext;
  /** Another context of the same request: what hangs on the first (loaders) is not shared, the end is. */
  another(): RequestContext;
  /** Ends the request early, unless it has been answered. */
  cancel(reason: unknown): void;
  /** The answer is given: stops the deadline. */
  end(): void;
}

export interface ScopeOptions {
  readonly principal: Principal;
  /** Aborted when the caller goes away. @default `cancel` says it */
  readonly caller?: AbortSignal;
  readonly requestId: string;
}

/** Opens the scope of one request. */
export type NewScope = (options: ScopeOptions) => RequestScope;

/** Makes request scopes that end after `timeoutMs`. */
export function createScopeFactory(timeoutMs: number): NewScope {
  const deadlines = new Deadlines(timeoutMs);
  return (options) => new Scope(options, deadlines, timeoutMs);
}

class Scope implements RequestScope, Expiring {
  readonly context: RequestContext;
  readonly #options: ScopeOptions;
  readonly #deadlines: Deadlines;
  readonly #timeoutMs: number;
  readonly #end = new RequestEnd();
  readonly #onCallerGone: (() => void) | undefined;
  #answered = false;

  constructor(options: ScopeOptions, deadlines: Deadlines, timeoutMs: number) {
    this.#options = options;
    this.#deadlines = deadlines;
    this.#timeoutMs = timeoutMs;
    this.context = this.another();
    deadlines.add(this);
    const { caller } = options;
    if (!caller) return;
    this.#onCallerGone = () => this.cancel(caller.reason);
    if (caller.aborted) this.#onCallerGone();
    else caller.addEventListener('abort', this.#onCallerGone, { once: true });
  }

  another(): RequestContext {
    return new EndingContext(this.#options.principal, this.#options.requestId, this.#end);
  }

  cancel(reason: unknown): void {
    if (this.#answered) return;
    this.end();
    this.#end.end(reason);
  }

  late(): void {
    this.cancel(deadlinePassed(this.#timeoutMs));
  }

  end(): void {
    this.#answered = true;
    this.#deadlines.remove(this);
    if (this.#onCallerGone) this.#options.caller?.removeEventListener('abort', this.#onCallerGone);
  }
}

function deadlinePassed(timeoutMs: number): HubError {
  return new HubError('DEADLINE_EXCEEDED', `The request took longer than ${timeoutMs} ms.`, {
    details: { timeoutMs },
  });
}

/** The reason of a signal whose caller has hung up. */
export function callerGone(): HubError {
  return new HubError('CANCELLED', 'The caller went away.');
}

/** The reason a stream ends with when the sign-in it runs under does. */
export function signInEnded(principal: Principal): HubError {
  const at = new Date(principal.expiresAt).toISOString();
  return new HubError('UNAUTHENTICATED', `Your sign-in ended at ${at}.`, { details: { expiredAt: at } });
}

/** The reason a stream ends with when its caller signs out. */
export function signedOut(): HubError {
  return new HubError('UNAUTHENTICATED', 'You signed out.');
}

/** Tells when a principal signs out; the returned function ends the listening. */
export type OnSignOut = (principal: Principal, listener: () => void) => () => void;

/** The reason of whatever ends because the hub does. */
export function hubClosing(): HubError {
  return new HubError('CANCELLED', 'The hub is closing.');
}
