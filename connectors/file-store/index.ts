/** Contents in a folder of this machine, named by their SHA-256. One process at a time works in it. */
import { createHash, randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { Clock } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { TenantId } from '#ontology/ids.ts';
import type {
  ByteRange,
  FileContent,
  FileStore,
  PutOptions,
  StoredFile,
} from '#ontology/ports/file-store.ts';
import type { Page, PageRequest } from '#ontology/ports/twin-store.ts';
import { ContentFolder, translated } from './folder.ts';

export { readFileStoreConfig, type FileStoreConfig } from './config.ts';

/** Where contents lie and how much may be stored. */
export interface FolderFileStoreConfig {
  /** Made when missing. */
  readonly path: string;
  readonly maxFileBytes: number;
  readonly maxTenantBytes: number;
}

const chunkSize = 256 * 1024;
/** So many contents are remembered as verified. */
const maxVerified = 10_000;

/** Opens the folder and removes what a crash left in it. @throws {HubError} STORE_UNAVAILABLE */
export async function openFolderFileStore(
  config: FolderFileStoreConfig,
  deps: { readonly clock: Clock },
): Promise<FileStore> {
  const folder = new ContentFolder(config.path);
  await translated(() => folder.clean());
  return new FolderFileStore(config, folder, deps.clock);
}

class FolderFileStore implements FileStore {
  readonly #config: FolderFileStoreConfig;
  readonly #folder: ContentFolder;
  readonly #clock: Clock;
  readonly #turns = new Map<TenantId, Promise<unknown>>();
  readonly #usage = new Map<TenantId, Promise<number>>();
  /** `TENANT/SHA256` to the size and time of the file that was verified. */
  readonly #verified = new Map<string, string>();

  constructor(config: FolderFileStoreConfig, folder: ContentFolder, clock: Clock) {
    this.#config = config;
    this.#folder = folder;
    this.#clock = clock;
  }

  async put(
    tenant: TenantId,
    content: Uint8Array | AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ): Promise<StoredFile> {
    return translated(async () => {
      const path = await this.#folder.incoming(tenant, randomUUID());
      try {
        const came = await this.#write(path, content, options);
        return await this.#inTurn(tenant, () => this.#keep(tenant, came, path));
      } finally {
        await rm(path, { force: true });
      }
    });
  }

  async #write(
    path: string,
    content: Uint8Array | AsyncIterable<Uint8Array>,
    options: PutOptions,
  ): Promise<{ sha256: string; size: number }> {
    const maxBytes = Math.min(options.maxBytes ?? Infinity, this.#config.maxFileBytes);
    const hash = createHash('sha256');
    let size = 0;
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of content instanceof Uint8Array ? [content] : content) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge('file', maxBytes);
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const sha256 = hash.digest('hex');
    if (options.sha256 !== undefined && options.sha256 !== sha256)
      throw new HubError('INVALID_INPUT', 'The content does not have the checksum that was announced.', {
        details: { expected: options.sha256, found: sha256 },
      });
    return { sha256, size };
  }

  async #keep(
    tenant: TenantId,
    { sha256, size }: { sha256: string; size: number },
    path: string,
  ): Promise<StoredFile> {
    const now = this.#clock.now();
    const there = await this.#folder.find(tenant, sha256);
    if (there?.size === size) {
      await this.#folder.touch(tenant, sha256, now);
      return { sha256, size, storedAt: now };
    }
    const used = await this.usage(tenant);
    if (used + size > this.#config.maxTenantBytes) throw tooLarge('tenant', this.#config.maxTenantBytes);
    await this.#folder.keep(tenant, sha256, path);
    await this.#folder.touch(tenant, sha256, now);
    this.#usage.set(tenant, Promise.resolve(used + size - (there?.size ?? 0)));
    return { sha256, size, storedAt: now };
  }

  /** Names come and go one after another, so that the sum is right and nobody removes what another one just kept. */
  #inTurn<T>(tenant: TenantId, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(tenant) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(tenant, turn);
    return turn;
  }

  async find(tenant: TenantId, sha256: string): Promise<StoredFile | null> {
    return translated(() => this.#folder.find(tenant, sha256));
  }

  async read(tenant: TenantId, sha256: string, range?: ByteRange): Promise<FileContent | null> {
    return translated(async () => {
      const found = await this.#folder.find(tenant, sha256);
      const path = this.#folder.pathOf(tenant, sha256);
      if (!found || !path) return null;
      await this.#verify(tenant, found, path);
      const end = Math.min(Math.max(range?.end ?? found.size, 0), found.size);
      const clipped = { start: Math.min(Math.max(range?.start ?? 0, 0), end), end };
      return { ...found, range: clipped, bytes: chunksOf(path, clipped) };
    });
  }

  /** Once for each file and process: what is corrupt is never handed out. */
  async #verify(tenant: TenantId, { sha256, size, storedAt }: StoredFile, path: string): Promise<void> {
    const key = `${tenant}/${sha256}`;
    const state = `${size} ${storedAt}`;
    if (this.#verified.get(key) === state) return;
    const hash = createHash('sha256');
    for await (const chunk of chunksOf(path, { start: 0, end: size })) hash.update(chunk);
    if (hash.digest('hex') !== sha256)
      throw new HubError('STORE_CORRUPT', `The file ${sha256} is not what was stored.`, {
        details: { sha256 },
      });
    this.#verified.delete(key);
    this.#verified.set(key, state);
    const [oldest] = this.#verified.keys();
    if (this.#verified.size > maxVerified && oldest !== undefined) this.#verified.delete(oldest);
  }

  async list(tenant: TenantId, { first, after }: PageRequest): Promise<Page<StoredFile>> {
    return translated(async () => {
      const names = await this.#folder.names(tenant, after, first + 1);
      const found = await Promise.all(names.slice(0, first).map((name) => this.#folder.find(tenant, name)));
      return {
        items: found.filter((file) => file !== null),
        next: names.length > first ? (names[first - 1] ?? null) : null,
      };
    });
  }

  usage(tenant: TenantId): Promise<number> {
    const known = this.#usage.get(tenant);
    if (known) return known;
    const counting = this.#count(tenant);
    this.#usage.set(tenant, counting);
    // A failure is not remembered.
    counting.catch(() => this.#usage.delete(tenant));
    return counting;
  }

  async #count(tenant: TenantId): Promise<number> {
    let total = 0;
    for (let after: string | null = null; ;) {
      const { items, next }: Page<StoredFile> = await this.list(tenant, { first: 500, after });
      for (const { size } of items) total += size;
      if (next === null) return total;
      after = next;
    }
  }

  async remove(tenant: TenantId, sha256: string, ifBeforeMs?: number): Promise<boolean> {
    return translated(() =>
      this.#inTurn(tenant, async () => {
        const found = await this.#folder.find(tenant, sha256);
        if (!found || (ifBeforeMs !== undefined && found.storedAt >= ifBeforeMs)) return false;
        const used = await this.usage(tenant);
        await this.#folder.remove(tenant, sha256);
        this.#usage.set(tenant, Promise.resolve(Math.max(0, used - found.size)));
        return true;
      }),
    );
  }

  close(): void {
    this.#verified.clear();
  }
}

function tooLarge(limit: 'file' | 'tenant', max: number): HubError {
  const what = limit === 'file' ? 'The file is' : 'All files together are';
  return new HubError('LIMIT_EXCEEDED', `${what} larger than ${max} bytes.`, { details: { limit, max } });
}

/** Reads while it is asked for more; leaving the loop closes the file. */
async function* chunksOf(path: string, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    for (let at = start; at < end;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(chunkSize, end - at)), 0, null, at);
      if (bytesRead === 0) throw new HubError('STORE_CORRUPT', 'The file ended too early.');
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}
