import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { Clock } from '#kernel/clock.ts';
import { HubError, isHubError } from '#kernel/errors.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { AppendOptions, Upload, UploadStore } from '#ontology/ports/upload-store.ts';
import { translate, translated, UploadFiles, type UploadRecord } from './files.ts';

/** Limits of the uploads. */
export interface UploadFolderConfig {
  /** Folder for all uploads; made when missing. */
  readonly path: string;
  /** Largest single upload, bytes. */
  readonly maxUploadBytes: number;
  /** All uploads of a tenant together, bytes. */
  readonly maxTenantBytes: number;
  /** How long an upload may lie unfinished or unused, milliseconds. */
  readonly lifetimeMs: number;
}

export interface UploadFolderDeps {
  readonly clock: Clock;
  /** Makes ids that nobody can guess. */
  readonly newId: () => string;
}

/** Bytes that an upload of no known length takes room for at a time. */
const growthStep = 16 * 1024 * 1024;

/** Uploads in a folder of this machine. */
export function createUploadFolder(config: UploadFolderConfig, deps: UploadFolderDeps): UploadStore {
  return new UploadFolder(config, deps);
}

class UploadFolder implements UploadStore {
  readonly #config: UploadFolderConfig;
  readonly #deps: UploadFolderDeps;
  readonly #files: UploadFiles;
  /** Uploads that are being written at this moment. */
  readonly #busy = new Set<string>();
  /** Where uploads of no known length may grow to without asking again, by tenant and id. */
  readonly #granted = new Map<string, number>();

  constructor(config: UploadFolderConfig, deps: UploadFolderDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#files = new UploadFiles(config.path);
  }

  async create(wanted: {
    tenant: TenantId;
    name: string;
    by: string;
    length: number | null;
  }): Promise<Upload> {
    const { tenant, name, by, length } = wanted;
    if (length !== null) this.#assertSize(length);
    await this.#assertRoom(tenant, { id: null, bytes: length ?? 0 });
    const record: UploadRecord = {
      tenant,
      id: this.#deps.newId(),
      name: name.slice(0, 255),
      by,
      length,
      sha256: null,
      job: null,
      expiresAt: this.#deps.clock.now() + this.#config.lifetimeMs,
    };
    await this.#files.create(record);
    // Others may have been made meanwhile: of several at once, none is let through that does not fit.
    if (length) {
      const { id } = record;
      await this.#assertRoom(tenant, { id, bytes: length }).catch((error) => this.#dropped(record, error));
    }
    return length === 0 ? this.#finish({ ...record, offset: 0 }) : { ...record, offset: 0 };
  }

  async find(tenant: TenantId, id: string): Promise<Upload | null> {
    const upload = await this.#files.read(tenant, id);
    return upload && this.#isAlive(upload) ? upload : null;
  }

