const decimal = /^[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)$/;
const floating = /^(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|-?INF|NaN)$/;
const signed = /^[-+]?[0-9]+$/;
const notNegative = /^(?:-0|\+?[0-9]+)$/;

export function isDecimal(text: string): boolean {
  return decimal.test(text);
}

/** An xs:double within the range of 64 bits. */
export function isDouble(text: string): boolean {
  return floating.test(text) && (isSpecial(text) || Number.isFinite(Number(text)));
}

/** An xs:float within the range of 32 bits. */
export function isFloat(text: string): boolean {
  return floating.test(text) && (isSpecial(text) || Number.isFinite(Math.fround(Number(text))));
}

function isSpecial(text: string): boolean {
  return text === 'INF' || text === '-INF' || text === 'NaN';
}

export function isInteger(text: string): boolean {
  return signed.test(text);
}

export function isNonNegativeInteger(text: string): boolean {
  return notNegative.test(text);
}

export function isPositiveInteger(text: string): boolean {
  return /^\+?0*[1-9][0-9]*$/.test(text);
}

export function isNonPositiveInteger(text: string): boolean {
  return /^(?:\+0|0|-[0-9]+)$/.test(text);
}

export function isNegativeInteger(text: string): boolean {
  return /^-0*[1-9][0-9]*$/.test(text);
}

/** A signed integer of so many bits. */
export function isSigned(bits: number): (text: string) => boolean {
  const limit = 2n ** BigInt(bits - 1);
  return (text) => signed.test(text) && isWithin(text, -limit, limit - 1n);
}

/** An integer from 0 of so many bits. */
export function isUnsigned(bits: number): (text: string) => boolean {
  return (text) => notNegative.test(text) && isWithin(text, 0n, 2n ** BigInt(bits) - 1n);
}

function isWithin(text: string, least: bigint, most: bigint): boolean {
  // Texts of megabytes must not become numbers; 20 digits hold every bound.
  const digits = text.replace(/^[-+]?0*/, '');
  if (digits.length > 20) return false;
  const value = BigInt(digits || '0') * (text.startsWith('-') ? -1n : 1n);
  return value >= least && value <= most;
}
