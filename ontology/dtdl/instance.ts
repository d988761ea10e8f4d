/** Whole-number schemas with their range. @see DTDL specification, Primitive schema */
const ranges: Readonly<Record<string, readonly [low: number, high: number]>> = {
  Byte: [-(2 ** 7), 2 ** 7 - 1],
  Short: [-(2 ** 15), 2 ** 15 - 1],
  Integer: [-(2 ** 31), 2 ** 31 - 1],
  Long: [-(2 ** 63), 2 ** 63],
  UnsignedByte: [0, 2 ** 8 - 1],
  UnsignedShort: [0, 2 ** 16 - 1],
  UnsignedInteger: [0, 2 ** 32 - 1],
  UnsignedLong: [0, 2 ** 64],
};

/** Why a number is no instance of a numeric schema; `null` when it is one, or when the schema is not numeric. */
export function checkInstance(value: number, schema: string): string | null {
  const range = Object.hasOwn(ranges, schema) ? ranges[schema] : undefined;
  if (!range) return null;
  if (!Number.isInteger(value)) return `is ${value}, not a whole number as the schema ${schema} asks for`;
  const [low, high] = range;
  return value < low || value > high ? `is ${value}, out of the range of the schema ${schema}` : null;
}
