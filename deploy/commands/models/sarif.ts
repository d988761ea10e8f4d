/**
 * Findings as SARIF, for code scanning.
 * @see OASIS Static Analysis Results Interchange Format 2.1.0
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PlacedFinding } from './report.ts';

const levels = { ERROR: 'error', WARNING: 'warning' } as const;

/** One log with one run. Files are named relative to `%SRCROOT%`, the folder the command ran in. */
export function sarifLog(findings: readonly PlacedFinding[]): object {
  const rules = [...new Set(findings.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'twinhub models check',
            semanticVersion: version(),
            rules: rules.map((id) => ({ id, shortDescription: { text: describe(id) } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, rules)),
      },
    ],
  };
}

function version(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function describe(code: string): string {
  if (code.startsWith('AASd-') || code.startsWith('AASc-')) return `Constraint ${code} of the AAS metamodel`;
  if (code.startsWith('aas:')) return `Rule ${code} of the AAS metamodel or its forms`;
  if (code.startsWith('hub:')) return `Rule ${code} of Twinhub`;
  return `DTDL parsing error ${code}`;
}

function resultOf(finding: PlacedFinding, rules: readonly string[]): object {
  const { document, line, column, pointer, code, message, severity } = finding;
  return {
    ruleId: code,
    ruleIndex: rules.indexOf(code),
    level: levels[severity],
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: locationOf(document),
          region: { startLine: line, startColumn: column },
        },
        ...(pointer ? { logicalLocations: [{ fullyQualifiedName: pointer, kind: 'member' }] } : {}),
      },
    ],
    partialFingerprints: { 'twinhub/v1': fingerprint(document, pointer, code) },
  };
}

/** A part of a package stands for the package, which is the file; what came over the network has its address. */
function locationOf(document: string): object {
  if (/^https?:\/\//.test(document)) return { uri: document };
  const file = document.split('!/')[0] ?? document;
  return { uri: file.split(/[/\\]/).map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

/** Stays the same while lines above come and go. */
function fingerprint(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}
