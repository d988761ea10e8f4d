import {
  GraphQLError,
  Kind,
  Lexer,
  Source,
  TokenKind,
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { HubError } from '#kernel/errors.ts';
import { incrementalRefused } from './engine/operation.ts';

/** How large one operation may be. Introspection fields and what is below them do not count. */
export interface OperationLimits {
  /** Levels of fields. @default 16 */
  readonly depth: number;
  /** Characters of the document, comments included: it is kept as it came. @default 131_072 */
  readonly characters: number;
  /** Lexical tokens of the document. @default 10_000 */
  readonly tokens: number;
  /** Fields with an alias, fragments expanded. @default 200 */
  readonly aliases: number;
  /** Fields at the root, fragments expanded. @default 50 */
  readonly rootFields: number;
  /** Directives, fragments expanded. @default 200 */
  readonly directives: number;
  /** Fields in all, fragments expanded. @default 3_000 */
  readonly fields: number;
}

/** A limit that was passed, with the limit's name and number. */
export function limitExceeded(limit: string, max: number, sentence: string): HubError {
  return new HubError('LIMIT_EXCEEDED', sentence, { details: { limit, max } });
}

/**
 * Counts a document's characters and tokens before anything parses it.
 * @throws {HubError} LIMIT_EXCEEDED
 */
export function assertTokenLimit(query: string, limits: OperationLimits): void {
  const { characters } = limits;
  if (query.length > characters)
    throw limitExceeded('characters', characters, `The document has more than ${characters} characters.`);
  // No document has more tokens than characters, so most need no counting.
  if (query.length <= limits.tokens) return;
  const lexer = new Lexer(new Source(query));
  for (let count = 0; count <= limits.tokens; count += 1) {
    if (nextKind(lexer) === TokenKind.EOF) return;
  }
  throw limitExceeded('tokens', limits.tokens, `The document has more than ${limits.tokens} tokens.`);
}

/**
 * Refuses variables that whoever walks through them, calling themselves for each level, would run out of stack with.
 * @throws {HubError} LIMIT_EXCEEDED - `details.limit` is `variablesDepth`.
 */
export function assertShallow(variables: Readonly<Record<string, unknown>> | null): void {
  if (variables && isDeeper(variables, maxNesting))
    throw limitExceeded(
      'variablesDepth',
      maxNesting,
      `The variables are nested deeper than ${maxNesting} levels.`,
    );
}

function isDeeper(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (levels === 0) return true;
  for (const inner of Object.values(value)) if (isDeeper(inner, levels - 1)) return true;
  return false;
}

/** A syntax error ends the counting: the parser reports it better. */
function nextKind(lexer: Lexer): TokenKind {
  try {
    return lexer.advance().kind;
  } catch {
    return TokenKind.EOF;
  }
}

const opening: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Refuses a document that is nested so deep (selections, lists and objects of values, types) that the parser, which
 * calls itself for each level, would run out of stack.
 * @throws {HubError} LIMIT_EXCEEDED - `details.limit` is `depth`.
 */
export function assertParsable(query: string, limits: OperationLimits): void {
  // Hardly any document has so many brackets, so hardly any has to be looked at closely.
  if (countOpening(query) <= maxNesting) return;
  const lexer = new Lexer(new Source(query));
  let level = 0;
  for (let kind = nextKind(lexer); kind !== TokenKind.EOF; kind = nextKind(lexer)) {
    if (opening.has(kind)) level += 1;
    else if (closing.has(kind)) level -= 1;
    if (level > maxNesting) throw tooDeep(limits);
  }
}

/** Brackets of all kinds, those in texts and comments included. */
function countOpening(query: string): number {
  let count = 0;
  for (let index = 0; index < query.length; index += 1) {
    const code = query.charCodeAt(index);
    if (code === 0x7b || code === 0x5b || code === 0x28) count += 1;
  }
  return count;
}

function tooDeep({ depth }: OperationLimits): HubError {
  return limitExceeded('depth', depth, `The document is nested deeper than ${maxNesting} levels.`);
}

/**
 * Pairs of fields under one name at one place of an operation. The specification's rule "Field Selection Merging"
 * compares each such pair with all that is below, so that some kilobytes of repeated fields hold up the whole hub for
 * seconds; a fragment used a hundred times at one place has 4,950 pairs for each of its fields.
 */
const maxRepeatedPairs = 20_000;

/** Levels of brackets, fields and fragments one walks into; the limit on depth is far below, but is checked only later. */
const maxNesting = 500;

/**
 * Refuses a document that would take long to validate, before anything validates it. Fields of introspection count too.
 * @throws {HubError} LIMIT_EXCEEDED - `details.limit` is `fields`, `repeatedFields` or `depth`.
 */
export function assertFewRepeats(document: DocumentNode, limits: OperationLimits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  // A fragment that nothing spreads is validated like one that is used.
  const roots = document.definitions.flatMap((definition) =>
    'selectionSet' in definition ? [definition.selectionSet] : [],
  );
  const counter = new RepeatCounter(fragments, limits);
  for (const root of roots) counter.visit([{ set: root, within: [] }], 1);
}

/** A selection set and the fragments that were spread on the way to it. */
interface Place {
  readonly set: SelectionSetNode;
  readonly within: readonly string[];
}
type Below = Map<string, { count: number; places: Place[] }>;

/** Walks a document with its fragments expanded, one place of the answer at a time. */
class RepeatCounter {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #limits: OperationLimits;
  #selections = 0;
  #pairs = 0;

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>, limits: OperationLimits) {
    this.#fragments = fragments;
    this.#limits = limits;
  }

  /** Selection sets that stand at one place, because their fields have one name. */
  visit(places: readonly Place[], level: number): void {
    const below: Below = new Map();
    for (const place of places) this.#collect(place, level, below);
    for (const { places: inner } of below.values()) if (inner.length) this.visit(inner, level + 1);
  }

  #collect({ set, within }: Place, level: number, below: Below): void {
    if (level > maxNesting) throw tooDeep(this.#limits);
    for (const selection of set.selections) {
      this.#count();
      if (selection.kind === Kind.INLINE_FRAGMENT)
        this.#collect({ set: selection.selectionSet, within }, level + 1, below);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const name = selection.name.value;
        const fragment = this.#fragments.get(name);
        // One that spreads itself is refused by another rule; here it must only come to an end.
        if (fragment && !within.includes(name))
          this.#collect({ set: fragment.selectionSet, within: [...within, name] }, level + 1, below);
      } else this.#addField(selection, within, below);
    }
  }

  #addField({ alias, name, selectionSet }: FieldNode, within: readonly string[], below: Below): void {
    const key = (alias ?? name).value;
    const same = below.get(key) ?? { count: 0, places: [] };
    this.#pairs += same.count++;
    if (selectionSet) same.places.push({ set: selectionSet, within });
    below.set(key, same);
    if (this.#pairs > maxRepeatedPairs)
      throw limitExceeded(
        'repeatedFields',
        maxRepeatedPairs,
        `The document repeats fields too often (${key}, for instance): ask for each field once at its place.`,
      );
  }

  #count(): void {
    this.#selections += 1;
    if (this.#selections > this.#limits.tokens)
      throw limitExceeded(
        'fields',
        this.#limits.tokens,
        `The document has more than ${this.#limits.tokens} selections, fragments expanded.`,
      );
  }
}

