/** Exact fractions, for factors between units: 12 inches of 2.54 cm are 381/1250 m, not 0.30479999999999996. */
export interface Ratio {
  readonly n: bigint;
  /** Above 0. */
  readonly d: bigint;
}

export const oneRatio: Ratio = { n: 1n, d: 1n };
export const zeroRatio: Ratio = { n: 0n, d: 1n };

/** Greatest common divisor; `b` is not below 0. */
export function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y) [x, y] = [y, x % y];
  return x;
}

function reduced(n: bigint, d: bigint): Ratio {
  const [top, bottom] = d < 0n ? [-n, -d] : [n, d];
  const common = gcd(top, bottom) || 1n;
  return { n: top / common, d: bottom / common };
}

/** Digits beyond which a number of a table is not a decimal somebody wrote, but a rounded one. */
const writtenDigits = 15;

/** The decimal a number is written as; `null` for one that is rounded, such as a multiple of pi. */
export function ratioOf(value: number): Ratio | null {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(String(value)) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (!whole || digits.replace(/0+$/, '').length > writtenDigits) return null;
  const power = Number(exponent) - fraction.length;
  const n = BigInt(`${sign}${digits || '0'}`);
  return power >= 0 ? reduced(n * 10n ** BigInt(power), 1n) : reduced(n, 10n ** BigInt(-power));
}

export function multiplied(a: Ratio | null, b: Ratio | null): Ratio | null {
  return a && b && reduced(a.n * b.n, a.d * b.d);
}

export function divided(a: Ratio | null, b: Ratio | null): Ratio | null {
  return a && b && b.n !== 0n ? reduced(a.n * b.d, a.d * b.n) : null;
}

export function subtracted(a: Ratio, b: Ratio): Ratio {
  return reduced(a.n * b.d - b.n * a.d, a.d * b.d);
}

/** Largest power a fraction is kept exact for; beyond it the numbers are of no use. */
const largestPower = 12;

export function raised(a: Ratio | null, exponent: number): Ratio | null {
  if (!a || Math.abs(exponent) > largestPower) return null;
  const up = reduced(a.n ** BigInt(Math.abs(exponent)), a.d ** BigInt(Math.abs(exponent)));
  return exponent >= 0 ? up : divided(oneRatio, up);
}

/** The nearest double. */
export function numberOf({ n, d }: Ratio): number {
  const [top, bottom] = [Number(n), Number(d)];
  if (Number.isSafeInteger(top) && Number.isSafeInteger(bottom)) return top / bottom;
  // 70 binary digits of the quotient are more than a double holds.
  const size = (value: bigint) => (value < 0n ? -value : value).toString(2).length;
  const shift = Math.max(0, 70 + size(d) - size(n));
  return Number((n << BigInt(shift)) / d) / 2 ** shift;
}
