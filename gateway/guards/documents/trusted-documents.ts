import { createHash } from 'node:crypto';
import { stripIgnoredCharacters } from 'graphql';
import { BoundedCache } from '../../engine/bounded-cache.ts';

/** Documents that are known before they are sent: those of the console and of manifests. */
export class TrustedDocuments {
  readonly #byId = new Map<string, string>();
  /** Texts without what means nothing, so that a client may print its document in its own way. */
  readonly #texts = new Set<string>();
  #longest = 0;
  readonly #strippedTexts = new BoundedCache<string, string>(1_000);

  get size(): number {
    return this.#byId.size;
  }

  /** @param id - as clients will name it; the document's SHA-256 in hex names it too. */
  add(id: string, text: string): void {
    this.#byId.set(id, text);
    this.#byId.set(sha256(text), text);
    this.#texts.add(stripped(text));
    this.#longest = Math.max(this.#longest, text.length);
  }

  /** @param id - also with the algorithm before it: `sha256:HASH`. */
  byId(id: string): string | undefined {
    return this.#byId.get(id) ?? (id.startsWith('sha256:') ? this.#byId.get(id.slice(7)) : undefined);
  }

  includes(text: string): boolean {
    if (this.#texts.has(text)) return true;
    // However it is printed, it does not get this long; what does is not worth reading.
    if (text.length > 10 * this.#longest) return false;
    let plain = this.#strippedTexts.get(text);
    if (plain === undefined) this.#strippedTexts.set(text, (plain = stripped(text)));
    return this.#texts.has(plain);
  }
}

/** SHA-256 of a document's text, hex, lower case. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A text that is no document stays what it is. */
function stripped(text: string): string {
  try {
    return stripIgnoredCharacters(text);
  } catch {
    return text;
  }
}
