/** A JSON Schema (draft 2020-12 vocabulary that ajv's default dialect shares). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Text of 1 to `max` characters. */
export const text = (max = 1333): JsonSchema => ({ type: 'string', minLength: 1, maxLength: max });
/** Text that may be empty. */
export const anyText = (max = 4000): JsonSchema => ({ type: 'string', maxLength: max });
export const number = (minimum = 0): JsonSchema => ({ type: 'number', minimum });
export const boolean: JsonSchema = { type: 'boolean' };
/** RFC 3339 with offset. */
export const dateTime: JsonSchema = { type: 'string', format: 'date-time' };
/** ISO 8601 calendar date. */
export const date: JsonSchema = { type: 'string', format: 'date' };
/** ISO 8601 time of day, UTC. */
export const time: JsonSchema = { type: 'string', pattern: '^\\d\\d:\\d\\d:\\d\\d$' };
export const oneOf = (...values: readonly string[]): JsonSchema => ({ enum: values });
export const list = (items: JsonSchema, maxItems = 200): JsonSchema => ({ type: 'array', items, maxItems });
export const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });

interface ObjectOptions {
  /** Names of properties that may be absent. */
  readonly optional?: readonly string[];
}

/** An object with exactly these properties: for what the hub sends. */
export function closed(
  properties: Readonly<Record<string, JsonSchema>>,
  options: ObjectOptions = {},
): JsonSchema {
  const optional = options.optional ?? [];
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

/** An object with at least these properties: another system may add fields without breaking its contract. */
export function open(
  properties: Readonly<Record<string, JsonSchema>>,
  options: ObjectOptions = {},
): JsonSchema {
  return { ...closed(properties, options), additionalProperties: true };
}

/** What every request is answered with: a result, or the error the system gives. */
export function reply(result: JsonSchema): JsonSchema {
  const error = open(
    { code: text(40), message: text(1000), transient: boolean },
    { optional: ['transient'] },
  );
  return { anyOf: [open({ result }), open({ error })] };
}
