import {
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLLeafType,
  type GraphQLList,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import type { HubError } from '#kernel/errors.ts';
import { accessDenied, nullViolation, typeViolation } from './error-log.ts';
import type { Execution } from './execution.ts';
import type { CompositeType, FieldCollector, FieldGroup, FieldGroups } from './field-groups.ts';
import { isAbsent, isObject } from './merge.ts';
import type { ResponseObject } from './types.ts';

/**
 * Turns what the subgraphs answered into what the client asked for: only the selected keys in the selected order,
 * leaves coerced by their types, and nulls moved up to the next place where the schema allows one.
 *
 * @see https://spec.graphql.org/October2021/#sec-Handling-Field-Errors
 */
export class Completer {
  readonly #schema: GraphQLSchema;
  readonly #collector: FieldCollector;

  constructor(schema: GraphQLSchema, collector: FieldCollector) {
    this.#schema = schema;
    this.#collector = collector;
  }

  /** What is asked for at the root, with this execution's variables. */
  rootGroups(execution: Execution): FieldGroups {
    return this.#collector.root(execution.variables);
  }

  /** @param introspection - values of the root's `__schema` and `__type` fields by response key. */
  complete(execution: Execution, introspection: ResponseObject | null): ResponseObject | null {
    return new Completion(this.#schema, this.#collector, execution, introspection).object(
      execution.data,
      this.rootGroups(execution),
    );
  }
}

/** The walk over one response. `null` from a method for a non-null type means: move the null up. */
class Completion {
  readonly #schema: GraphQLSchema;
  readonly #collector: FieldCollector;
  readonly #execution: Execution;
  readonly #introspection: ResponseObject | null;
  readonly #path: (string | number)[] = [];

  constructor(
    schema: GraphQLSchema,
    collector: FieldCollector,
    execution: Execution,
    introspection: ResponseObject | null,
  ) {
    this.#schema = schema;
    this.#collector = collector;
    this.#execution = execution;
    this.#introspection = introspection;
  }

  object(source: ResponseObject, groups: FieldGroups): ResponseObject | null {
    const result: ResponseObject = Object.create(null);
    for (const group of groups) {
      if (group.type === null) {
        result[group.key] = this.#meta(group, source);
        continue;
      }
      this.#path.push(group.key);
      const value = group.denied
        ? this.#denied(group.denied)
        : this.#value(group.type, group, source[group.keyInData]);
      const broken = value === null && this.#violates(group.type, group);
      this.#path.pop();
      if (broken) return null;
      result[group.key] = value;
    }
    return result;
  }

  #meta(group: FieldGroup, source: ResponseObject): unknown {
    if (group.fieldName !== '__typename') return this.#introspection?.[group.key] ?? null;
    const name = source['__typename'];
    return typeof name === 'string' && this.#path.length ? name : group.parentName;
  }

  #value(type: GraphQLOutputType, group: FieldGroup, source: unknown): unknown {
    if (isNonNullType(type)) return this.#value(type.ofType, group, source);
    if (isAbsent(source)) return null;
    if (isListType(type)) return this.#list(type, group, source);
    if (isLeafType(type)) return this.#leaf(type, group, source);
    return this.#composite(type, group, source);
  }

  #list(type: GraphQLList<GraphQLOutputType>, group: FieldGroup, source: unknown): unknown[] | null {
    if (!Array.isArray(source)) return this.#mistyped(group, 'a list');
    const result: unknown[] = [];
    for (const [index, item] of source.entries()) {
      this.#path.push(index);
      const value = this.#value(type.ofType, group, item);
      const broken = value === null && this.#violates(type.ofType, group);
      this.#path.pop();
      if (broken) return null;
      result.push(value);
    }
    return result;
  }

  #leaf(type: GraphQLLeafType, group: FieldGroup, source: unknown): unknown {
    try {
      const value = type.serialize(source);
      if (value !== undefined && value !== null) return value;
      return this.#mistyped(group, `a ${type.name}`);
    } catch (error) {
      return this.#mistyped(group, isEnumType(type) ? `a value of ${type.name}` : `a ${type.name}`, error);
    }
  }

  #composite(type: GraphQLOutputType, group: FieldGroup, source: unknown): ResponseObject | null {
    if (!isObject(source)) return this.#mistyped(group, 'an object');
    const met = typeMet(this.#schema, type, source);
    if (!met) return null;
    if (isInterfaceType(met) && this.#isVague(group, met)) return null;
    const denied = this.#collector.deniedType(met.name);
    if (denied) return this.#denied(denied);
    return this.object(source, this.#collector.below(group, met, this.#execution.variables));
  }

  /** Whether the type of an object had to be known and is not: the subgraph that knows it failed, others do not (`@interfaceObject`). */
  #isVague(group: FieldGroup, met: CompositeType): boolean {
    return this.#collector.asksForObjectType(group, met, this.#execution.variables);
  }

  /** Whether a null breaks the type; if so, makes sure that an error says why. */
  #violates(type: GraphQLOutputType, group: FieldGroup): boolean {
    if (!isNonNullType(type)) return false;
    const { errors } = this.#execution;
    if (!errors.explains(this.#path))
      errors.add(nullViolation(group.parentName, group.fieldName, this.#path));
    return true;
  }

  #denied(reason: HubError): null {
    this.#execution.errors.add(accessDenied(reason, this.#path));
    return null;
  }

  #mistyped(group: FieldGroup, promised: string, cause?: unknown): null {
    const { errors } = this.#execution;
    if (!errors.explains(this.#path))
      errors.add(typeViolation(group.parentName, group.fieldName, promised, this.#path, cause));
    return null;
  }
}

/**
 * The type to complete an object as. Plans leave out `__typename` where only fields of the interface itself are asked
 * for, and an `@interfaceObject` subgraph answers with the interface's name: then it is the interface. A type that the
 * public schema hides is nobody's business, so its object is null.
 */
export function typeMet(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  source: ResponseObject,
): CompositeType | null {
  const name = source['__typename'];
  if (isObjectType(type)) return type;
  if (name === undefined) return isInterfaceType(type) ? type : null;
  const met = schema.getType(String(name));
  if (!isObjectType(met) && !isInterfaceType(met)) return null;
  return met === type || (isAbstractType(type) && schema.isSubType(type, met)) ? met : null;
}
