/** The one file that speaks HTTP: fetches a document with a deadline, a size limit, and a say in where redirects lead. */
import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { isIP } from 'node:net';
import { HubError, messageOf } from '#kernel/errors.ts';
import { isPrivateAddress } from './addresses.ts';

/** What a fetch may do. */
export interface FetchLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly allowPrivateRedirects: boolean;
}

const maxRedirects = 5;

/** An address as tenants may see it: user, password and query may be secrets of the operator's. */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/**
 * The text at an address; `null` when there is none (404, 410).
 *
 * The address itself may be anywhere, for the operator chose it. A redirect must not lead from TLS to plain HTTP, nor
 * to a private network; names are judged by the addresses they resolve to at the time of connecting.
 *
 * @throws {HubError} CONNECTOR_UNREACHABLE, CONNECTOR_REFUSED, DEADLINE_EXCEEDED, LIMIT_EXCEEDED, CANCELLED
 */
export async function fetchText(
  start: URL,
  limits: FetchLimits,
  signal?: AbortSignal,
): Promise<string | null> {
  const deadline = AbortSignal.timeout(limits.timeoutMs);
  const ending = signal ? AbortSignal.any([signal, deadline]) : deadline;
  try {
    let url = start;
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      const isRedirected = redirects > 0;
      const answer = await request(url, isRedirected && !limits.allowPrivateRedirects, ending);
      const status = answer.statusCode ?? 0;
      if (status >= 200 && status < 300) return await textOf(answer, url, limits.maxBytes);
      answer.destroy();
      if (status === 404 || status === 410) return null;
      url = redirectOf(answer, status, url);
    }
    throw new HubError(
      'CONNECTOR_REFUSED',
      `${shownUrl(start)} leads through more than ${maxRedirects} redirects.`,
    );
  } catch (error) {
    throw translated(error, start, limits, deadline, signal);
  }
}

function redirectOf(answer: IncomingMessage, status: number, from: URL): URL {
  const { location } = answer.headers;
  if (
    ![301, 302, 303, 307, 308].includes(status) ||
    location === undefined ||
    !URL.canParse(location, from.href)
  )
    throw new HubError('CONNECTOR_REFUSED', `${shownUrl(from)} answers with status ${status}.`, {
      details: { status },
    });
  const to = new URL(location, from);
  const isWeaker = from.protocol === 'https:' && to.protocol !== 'https:';
  if (isWeaker || !['http:', 'https:'].includes(to.protocol))
    throw new HubError(
      'CONNECTOR_REFUSED',
      `${shownUrl(from)} leads to ${shownUrl(to)}, which is not followed.`,
    );
  return to;
}

function request(url: URL, publicOnly: boolean, signal: AbortSignal): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // An address in place of a name is not looked up, so it is judged here.
  if (publicOnly && isIP(host) && isPrivateAddress(host)) throw privateRedirect(host);
  const get = url.protocol === 'https:' ? httpsGet : httpGet;
  const headers = { accept: 'application/json', 'accept-encoding': 'identity' };
  return new Promise((done, failed) => {
    get(url, { headers, signal, agent: false, ...(publicOnly ? { lookup: publicLookup } : {}) }, done).on(
      'error',
      failed,
    );
  });
}

type LookupAnswer = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** Looks a name up and refuses it when any of its addresses is private, so that what is checked is what is connected to. */
function publicLookup(name: string, options: LookupOptions, answer: LookupAnswer): void {
  resolveName(name, { ...options, all: true }, (error, found) => {
    const hidden = error ? undefined : found.find(({ address }) => isPrivateAddress(address));
    const [first] = found ?? [];
    if (error) answer(error, []);
    else if (hidden || !first) answer(privateRedirect(`${name} (${hidden?.address ?? 'no address'})`), []);
    else if (options.all) answer(null, found);
    else answer(null, first.address, first.family);
  });
}

function privateRedirect(where: string): HubError {
  return new HubError(
    'CONNECTOR_REFUSED',
    `A redirect leads to ${where}, an address of a private network. TWINHUB_MODELS_ALLOW_PRIVATE_REDIRECTS allows it.`,
  );
}

async function textOf(answer: IncomingMessage, url: URL, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBytes) {
      answer.destroy();
      throw new HubError('LIMIT_EXCEEDED', `${shownUrl(url)} is larger than ${maxBytes} bytes.`, {
        details: { maxBytes },
      });
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function translated(
  error: unknown,
  url: URL,
  limits: FetchLimits,
  deadline: AbortSignal,
  signal: AbortSignal | undefined,
): HubError {
  const cause = { cause: error };
  if (error instanceof HubError) return error;
  if (signal?.aborted) return new HubError('CANCELLED', `${shownUrl(url)} is no longer wanted.`, cause);
  if (deadline.aborted)
    return new HubError(
      'DEADLINE_EXCEEDED',
      `${shownUrl(url)} did not answer within ${limits.timeoutMs} ms.`,
      cause,
    );
  return new HubError('CONNECTOR_UNREACHABLE', `${shownUrl(url)} cannot be read: ${messageOf(error)}`, cause);
}
