import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HubError, messageOf } from '#kernel/errors.ts';
import { evidenceKeyId, type EvidenceSigner } from '#ontology/evidence.ts';

/** Files of the evidence key in the data folder: the private one is readable by its owner alone. */
export const evidenceKeyFiles = {
  privateKey: 'evidence-key.pem',
  publicKey: 'evidence-key.pub.pem',
} as const;

/**
 * The signer with the Ed25519 key of a data folder; the key is made at the first start.
 * @throws {HubError} STORE_UNAVAILABLE - the key cannot be read or written, or is not an Ed25519 key.
 */
export function openEvidenceSigner(dataDir: string): EvidenceSigner {
  const path = join(dataDir, evidenceKeyFiles.privateKey);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (!existsSync(path)) writeNewKey(path);
    const privateKey = createPrivateKey(readFileSync(path, 'utf8'));
    if (privateKey.asymmetricKeyType !== 'ed25519')
      throw new TypeError(`it is a key of type ${privateKey.asymmetricKeyType}`);
    const publicKeyPem = String(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }));
    writeFileSync(join(dataDir, evidenceKeyFiles.publicKey), publicKeyPem);
    return {
      keyId: evidenceKeyId(publicKeyPem),
      publicKeyPem,
      sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64url'),
    };
  } catch (error) {
    throw new HubError('STORE_UNAVAILABLE', `Cannot use the evidence key ${path}: ${messageOf(error)}`, {
      cause: error,
      details: { path },
    });
  }
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