/** The rules the gateway adds to those of the GraphQL specification. */
export function validationRules(limits: OperationLimits): ValidationRule[] {
  return [(context) => limitRule(context, limits), noIncrementalDelivery];
}

function limitRule(context: ValidationContext, limits: OperationLimits): ASTVisitor {
  const measure = new Measure(context);
  const report = (node: OperationDefinitionNode, limit: keyof OperationLimits, got: number, what: string) => {
    if (got <= limits[limit]) return;
    const error = limitExceeded(
      limit,
      limits[limit],
      `The operation has ${what}; ${limits[limit]} is the limit.`,
    );
    context.reportError(new GraphQLError(error.message, { nodes: node, originalError: error }));
  };
  return {
    OperationDefinition(node) {
      const size = measure.of(node.selectionSet);
      report(node, 'depth', size.depth, `${size.depth} levels of fields`);
      report(node, 'aliases', size.aliases, `${size.aliases} aliases`);
      report(node, 'rootFields', size.rootFields, `${size.rootFields} fields at its root`);
      report(node, 'directives', size.directives, `${size.directives} directives`);
      report(node, 'fields', size.fields, `${size.fields} fields`);
    },
  };
}

interface Size {
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
  readonly fields: number;
}

const empty: Size = { depth: 0, aliases: 0, rootFields: 0, directives: 0, fields: 0 };

/** Measures selection sets with their fragments expanded, each fragment once: expanding could take forever. */
class Measure {
  readonly #context: ValidationContext;
  readonly #fragments = new Map<string, Size>();

  constructor(context: ValidationContext) {
    this.#context = context;
  }

  of(set: SelectionSetNode): Size {
    return set.selections.map((selection) => this.#withDirectives(selection)).reduce(sum, empty);
  }

  #withDirectives(selection: SelectionSetNode['selections'][number]): Size {
    const size = this.#one(selection);
    const own = selection.directives?.length ?? 0;
    return own ? { ...size, directives: size.directives + own } : size;
  }

  #one(selection: SelectionSetNode['selections'][number]): Size {
    if (selection.kind === Kind.INLINE_FRAGMENT) return this.of(selection.selectionSet);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(selection.name.value);
    if (selection.name.value === '__schema' || selection.name.value === '__type')
      return { ...empty, rootFields: 1, fields: 1 };
    const below = selection.selectionSet ? this.of(selection.selectionSet) : empty;
    return {
      depth: below.depth + 1,
      aliases: below.aliases + (selection.alias ? 1 : 0),
      rootFields: 1,
      directives: below.directives,
      fields: below.fields + 1,
    };
  }

  #fragment(name: string): Size {
    const known = this.#fragments.get(name);
    if (known) return known;
    // A fragment that spreads itself is refused by another rule; here it must only come to an end.
    this.#fragments.set(name, empty);
    const fragment: FragmentDefinitionNode | null | undefined = this.#context.getFragment(name);
    const size = fragment ? this.of(fragment.selectionSet) : empty;
    this.#fragments.set(name, size);
    return size;
  }
}

function sum(a: Size, b: Size): Size {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: a.aliases + b.aliases,
    rootFields: a.rootFields + b.rootFields,
    directives: a.directives + b.directives,
    fields: a.fields + b.fields,
  };
}

function noIncrementalDelivery(context: ValidationContext): ASTVisitor {
  return {
    Directive(node) {
      if (node.name.value !== 'defer' && node.name.value !== 'stream') return;
      const error = incrementalRefused(node.name.value);
      context.reportError(new GraphQLError(error.message, { nodes: node, originalError: error }));
    },
  };
}
