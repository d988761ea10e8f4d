import type { Unit } from './parse.ts';
import { divided, gcd, multiplied, numberOf, subtracted, zeroRatio, type Ratio } from './ratio.ts';

/** A conversion `(value * multiplier + offset) / divisor`. */
export interface Line {
  readonly multiplier: number;
  readonly divisor: number;
  readonly offset: number;
}

/** A unit as base = value * slope + offset; `null` when it is a logarithm, or its factor is not a fraction. */
function affineOf(unit: Unit): { readonly slope: Ratio; readonly offset: Ratio } | null {
  if (!unit.special) return unit.exact && { slope: unit.exact, offset: zeroRatio };
  const { affine } = unit.special.definition;
  const slope = affine && multiplied(affine.slope, unit.special.exactPrefix);
  return affine && slope ? { slope, offset: affine.offset } : null;
}

/** The conversion between two units of one dimension in as few roundings as can be; `null` when there is no exact one. */
export function lineBetween(from: Unit, to: Unit): Line | null {
  const [a, b] = [affineOf(from), affineOf(to)];
  const ratio = a && b && divided(a.slope, b.slope);
  const offset = a && b && divided(subtracted(a.offset, b.offset), b.slope);
  if (!ratio || !offset) return null;
  // One denominator for both, so that the shift of a scale is rounded only with the result.
  const [multiplier, shift, divisor] = [ratio.n * offset.d, offset.n * ratio.d, ratio.d * offset.d];
  const common = gcd(gcd(multiplier, shift), divisor);
  const whole = [multiplier, shift, divisor].map((part) => Number(part / common));
  if (whole.every(Number.isSafeInteger))
    return { multiplier: whole[0] ?? 1, offset: whole[1] ?? 0, divisor: whole[2] ?? 1 };
  return { multiplier: numberOf(ratio), divisor: 1, offset: numberOf(offset) };
}

/** Applies a conversion. */
export function along(value: number, { multiplier, divisor, offset }: Line): number {
  return (value * multiplier + offset) / divisor;
}
