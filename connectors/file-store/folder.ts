import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import { parseTenantId, type TenantId } from '#ontology/ids.ts';
import type { StoredFile } from '#ontology/ports/file-store.ts';

const sha256Form = /^[0-9a-f]{64}$/;
const folderForm = /^[0-9a-f]{2}$/;

/** Where contents lie: `TENANT/AB/SHA256`, and `TENANT/incoming/ID` while they come. Only our own names become paths. */
export class ContentFolder {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** `null` when the text is no SHA-256. */
  pathOf(tenant: TenantId, sha256: string): string | null {
    if (!sha256Form.test(sha256)) return null;
    return join(this.#root, parseTenantId(tenant), sha256.slice(0, 2), sha256);
  }

  /** A place for a content that comes; its folder exists. */
  async incoming(tenant: TenantId, id: string): Promise<string> {
    const folder = join(this.#root, parseTenantId(tenant), 'incoming');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return join(folder, id);
  }

  /** `null` when there is none. */
  async find(tenant: TenantId, sha256: string): Promise<StoredFile | null> {
    const path = this.pathOf(tenant, sha256);
    if (!path) return null;
    try {
      const found = await stat(path);
      return found.isFile() ? { sha256, size: found.size, storedAt: Math.round(found.mtimeMs) } : null;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  }

  /** Gives a content that came its name, so that it survives a crash from here on. */
  async keep(tenant: TenantId, sha256: string, from: string): Promise<void> {
    const path = this.pathOf(tenant, sha256);
    if (!path) throw new HubError('INTERNAL', 'A content has no name.');
    const folder = join(path, '..');
    const isNew = (await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined;
    await rename(from, path);
    await syncFolder(folder);
    if (isNew) await syncFolder(join(folder, '..'));
  }

  /** Marks an equal content as stored anew. */
  async touch(tenant: TenantId, sha256: string, atMs: number): Promise<void> {
    const path = this.pathOf(tenant, sha256);
    if (path) await utimes(path, atMs / 1000, atMs / 1000);
  }

  async remove(tenant: TenantId, sha256: string): Promise<void> {
    const path = this.pathOf(tenant, sha256);
    if (path) await rm(path, { force: true });
  }

  /** SHA-256s of a tenant that come after one, in order, at most `limit`. */
  async names(tenant: TenantId, after: string | null, limit: number): Promise<string[]> {
    const base = join(this.#root, parseTenantId(tenant));
    const first = after?.slice(0, 2) ?? '';
    const found: string[] = [];
    for (const folder of (await entries(base))
      .filter((name) => folderForm.test(name) && name >= first)
      .sort()) {
      const names = (await entries(join(base, folder))).filter((name) => sha256Form.test(name)).sort();
      found.push(...names.filter((name) => after === null || name > after));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  /** Removes what a crash left half written. Only before anything is being written. */
  async clean(): Promise<void> {
    for (const tenant of await entries(this.#root))
      await rm(join(this.#root, tenant, 'incoming'), { recursive: true, force: true });
  }
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** A name survives a crash only when its folder is on the disk. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Windows cannot do it, and need not.
    if (!['EPERM', 'EISDIR', 'EINVAL', 'EBADF'].includes(String(codeOf(error)))) throw error;
  } finally {
    await handle.close();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Runs file work; failures of the file system become ours. */
export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isHubError(error) || typeof codeOf(error) !== 'string' || !/^E[A-Z]+$/.test(String(codeOf(error))))
      throw error;
    if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(codeOf(error))))
      throw new HubError('STORAGE_FULL', 'There is no room left for files on the disk of the hub.', {
        cause: error,
      });
    throw new HubError('STORE_UNAVAILABLE', `The folder of files cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
