/**
 * Values of the primitive schemas.
 * @see DTDL 2, 3, 4, Primitive schema; XML Schema 1.1 part 2 for the numeric types
 */
import type { Check } from './check.ts';
import { JsonNumber, shown } from './lexical.ts';
import { isDate, isDateTime, isDuration, isTime } from './temporal.ts';

const textCheck =
  (what: string, isRight: (text: string) => boolean): Check =>
  (value, walk) => {
    if (typeof value !== 'string' || !isRight(value))
      walk.report('wrongType', `It has to be ${what}, not ${shown(value)}.`);
  };

/** A whole number of so many bits; written without fraction and exponent, where the text is known. */
function integerCheck(bits: number, signed: boolean): Check {
  const low = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const high = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  const [lowest, highest] = [Number(low), Number(high)];
  const isExact = Number.isSafeInteger(highest);
  return (value, walk) => {
    if (typeof value === 'number' && Number.isInteger(value)) {
      // The highest of 64 bits is no double; the one above it is, and has to be refused.
      if (value < lowest || (isExact ? value > highest : value >= highest)) outside(value);
    } else if (value instanceof JsonNumber && /^-?\d+$/.test(value.lexeme)) {
      const exact = BigInt(value.lexeme);
      if (exact < low || exact > high) outside(value);
    } else walk.report('wrongType', `It has to be a whole number, not ${shown(value)}.`);

    function outside(found: unknown): void {
      walk.report('outOfRange', `It has to be from ${low} to ${high}, not ${shown(found)}.`);
    }
  };
}

function realCheck(what: string, isFinite: (value: number) => boolean): Check {
  return (value, walk) => {
    const number = value instanceof JsonNumber ? value.value : value;
    if (typeof number !== 'number') walk.report('wrongType', `It has to be a number, not ${shown(value)}.`);
    else if (!isFinite(number)) walk.report('outOfRange', `It has to fit a ${what}, unlike ${shown(value)}.`);
  };
}

const decimal = /^[+-]?(?:[1-9]\d*|0)(?:\.\d*)?$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The checks of the primitive schemas by their names in the language. */
export const primitiveChecks: ReadonlyMap<string, Check> = new Map<string, Check>([
  [
    'boolean',
    (value, walk) => {
      if (typeof value !== 'boolean')
        walk.report('wrongType', `It has to be true or false, not ${shown(value)}.`);
    },
  ],
  ['byte', integerCheck(8, true)],
  ['short', integerCheck(16, true)],
  ['integer', integerCheck(32, true)],
  ['long', integerCheck(64, true)],
  ['unsignedByte', integerCheck(8, false)],
  ['unsignedShort', integerCheck(16, false)],
  ['unsignedInteger', integerCheck(32, false)],
  ['unsignedLong', integerCheck(64, false)],
  ['float', realCheck('float (IEEE 754, 32 bits)', (value) => Number.isFinite(Math.fround(value)))],
  ['double', realCheck('double (IEEE 754, 64 bits)', Number.isFinite)],
  ['decimal', textCheck('a decimal number in a text', (text) => decimal.test(text))],
  ['string', textCheck('a text', () => true)],
  ['uuid', textCheck('a UUID (RFC 9562)', (text) => uuid.test(text))],
  ['bytes', textCheck('bytes in base64 (RFC 4648)', (text) => base64.test(text))],
  ['date', textCheck('a date, YYYY-MM-DD (RFC 3339)', isDate)],
  ['time', textCheck('a time with offset, hh:mm:ssZ (RFC 3339)', isTime)],
  ['dateTime', textCheck('a date and time with offset, YYYY-MM-DDThh:mm:ssZ (RFC 3339)', isDateTime)],
  ['duration', textCheck('a duration such as P1DT2H (ISO 8601)', isDuration)],
]);
