import { createPublicKey, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HubError, messageOf } from '#kernel/errors.ts';
import { openSigningKey } from '#kernel/signing-key.ts';
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
    const privateKey = openSigningKey(path);
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
