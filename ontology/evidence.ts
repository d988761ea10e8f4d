import { createHash, createPublicKey, verify } from 'node:crypto';
import { canonicalJson, sha256Hex } from '#kernel/canonical.ts';
import type { TenantId } from './ids.ts';

/** What is written down: `body` is a JSON value. */
export interface EvidenceInput {
  readonly tenant: TenantId;
  /** Epoch ms. */
  readonly at: number;
  /** e.g. `workflow.step`. */
  readonly kind: string;
  /** What it is about, e.g. a workflow id. */
  readonly subject: string;
  readonly body: unknown;
}

/** An entry of a tenant's append-only log; `hash` covers everything else, `previousHash` links it to the one before. */
export interface EvidenceEntry extends EvidenceInput {
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly previousHash: string;
  /** SHA-256 of the canonical JSON of all other fields, hexadecimal. */
  readonly hash: string;
}

/** A signed statement that the log up to `sequence` ends in `hash`. */
export interface EvidenceCheckpoint {
  readonly tenant: TenantId;
  readonly sequence: number;
  readonly hash: string;
  /** Epoch ms. */
  readonly at: number;
  /** First 16 hexadecimal digits of the SHA-256 of the public key (SPKI DER). */
  readonly keyId: string;
  /** Ed25519 over the canonical JSON of the other fields, base64url. @see RFC 8032 */
  readonly signature: string;
}

/** Signs checkpoints; the private key stays inside. */
export interface EvidenceSigner {
  readonly keyId: string;
  /** SPKI, PEM. */
  readonly publicKeyPem: string;
  sign(text: string): string;
}

/** What the first entry links to. */
export const genesisHash = '0'.repeat(64);

/** The entry that follows `previous`; `body` is taken as its JSON text would give it back. */
export function linkEvidence(
  input: EvidenceInput,
  previous: Pick<EvidenceEntry, 'sequence' | 'hash'> | null,
): EvidenceEntry {
  const { tenant, at, kind, subject } = input;
  const body: unknown = JSON.parse(JSON.stringify(input.body ?? null));
  const open = {
    tenant,
    at,
    kind,
    subject,
    body,
    sequence: (previous?.sequence ?? 0) + 1,
    previousHash: previous?.hash ?? genesisHash,
  };
  return { ...open, hash: hashEvidence(open) };
}

/** SHA-256 over the canonical JSON of an entry without its hash. */
export function hashEvidence(entry: Omit<EvidenceEntry, 'hash'>): string {
  const { tenant, sequence, at, kind, subject, body, previousHash } = entry;
  return sha256Hex(canonicalJson({ tenant, sequence, at, kind, subject, body, previousHash }));
}

/** A signed checkpoint at an entry. */
export function signCheckpoint(entry: EvidenceEntry, at: number, signer: EvidenceSigner): EvidenceCheckpoint {
  const open = { tenant: entry.tenant, sequence: entry.sequence, hash: entry.hash, at, keyId: signer.keyId };
  return { ...open, signature: signer.sign(canonicalJson(open)) };
}

/** The id of a public key (SPKI, PEM). @throws {TypeError} not a public key */
export function evidenceKeyId(publicKeyPem: string): string {
  const der = createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

/** One thing that is wrong with a log. */
export interface EvidenceFinding {
  readonly tenant: string;
  /** Where; `null` when it concerns the whole log. */
  readonly sequence: number | null;
  readonly text: string;
}

/** What a check of a log found. */
export interface EvidenceVerdict {
  readonly findings: readonly EvidenceFinding[];
  readonly entries: number;
  readonly checkpoints: number;
  /** Entries after the last good checkpoint of their tenant: linked, but not signed yet. */
  readonly unsigned: number;
}

/**
 * Checks links, hashes, gaps and signatures of one or more tenants' logs and goes on after the first fault.
 * @param entries - whole logs, in any order; what was cut off is found only up to the last checkpoint.
 * @param publicKeyPem - SPKI, PEM; take it from a place the keeper of the log cannot write to.
 */
export function verifyEvidence(
  entries: readonly EvidenceEntry[],
  checkpoints: readonly EvidenceCheckpoint[],
  publicKeyPem: string,
): EvidenceVerdict {
  const tenants = new Set([...entries, ...checkpoints].map((item) => item.tenant));
  const verdicts = [...tenants].sort().map((tenant) =>
    verifyTenant(
      tenant,
      entries.filter((entry) => entry.tenant === tenant).sort((a, b) => a.sequence - b.sequence),
      checkpoints
        .filter((checkpoint) => checkpoint.tenant === tenant)
        .sort((a, b) => a.sequence - b.sequence),
      publicKeyPem,
    ),
  );
  return {
    findings: verdicts.flatMap((verdict) => verdict.findings),
    entries: entries.length,
    checkpoints: checkpoints.length,
    unsigned: verdicts.reduce((sum, verdict) => sum + verdict.unsigned, 0),
  };
}

function verifyTenant(
  tenant: string,
  entries: readonly EvidenceEntry[],
  checkpoints: readonly EvidenceCheckpoint[],
  publicKeyPem: string,
) {
  const findings: EvidenceFinding[] = [];
  const report = (sequence: number | null, text: string) => findings.push({ tenant, sequence, text });
  let previous: EvidenceEntry | null = null;
  for (const entry of entries) {
    const expected: number = (previous?.sequence ?? 0) + 1;
    if (entry.sequence !== expected)
      report(entry.sequence, `Entry ${expected} should stand here: entries are missing or doubled.`);
    else if (entry.previousHash !== (previous?.hash ?? genesisHash))
      report(entry.sequence, 'It does not link to the entry before it.');
    if (hashEvidence(entry) !== entry.hash)
      report(entry.sequence, 'Its content does not give its hash: it was changed after it was written.');
    previous = entry;
  }
  const byNumber = new Map(entries.map((entry) => [entry.sequence, entry]));
  let signedTo = 0;
  for (const checkpoint of checkpoints) {
    const fault = checkpointFault(checkpoint, byNumber.get(checkpoint.sequence), publicKeyPem);
    if (fault) report(checkpoint.sequence, fault);
    else signedTo = checkpoint.sequence;
  }
  if (entries.length && !checkpoints.length) report(null, 'It has no signed checkpoint.');
  return { findings, unsigned: entries.filter((entry) => entry.sequence > signedTo).length };
}

function checkpointFault(
  checkpoint: EvidenceCheckpoint,
  entry: EvidenceEntry | undefined,
  publicKeyPem: string,
): string | null {
  const { signature, ...open } = checkpoint;
  const keyId = evidenceKeyId(publicKeyPem);
  if (checkpoint.keyId !== keyId)
    return `The checkpoint was signed with key ${checkpoint.keyId}, not with ${keyId}.`;
  const text = Buffer.from(canonicalJson(open), 'utf8');
  if (!verify(null, text, createPublicKey(publicKeyPem), Buffer.from(signature, 'base64url')))
    return "The checkpoint's signature is not valid.";
  if (!entry) return 'A checkpoint was signed here, but the entry is missing: the log was cut off.';
  if (entry.hash !== checkpoint.hash) return 'The entry is not the one the checkpoint was signed for.';
  return null;
}
