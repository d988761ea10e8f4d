import { isHubError, type HubError } from '#kernel/errors.ts';
import type { Refusal } from './connections.ts';
import type { ExchangeState } from './exchange.ts';
import { peerError, type RemotePeer } from './peer.ts';

/** The client's codes that say the same as one of the operating system. */
const systemCodes: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
};

/** What the client's parser throws; it does not always come with a code. */
const notHttp = 'HTTPParserError';

/** Whether the other side closed the connection. */
export function isReset(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE'].includes(String(reasonOf(error)));
}

/** Why there is no answer, in words of ours. What is no failure of the exchange comes back as it is. */
export function brokenOff(
  peer: RemotePeer,
  error: unknown,
  state: ExchangeState,
  maxResponseBytes: number,
): unknown {
  const reason = reasonOf(error);
  if (isHubError(error) || reason === undefined || isOurFault(reason)) return error;
  if (reason === 'UND_ERR_DESTROYED' || reason === 'UND_ERR_CLOSED') return noConnection(peer, 'closed');
  if (reason === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return peerError(peer, 'LIMIT_EXCEEDED', `answered with more than ${maxResponseBytes} bytes.`, {
      details: { limit: 'subgraphResponseBytes', max: maxResponseBytes },
    });
  const more = { cause: error, details: { reason } };
  if (reason === notHttp || reason === 'UND_ERR_HEADERS_OVERFLOW')
    return peerError(peer, 'CONNECTOR_PROTOCOL', 'does not speak HTTP.', more);
  const what = state === 'answering' ? 'broke off in the middle of its answer.' : 'does not answer.';
  return peerError(peer, 'CONNECTOR_UNREACHABLE', what, more);
}

/** The deadline has passed. */
export function tooLate(
  peer: RemotePeer,
  state: ExchangeState,
  { timeoutMs, maxConnections }: { readonly timeoutMs: number; readonly maxConnections: number },
): HubError {
  if (state !== 'waiting')
    return peerError(peer, 'DEADLINE_EXCEEDED', `did not answer within ${timeoutMs} ms.`, {
      details: { timeoutMs },
    });
  return peerError(peer, 'DEADLINE_EXCEEDED', `had no connection free within ${timeoutMs} ms.`, {
    details: { timeoutMs, maxConnections },
  });
}

/** No connection is to be had. @param cause - why connecting failed before. */
export function noConnection(peer: RemotePeer, why: Refusal, cause?: unknown): HubError {
  if (why === 'closed') return peerError(peer, 'CANCELLED', 'is not asked any more: the gateway is closing.');
  return peerError(
    peer,
    'CONNECTOR_UNREACHABLE',
    'took no connection several times; it is tried again soon.',
    {
      cause,
      details: { reason: reasonOf(cause), circuit: 'open' },
    },
  );
}

/** A request that cannot be written, because of a header for instance: nothing was sent. */
function isOurFault(reason: string): boolean {
  return reason === 'UND_ERR_INVALID_ARG' || reason === 'UND_ERR_NOT_SUPPORTED';
}

function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.name === notHttp) return notHttp;
  const code = String(error.code);
  return systemCodes[code] ?? code;
}
