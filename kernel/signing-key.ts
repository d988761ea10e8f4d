import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The Ed25519 private key of a file (PKCS #8, PEM), which its owner alone may read; it is made when there is none.
 * @throws {Error} it cannot be read or written; {TypeError} it is another key.
 */
export function openSigningKey(path: string): KeyObject {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (!existsSync(path)) writeNewKey(path);
  return readSigningKey(readFileSync(path, 'utf8'));
}

/** The Ed25519 private key of a PEM text. @throws {Error} it is none; {TypeError} it is another key. */
export function readSigningKey(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519')
    throw new TypeError(`it is a key of type ${key.asymmetricKeyType}`);
  return key;
}

/** Writes beside and links into place: a process that starts at the same moment does not see half a key or overwrite one. */
function writeNewKey(path: string): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
