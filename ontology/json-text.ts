/**
 * Reads JSON text into values that remember where they stand: what importers need to name the place of a fault. Strict
 * RFC 8259, except for a byte order mark at the beginning. Object members are Maps, so `__proto__` is a name like any
 * other.
 */
import { pointerTo } from './json-pointer.ts';

export type JsonNode = JsonObject | JsonArray | JsonScalar;

export interface JsonObject {
  readonly kind: 'object';
  /** Offset of the first character in the text. */
  readonly at: number;
  readonly end: number;
  readonly members: ReadonlyMap<string, JsonNode>;
  /** Offset of each member's name. */
  readonly names: ReadonlyMap<string, number>;
  /** Names that stand more than once; the last one's value is kept. */
  readonly repeated: readonly string[];
}

export interface JsonArray {
  readonly kind: 'array';
  readonly at: number;
  readonly end: number;
  readonly items: readonly JsonNode[];
}

export interface JsonScalar {
  readonly kind: 'scalar';
  readonly at: number;
  readonly end: number;
  readonly value: string | number | boolean | null;
  /** A number's text where JavaScript writes its value otherwise: `3.0`, `1e3`, `9007199254740993`. */
  readonly lexeme?: string;
}

/** Why a text is not JSON, and where. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
  readonly line: number;
  readonly column: number;
  readonly reason: 'syntax' | 'depth';

  constructor(message: string, reason: 'syntax' | 'depth', place: { line: number; column: number }) {
    super(message);
    this.reason = reason;
    this.line = place.line;
    this.column = place.column;
  }
}

/** Levels of nesting read; deeper text is refused, so that no reader of the result can run out of stack. */
export const maxJsonDepth = 256;

/** A JSON document with its places. */
export class JsonText {
  readonly root: JsonNode;
  readonly #lineStarts: readonly number[];

  private constructor(root: JsonNode, lineStarts: readonly number[]) {
    this.root = root;
    this.#lineStarts = lineStarts;
  }

  /** @throws {JsonTextError} not JSON, or nested deeper than 256 levels. */
  static parse(text: string): JsonText {
    const lineStarts = startsOfLines(text);
    const root = new Parser(text, (offset) => placeAt(lineStarts, offset)).document();
    return new JsonText(root, lineStarts);
  }

  /** Line and column, from 1, of the value a pointer names, or of the nearest one above it that exists. */
  placeOf(pointer: string): { line: number; column: number } {
    let node = this.root;
    let at = node.at;
    for (const step of pointer.split('/').slice(1)) {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const next: JsonNode | undefined =
        node.kind === 'object'
          ? node.members.get(name)
          : node.kind === 'array'
            ? node.items[Number(name)]
            : undefined;
      if (!next) break;
      // A member's name is where people look; its value may start lines below.
      at = node.kind === 'object' ? (node.names.get(name) ?? next.at) : next.at;
      node = next;
    }
    return placeAt(this.#lineStarts, at);
  }
}

/** The plain JavaScript value of a node, as JSON.parse gives it. */
export function toPlain(node: JsonNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map(toPlain);
  const plain: Record<string, unknown> = {};
  for (const [name, value] of node.members) {
    // Assigning to __proto__ would set the prototype; everything else may take the fast way.
    if (name !== '__proto__') plain[name] = toPlain(value);
    else
      Object.defineProperty(plain, name, {
        value: toPlain(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return plain;
}

/** Pointers of all members that stand more than once, below and including `node`. */
export function* repeatedMembers(node: JsonNode, pointer = ''): Generator<string> {
  if (node.kind === 'array')
    for (const [i, item] of node.items.entries()) yield* repeatedMembers(item, pointerTo(pointer, i));
  if (node.kind !== 'object') return;
  for (const name of node.repeated) yield pointerTo(pointer, name);
  for (const [name, value] of node.members) yield* repeatedMembers(value, pointerTo(pointer, name));
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function placeAt(lineStarts: readonly number[], offset: number): { line: number; column: number } {
  let [low, high] = [0, lineStarts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

const blank = /[ \t\r\n]*/y;
// Sticky patterns find the end of a token; JSON.parse then gives its exact value.
const stringToken = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const otherToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Whether JavaScript writes the number just so; up to 15 digits it always does, which saves writing most of them. */
function isOwnText(token: string, value: number): boolean {
  return (token.length <= 15 && /^[1-9]\d*$|^0$/.test(token)) || String(value) === token;
}

class Parser {
  readonly #text: string;
  readonly #place: (offset: number) => { line: number; column: number };
  #at = 0;

  constructor(text: string, place: (offset: number) => { line: number; column: number }) {
    this.#text = text;
    this.#place = place;
  }

  document(): JsonNode {
    if (this.#text.startsWith('\uFEFF')) this.#at = 1;
    const root = this.#value(1);
    this.#skipBlank();
    if (this.#at < this.#text.length) this.#fail('the end of the document was expected');
    return root;
  }

  #value(depth: number): JsonNode {
    this.#skipBlank();
    if (depth > maxJsonDepth)
      throw new JsonTextError(
        `The document is nested deeper than ${maxJsonDepth} levels.`,
        'depth',
        this.#place(this.#at),
      );
    const first = this.#text[this.#at];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    const at = this.#at;
    const token = first === '"' ? this.#take(stringToken) : this.#take(otherToken);
    if (!token) this.#fail('a JSON value was expected');
    const value = JSON.parse(token) as string | number | boolean | null;
    const scalar = { kind: 'scalar', at, end: this.#at, value } as const;
    return typeof value === 'number' && !isOwnText(token, value) ? { ...scalar, lexeme: token } : scalar;
  }

  #object(depth: number): JsonObject {
    const at = this.#at++;
    const members = new Map<string, JsonNode>();
    const names = new Map<string, number>();
    const repeated: string[] = [];
    if (!this.#taken('}')) {
      do {
        this.#skipBlank();
        const nameAt = this.#at;
        const token = this.#take(stringToken) ?? this.#fail('a member name in double quotes was expected');
        const name = JSON.parse(token) as string;
        if (!this.#taken(':')) this.#fail('":" was expected');
        if (members.has(name)) repeated.push(name);
        members.set(name, this.#value(depth + 1));
        names.set(name, nameAt);
      } while (this.#taken(','));
      if (!this.#taken('}')) this.#fail('"," or "}" was expected');
    }
    return { kind: 'object', at, end: this.#at, members, names, repeated };
  }

  #array(depth: number): JsonArray {
    const at = this.#at++;
    const items: JsonNode[] = [];
    if (!this.#taken(']')) {
      do items.push(this.#value(depth + 1));
      while (this.#taken(','));
      if (!this.#taken(']')) this.#fail('"," or "]" was expected');
    }
    return { kind: 'array', at, end: this.#at, items };
  }

  #skipBlank(): void {
    blank.lastIndex = this.#at;
    blank.test(this.#text);
    this.#at = blank.lastIndex;
  }

  #taken(sign: string): boolean {
    this.#skipBlank();
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found?.[0] ?? null;
  }

  #fail(what: string): never {
    throw new JsonTextError(`Not JSON: ${what}.`, 'syntax', this.#place(this.#at));
  }
}
