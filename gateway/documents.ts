import {
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { BoundedCache } from './engine/bounded-cache.ts';
import { assertFewRepeats, assertTokenLimit, validationRules, type OperationLimits } from './limits.ts';

/** Parses and validates operations that come over streams; keeps the last 1,000 valid ones. */
export class DocumentStore {
  readonly #schema: GraphQLSchema;
  readonly #limits: OperationLimits;
  readonly #valid = new BoundedCache<string, DocumentNode>(1_000);

  constructor(schema: GraphQLSchema, limits: OperationLimits) {
    this.#schema = schema;
    this.#limits = limits;
  }

  /**
   * @returns the document, or why it cannot be run.
   * @throws {HubError} LIMIT_EXCEEDED - too many tokens, or fields repeated too often.
   */
  prepare(query: string): DocumentNode | readonly GraphQLError[] {
    const known = this.#valid.get(query);
    if (known) return known;
    assertTokenLimit(query, this.#limits);
    const document = parsed(query);
    if (document instanceof GraphQLError) return [document];
    assertFewRepeats(document, this.#limits);
    const errors = validate(this.#schema, document, [...specifiedRules, ...validationRules(this.#limits)]);
    if (errors.length) return errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED'));
    this.#valid.set(query, document);
    return document;
  }
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return coded(error, 'GRAPHQL_PARSE_FAILED');
    throw error;
  }
}

function coded(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions, originalError } = error;
  const place = nodes ? { nodes } : { source: source ?? null, positions: positions ?? null };
  return new GraphQLError(message, { ...place, originalError: originalError ?? null, extensions: { code } });
}
