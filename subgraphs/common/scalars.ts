import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { formatInstant } from '#kernel/clock.ts';

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

function parseInstant(value: unknown): number {
  const epochMs = typeof value === 'string' && rfc3339.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(epochMs))
    throw new GraphQLError(
      `DateTime is not RFC 3339: ${JSON.stringify(value)}; an example is "2026-01-31T08:00:00Z".`,
    );
  return epochMs;
}

/** `DateTime`: epoch milliseconds (or an RFC 3339 text) inside, RFC 3339 text in UTC outside. */
export const dateTimeScalar = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  serialize: (value) => formatInstant(typeof value === 'number' ? value : parseInstant(value)),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : undefined),
});

/**
 * Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds.
 * @throws {GraphQLError} not such a duration.
 */
export function parseDuration(value: unknown): number {
  const match =
    typeof value === 'string'
      ? /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(value)
      : null;
  const [days, hours, minutes, seconds] = (match?.slice(1) ?? []).map((part) => Number(part ?? 0));
  const total =
    (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + Math.round((seconds ?? 0) * 1000);
  if (!match || total <= 0)
    throw new GraphQLError(`Duration is not ISO 8601: ${JSON.stringify(value)}; an example is "PT15M".`);
  return total;
}

/** `Duration`: milliseconds inside, ISO 8601 outside. */
export const durationScalar = new GraphQLScalarType<number, string>({
  name: 'Duration',
  serialize: (value) => `PT${Number(value) / 1000}S`,
  parseValue: parseDuration,
  parseLiteral: (node) => parseDuration(node.kind === Kind.STRING ? node.value : undefined),
});

function literalToJson(node: ValueNode, variables: Readonly<Record<string, unknown>>): unknown {
  switch (node.kind) {
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, literalToJson(field.value, variables)]),
      );
    case Kind.LIST:
      return node.values.map((item) => literalToJson(item, variables));
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.VARIABLE:
      return variables[node.name.value];
    default:
      return node.value;
  }
}

/** `JSON`: any JSON value, unchanged. */
export const jsonScalar = new GraphQLScalarType({
  name: 'JSON',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => literalToJson(node, variables ?? {}),
});

/** `UnitCode`: a UCUM code, carried unchanged. */
export const unitCodeScalar = new GraphQLScalarType<string, string>({
  name: 'UnitCode',
  serialize: String,
  parseValue: String,
});
