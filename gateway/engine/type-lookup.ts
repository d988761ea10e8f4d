import { getNamedType, isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';
import { keysIn, type KeyNames } from './entity-keys.ts';

/** What a field leads to, whether in a list or not. */
export interface FieldType {
  readonly name: string;
  /** Whether it is an interface or union. */
  readonly isAbstract: boolean;
}

/** Answers whether a type of the supergraph is, or belongs to, another; remembers the answers. */
export class TypeLookup {
  readonly #schema: GraphQLSchema;
  readonly #answers = new Map<string, boolean>();

  constructor(supergraph: GraphQLSchema) {
    this.#schema = supergraph;
  }

  /** Whether an object of type `actual` satisfies the type condition `condition`. */
  satisfies(actual: unknown, condition: string): boolean {
    if (actual === condition) return true;
    if (typeof actual !== 'string') return false;
    const question = `${actual}<${condition}`;
    const known = this.#answers.get(question);
    if (known !== undefined) return known;
    const answer = this.#ask(actual, condition);
    // The names come from subgraphs: an unknown one must not grow the memory.
    if (this.#schema.getType(actual)) this.#answers.set(question, answer);
    return answer;
  }

  /** Whether the supergraph has a type of this name. */
  isKnown(typeName: string): boolean {
    return this.#schema.getType(typeName) !== undefined;
  }

  /** `null` when there is no such field. */
  fieldType(typeName: string, fieldName: string): FieldType | null {
    const parent = this.#schema.getType(typeName);
    if (!isObjectType(parent) && !isInterfaceType(parent)) return null;
    const field = parent.getFields()[fieldName];
    if (!field) return null;
    const type = getNamedType(field.type);
    return { name: type.name, isAbstract: isAbstractType(type) };
  }

  /** The keys by which a subgraph looks up entities of a type. */
  keysIn(serviceName: string, typeName: string): readonly KeyNames[] {
    return keysIn(this.#schema, serviceName, typeName);
  }

  /** Whether some subgraph knows an interface only as an `@interfaceObject`. */
  hasInterfaceObject(typeName: string): boolean {
    const joins = this.#schema.getType(typeName)?.astNode?.directives ?? [];
    return joins.some(
      ({ name, arguments: given = [] }) =>
        name.value === 'join__type' &&
        given.some(
          (one) => one.name.value === 'isInterfaceObject' && 'value' in one.value && one.value.value === true,
        ),
    );
  }

  #ask(actual: string, condition: string): boolean {
    const type = this.#schema.getType(actual);
    const wanted = this.#schema.getType(condition);
    if (!isAbstractType(wanted) || !(isObjectType(type) || isInterfaceType(type))) return false;
    return this.#schema.isSubType(wanted, type);
  }
}
