import type { IncomingHttpHeaders } from 'node:http';
import { BoundedCache } from '../engine/bounded-cache.ts';

/** Who may be asked as, and whose pages may ask. */
export interface HostRules {
  /** Lower-case names without port. */
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}

/** `uri-host [ ":" port ]`, of names and addresses. @see RFC 9110, 7.2 */
const hostPattern = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

/**
 * Whether the Host header is one of ours. A page of another site whose name was made to point at this machine (DNS
 * rebinding) sends its own name.
 */
export function isHostAllowed({ host }: IncomingHttpHeaders, rules: HostRules): boolean {
  if (host === undefined) return false;
  let allowed = allowedNow.get(rules);
  if (!allowed) allowedNow.set(rules, (allowed = new BoundedCache(keptHosts)));
  let known = allowed.get(host);
  if (known === undefined) allowed.set(host, (known = isNamed(host, rules)));
  return known;
}

/** Texts of Host headers that were looked at last: parsing one costs more than routing the request. */
const keptHosts = 100;
const allowedNow = new WeakMap<HostRules, BoundedCache<string, boolean>>();

function isNamed(host: string, rules: HostRules): boolean {
  // As an address it might carry a user, a path or a query around an allowed name, and it is repeated in headers.
  if (!hostPattern.test(host) || !URL.canParse(`http://${host}`)) return false;
  const { hostname, host: normal } = new URL(`http://${host}`);
  return rules.allowedHosts.includes(hostname) || rules.allowedHosts.includes(normal);
}

/**
 * Whether a page that opens a stream may do so: browsers send cookies along with WebSocket upgrades from any site, and
 * no CORS stops them. A client that is no browser sends no Origin; a browser leaves it out of a simple GET, and says in
 * Sec-Fetch-Site where that came from (another port of this machine is `same-site`, so the cookie comes along).
 */
export function isOriginAllowed(headers: IncomingHttpHeaders, rules: HostRules): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (origin === undefined) return site === undefined || site === 'same-origin' || site === 'none';
  if (rules.allowedOrigins.includes(origin)) return true;
  return (
    URL.canParse(origin) && host !== undefined && new URL(origin).host === new URL(`http://${host}`).host
  );
}
