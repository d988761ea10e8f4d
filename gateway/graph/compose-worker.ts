import { parentPort, workerData } from 'node:worker_threads';
import { isHubError, messageOf } from '#kernel/errors.ts';
import { composeExtended } from './compose-extended.ts';
import type { ComposeAnswer, ComposeRequest } from './compose-in-worker.ts';

/** Composes once and ends. */
const { own, external, ownSupergraph } = workerData as ComposeRequest;

function answer(): ComposeAnswer {
  try {
    return { composed: composeExtended(own, external, ownSupergraph) };
  } catch (error) {
    // Of an error only its message and stack would get through.
    return isHubError(error)
      ? { refused: { code: error.code, message: error.message, details: error.details } }
      : { refused: { code: 'INTERNAL', message: messageOf(error), details: {} } };
  }
}

parentPort?.postMessage(answer());
