import {
  GraphQLError,
  Kind,
  parse,
  specifiedRules,
  validate,
  visit,
  BREAK,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { BoundedCache } from './engine/bounded-cache.ts';
import { isIntrospection } from './engine/operation.ts';
import { assertFewRepeats, assertTokenLimit, validationRules, type OperationLimits } from './limits.ts';

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
    this.#valid = new BoundedCache(capacity);
  }

  /**
   * @param options.suggest - whether errors may name fields and types that exist ("Did you mean"). @default true
   * @throws {HubError} LIMIT_EXCEEDED - too many tokens, or fields repeated too often.
   * @throws {OperationRefused} GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED
   */
  prepare(query: string, options: { readonly suggest?: boolean } = {}): PreparedDocument {
    if (this.#schema !== this.#graph.schema) {
      this.#schema = this.#graph.schema;
      this.#valid = new BoundedCache(this.#capacity);
    }
    const known = this.#valid.get(query);
    if (known) return known;
    assertTokenLimit(query, this.#limits);
    const document = parsed(query);
    assertFewRepeats(document, this.#limits);
    const errors = validate(this.#schema, document, [...specifiedRules, ...validationRules(this.#limits)]);
    if (errors.length)
      throw new OperationRefused(
        errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED', options.suggest ?? true)),
      );
    const prepared = { document, introspects: introspects(document) };
    this.#valid.set(query, prepared);
    return prepared;
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
