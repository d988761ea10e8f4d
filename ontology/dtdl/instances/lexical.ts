import type { JsonNode } from '../../json-text.ts';

/**
 * A number that was written otherwise than JavaScript writes its value: `3.0`, `1e3`, `9007199254740993`, `1e400`.
 * Whether it is an integer, or fits its type, is told by its text.
 */
export class JsonNumber {
  readonly value: number;
  readonly lexeme: string;

  constructor(value: number, lexeme: string) {
    this.value = value;
    this.lexeme = lexeme;
  }
}

/** The plain value of a node as `toPlain` gives it, except that numbers of unusual text are `JsonNumber`s. */
export function toLexical(node: JsonNode): unknown {
  if (node.kind === 'scalar')
    return typeof node.value === 'number' && node.lexeme !== undefined
      ? new JsonNumber(node.value, node.lexeme)
      : node.value;
  if (node.kind === 'array') return node.items.map(toLexical);
  const plain: Record<string, unknown> = {};
  for (const [name, value] of node.members) define(plain, name, toLexical(value));
  return plain;
}

/** Sets a member of its own, whatever its name (`__proto__` too). */
function define(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

/** A value as text for a message, shortened. */
export function shown(value: unknown): string {
  if (value instanceof JsonNumber) return value.lexeme;
  const text =
    JSON.stringify(value, (_, inner: unknown) => (inner instanceof JsonNumber ? inner.value : inner)) ??
    String(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
