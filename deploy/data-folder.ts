import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { lockFile } from '#connectors/sqlite/file-lock.ts';
import { HubError, messageOf } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';

/** A folder with everything one hub keeps on its machine; readable by its owner alone. */
export interface DataFolder {
  readonly path: string;
  file(name: string): string;
}

/** Opens the folder, making it when it is missing. @throws {HubError} STORE_UNAVAILABLE */
export function openDataFolder(path: string): DataFolder {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new HubError('STORE_UNAVAILABLE', `Cannot use the data folder ${path}: ${messageOf(error)}`, {
      cause: error,
      details: { path },
    });
  }
  return { path, file: (name) => join(path, name) };
}

/**
 * From now on what this process and its children write is readable by its owner alone; files that lie in the folder
 * already are made so. The folder itself may be one that others made and share, so its mode is left as it is.
 */
export function keepPrivate(folder: DataFolder): void {
  process.umask(0o077);
  for (const entry of readdirSync(folder.path, { withFileTypes: true })) {
    const file = folder.file(entry.name);
    if (entry.isFile() && ownFile.test(entry.name) && statSync(file).mode & 0o077) chmodSync(file, 0o600);
  }
}

/** Never a stranger's file in a folder that is shared. */
const ownFile =
  /^(hub|messages|telemetry)\.|^(session-key|identity-key|subgraph-identity-key|signed-out|evidence-key)/;

/** Makes sure that one hub alone works in the folder. @throws {HubError} STORE_LOCKED */
export function lockDataFolder(folder: DataFolder): Closable {
  const hint = `Another hub works in the data folder ${folder.path}. Stop it, or choose another folder with --data.`;
  return lockFile(folder.file('hub.lock'), hint);
}

/** Bytes made once and kept in the folder. */
export function keepSecret(folder: DataFolder, name: string, bytes: number): Uint8Array {
  const file = folder.file(name);
  if (!existsSync(file)) writeWhole(file, randomBytes(bytes).toString('base64url'));
  const secret = Buffer.from(readFileSync(file, 'utf8'), 'base64url');
  if (secret.length === bytes) return secret;
  throw new HubError(
    'STORE_UNAVAILABLE',
    `${file} does not hold a secret of ${bytes} bytes. Put it back from a backup, or remove it: a new one is made, and everybody signs in again.`,
    {
      details: { path: file },
    },
  );
}

/** A small record of numbers kept in the folder; a file that cannot be read counts as empty. */
export function keepRecord(
  folder: DataFolder,
  name: string,
): { read(): Readonly<Record<string, number>>; write(record: Readonly<Record<string, number>>): void } {
  const file = folder.file(name);
  return {
    read: () => {
      const record: unknown = existsSync(file) ? parsedOrNull(readFileSync(file, 'utf8')) : null;
      const entries = record !== null && typeof record === 'object' ? Object.entries(record) : [];
      return Object.fromEntries(
        entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
      );
    },
    write: (record) => writeWhole(file, JSON.stringify(record)),
  };
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** An Ed25519 key pair made once and kept in the folder as JWK. @see RFC 8037 */
export async function keepKeyPair(
  folder: DataFolder,
  name: string,
): Promise<{ privateKey: CryptoKey; publicKey: CryptoKey; privateJwk: JWK }> {
  const file = folder.file(name);
  if (!existsSync(file)) {
    const made = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    writeWhole(file, JSON.stringify(await exportJWK(made.privateKey)));
  }
  const privateJwk = readJwk(file);
  const publicJwk: JWK = { kty: privateJwk.kty, crv: privateJwk.crv, x: privateJwk.x } as JWK;
  return {
    privateKey: (await importJWK(privateJwk, 'EdDSA')) as CryptoKey,
    publicKey: (await importJWK(publicJwk, 'EdDSA')) as CryptoKey,
    privateJwk,
  };
}

/** @throws {HubError} STORE_UNAVAILABLE - the file does not hold a key of this kind. */
function readJwk(file: string): JWK {
  let jwk: JWK | null = null;
  try {
    jwk = JSON.parse(readFileSync(file, 'utf8')) as JWK;
  } catch {
    // Said below: a parser's message could show a part of the key.
  }
  if (jwk?.kty === 'OKP' && jwk.x && jwk.d) return jwk;
  const advice =
    'Put it back from a backup, or remove it: a new one is made, and tokens given out before are no longer valid.';
  throw new HubError('STORE_UNAVAILABLE', `${file} does not hold a key. ${advice}`, {
    details: { path: file },
  });
}

/** Written under another name first, so that a crash leaves no half a key. */
function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
