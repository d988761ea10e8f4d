import { Worker } from 'node:worker_threads';
import { HubError, type ErrorCode, type ErrorDetails } from '#kernel/errors.ts';
import type { SubgraphDefinition } from '../compose.ts';
import type { ExtendedComposition } from './compose-extended.ts';

/** What is to be composed. */
export interface ComposeRequest {
  readonly own: readonly SubgraphDefinition[];
  readonly external: readonly SubgraphDefinition[];
  /** Composed of `own` alone; `null` where there is none. */
  readonly ownSupergraph: string | null;
}

/** What the worker says. */
export type ComposeAnswer =
  | { readonly composed: ExtendedComposition }
  | {
      readonly refused: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly details: ErrorDetails;
      };
    };

/** What composing may use up; the hub's own graph takes about a second and 100 MiB. */
export interface ComposeLimits {
  readonly memoryMb: number;
  readonly timeoutMs: number;
}

const defaultLimits: ComposeLimits = { memoryMb: 1_024, timeoutMs: 60_000 };

/**
 * As `composeExtended`, beside the requests that are served: it takes a good part of a second, and a schema that takes too
 * much ends the worker alone.
 *
 * @param signal - aborting it ends the worker. @throws its reason
 * @throws {HubError} COMPOSITION_FAILED - they do not fit, or composing takes too much.
 */
export async function composeInWorker(
  request: ComposeRequest,
  signal: AbortSignal,
  limits: ComposeLimits = defaultLimits,
): Promise<ExtendedComposition> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./compose-worker.ts', import.meta.url), {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb },
    env: {},
    name: 'composition',
  });
  const late = AbortSignal.timeout(limits.timeoutMs);
  const ended = AbortSignal.any([signal, late]);
  try {
    const answer = await answerOf(worker, ended);
    if ('composed' in answer) return answer.composed;
    const { code, message, details } = answer.refused;
    throw new HubError(code, message, { details });
  } catch (error) {
    if (late.aborted && !signal.aborted) throw tooMuch(`more than ${limits.timeoutMs} ms`, error);
    throw isOutOfMemory(error) ? tooMuch(`more than ${limits.memoryMb} MiB of memory`, error) : error;
  } finally {
    await worker.terminate();
  }
}

function answerOf(worker: Worker, ended: AbortSignal): Promise<ComposeAnswer> {
  return new Promise((resolve, reject) => {
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', (code) =>
      reject(new HubError('INTERNAL', `The worker that composes the graph ended before its time (${code}).`)),
    );
    ended.addEventListener('abort', () => reject(ended.reason as Error), { once: true });
  });
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function tooMuch(what: string, cause: unknown): HubError {
  return new HubError(
    'COMPOSITION_FAILED',
    `Composing the graph takes ${what}. Its schemas are too large or too entangled: look at the one that was changed last.`,
    { cause },
  );
}
