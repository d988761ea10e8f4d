import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Principal } from '#ontology/principal.ts';
import type { RequestContext } from '#ontology/request-context.ts';

/** The context of one request (or one event) and its end. */
export interface RequestScope {
  readonly context: RequestContext;
  /** The answer is given: stops the deadline. */
  end(): void;
}

export interface ScopeOptions {
  readonly principal: Principal;
  /** Aborted when the caller goes away. */
  readonly caller: AbortSignal;
  readonly requestId: string;
}

/** Opens the scope of one request. */
export type NewScope = (options: ScopeOptions) => RequestScope;

/** Makes request scopes that end after `timeoutMs`. */
export function createScopeFactory(clock: Clock, timeoutMs: number): NewScope {
  return ({ principal, caller, requestId }) => {
    const request = new AbortController();
    const answered = new AbortController();
    const onCallerGone = () => request.abort(caller.reason);
    if (caller.aborted) onCallerGone();
    else caller.addEventListener('abort', onCallerGone, { once: true });
    clock.sleep(timeoutMs, answered.signal).then(
      () => request.abort(deadlinePassed(timeoutMs)),
      () => {},
    );
    return {
      context: { principal, requestId, signal: request.signal },
      end() {
        // A reason spares the exception that would be made for it.
        answered.abort(null);
        caller.removeEventListener('abort', onCallerGone);
      },
    };
  };
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
