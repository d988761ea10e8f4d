import { FindingSink, type ImportFinding } from '../import-finding.ts';
import { JsonText, JsonTextError, repeatedMembers } from '../json-text.ts';
import { messageOf } from '#kernel/errors.ts';

export const importStandards = ['DTDL', 'TWIN_GRAPH', 'AAS'] as const;
export type ImportStandard = (typeof importStandards)[number];

/** One file of an import. */
export interface ImportDocument {
  /** Used in findings. */
  readonly name: string;
  readonly standard: ImportStandard;
  /** JSON text; of an AAS environment it may be XML text. */
  readonly content: string;
  /** Of an environment that came in a package: whether the package has the file that a `File` element means. */
  readonly hasFile?: (path: string) => boolean;
}

/** A document that is JSON. */
export interface JsonDocument {
  readonly name: string;
  readonly standard: ImportStandard;
  readonly text: JsonText;
}

/** Whether a text is meant to be XML: JSON never begins with its first sign. */
export function looksLikeXml(content: string): boolean {
  return /^\uFEFF?[ \t\r\n]*</.test(content);
}

function isXmlEnvironment({ standard, content }: ImportDocument): boolean {
  return standard === 'AAS' && looksLikeXml(content);
}

/**
 * Reads the texts; what is no JSON, or names a member twice, becomes an error and is left out. XML environments are told
 * apart and handed on as they are.
 */
export function readDocuments(documents: readonly ImportDocument[]): {
  readonly documents: readonly JsonDocument[];
  readonly xml: readonly ImportDocument[];
  readonly findings: readonly ImportFinding[];
} {
  const findings: ImportFinding[] = [];
  const xml = documents.filter(isXmlEnvironment);
  const read = documents.flatMap((document): JsonDocument[] => {
    if (isXmlEnvironment(document)) return [];
    const { name, standard } = document;
    try {
      const text = JsonText.parse(document.content);
      const sink = new FindingSink(name, text);
      for (const pointer of repeatedMembers(text.root))
        sink.error('duplicatePropertyName', pointer, 'The member stands twice in its object; keep one.');
      findings.push(...sink.findings);
      return sink.hasErrors ? [] : [{ name, standard, text }];
    } catch (error) {
      if (!(error instanceof JsonTextError)) throw error;
      const code = error.reason === 'depth' ? 'hub:jsonTooDeep' : 'hub:notJson';
      findings.push({
        document: name,
        pointer: '',
        line: error.line,
        column: error.column,
        code,
        message: messageOf(error),
        severity: 'ERROR',
      });
      return [];
    }
  });
  return { documents: read, xml, findings };
}

/**
 * Which standard a document is of: XML is AAS, JSON goes by its members; `null` when it is none of them.
 * A document that is neither counts as DTDL, so that its fault gets reported.
 */
export function detectStandard(content: string): ImportStandard | null {
  if (looksLikeXml(content)) return 'AAS';
  let text: JsonText;
  try {
    text = JsonText.parse(content);
  } catch {
    return 'DTDL';
  }
  const { root } = text;
  const first = root.kind === 'array' ? root.items[0] : root;
  if (first?.kind !== 'object') return null;
  if (first.members.has('digitalTwinsGraph')) return 'TWIN_GRAPH';
  if (
    ['assetAdministrationShells', 'submodels', 'conceptDescriptions'].some((member) =>
      first.members.has(member),
    )
  )
    return 'AAS';
  return first.members.has('@context') || first.members.has('@type') || first.members.has('@id')
    ? 'DTDL'
    : null;
}
