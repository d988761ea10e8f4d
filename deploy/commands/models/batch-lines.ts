/** Longest line, characters; what goes beyond is cut off, and what is left is no JSON. */
const maxLineLength = 134_217_728;

/** The lines of each part of the input as soon as the part is there; a line ends where the next part brings its end. */
export async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('utf-8');
  let open = new OpenLine();
  for await (const bytes of input) {
    const [first = '', ...others] = decoder.decode(bytes, { stream: true }).split('\n');
    open.add(first);
    const last = others.pop();
    if (last === undefined) continue;
    const lines = [open.text(), ...others];
    open = new OpenLine();
    open.add(last);
    yield lines;
  }
  open.add(decoder.decode());
  yield [open.text()];
}

/** A line that comes in parts; joined once, for joining it at each part would take time quadratic in its length. */
class OpenLine {
  readonly #parts: string[] = [];
  #length = 0;

  add(part: string): void {
    const room = maxLineLength - this.#length;
    if (room <= 0) return;
    this.#parts.push(part.length > room ? part.slice(0, room) : part);
    this.#length += part.length;
  }

  text(): string {
    return this.#parts.join('');
  }
}

/** Lines that go to a thread at a time: many small ones, or one large one. */
const maxLines = 64;
const maxCharacters = 262_144;

/** Lists of lines that are not empty. */
export function* listsOf(lines: readonly string[]): Generator<readonly string[]> {
  let list: string[] = [];
  let characters = 0;
  for (const line of lines) {
    if (!line.trim()) continue;
    list.push(line);
    characters += line.length;
    if (list.length < maxLines && characters < maxCharacters) continue;
    yield list;
    [list, characters] = [[], 0];
  }
  if (list.length) yield list;
}
