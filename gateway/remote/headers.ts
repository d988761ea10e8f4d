import type { IncomingHttpHeaders } from 'node:http';
import { context, propagation } from '@opentelemetry/api';
import type { Principal } from '#ontology/principal.ts';

type Headers = Readonly<Record<string, string>>;

/** What goes on to subgraphs, by the principal that whoever sends it on has made for one request, socket or subgraph. */
const forwarded = new WeakMap<Principal, Headers | (() => Headers)>();
const none: Headers = Object.freeze({});

function forwardedOf(principal: Principal): Headers {
  const headers = forwarded.get(principal) ?? none;
  return typeof headers === 'function' ? headers() : headers;
}

/** W3C Trace Context and Baggage. @see https://www.w3.org/TR/trace-context/ */
export const traceHeaders: readonly string[] = ['traceparent', 'tracestate', 'baggage'];

/** Never sent on, whatever the list says: they belong to the one connection they came over. @see RFC 9110, 7.6.1 */
const ownHeaders = new Set(
  ['connection', 'content-length', 'content-type', 'host', 'keep-alive', 'te', 'trailer', 'upgrade'].concat([
    'transfer-encoding',
    'proxy-authorization',
    'proxy-connection',
    'accept',
    'accept-encoding',
    'expect',
  ]),
);

/** Whether it is a header's name, in lower case. @see RFC 9110, 5.1 */
export function isHeaderName(name: string): boolean {
  return /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name);
}

/** Whether a header may be on a list of headers to send on. */
export function canBeForwarded(name: string): boolean {
  return isHeaderName(name) && !ownHeaders.has(name) && !name.startsWith('sec-');
}

/** The allowed headers of a request that it has, names in lower case. */
export function pickHeaders(headers: IncomingHttpHeaders, allowed: readonly string[]): Headers {
  const picked: Record<string, string> = {};
  for (const name of allowed) {
    const value = headers[name];
    if (value !== undefined) picked[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return picked;
}

/** From now on requests to subgraphs on behalf of this principal carry these headers; a function is asked each time. */
export function forwardHeaders(principal: Principal, headers: Headers | (() => Headers)): void {
  forwarded.set(principal, headers);
}

/** The headers that go on for a principal, the present trace included. */
export function headersFor(principal: Principal): Headers {
  const base = forwardedOf(principal);
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return Object.keys(carrier).length ? { ...base, ...carrier } : base;
}

/** As `headersFor`, without the trace: what two subscriptions must have in common to share a connection. */
export function identityHeaders(principal: Principal): Headers {
  const base = forwardedOf(principal);
  return Object.fromEntries(
    Object.entries(base)
      .filter(([name]) => !traceHeaders.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
