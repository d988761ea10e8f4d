import { divided, multiplied, oneRatio, raised, ratioOf, type Ratio } from './ratio.ts';
import { baseUnits, metricAtoms, plainAtoms, prefixes, specialUnits, type SpecialUnit } from './atoms.ts';

/** A unit in base units: `factor` times the powers in `dimension`; `special` for scales that are not proportional. */
export interface Unit {
  readonly factor: number;
  /** The factor as a fraction; `null` when it is none, as with angles in degrees, or was measured. */
  readonly exact: Ratio | null;
  /** Powers of m, s, g, rad, K, C, cd. */
  readonly dimension: readonly number[];
  /** What is counted or how, from annotations such as `{rev}`, with its power; empty when there is none. */
  readonly annotations: ReadonlyMap<string, number>;
  readonly special: {
    readonly definition: SpecialUnit;
    readonly prefix: number;
    readonly exactPrefix: Ratio | null;
  } | null;
}

const noDimension = baseUnits.map(() => 0);
const one: Unit = {
  factor: 1,
  exact: oneRatio,
  dimension: noDimension,
  annotations: new Map(),
  special: null,
};
const maxLength = 256;
const atomCache = new Map<string, Unit>();

function combine(a: Unit, b: Unit, power: 1 | -1): Unit {
  if (a.special || b.special)
    throw new SyntaxError('a unit such as Cel or dB cannot be part of a product; use K or a ratio');
  const annotations = new Map(a.annotations);
  for (const [text, count] of b.annotations)
    annotations.set(text, (annotations.get(text) ?? 0) + power * count);
  return {
    factor: power === 1 ? a.factor * b.factor : a.factor / b.factor,
    exact: power === 1 ? multiplied(a.exact, b.exact) : divided(a.exact, b.exact),
    dimension: a.dimension.map((count, i) => count + power * (b.dimension[i] ?? 0)),
    annotations,
    special: null,
  };
}

function raise(unit: Unit, exponent: number): Unit {
  if (exponent === 1) return unit;
  if (unit.special) throw new SyntaxError('a unit such as Cel or dB cannot be raised to a power');
  return {
    factor: unit.factor ** exponent,
    exact: raised(unit.exact, exponent),
    dimension: unit.dimension.map((count) => count * exponent),
    annotations: new Map([...unit.annotations].map(([text, count]) => [text, count * exponent])),
    special: null,
  };
}

function scaled(unit: Unit, factor: number): Unit {
  return { ...unit, factor: unit.factor * factor, exact: multiplied(unit.exact, ratioOf(factor)) };
}

function lookUp(table: Readonly<Record<string, readonly [number, string]>>, name: string): Unit | undefined {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  return found && scaled(parseUnit(found[1]), found[0]);
}

function metric(name: string): Unit | undefined {
  const base = baseUnits.findIndex((unit) => unit === name);
  if (base >= 0) return { ...one, dimension: noDimension.map((_, i) => (i === base ? 1 : 0)) };
  return lookUp(metricAtoms, name);
}

function special(name: string, prefix: number): Unit | undefined {
  const definition = Object.hasOwn(specialUnits, name) ? specialUnits[name] : undefined;
  if (!definition || (prefix !== 1 && !definition.takesPrefix)) return undefined;
  return {
    ...parseUnit(definition.of),
    factor: 1,
    exact: null,
    special: { definition, prefix, exactPrefix: ratioOf(prefix) },
  };
}

function resolveAtom(name: string): Unit | undefined {
  const whole = metric(name) ?? lookUp(plainAtoms, name) ?? special(name, 1);
  if (whole) return whole;
  for (const length of [1, 2]) {
    const prefix = name.slice(0, length);
    const factor = Object.hasOwn(prefixes, prefix) ? prefixes[prefix] : undefined;
    if (factor === undefined) continue;
    const rest = metric(name.slice(length));
    const found = rest ? scaled(rest, factor) : special(name.slice(length), factor);
    if (found) return found;
  }
  return undefined;
}

function atom(name: string): Unit {
  let unit = atomCache.get(name);
  if (!unit) {
    unit = resolveAtom(name);
    if (!unit) throw new SyntaxError(`${JSON.stringify(name)} is not a UCUM unit known here`);
    atomCache.set(name, unit);
  }
  return unit;
}

// A symbol ends before a digit or sign that starts its exponent; `10*` and `10^` are symbols with digits of their own.
const simpleUnit = /^(10[*^]|(?:\[[^\]]*\]|[^\d.\/(){}[\]+\-\s])+)([+-]?\d{1,2})?/;

class Reader {
  #rest: string;
  constructor(text: string) {
    this.#rest = text;
  }

  expression(): Unit {
    const unit = this.#rest.startsWith('/') ? one : this.#component();
    return this.#tail(unit);
  }

  end(): void {
    if (this.#rest) throw new SyntaxError(`${JSON.stringify(this.#rest)} was not expected`);
  }

  #tail(first: Unit): Unit {
    let unit = first;
    while (this.#rest.startsWith('.') || this.#rest.startsWith('/')) {
      const power = this.#rest[0] === '.' ? 1 : -1;
      this.#rest = this.#rest.slice(1);
      unit = combine(unit, this.#component(), power);
    }
    return unit;
  }

  #component(): Unit {
    const unit = this.#plainComponent();
    const annotation = this.#take(/^\{([^{}]*)\}/);
    if (!annotation) return unit ?? this.#fail();
    const counted: Unit = {
      ...one,
      annotations: annotation[1] ? new Map([[annotation[1], 1]]) : one.annotations,
    };
    if (!unit) return counted;
    return unit.special ? unit : combine(unit, counted, 1);
  }

  #plainComponent(): Unit | null {
    if (this.#rest.startsWith('(')) {
      this.#rest = this.#rest.slice(1);
      const unit = this.expression();
      if (!this.#take(/^\)/)) throw new SyntaxError('a closing parenthesis is missing');
      return unit;
    }
    const symbol = this.#take(simpleUnit);
    if (symbol) return raise(atom(symbol[1] ?? ''), Number(symbol[2] ?? 1));
    const number = this.#take(/^\d{1,15}/);
    return number ? scaled(one, Number(number[0])) : null;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    const match = pattern.exec(this.#rest);
    if (match) this.#rest = this.#rest.slice(match[0].length);
    return match;
  }

  #fail(): never {
    throw new SyntaxError(this.#rest ? `${JSON.stringify(this.#rest)} is not a unit` : 'a unit is missing');
  }
}

/**
 * Reads a UCUM code (case sensitive).
 * @throws {SyntaxError} unknown atom, wrong form, longer than 256 characters.
 * @see UCUM 2.1, sections 2 to 12
 */
export function parseUnit(code: string): Unit {
  if (code.length === 0 || code.length > maxLength)
    throw new SyntaxError(`a unit has 1 to ${maxLength} characters`);
  const reader = new Reader(code);
  const unit = reader.expression();
  reader.end();
  return unit;
}
