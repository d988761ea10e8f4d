import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  parse,
  validate,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { Dice } from './dice.ts';

export interface RandomOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A valid random operation over a schema; `null` when some attempts gave none. */
export function randomOperation(schema: GraphQLSchema, seed: number): RandomOperation | null {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const made = new OperationMaker(schema, new Dice(seed * 7 + attempt)).operation();
    if (!validate(schema, parse(made.query)).length) return made;
  }
  return null;
}

/**
 * Makes operations: nesting, fragments on whatever may apply, aliases that collide, conditions, arguments as literals and
 * as variables that are given, defaulted, null or missing.
 */
class OperationMaker {
  readonly #schema: GraphQLSchema;
  readonly #dice: Dice;
  readonly #fragments: string[] = [];
  readonly #definitions: string[] = ['$yes: Boolean!', '$no: Boolean = false'];
  readonly #variables: Record<string, unknown> = {};
  #aliases = 0;
  /** Fields left to select, so that operations stay of a size. */
  #left = 40;

  constructor(schema: GraphQLSchema, dice: Dice) {
    this.#schema = schema;
    this.#dice = dice;
  }

  operation(): RandomOperation {
    const mutation = this.#schema.getMutationType();
    const isMutation = mutation && this.#dice.chance(0.2);
    const root = isMutation ? mutation : this.#schema.getQueryType()!;
    const depth = this.#dice.between(2, 5);
    const body = Array.from({ length: this.#dice.between(1, 3) }, () => this.#selection(root, depth)).join(
      ' ',
    );
    const asked = this.#dice.chance(0.03) && !isMutation ? ' __type(name: "Pump") { kind name }' : '';
    this.#variables['yes'] = this.#dice.chance(0.8);
    if (this.#dice.chance(0.4)) this.#variables['no'] = this.#dice.chance(0.3);
    const heading = `${isMutation ? 'mutation' : 'query'} Q(${this.#definitions.join(', ')})`;
    const condition = 'ok: __typename @include(if: $yes) @skip(if: $no)';
    return {
      query: [`${heading} { ${condition} ${body}${asked} }`, ...this.#fragments].join('\n'),
      variables: this.#variables,
    };
  }

  #selections(type: GraphQLCompositeType, depth: number): string {
    const count = this.#dice.between(1, 4);
    return Array.from({ length: count }, () => this.#selection(type, depth)).join(' ');
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    this.#left -= 1;
    const hasFields = isObjectType(type) || isInterfaceType(type);
    const inFragment = !hasFields || this.#dice.chance(isAbstractType(type) ? 0.6 : 0.15);
    if (inFragment && depth > 0) return this.#fragment(type, depth);
    return hasFields ? this.#field(Object.values(type.getFields()), depth) : '__typename';
  }

  #field(fields: readonly GraphQLField<unknown, unknown>[], depth: number): string {
    const deep = depth > 0 && this.#left > 0;
    const usable = fields.filter(({ type }) => deep || !isCompositeType(getNamedType(type)));
    if (!usable.length || this.#dice.chance(0.07))
      return this.#dice.chance(0.5) ? '__typename' : `t${(this.#aliases += 1)}: __typename`;
    const composite = usable.filter(({ type }) => isCompositeType(getNamedType(type)));
    const field = this.#dice.pick(composite.length && this.#dice.chance(0.5) ? composite : usable);
    const type = getNamedType(field.type);
    const args = this.#arguments(field.args);
    const below = isCompositeType(type) ? ` { ${this.#selections(type, depth - 1)} }` : '';
    return `${this.#alias(args, field.name)}${field.name}${args}${this.#condition()}${below}`;
  }

  /** Mostly its own; at times one that other fields may have too. Computed fields are to be known by it. */
  #alias(args: string, name: string): string {
    if (name.startsWith('calc'))
      return this.#dice.chance(0.25) ? `${this.#dice.pick(['calc', `calc_${(this.#aliases += 1)}`])}: ` : '';
    if (this.#dice.chance(0.1)) return `${this.#dice.pick(['a', 'b', 'id', 'label1'])}: `;
    return args || this.#dice.chance(0.15) ? `x${(this.#aliases += 1)}: ` : '';
  }

  #arguments(args: readonly GraphQLArgument[]): string {
    const given = args.filter((arg) => isRequiredArgument(arg) || this.#dice.chance(0.6));
    if (!given.length) return '';
    return `(${given.map((arg) => `${arg.name}: ${this.#argument(arg.type, arg.defaultValue !== undefined)}`).join(', ')})`;
  }

  #argument(type: GraphQLInputType, hasDefault: boolean): string {
    return this.#dice.chance(0.45) ? this.#variable(type, hasDefault) : this.#literal(type, 2);
  }

  #variable(type: GraphQLInputType, hasDefault: boolean): string {
    const name = `v${this.#definitions.length}`;
    const inner = getNullableType(type);
    const mustHave = isNonNullType(type);
    const withDefault = this.#dice.chance(0.3);
    // A place that must not be null takes a nullable variable when one of the two has a default.
    const isStrict = mustHave && !(withDefault || (hasDefault && this.#dice.chance(0.5)));
    const text = isStrict || this.#dice.chance(0.15) ? `${String(inner)}!` : String(inner);
    const isDefaulted = withDefault && !text.endsWith('!');
    this.#definitions.push(`$${name}: ${text}${isDefaulted ? ` = ${this.#literal(inner, 1, false)}` : ''}`);
    const fate = this.#dice.below(10);
    const optional = !text.endsWith('!');
    if (optional && fate < 2) return `$${name}`;
    if (optional && fate === 2 && !mustHave) this.#variables[name] = null;
    else this.#variables[name] = this.#json(inner, 2);
    return `$${name}`;
  }

  #json(type: GraphQLInputType, depth: number): unknown {
    if (isNonNullType(type)) return this.#json(type.ofType, depth);
    if (isListType(type)) {
      if (this.#dice.chance(0.1)) return this.#json(type.ofType, depth);
      return Array.from({ length: this.#dice.below(3) }, () =>
        !isNonNullType(type.ofType) && this.#dice.chance(0.15) ? null : this.#json(type.ofType, depth),
      );
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isRequiredInputField(field) || (depth > 0 && this.#dice.chance(0.5)),
      );
      return Object.fromEntries(
        fields.map((field) => [
          field.name,
          !isNonNullType(field.type) && this.#dice.chance(0.15) ? null : this.#json(field.type, depth - 1),
        ]),
      );
    }
    if (isEnumType(type)) return this.#dice.pick(type.getValues()).name;
    return this.#scalar(type.name);
  }

  #scalar(name: string): unknown {
    if (name === 'Int') return this.#dice.below(50);
    if (name === 'Float') return this.#dice.pick([1, 2.5, -0.125, 1e21]);
    if (name === 'Boolean') return this.#dice.chance(0.5);
    if (name === 'ID') return this.#dice.pick(['id-1', '7', 8]);
    if (name === 'Blob') return this.#dice.pick([{ a: [1, null, { b: 'x' }] }, [1, 2], 'text', 3.5, false]);
    return this.#dice.pick(['', 'plain', 'with "quotes" \\ and \n lines', 'ünïcode ✓']);
  }

  #literal(type: GraphQLInputType, depth: number, variables = true): string {
    if (isNonNullType(type)) return this.#literal(type.ofType, depth, variables);
    if (isListType(type)) {
      const items = Array.from({ length: this.#dice.below(3) }, () =>
        this.#inner(type.ofType, depth, variables),
      );
      return `[${items.join(', ')}]`;
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isRequiredInputField(field) || (depth > 0 && this.#dice.chance(0.5)),
      );
      const parts = fields.map(
        (field) =>
          `${field.name}: ${this.#inner(field.type, depth - 1, variables && field.defaultValue === undefined)}`,
      );
      return `{ ${parts.join(', ')} }`;
    }
    if (isEnumType(type)) return this.#dice.pick(type.getValues()).name;
    return literalOf(this.#scalar(type.name));
  }

  #inner(type: GraphQLInputType, depth: number, variables: boolean): string {
    if (!isNonNullType(type) && this.#dice.chance(0.1)) return 'null';
    if (variables && this.#dice.chance(0.2)) return this.#variable(type, false);
    return this.#literal(type, depth, variables);
  }

  #condition(): string {
    if (!this.#dice.chance(0.12)) return '';
    return ` ${this.#dice.pick(['@include(if: $yes)', '@skip(if: $no)', '@skip(if: $yes)', '@include(if: true)', '@include(if: $yes) @skip(if: $no)'])}`;
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const conditions: GraphQLCompositeType[] = isAbstractType(type)
      ? [...this.#schema.getPossibleTypes(type), ...this.#abstractTypesAround(type)]
      : [type, ...type.getInterfaces()];
    const on = this.#dice.pick(conditions);
    const body = this.#selections(on, isAbstractType(on) ? depth - 1 : depth);
    if (this.#dice.chance(0.1)) return `...${this.#condition()} { ${this.#selections(type, depth - 1)} }`;
    if (this.#dice.chance(0.6)) return `... on ${on.name}${this.#condition()} { ${body} }`;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${on.name} { ${body} }`);
    return `...${name}${this.#condition()}${this.#dice.chance(0.1) ? ` ...${name}` : ''}`;
  }

  /** Abstract types that share an object with this one. */
  #abstractTypesAround(type: GraphQLCompositeType): GraphQLCompositeType[] {
    if (!isAbstractType(type)) return [];
    const possible = this.#schema.getPossibleTypes(type);
    return Object.values(this.#schema.getTypeMap()).filter(
      (other) => isAbstractType(other) && possible.some((one) => this.#schema.isSubType(other, one)),
    ) as GraphQLCompositeType[];
  }
}

function literalOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${literalOf(inner)}`)
    .join(', ')} }`;
}
