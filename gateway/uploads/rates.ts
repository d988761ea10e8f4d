import type { IncomingMessage } from 'node:http';
import type { Clock } from '#kernel/clock.ts';
import type { ConfigReader } from '#kernel/config.ts';
import { HubError } from '#kernel/errors.ts';
import type { Principal } from '#ontology/principal.ts';
import { TokenBuckets, type RateLimit, type Taken } from '../guards/rates.ts';
import { bodyOf, bytesHeader } from './headers.ts';

/** How fast files may come in. */
export interface UploadRates {
  readonly requestsPerPrincipal: RateLimit;
  readonly requestsPerTenant: RateLimit;
  readonly bytesPerPrincipal: RateLimit;
  readonly bytesPerTenant: RateLimit;
}

const GiB = 1024 ** 3;

/**
 * Reads TWINHUB_MAX_UPLOAD_REQUESTS_PER_PRINCIPAL, TWINHUB_MAX_UPLOAD_REQUESTS_PER_TENANT,
 * TWINHUB_MAX_UPLOAD_BYTES_PER_PRINCIPAL and TWINHUB_MAX_UPLOAD_BYTES_PER_TENANT, each within TWINHUB_RATE_WINDOW_MS; 0
 * switches one off.
 */
export function readUploadRates(env: ConfigReader, windowMs: number): UploadRates {
  const limit = (name: string, fallback: number): RateLimit => ({
    amount: env.integer(name, { default: fallback, min: 0, max: 1_000_000_000_000_000 }),
    windowMs,
  });
  return Object.freeze({
    requestsPerPrincipal: limit('TWINHUB_MAX_UPLOAD_REQUESTS_PER_PRINCIPAL', 6_000),
    requestsPerTenant: limit('TWINHUB_MAX_UPLOAD_REQUESTS_PER_TENANT', 20_000),
    bytesPerPrincipal: limit('TWINHUB_MAX_UPLOAD_BYTES_PER_PRINCIPAL', 2 * GiB),
    bytesPerTenant: limit('TWINHUB_MAX_UPLOAD_BYTES_PER_TENANT', 8 * GiB),
  });
}

/** One budget, by whom it is kept. */
interface Budget {
  readonly name: string;
  readonly buckets: TokenBuckets;
  readonly keyOf: (principal: Principal) => string;
}

const accountOf = ({ tenant, subject }: Principal) => `${tenant}\n${subject}`;
const tenantOf = ({ tenant }: Principal) => tenant;

/** Holds uploads to their rates. */
export class UploadLimiter {
  readonly #requests: readonly Budget[];
  readonly #bytes: readonly Budget[];

  constructor(clock: Clock, rates: UploadRates) {
    // The caller's own first: who passes it must not use up what the others of the tenant may.
    const budget = (name: keyof UploadRates, keyOf: Budget['keyOf']): Budget[] =>
      rates[name].amount ? [{ name, buckets: new TokenBuckets(clock, rates[name]), keyOf }] : [];
    this.#requests = [...budget('requestsPerPrincipal', accountOf), ...budget('requestsPerTenant', tenantOf)];
    this.#bytes = [...budget('bytesPerPrincipal', accountOf), ...budget('bytesPerTenant', tenantOf)];
  }

  /** Counts a request. @throws {HubError} RATE_LIMITED */
  count(principal: Principal): void {
    take(this.#requests, principal, 1, 'requests');
  }

  /**
   * The body, counted. A body whose length is known is refused before anything of it is read, or not at all; another one
   * as soon as it has too much. What does not come is given back.
   * @throws {HubError} RATE_LIMITED, also while it is read.
   */
  body(req: IncomingMessage, principal: Principal): AsyncIterable<Uint8Array> {
    if (!this.#bytes.length) return bodyOf(req);
    const announced = bytesHeader(req.headers, 'content-length');
    const reserved = announced ?? 0;
    take(this.#bytes, principal, reserved, 'bytes');
    let received = 0;
    const giveBack = () => {
      for (const { buckets, keyOf } of this.#bytes)
        buckets.settle(keyOf(principal), Math.min(0, received - reserved));
    };
    if (reserved) req.once('close', giveBack);
    const onPiece = (bytes: number) => {
      received += bytes;
      if (announced === null) take(this.#bytes, principal, bytes, 'bytes');
    };
    return counted(bodyOf(req), onPiece);
  }
}

async function* counted(body: AsyncIterable<Uint8Array>, onPiece: (bytes: number) => void) {
  for await (const piece of body) {
    onPiece(piece.length);
    yield piece;
  }
}

/** Takes of all budgets or of none. @throws {HubError} RATE_LIMITED */
function take(budgets: readonly Budget[], principal: Principal, units: number, what: string): void {
  for (const [index, { name, buckets, keyOf }] of budgets.entries()) {
    const taken = buckets.take(keyOf(principal), units);
    if (taken.ok) continue;
    for (const before of budgets.slice(0, index)) before.buckets.settle(before.keyOf(principal), -units);
    throw tooFast(name, buckets.limit, taken, what);
  }
}

function tooFast(
  name: string,
  { amount: max, windowMs }: RateLimit,
  { remaining, retryAfterMs }: Taken,
  what: string,
): HubError {
  const limit = `upload${name[0]?.toUpperCase()}${name.slice(1)}`;
  return new HubError(
    'RATE_LIMITED',
    `Uploads may have ${max} ${what} in ${windowMs} ms (${name}); ${remaining} are left.`,
    { details: { limit, max, windowMs, remaining, retryAfterMs } },
  );
}
