import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  type GraphQLField,
  type GraphQLOutputType,
} from 'graphql';
import type { ListSizeRule } from './directives.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** Arguments (or fields of an input object) that say how long a list may get where no directive does. */
const usualArguments = ['first', 'last', 'limit'];

/** The lists of a Relay connection. @see https://relay.dev/graphql/connections.htm */
const connectionLists: readonly string[] = ['nodes', 'edges'];

/** How long the lists of one field get. */
export interface FieldSize {
  /** Items of the field itself; 1 for what is no list. */
  readonly own: number;
  /** Items of lists of the answered object, by field name. */
  readonly below: ReadonlyMap<string, number>;
}

const single: FieldSize = { own: 1, below: new Map() };

/**
 * Tells from its arguments how long a field's lists get.
 * @param assumed - the length of lists nothing is known about.
 */
export function sizeOfField(
  field: GraphQLField<unknown, unknown>,
  args: Arguments,
  rule: ListSizeRule | undefined,
  assumed: number,
): FieldSize {
  const sizedFields = rule?.sizedFields.length ? rule.sizedFields : connectionFields(field);
  const slicing = rule?.slicingArguments.length ? rule.slicingArguments : usualPathsOf(field);
  const asked = largest(args, slicing);
  if (sizedFields.length) {
    const size = asked ?? rule?.assumedSize ?? assumed;
    return { own: isList(field.type) ? assumed : 1, below: new Map(sizedFields.map((name) => [name, size])) };
  }
  if (!isList(field.type)) return single;
  return {
    own: asked ?? rule?.assumedSize ?? longestListArgument(field, args) ?? assumed,
    below: single.below,
  };
}

export function isList(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type));
}

function connectionFields(field: GraphQLField<unknown, unknown>): readonly string[] {
  const type = getNamedType(field.type);
  if (!isObjectType(type) || isList(field.type)) return [];
  if (!usualPathsOf(field).length) return [];
  return Object.values(type.getFields())
    .filter(({ name, type: inner }) => isList(inner) && (connectionLists.includes(name) || isOnlyList(type)))
    .map(({ name }) => name);
}

/** A page of another form (`samples(limit: 10) { items { ... } }`): its one list is meant. */
function isOnlyList(type: { getFields(): Record<string, GraphQLField<unknown, unknown>> }): boolean {
  return Object.values(type.getFields()).filter(({ type: inner }) => isList(inner)).length === 1;
}

/**
 * The usual arguments a field has; else those inside its argument that is an input object (`pumps(page: { first: 10 })`),
 * where it is the only one.
 */
function usualPathsOf({ args }: GraphQLField<unknown, unknown>): readonly string[] {
  const own = usualArguments.filter((usual) => args.some(({ name }) => name === usual));
  if (own.length) return own;
  const inputs = args.flatMap(({ name, type }) => {
    const input = getNullableType(type);
    return isInputObjectType(input) ? [{ name, fields: input.getFields() }] : [];
  });
  const [input] = inputs;
  if (!input || inputs.length > 1) return [];
  return usualArguments.flatMap((usual) => (input.fields[usual] ? [`${input.name}.${usual}`] : []));
}

/** @param paths - names of arguments, or of fields inside them: `input.first`. */
function largest(args: Arguments, paths: readonly string[]): number | null {
  const given = paths.flatMap((path) => {
    const value = valueAt(args, path.split('.'));
    if (Array.isArray(value)) return [value.length];
    return typeof value === 'number' ? [Math.max(0, value)] : [];
  });
  return given.length ? Math.max(...given) : null;
}

function valueAt(within: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return within;
  if (within === null || typeof within !== 'object' || Array.isArray(within)) return undefined;
  return Object.hasOwn(within, name) ? valueAt((within as Arguments)[name], rest) : undefined;
}

/**
 * `signals(names: [...])` answers at most one item for each. A list of an enum's values chooses by a quality that any
 * number of items may have, and an empty list may stand for none or for all.
 */
function longestListArgument(
  { args: known }: GraphQLField<unknown, unknown>,
  args: Arguments,
): number | null {
  const lengths = known.flatMap(({ name, type }) => {
    const value = args[name];
    return Array.isArray(value) && value.length && !isEnumType(getNamedType(type)) ? [value.length] : [];
  });
  return lengths.length === 1 ? (lengths[0] ?? null) : null;
}
