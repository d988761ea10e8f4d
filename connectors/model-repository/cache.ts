/** Keeps documents of a repository on disk: they do not change, so they are fetched once. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export class DocumentCache {
  readonly #folder: string;

  /** @param folder - made when something is kept. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The text kept under a path; `null` when there is none. */
  async read(path: string): Promise<string | null> {
    return readFile(join(this.#folder, path), 'utf8').catch(() => null);
  }

  /** Keeps a text. Not being able to is no failure: the document is fetched again next time. */
  async keep(path: string, text: string): Promise<void> {
    const target = join(this.#folder, path);
    // Written beside and renamed, so that nobody reads half a document.
    const draft = `${target}.${randomUUID()}.tmp`;
    try {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(draft, text);
      await rename(draft, target);
    } catch {
      await rm(draft, { force: true }).catch(() => undefined);
    }
  }
}
