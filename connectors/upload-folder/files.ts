import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { Upload } from '#ontology/ports/upload-store.ts';

/** What `upload.json` holds. */
export type UploadRecord = Omit<Upload, 'offset'>;

const idForm = /^[A-Za-z0-9-]{8,64}$/;
const tenantForm = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** The two files of each upload below one folder. */
export class UploadFiles {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** The folder of an upload; `null` when the id can be none of ours. */
  folderOf(tenant: TenantId, id: string): string | null {
    return idForm.test(id) && tenantForm.test(tenant) ? join(this.#root, tenant, id) : null;
  }

  dataOf(tenant: TenantId, id: string): string {
    const folder = this.folderOf(tenant, id);
    if (!folder) throw new HubError('NOT_FOUND', 'There is no such upload.');
    return join(folder, 'data');
  }

  async create(record: UploadRecord): Promise<void> {
    await translated(async () => {
      await mkdir(join(this.#root, record.tenant, record.id), { recursive: true, mode: 0o700 });
      await writeFile(this.dataOf(record.tenant, record.id), '', { mode: 0o600 });
      await this.write(record);
    });
  }

  async write(record: UploadRecord): Promise<void> {
    const file = join(this.#root, record.tenant, record.id, 'upload.json');
    await translated(async () => {
      const handle = await open(`${file}.new`, 'w', 0o600);
      try {
        await handle.writeFile(JSON.stringify(record));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(`${file}.new`, file);
    });
  }

  /** `null` when there is none, also for half a one that a crash left. */
  async read(tenant: TenantId, id: string): Promise<Upload | null> {
    const folder = this.folderOf(tenant, id);
    if (!folder) return null;
    try {
      const record = JSON.parse(await readFile(join(folder, 'upload.json'), 'utf8')) as UploadRecord;
      const { size } = await stat(join(folder, 'data'));
      return { ...record, offset: size };
    } catch (error) {
      if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return null;
      throw translate(error);
    }
  }

  async remove(tenant: TenantId, id: string): Promise<boolean> {
    const folder = this.folderOf(tenant, id);
    if (!folder || (await this.read(tenant, id)) === null) return false;
    await rm(folder, { recursive: true, force: true });
    return true;
  }

  /** Every upload of one tenant, or of all. */
  async list(tenant?: TenantId): Promise<Upload[]> {
    const tenants = tenant ? [tenant] : ((await names(this.#root)) as TenantId[]);
    const found: Upload[] = [];
    for (const one of tenants)
      for (const id of await names(join(this.#root, one))) {
        const upload = await this.read(one, id);
        if (upload) found.push(upload);
      }
    return found;
  }

  /** Hexadecimal SHA-256 of the bytes. */
  async sha256(tenant: TenantId, id: string): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(this.dataOf(tenant, id))) hash.update(chunk as Buffer);
    return hash.digest('hex');
  }
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw translate(error);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Runs file work; failures become ours. */
export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translate(error);
  }
}

const noRoom: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A failure of the file system in our words. */
export function translate(error: unknown): HubError {
  if (isHubError(error)) return error;
  if (noRoom.includes(codeOf(error)))
    return new HubError('STORAGE_FULL', 'There is no room left for uploads on the disk of the hub.', {
      cause: error,
    });
  return new HubError('STORE_UNAVAILABLE', `The folder of uploads cannot be used: ${messageOf(error)}`, {
    cause: error,
  });
}
