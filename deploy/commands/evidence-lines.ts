import { HubError } from '#kernel/errors.ts';
import type { EvidenceCheckpoint, EvidenceEntry } from '#ontology/evidence.ts';

/** An exported evidence log: one JSON object a line, told apart by `record`. */
export interface EvidenceLines {
  readonly entries: readonly EvidenceEntry[];
  readonly checkpoints: readonly EvidenceCheckpoint[];
  /** PEM, `null` when the export has none. */
  readonly publicKey: string | null;
}

const fields = {
  entry: {
    tenant: 'string',
    sequence: 'number',
    at: 'number',
    kind: 'string',
    subject: 'string',
    previousHash: 'string',
    hash: 'string',
  },
  checkpoint: {
    tenant: 'string',
    sequence: 'number',
    at: 'number',
    hash: 'string',
    keyId: 'string',
    signature: 'string',
  },
  publicKey: { pem: 'string' },
} as const;

/** Reads an export. @throws {HubError} INVALID_INPUT - naming the line. */
export function parseEvidenceLines(text: string): EvidenceLines {
  const entries: EvidenceEntry[] = [];
  const checkpoints: EvidenceCheckpoint[] = [];
  let publicKey: string | null = null;
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const { record, ...rest } = parseLine(line, index + 1);
    if (record === 'entry') entries.push(rest as unknown as EvidenceEntry);
    else if (record === 'checkpoint') checkpoints.push(rest as unknown as EvidenceCheckpoint);
    else publicKey = String(rest['pem']);
  });
  return { entries, checkpoints, publicKey };
}

function parseLine(line: string, number: number): Record<string, unknown> & { record: keyof typeof fields } {
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(line) as Record<string, unknown> | null;
  } catch (error) {
    throw invalid(number, 'it is not JSON', error);
  }
  const record = value?.['record'];
  if (record !== 'entry' && record !== 'checkpoint' && record !== 'publicKey')
    throw invalid(number, 'record is not entry, checkpoint or publicKey');
  const wrong = Object.entries(fields[record]).find(([name, type]) => typeof value?.[name] !== type);
  if (wrong) throw invalid(number, `${wrong[0]} is not a ${wrong[1]}`);
  return { ...value, record };
}

function invalid(line: number, why: string, cause?: unknown): HubError {
  return new HubError('INVALID_INPUT', `Line ${line} is not of an evidence export: ${why}.`, {
    details: { line },
    cause,
  });
}
