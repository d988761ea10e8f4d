import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isHubError, type HubError } from '#kernel/errors.ts';
import { peerError, type RemotePeer } from './peer.ts';

/** Limits of one exchange with a subgraph. */
export interface HttpPeerOptions {
  /** From sending the request to the last byte of the answer, milliseconds. */
  readonly timeoutMs: number;
  /** Largest body that is taken, bytes. */
  readonly maxResponseBytes: number;
  /** Connections kept open at most; further requests wait for one of them. */
  readonly maxConnections: number;
}

export interface HttpPost {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Whether sending it twice does no harm. */
  readonly repeatable: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  /** Media type in lower case without parameters; empty when there is none. */
  readonly mediaType: string;
  readonly body: Buffer;
}

/**
 * POSTs to one address over connections that are kept open.
 *
 * A server may close an idle connection just when the next request is written to it. A repeatable request is then sent
 * once more; any other goes over a connection of its own from the start, since nobody could tell whether it was taken.
 */
export class HttpPeer {
  readonly #peer: RemotePeer;
  readonly #options: HttpPeerOptions;
  readonly #kept: HttpAgent;
  readonly #fresh: HttpAgent;

  constructor(peer: RemotePeer, options: HttpPeerOptions) {
    this.#peer = peer;
    this.#options = options;
    const Agent = peer.url.protocol === 'https:' ? HttpsAgent : HttpAgent;
    const { maxConnections: maxSockets } = options;
    this.#kept = new Agent({ keepAlive: true, maxSockets, maxFreeSockets: maxSockets, scheduling: 'lifo' });
    this.#fresh = new Agent({ keepAlive: false, maxSockets });
  }

  /**
   * @throws {HubError} CONNECTOR_UNREACHABLE - no connection, or it broke off; DEADLINE_EXCEEDED; LIMIT_EXCEEDED - the
   *   answer is too large.
   * @throws the signal's reason.
   */
  async post(post: HttpPost): Promise<HttpAnswer> {
    try {
      return await this.#exchange(post, post.repeatable ? this.#kept : this.#fresh);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      return this.#exchange(post, this.#fresh);
    }
  }

  close(): void {
    this.#kept.destroy();
    this.#fresh.destroy();
  }

  async #exchange(post: HttpPost, agent: HttpAgent): Promise<HttpAnswer> {
    const { signal, body } = post;
    signal.throwIfAborted();
    const req = this.#open(post, agent);
    let ended: unknown;
    let res: IncomingMessage | undefined;
    const end = (why: unknown) => {
      ended ??= why;
      req.destroy();
    };
    const onAbort = () => end(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(() => end(this.#late()), this.#options.timeoutMs);
    try {
      const answer = answered(req);
      req.end(body);
      res = await answer;
      return { ...headOf(res), body: await this.#bodyOf(res) };
    } catch (error) {
      req.destroy();
      throw ended ?? this.#failure(error, req, res !== undefined);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  #open({ headers, body }: HttpPost, agent: HttpAgent): ClientRequest {
    const { url } = this.#peer;
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
  }

  async #bodyOf(res: IncomingMessage): Promise<Buffer> {
    const { maxResponseBytes } = this.#options;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of res as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxResponseBytes) throw this.#tooLarge(maxResponseBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  }

  #failure(error: unknown, req: ClientRequest, answering: boolean): unknown {
    if (isHubError(error) || !(error instanceof Error) || !('code' in error)) return error;
    if (req.reusedSocket && !answering && isReset(error.code)) return new StaleConnection();
    const details = { reason: error.code };
    if (String(error.code).startsWith('HPE_'))
      return peerError(this.#peer, 'CONNECTOR_PROTOCOL', 'does not speak HTTP.', { cause: error, details });
    const what = answering ? 'broke off in the middle of its answer.' : 'does not answer.';
    return peerError(this.#peer, 'CONNECTOR_UNREACHABLE', what, { cause: error, details });
  }

  #late(): HubError {
    const { timeoutMs } = this.#options;
    return peerError(this.#peer, 'DEADLINE_EXCEEDED', `did not answer within ${timeoutMs} ms.`, {
      details: { timeoutMs },
    });
  }

  #tooLarge(max: number): HubError {
    return peerError(this.#peer, 'LIMIT_EXCEEDED', `answered with more than ${max} bytes.`, {
      details: { limit: 'subgraphResponseBytes', max },
    });
  }
}

/** A kept connection turned out to be closed before anything of an answer came. */
class StaleConnection extends Error {}

function isReset(code: unknown): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE';
}

function answered(req: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    req.once('response', resolve);
    // Stays: an error after the answer has begun shows at the answer too, and one that nobody hears ends the process.
    req.on('error', reject);
  });
}

function headOf(res: IncomingMessage): Pick<HttpAnswer, 'status' | 'mediaType'> {
  const [mediaType = ''] = (res.headers['content-type'] ?? '').split(';');
  return { status: res.statusCode ?? 0, mediaType: mediaType.trim().toLowerCase() };
}
