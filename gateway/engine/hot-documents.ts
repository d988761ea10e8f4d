import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { isCompilable } from './compilable.ts';

/** Runs before a document is compiled: most operations never pay for it. */
export const defaultHotAfter = 20;

/** Runs of a document by graphql-js after one that had an error: where something fails it mostly fails again. */
const coolRuns = 1_000;

type Run = CompiledQuery['query'];

/**
 * Documents of one schema that are asked again and again, compiled to JavaScript. Compiled code gives the data that
 * graphql-js gives, and words errors differently: a result with errors is to be thrown away and asked of graphql-js.
 * What is compiled lives as long as its document, and the documents live in the engine's bounded cache.
 */
export class HotDocuments {
  readonly #schema: GraphQLSchema;
  readonly #hotAfter: number;
  /** Runs by graphql-js; below 0 while a document cools. */
  readonly #runs = new WeakMap<DocumentNode, number>();
  readonly #compiled = new WeakMap<DocumentNode, Run | null>();

  /** @param hotAfter - runs with graphql-js before a document is compiled; Infinity never compiles. */
  constructor(schema: GraphQLSchema, hotAfter: number) {
    this.#schema = schema;
    this.#hotAfter = hotAfter;
  }

  /** The compiled document, or `null` while it is to be interpreted. */
  runOf(document: DocumentNode): Run | null {
    const runs = (this.#runs.get(document) ?? 0) + 1;
    if (runs <= this.#hotAfter) {
      this.#runs.set(document, runs);
      return null;
    }
    const known = this.#compiled.get(document);
    if (known !== undefined) return known;
    const run = compiled(this.#schema, document);
    this.#compiled.set(document, run);
    return run;
  }

  /** A run of the compiled document had an error: it is interpreted for a while. */
  cool(document: DocumentNode): void {
    this.#runs.set(document, this.#hotAfter - coolRuns);
  }
}

/** `null` when the compiler refuses the document (graphql-js says why, at each run) or cannot deal with it. */
function compiled(schema: GraphQLSchema, document: DocumentNode): Run | null {
  if (!isCompilable(schema, document)) return null;
  const outcome: CompiledQuery | ExecutionResult = compileQuery(schema, document);
  return isCompiledQuery(outcome) ? outcome.query : null;
}
