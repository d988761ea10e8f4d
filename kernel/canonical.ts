import { createHash } from 'node:crypto';

/** JSON text with sorted keys and no spaces: equal values give equal text. @see RFC 8785 (numbers as ECMAScript prints them) */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
}

/** Lower-case hexadecimal SHA-256 of a text (UTF-8) or of a value's canonical JSON. */
export function sha256Hex(input: string | Uint8Array): string {
  return createHash('sha256').update(input).digest('hex');
}
