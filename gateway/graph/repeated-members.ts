/**
 * The members that stand twice in one object of a JSON text, as JSON Pointers (RFC 6901). `JSON.parse` takes the last of
 * them and says nothing, so that a reader of the file may see another one than what counts.
 *
 * @param json - a text that `JSON.parse` takes.
 */
export function repeatedMembers(json: string): string[] {
  const repeated: string[] = [];
  const open: Open[] = [];
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    const within = open.at(-1);
    if (token === '{' || token === '[')
      open.push({ names: token === '{' ? new Set() : null, at: null, items: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && within) Object.assign(within, { at: null, items: within.items + 1 });
    else if (token.startsWith('"') && within?.names && within.at === null) {
      within.at = JSON.parse(token) as string;
      if (within.names.has(within.at)) repeated.push(pointerOf(open));
      within.names.add(within.at);
    }
  }
  return repeated;
}

/** An object or list that has begun. */
interface Open {
  /** `null` of a list. */
  readonly names: Set<string> | null;
  /** The member that is being read; `null` before its name. */
  at: string | null;
  items: number;
}

function pointerOf(open: readonly Open[]): string {
  const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
  return open.map(({ names, at, items }) => `/${names ? escaped(at ?? '') : items}`).join('');
}
