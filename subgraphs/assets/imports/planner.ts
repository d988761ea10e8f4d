import { Worker } from 'node:worker_threads';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { CallMessage, PlanHandlers, PlanRequest } from './messages.ts';

/** What one plan may use up. */
export interface PlanLimits {
  readonly memoryMb: number;
  readonly timeoutMs: number;
}

/**
 * Plans an import in a worker thread. The worker reads the files itself and calls `handlers` for all else; what it needs
 * too much of ends the worker alone.
 *
 * @param signal - aborting it ends the worker. @throws its reason
 * @throws {HubError} LIMIT_EXCEEDED - more memory than allowed; DEADLINE_EXCEEDED - more time; INTERNAL - the worker broke
 *   down; and whatever a handler throws.
 */
export async function planInWorker(
  request: PlanRequest,
  handlers: PlanHandlers,
  options: { readonly limits: PlanLimits; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const { limits, clock, signal } = options;
  signal.throwIfAborted();
  const worker = new Worker(new URL('./plan-worker.ts', import.meta.url), {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb },
    env: {},
    name: 'import',
  });
  const ended = new AbortController();
  try {
    await Promise.race([
      outcomeOf(worker, handlers, limits),
      aborted(signal, ended.signal),
      late(clock, limits.timeoutMs, ended.signal),
    ]);
  } finally {
    ended.abort();
    await worker.terminate();
  }
}

/** Resolves when the worker has called `finish` and that is done. */
function outcomeOf(worker: Worker, handlers: PlanHandlers, limits: PlanLimits): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on('error', (error) => reject(brokenDown(error, limits)));
    worker.on('exit', (code) =>
      reject(new HubError('INTERNAL', `The worker of an import ended before its time (${code}).`)),
    );
    worker.on('message', ({ call, method, argument }: CallMessage) => {
      const handle = handlers[method] as (argument: unknown) => Promise<unknown>;
      handle(argument).then((value) => {
        if (method === 'finish') resolve();
        else worker.postMessage({ call, value });
      }, reject);
    });
  });
}

function brokenDown(error: unknown, { memoryMb }: PlanLimits): HubError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new HubError(
      'LIMIT_EXCEEDED',
      `Planning the import takes more than ${memoryMb} MiB (TWINHUB_IMPORT_MEMORY_MB). Import it in several parts.`,
      { cause: error, details: { limit: 'importMemoryMb', max: memoryMb } },
    );
  return new HubError('INTERNAL', 'The worker of an import broke down.', { cause: error });
}

function aborted(signal: AbortSignal, ended: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: ended });
  });
}

async function late(clock: Clock, timeoutMs: number, ended: AbortSignal): Promise<void> {
  try {
    await clock.sleep(timeoutMs, ended);
  } catch {
    return new Promise(() => {});
  }
  throw new HubError(
    'DEADLINE_EXCEEDED',
    `Planning the import took longer than ${timeoutMs} ms (TWINHUB_IMPORT_TIMEOUT_MS). Import it in several parts.`,
    { details: { timeoutMs } },
  );
}
