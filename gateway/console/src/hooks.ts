import { flushSync } from 'preact/compat';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { request, subscribe, watchLive, type ApiError, type LiveStatus } from './api.ts';

/** A query's result as a view sees it. */
export interface QueryResult<T> {
  /** The newest data; stays while a new answer is on its way. */
  readonly data: T | null;
  readonly errors: readonly ApiError[];
  readonly loading: boolean;
  refetch(): void;
}

/** Between two questions of one view when something changes all the time, ms. */
const pauseMs = 400;

/**
 * Asks when the view appears, when variables change, and after the live connection came back. `refetch` never disturbs
 * a question on its way; many calls at once become one.
 */
export function useQuery<T>(query: string, variables: object = {}): QueryResult<T> {
  const [state, setState] = useState<{ data: T | null; errors: readonly ApiError[]; loading: boolean }>({
    data: null,
    errors: [],
    loading: true,
  });
  const key = JSON.stringify(variables);
  const again = useRef<() => void>(() => {});
  const refetch = useCallback(() => again.current(), []);
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    let busy = false;
    let asked = false;
    const ask = () => {
      asked = busy;
      if (busy) return;
      busy = true;
      void request<T>(query, JSON.parse(key) as object, signal)
        .then(
          ({ data, errors }) => !signal.aborted && setState({ data, errors, loading: false }),
          (error: unknown) =>
            !signal.aborted && setState((before) => ({ ...before, errors: errorsOf(error), loading: false })),
        )
        .then(() => new Promise<void>((done) => setTimeout(done, pauseMs)))
        .then(() => {
          busy = false;
          if (asked && !signal.aborted) ask();
        });
    };
    again.current = ask;
    ask();
    return () => abort.abort();
  }, [query, key]);
  useOnReturn(refetch);
  return { ...state, refetch };
}

function errorsOf(error: unknown): readonly ApiError[] {
  if (error !== null && typeof error === 'object' && 'errors' in error) return error.errors as ApiError[];
  return [{ message: 'The hub cannot be reached. This page goes on by itself when it is back.' }];
}

/** Calls `then` each time the live connection is there again after a loss: what happened meanwhile is unknown. */
export function useOnReturn(then: () => void): void {
  const { state } = useLive();
  const wasLost = useRef(false);
  useEffect(() => {
    if (state === 'live' && wasLost.current) then();
    if (state !== 'connecting') wasLost.current = state === 'lost';
  }, [state, then]);
}

/** Events while the view is shown. `null` variables: nothing is subscribed. */
export function useSubscription<T>(
  query: string,
  variables: Record<string, unknown> | null,
  onData: (data: T) => void,
): readonly ApiError[] {
  const [errors, setErrors] = useState<readonly ApiError[]>([]);
  const handler = useRef(onData);
  handler.current = onData;
  const key = JSON.stringify(variables);
  useEffect(() => {
    const given = JSON.parse(key) as Record<string, unknown> | null;
    if (!given) return;
    setErrors([]);
    return subscribe<T>(query, given, (data) => handler.current(data), setErrors);
  }, [query, key]);
  return errors;
}

export function useLive(): LiveStatus {
  const [status, setStatus] = useState<LiveStatus>({ state: 'connecting', since: Date.now() });
  useEffect(() => watchLive(setStatus), []);
  return status;
}

/** The page's name in the browser's tab and history. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Twinhub`;
  }, [title]);
}

const controls = 'a, button, summary, [role=option], [role=tab]';

/** Calls `actions[key]` when its key is pressed outside of inputs and dialogs. */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const current = useRef(actions);
  current.current = actions;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      const typing =
        target?.closest('input, textarea, select, dialog') ?? document.querySelector('dialog[open]');
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      // Enter on a control is the control's, except on a row of a list.
      if (event.key === 'Enter' && target?.closest(controls) && !target.closest('[role=option]')) return;
      const action = current.current[event.key];
      if (!action) return;
      event.preventDefault();
      // What a key opens is there for the very next key.
      flushSync(action);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
