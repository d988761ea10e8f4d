import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

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

  #ask(actual: string, condition: string): boolean {
    const type = this.#schema.getType(actual);
    const wanted = this.#schema.getType(condition);
    if (!isAbstractType(wanted) || !(isObjectType(type) || isInterfaceType(type))) return false;
    return this.#schema.isSubType(wanted, type);
  }
}
