import { readFile } from 'node:fs/promises';
import { messageOf } from '#kernel/errors.ts';
import { documentName, filePresence, readPackage } from '#ontology/aas/package/index.ts';
import type { ImportDocument, ImportFinding } from '#ontology/import.ts';
import { detectStandard } from '#ontology/import.ts';
import type { ImportFormat } from '#ontology/import-job.ts';
import type { PlanDocument } from './messages.ts';

/** What a file turned out to be. */
export interface ReadDocument {
  readonly format: ImportFormat | null;
  /** Documents to plan: one for most formats, those inside for a package. */
  readonly documents: readonly ImportDocument[];
  readonly findings: readonly ImportFinding[];
}

/** What the first bytes say: a ZIP, markup, or neither. @see APPNOTE.TXT 4.3.7 for the signature */
export function sniff(bytes: Uint8Array): 'zip' | 'markup' | 'other' {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] ?? 0) <= 8) return 'zip';
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const first = bytes.subarray(start, start + 1024).find((byte) => byte > 0x20);
  return first === 0x3c ? 'markup' : 'other';
}

/** Reads a file and tells by its content what it is; its name does not matter. */
export async function readDocument({ name, path }: PlanDocument): Promise<ReadDocument> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    return refused(
      null,
      name,
      'hub:fileMissing',
      `The file cannot be read: ${messageOf(error)}. Send it again.`,
    );
  }
  switch (sniff(bytes)) {
    case 'zip':
      return readAasx(name, bytes);
    case 'markup':
      return readMarkup(name, bytes);
    case 'other':
      return readJson(name, bytes);
  }
}

function readJson(name: string, bytes: Uint8Array): ReadDocument {
  const content = decode(bytes);
  if (content === null)
    return refused(null, name, 'hub:notUtf8', 'The file is neither UTF-8 text nor an AASX package.');
  const standard = detectStandard(content);
  if (standard) return { format: standard, documents: [{ name, standard, content }], findings: [] };
  return refused(
    null,
    name,
    'hub:unknownFormat',
    'This is none of: DTDL interfaces, a twin graph (digitalTwinsGraph), an AAS environment (JSON or XML), an AASX package.',
  );
}

/** UTF-8 as text, `null` when it is not; JSON and our XML are UTF-8. @see RFC 8259, 8.1 */
export function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A file that is left out, and why. */
export function refused(
  format: ImportFormat | null,
  document: string,
  code: string,
  message: string,
): ReadDocument {
  const finding: ImportFinding = {
    document,
    pointer: '',
    line: 1,
    column: 1,
    code,
    message,
    severity: 'ERROR',
  };
  return { format, documents: [], findings: [finding] };
}

async function readAasx(name: string, bytes: Uint8Array): Promise<ReadDocument> {
  const read = await readPackage(name, bytes);
  const has = filePresence(read);
  const environments = read.environments.filter(({ alternativeOf }) => alternativeOf === null);
  const documents = environments.map(({ part, text }) => ({
    name: documentName(name, part),
    standard: 'AAS' as const,
    content: text,
    hasFile: (path: string) => has(path, part),
  }));
  return { format: 'AASX', documents, findings: read.findings };
}

function readMarkup(name: string, bytes: Uint8Array): ReadDocument {
  const content = decode(bytes);
  if (content === null) return refused('AAS_XML', name, 'hub:notUtf8', 'The file is not UTF-8 text.');
  return { format: 'AAS_XML', documents: [{ name, standard: 'AAS', content }], findings: [] };
}
