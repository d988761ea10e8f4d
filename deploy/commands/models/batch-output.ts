import type { Verdict } from './batch-case.ts';

/** A verdict as one line of JSON. Control characters that a terminal would obey are escaped, so none is replaced. */
export function asOutput(verdict: Verdict): string {
  return JSON.stringify(verdict).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