  async append(
    tenant: TenantId,
    id: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    options: AppendOptions = {},
  ): Promise<Upload> {
    const key = `${tenant}/${id}`;
    if (this.#busy.has(key))
      throw new HubError('REVISION_CONFLICT', 'Somebody else is sending to this upload at this moment.', {
        details: { id, reason: 'busy' },
      });
    this.#busy.add(key);
    try {
      return await this.#append(await this.#known(tenant, id), offset, bytes, options);
    } finally {
      this.#busy.delete(key);
      this.#granted.delete(key);
    }
  }

  async #append(
    upload: Upload,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    options: AppendOptions,
  ): Promise<Upload> {
    const { tenant, id } = upload;
    if (upload.offset !== offset)
      throw new HubError('REVISION_CONFLICT', `The upload ends at ${upload.offset}, not at ${offset}.`, {
        details: { id, expected: offset, found: upload.offset },
      });
    const file = await translated(() => open(this.#files.dataOf(tenant, id), 'r+'));
    try {
      const end = await this.#write(file, upload, bytes, options.checksum);
      const length = options.complete ? end : upload.length;
      const next = { ...upload, length, offset: end };
      if (length !== null && end === length && upload.sha256 === null) return await this.#finish(next);
      return next;
    } finally {
      await file.close();
    }
  }

  /** @returns where the upload ends then. What came before a failure of the sender stays, unless a checksum guards it. */
  async #write(
    file: FileHandle,
    upload: Upload,
    bytes: AsyncIterable<Uint8Array>,
    checksum: AppendOptions['checksum'],
  ): Promise<number> {
    const hash = checksum && createHash(checksum.algorithm);
    let end = upload.offset;
    try {
      for await (const chunk of bytes) {
        this.#assertFits(upload, end + chunk.length);
        if (upload.length === null) await this.#grow(upload, end + chunk.length);
        await writeAll(file, chunk, end);
        hash?.update(chunk);
        end += chunk.length;
      }
      if (hash && checksum && !hash.digest().equals(checksum.digest))
        throw new HubError('INVALID_INPUT', `The ${checksum.algorithm} checksum of the bytes sent differs.`, {
          details: { rule: 'checksum' },
        });
      await file.datasync();
      return end;
    } catch (error) {
      const keep = !hash && isHubError(error, 'CANCELLED');
      // Half a chunk may have reached the disk when it is full; the record has to end where the sender thinks.
      await file.truncate(keep ? end : upload.offset).catch(() => undefined);
      throw translate(error);
    }
  }

  async setLength(tenant: TenantId, id: string, length: number): Promise<Upload> {
    const upload = await this.#known(tenant, id);
    if (upload.length !== null && upload.length !== length)
      throw new HubError('INVALID_INPUT', `The length of the upload was said to be ${upload.length}.`, {
        details: { id },
      });
    this.#assertSize(length);
    if (length < upload.offset)
      throw new HubError('INVALID_INPUT', `The upload has ${upload.offset} bytes already.`, {
        details: { id },
      });
    const next = { ...upload, length };
    const key = `${tenant}/${id}`;
    this.#granted.set(key, length);
    try {
      await this.#assertRoom(tenant, { id, bytes: length });
      if (upload.offset === length) return await this.#finish(next);
      await this.#files.write(withoutOffset(next));
      return next;
    } finally {
      this.#granted.delete(key);
    }
  }

  async claim(tenant: TenantId, ids: readonly string[], job: string): Promise<readonly Upload[]> {
    const uploads: Upload[] = [];
    for (const id of ids) {
      const upload = await this.#known(tenant, id);
      if (upload.sha256 === null)
        throw new HubError(
          'INVALID_INPUT',
          `The upload ${id} is not complete: ${upload.offset} bytes are here.`,
          {
            details: { id, offset: upload.offset, length: upload.length },
          },
        );
      if (upload.job !== null && upload.job !== job)
        throw new HubError('INVALID_INPUT', `The upload ${id} belongs to another import.`, {
          details: { id },
        });
      uploads.push({ ...upload, job });
    }
    for (const upload of uploads) await this.#files.write(withoutOffset(upload));
    return uploads;
  }

  async claimed(): Promise<readonly Upload[]> {
    return (await this.#files.list()).filter((upload) => upload.job !== null);
  }

  remove(tenant: TenantId, id: string): Promise<boolean> {
    return this.#files.remove(tenant, id);
  }

  async expire(): Promise<number> {
    const late = (await this.#files.list()).filter(
      (upload) => !this.#isAlive(upload) && !this.#busy.has(`${upload.tenant}/${upload.id}`),
    );
    for (const { tenant, id } of late) await this.#files.remove(tenant, id);
    return late.length;
  }

  pathOf(tenant: TenantId, id: string): string {
    return this.#files.dataOf(tenant, id);
  }

  async #finish(upload: Upload): Promise<Upload> {
    const sha256 = await translated(() => this.#files.sha256(upload.tenant, upload.id));
    const done = { ...upload, sha256 };
    await this.#files.write(withoutOffset(done));
    return done;
  }

  async #known(tenant: TenantId, id: string): Promise<Upload> {
    const upload = await this.find(tenant, id);
    if (upload) return upload;
    throw new HubError('NOT_FOUND', 'There is no upload with this id; it may have expired.', {
      details: { id },
    });
  }

  #isAlive(upload: Upload): boolean {
    return upload.job !== null || upload.expiresAt > this.#deps.clock.now();
  }

  #assertFits(upload: Upload, end: number): void {
    if (upload.length !== null && end > upload.length)
      throw new HubError('LIMIT_EXCEEDED', `More bytes came than the ${upload.length} that were announced.`, {
        details: { limit: 'uploadLength', max: upload.length },
      });
    this.#assertSize(end);
  }

  #assertSize(bytes: number): void {
    const max = this.#config.maxUploadBytes;
    if (bytes > max)
      throw new HubError(
        'LIMIT_EXCEEDED',
        `An upload may have ${max} bytes (TWINHUB_IMPORT_MAX_UPLOAD_BYTES).`,
        {
          details: { limit: 'uploadBytes', max },
        },
      );
  }

  /** Takes room for an upload of no known length before its bytes are written, a step at a time. */
  async #grow({ tenant, id }: Upload, end: number): Promise<void> {
    const key = `${tenant}/${id}`;
    if (end <= (this.#granted.get(key) ?? 0)) return;
    // Noted before it is looked whether it fits: of several at once, none is let through that does not.
    this.#granted.set(key, end);
    await this.#assertRoom(tenant, { id, bytes: end });
    const step = Math.min(growthStep, this.#config.maxTenantBytes / 100);
    this.#granted.set(key, end + step);
    await this.#assertRoom(tenant, { id, bytes: end + step }).catch(() => this.#granted.set(key, end));
  }

  async #dropped({ tenant, id }: UploadRecord, error: unknown): Promise<never> {
    await this.#files.remove(tenant, id);
    throw error;
  }

  /** @param wanted - what an upload is to have in all; those of the others are added. */
  async #assertRoom(tenant: TenantId, wanted: { id: string | null; bytes: number }): Promise<void> {
    const max = this.#config.maxTenantBytes;
    const uploads = (await this.#files.list(tenant)).filter((upload) => this.#isAlive(upload));
    const sizeOf = ({ id, length, offset }: Upload) =>
      Math.max(length ?? 0, offset, this.#granted.get(`${tenant}/${id}`) ?? 0);
    const used = uploads.filter(({ id }) => id !== wanted.id).reduce((sum, one) => sum + sizeOf(one), 0);
    if (used + wanted.bytes > max)
      throw new HubError(
        'LIMIT_EXCEEDED',
        `The uploads of a tenant may have ${max} bytes together (TWINHUB_IMPORT_MAX_STORED_BYTES); ${used} are taken. Finish or delete some.`,
        { details: { limit: 'storedBytes', max, used } },
      );
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < chunk.length) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
}

function withoutOffset({ offset: _, ...record }: Upload): UploadRecord {
  return record;
}
