import {
  getOperationAST,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  visit,
  BREAK,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { BoundedCache } from './engine/bounded-cache.ts';
import { charactersEach } from './engine/engine.ts';
import { isIntrospection } from './engine/operation.ts';
import {
  assertFewRepeats,
  assertParsable,
  assertTokenLimit,
  validationRules,
  type OperationLimits,
} from './limits.ts';

/** Errors told about one document; there may be as many as it has tokens. */
const maxErrors = 20;

/** Why an operation is not run, in the words of the GraphQL layer. */
export class OperationRefused extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
    this.errors = errors;
  }
}

/** A valid document. */
export interface PreparedDocument {
  readonly document: DocumentNode;
  /** Whether it asks for `__schema` or `__type`. */
  readonly introspects: boolean;
}

function newCache(capacity: number): BoundedCache<string, PreparedDocument> {
  return new BoundedCache(capacity, capacity * charactersEach);
}

/** Parses and validates operations; keeps the last valid ones for as long as the schema is the same. */
export class DocumentStore {
  readonly #graph: { readonly schema: GraphQLSchema };
  readonly #limits: OperationLimits;
  readonly #capacity: number;
  #schema: GraphQLSchema;
  #valid: BoundedCache<string, PreparedDocument>;

  /**
   * @param graph - its schema may be another one later.
   * @param capacity - valid documents kept. @default 1_000
   */
  constructor(graph: { readonly schema: GraphQLSchema }, limits: OperationLimits, capacity = 1_000) {
    this.#graph = graph;
    this.#schema = graph.schema;
    this.#limits = limits;
    this.#capacity = capacity;
    this.#valid = newCache(capacity);
  }

  /**
   * @param options.suggest - whether errors may name fields and types that exist ("Did you mean"). @default true
   * @throws {HubError} LIMIT_EXCEEDED - too many tokens, nested too deep, or fields repeated too often.
   * @throws {OperationRefused} GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED
   */
  prepare(query: string, options: { readonly suggest?: boolean } = {}): PreparedDocument {
    if (this.#schema !== this.#graph.schema) {
      this.#schema = this.#graph.schema;
      this.#valid = newCache(this.#capacity);
    }
    const known = this.#valid.get(query);
    if (known) return known;
    const document = this.#parsed(query);
    assertFewRepeats(document, this.#limits);
    // What is too large is not worth the much longer look at whether it is valid.
    this.#assertValid(document, validationRules(this.#limits), options);
    this.#assertValid(document, specifiedRules, options);
    const prepared = { document, introspects: introspects(document) };
    this.#valid.set(query, prepared, query.length);
    return prepared;
  }

  /** Whether the operation is a subscription, as far as that can be said of a text that may be refused yet. */
  isSubscription(query: string, operationName: string | null): boolean {
    if (!query.includes('subscription')) return false;
    try {
      const known = this.#valid.get(query)?.document;
      const document = known ?? this.#parsed(query);
      return getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
    } catch {
      return false;
    }
  }

  /** @throws {HubError} LIMIT_EXCEEDED. {OperationRefused} GRAPHQL_PARSE_FAILED */
  #parsed(query: string): DocumentNode {
    assertTokenLimit(query, this.#limits);
    assertParsable(query, this.#limits);
    return parsed(query);
  }

  /** @throws {OperationRefused} GRAPHQL_VALIDATION_FAILED */
  #assertValid(
    document: DocumentNode,
    rules: readonly ValidationRule[],
    { suggest = true }: { readonly suggest?: boolean },
  ): void {
    const errors = validate(this.#schema, document, rules, { maxErrors });
    if (!errors.length) return;
    throw new OperationRefused(errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED', suggest)));
  }
}

/** @throws {OperationRefused} GRAPHQL_PARSE_FAILED */
function parsed(query: string): DocumentNode {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) throw new OperationRefused([coded(error, 'GRAPHQL_PARSE_FAILED')]);
    throw error;
  }
}

function introspects(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    [Kind.FIELD](field) {
      if (!isIntrospection(field)) return undefined;
      found = true;
      return BREAK;
    },
  });
  return found;
}

function coded(error: GraphQLError, code: string, suggest = true): GraphQLError {
  const { nodes, source, positions, originalError } = error;
  // The wording is graphql-js's: a sentence of its own at the end.
  const message = suggest ? error.message : error.message.replace(/ Did you mean .*\?$/s, '');
  const place = nodes ? { nodes } : { source: source ?? null, positions: positions ?? null };
  return new GraphQLError(message, { ...place, originalError: originalError ?? null, extensions: { code } });
}
