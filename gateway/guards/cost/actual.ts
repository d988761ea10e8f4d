import {
  getNamedType,
  isCompositeType,
  isUnionType,
  Kind,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type SelectionSetNode,
} from 'graphql';
import type { PlannedOperation, RanOperation } from '../../engine/types.ts';
import { mutationCost, weightOfField, type EstimateOptions } from './estimate.ts';
import { isList } from './list-size.ts';

type Variables = Readonly<Record<string, unknown>>;

/** One response key that costs something, or leads to such. */
interface CountedKey {
  readonly key: string;
  /** Where it is in what subgraphs gave. */
  readonly keyInData: string;
  readonly isList: boolean;
  /** Of one object (or leaf) under the key. */
  readonly weight: number;
  /** Of the field's arguments, for each object that has the key. */
  readonly args: readonly { readonly weight: number; readonly variable: string | null }[];
  readonly below: readonly CountedKey[];
}

/** Counts what answers to one operation cost. */
export interface CostCounter {
  readonly keys: readonly CountedKey[];
  /** A mutation's fields; none of other operations. */
  readonly mutations: readonly Pick<CountedKey, 'key' | 'keyInData'>[];
}

/** Made once per operation: leaves that cost nothing are not in it, so that counting does not look at them. */
export function costCounter(planned: PlannedOperation, options: EstimateOptions): CostCounter {
  const { operation } = planned.selected;
  const root = options.schema.getRootType(operation.operation);
  if (!root) return { keys: [], mutations: [] };
  const places = new Places(planned, options);
  const part = [{ set: operation.selectionSet, type: root }];
  const mutations = operation.operation === 'mutation' ? places.rootKeys(part) : [];
  return { keys: places.keysOf(part), mutations };
}

/**
 * What a run made, by the weights of its estimate: objects in the answer, objects that subgraphs were asked about, fields
 * of a mutation that ran. Objects that errors took out of the answer are not in it.
 */
export function actualCost(
  { keys, mutations }: CostCounter,
  { data, isRaw, joined }: RanOperation,
  variables: Variables,
): number {
  const ran = data
    ? mutations.filter(({ key, keyInData }) => data[isRaw ? keyInData : key] !== undefined)
    : mutations;
  const count = new Count(isRaw, variables);
  return Math.ceil((data ? count.object(data, keys) : 0) + joined + mutationCost * ran.length);
}

/** One answer. */
class Count {
  readonly #isRaw: boolean;
  readonly #variables: Variables;

  constructor(isRaw: boolean, variables: Variables) {
    this.#isRaw = isRaw;
    this.#variables = variables;
  }

  object(object: Readonly<Record<string, unknown>>, keys: readonly CountedKey[]): number {
    let sum = 0;
    for (const counted of keys) {
      const value = object[this.#isRaw ? counted.keyInData : counted.key];
      // What a condition left out.
      if (value === undefined) continue;
      for (const { weight, variable } of counted.args)
        if (variable === null || this.#variables[variable] !== undefined) sum += weight;
      sum += this.#value(value, counted);
    }
    return sum;
  }

  #value(value: unknown, counted: CountedKey): number {
    if (value === null) return 0;
    if (counted.isList && Array.isArray(value)) {
      let sum = 0;
      for (const item of value) sum += this.#value(item, counted);
      return sum;
    }
    if (!counted.below.length || typeof value !== 'object') return counted.weight;
    return counted.weight + this.object(value as Readonly<Record<string, unknown>>, counted.below);
  }
}

/** A selection set and the type whose fields it names. */
interface Part {
  readonly set: SelectionSetNode;
  readonly type: GraphQLCompositeType;
}

interface PlacedField {
  readonly type: GraphQLCompositeType;
  readonly node: FieldNode;
  readonly field: GraphQLField<unknown, unknown>;
}

/** An object's type is not looked at: where two types have one key, the dearer one counts. */
class Places {
  readonly #planned: PlannedOperation;
  readonly #options: EstimateOptions;

  constructor(planned: PlannedOperation, options: EstimateOptions) {
    this.#planned = planned;
    this.#options = options;
  }

  rootKeys(parts: readonly Part[]): CostCounter['mutations'] {
    return [...this.fieldsOf(parts)].map(([key, fields]) => this.#keysOf(key, fields));
  }

  keysOf(parts: readonly Part[]): readonly CountedKey[] {
    return [...this.fieldsOf(parts)].flatMap(([key, fields]) => {
      const counted = this.#counted(key, fields);
      return counted.weight || counted.args.length || counted.below.length ? [counted] : [];
    });
  }

  /** Fields by response key, fragments expanded. */
  fieldsOf(parts: readonly Part[]): ReadonlyMap<string, readonly PlacedField[]> {
    const found = new Map<string, PlacedField[]>();
    for (const { set, type } of parts) this.#collect(set, type, found);
    return found;
  }

  #collect(set: SelectionSetNode, type: GraphQLCompositeType, found: Map<string, PlacedField[]>): void {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const field = isUnionType(type) ? undefined : type.getFields()[selection.name.value];
        const key = (selection.alias ?? selection.name).value;
        const same = found.get(key) ?? [];
        if (field) found.set(key, [...same, { type, node: selection, field }]);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? this.#planned.selected.fragments.get(selection.name.value)
          : selection;
      if (!fragment || !('selectionSet' in fragment)) continue;
      const condition = fragment.typeCondition?.name.value;
      const narrower = condition === undefined ? type : this.#options.schema.getType(condition);
      if (isCompositeType(narrower)) this.#collect(fragment.selectionSet, narrower, found);
    }
  }

  #counted(key: string, fields: readonly PlacedField[]): CountedKey {
    const { directives } = this.#options;
    const below = fields.flatMap(({ node, field }) => {
      const output = getNamedType(field.type);
      return node.selectionSet && isCompositeType(output) ? [{ set: node.selectionSet, type: output }] : [];
    });
    const [first] = fields;
    return {
      ...this.#keysOf(key, fields),
      isList: first !== undefined && isList(first.field.type),
      weight: Math.max(
        ...fields.map(({ type, field }) => weightOfField(`${type.name}.${field.name}`, field, directives)),
      ),
      args: first ? this.#argumentsOf(first) : [],
      below: below.length ? this.keysOf(below) : [],
    };
  }

  #keysOf(key: string, [first]: readonly PlacedField[]): Pick<CountedKey, 'key' | 'keyInData'> {
    return { key, keyInData: first ? this.#planned.keyInData(first.node) : key };
  }

  #argumentsOf({ type, field, node }: PlacedField): CountedKey['args'] {
    const { weights } = this.#options.directives;
    if (!weights.size) return [];
    return field.args.flatMap(({ name, defaultValue }) => {
      const weight = weights.get(`${type.name}.${field.name}(${name})`);
      const given = node.arguments?.find((one) => one.name.value === name)?.value;
      if (weight === undefined || (!given && defaultValue === undefined)) return [];
      const isVariable = given?.kind === Kind.VARIABLE && defaultValue === undefined;
      return [{ weight, variable: isVariable ? given.name.value : null }];
    });
  }
}
