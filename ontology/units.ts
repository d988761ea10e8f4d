import { HubError } from '#kernel/errors.ts';
import { baseUnits } from './units/atoms.ts';
import { along, lineBetween } from './units/line.ts';
import { parseUnit, type Unit } from './units/parse.ts';

const maxCached = 1000;
const angle = baseUnits.indexOf('rad');
const cache = new Map<string, Unit | SyntaxError>();

function read(code: string): Unit | SyntaxError {
  let unit = cache.get(code);
  if (unit === undefined) {
    try {
      unit = parseUnit(code);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      unit = error;
    }
    // Units come from a few models, but also from callers: the cache must not grow with them.
    if (cache.size >= maxCached) cache.clear();
    cache.set(code, unit);
  }
  return unit;
}

function known(code: string): Unit {
  const unit = read(code);
  if (unit instanceof SyntaxError) {
    throw new HubError(
      'UNIT_MISMATCH',
      `Not a known UCUM unit: ${JSON.stringify(code.slice(0, 80))} (${unit.message}).`,
      { details: { unit: code.slice(0, 80) } },
    );
  }
  return unit;
}

function sameAnnotations(a: Unit, b: Unit): boolean {
  if (a.annotations.size === 0 || b.annotations.size === 0) return true;
  return (
    a.annotations.size === b.annotations.size &&
    [...a.annotations].every(([text, power]) => b.annotations.get(text) === power)
  );
}

/** Whether it is a UCUM code the hub can calculate with, e.g. `mm/s`, `[degF]`, `{rev}/min`. */
export function isKnownUnit(ucum: string): boolean {
  return !(read(ucum) instanceof SyntaxError);
}

/** `{rev}` read as a full turn, so that `{rev}/min` also meets `rad/s`; `null` when the unit counts no revolutions. */
function inTurns(unit: Unit): Unit | null {
  const power = unit.annotations.get('rev');
  if (power === undefined) return null;
  return {
    ...unit,
    factor: unit.factor * (2 * Math.PI) ** power,
    exact: null,
    dimension: unit.dimension.map((count, i) => (i === angle ? count + power : count)),
    annotations: new Map([...unit.annotations].filter(([text]) => text !== 'rev')),
  };
}

function comparable(a: Unit | null, b: Unit | null): [Unit, Unit] | null {
  if (!a || !b || !sameAnnotations(a, b)) return null;
  return a.dimension.every((power, i) => power === b.dimension[i]) ? [a, b] : null;
}

function pairOf(from: Unit, to: Unit): [Unit, Unit] | null {
  return comparable(from, to) ?? comparable(inTurns(from), to) ?? comparable(from, inTurns(to));
}

/**
 * Whether values in one unit can be expressed in the other: both known, of one dimension, and counting the same
 * (`{rev}/min` and `{bottle}/h` are not the same; `{rev}/min` and `Hz` are, and so are `{rev}/min` and `rad/s`).
 */
export function areConvertible(fromUcum: string, toUcum: string): boolean {
  const [from, to] = [read(fromUcum), read(toUcum)];
  return !(from instanceof SyntaxError) && !(to instanceof SyntaxError) && pairOf(from, to) !== null;
}

/**
 * The value in another unit. Temperatures are converted as readings on their scales (0 `Cel` is 32 `[degF]`), so a
 * difference of temperatures has to be given in `K`. Equal codes give the value unchanged. Factors between units are
 * exact fractions wherever the definitions are, so that a result is the nearest number or one beside it.
 *
 * @throws {HubError} UNIT_MISMATCH - an unknown unit, or two of different kind.
 * @see UCUM 2.1, sections 18 to 22
 */
export function convert(value: number, fromUcum: string, toUcum: string): number {
  const pair = pairOf(known(fromUcum), known(toUcum));
  if (fromUcum === toUcum) return value;
  if (!pair) {
    throw new HubError(
      'UNIT_MISMATCH',
      `A value in ${fromUcum} cannot be expressed in ${toUcum}: they measure different things.`,
      { details: { from: fromUcum, to: toUcum } },
    );
  }
  return lineOf(pair, `${fromUcum} ${toUcum}`)(value);
}

type Convert = (value: number) => number;
const conversions = new Map<string, Convert>();

/** How values are converted between two units, found out once a pair. */
function lineOf([from, to]: readonly [Unit, Unit], key: string): Convert {
  const before = conversions.get(key);
  if (before) return before;
  const line = lineBetween(from, to);
  const made: Convert = line ? (value) => along(value, line) : approximate(from, to);
  if (conversions.size >= maxCached) conversions.clear();
  conversions.set(key, made);
  return made;
}

/** For logarithmic units, and factors that are no fractions. */
function approximate(from: Unit, to: Unit): Convert {
  if (from.special || to.special) return (value) => fromBase(toBase(value, from), to);
  // Dividing by the larger factor keeps simple ratios exact.
  return from.factor >= to.factor
    ? (value) => value * (from.factor / to.factor)
    : (value) => value / (to.factor / from.factor);
}

function toBase(value: number, unit: Unit): number {
  return unit.special ? unit.special.definition.toBase(value * unit.special.prefix) : value * unit.factor;
}

function fromBase(base: number, unit: Unit): number {
  return unit.special ? unit.special.definition.fromBase(base) / unit.special.prefix : base / unit.factor;
}
