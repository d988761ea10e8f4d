import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A random operation over a schema: aliases, arguments, variables, conditions, inline and named fragments. */
export function randomOperation(
  schema: GraphQLSchema,
  random: () => number,
): { query: string; variables: Record<string, boolean> } {
  return new Generator(schema, random).operation();
}

class Generator {
  readonly #schema: GraphQLSchema;
  readonly #random: () => number;
  readonly #fragments: string[] = [];
  #aliases = 0;

  constructor(schema: GraphQLSchema, random: () => number) {
    this.#schema = schema;
    this.#random = random;
  }

  operation(): { query: string; variables: Record<string, boolean> } {
    const root = this.#schema.getQueryType();
    if (!root) throw new Error('no query type');
    const body = this.#selections(root, 4);
    const query = [
      `query Q($yes: Boolean!, $no: Boolean = false) { ok: __typename @include(if: $yes) @skip(if: $no) ${body} }`,
      ...this.#fragments,
    ];
    return { query: query.join('\n'), variables: { yes: this.#chance(0.7), no: this.#chance(0.3) } };
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T;
  }

  #selections(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + Math.floor(this.#random() * 4);
    return Array.from({ length: count }, () => this.#selection(type, depth)).join(' ');
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    const inFragment =
      !(isObjectType(type) || isInterfaceType(type)) || this.#chance(isAbstractType(type) ? 0.6 : 0.15);
    if (inFragment && depth > 0) return this.#fragment(type, depth);
    return isObjectType(type) || isInterfaceType(type)
      ? this.#field(Object.values(type.getFields()), depth)
      : '__typename';
  }

  #field(fields: readonly GraphQLField<unknown, unknown>[], depth: number): string {
    const usable = fields.filter((field) => depth > 0 || !isCompositeType(getNamedType(field.type)));
    if (!usable.length || this.#chance(0.08))
      return this.#chance(0.5) ? '__typename' : `t${(this.#aliases += 1)}: __typename`;
    const field = this.#pick(usable);
    const type = getNamedType(field.type);
    const args = this.#arguments(field);
    const alias = args || this.#chance(0.2) ? `x${(this.#aliases += 1)}: ` : '';
    const below = isCompositeType(type) ? ` { ${this.#selections(type, depth - 1)} }` : '';
    return `${alias}${field.name}${args}${this.#condition()}${below}`;
  }

  #arguments(field: GraphQLField<unknown, unknown>): string {
    const given = field.args.filter((arg) => String(arg.type).endsWith('!') || this.#chance(0.5));
    if (!given.length) return '';
    return `(${given.map((arg) => `${arg.name}: ${this.#literal(getNamedType(arg.type))}`).join(', ')})`;
  }

  #literal(type: unknown): string {
    if (isEnumType(type)) return this.#pick(type.getValues()).name;
    if (isInputObjectType(type)) {
      const given = Object.values(type.getFields()).filter(
        (field) => String(field.type).endsWith('!') || this.#chance(0.5),
      );
      return `{ ${given.map((field) => `${field.name}: ${this.#literal(getNamedType(field.type))}`).join(', ')} }`;
    }
    return String(type) === 'Int'
      ? String(Math.floor(this.#random() * 4))
      : `"${Math.floor(this.#random() * 6)}"`;
  }

  #condition(): string {
    if (!this.#chance(0.15)) return '';
    return this.#pick([
      '@include(if: $yes)',
      '@skip(if: $no)',
      '@skip(if: $yes)',
      '@include(if: true)',
      '@include(if: $yes) @skip(if: $no)',
    ]);
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const conditions: GraphQLCompositeType[] = isAbstractType(type)
      ? [...this.#schema.getPossibleTypes(type), ...(isInterfaceType(type) ? [type] : [])]
      : [type];
    const on = this.#pick(conditions);
    const body = this.#selections(on, isAbstractType(on) ? depth - 1 : depth);
    if (this.#chance(0.5)) return `... on ${on.name}${this.#condition()} { ${body} }`;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push('');
    this.#fragments[Number(name.slice(1))] = `fragment ${name} on ${on.name} { ${body} }`;
    return `...${name}${this.#condition()}`;
  }
}
