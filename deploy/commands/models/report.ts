import type { ImportFinding } from '#ontology/import.ts';
import { exitCodes, type ExitCode } from '../../arguments.ts';
import type { Terminal } from '../../terminal.ts';

/** How findings are told. */
export type ReportFormat = 'lines' | 'json' | 'sarif';

export type PlacedFinding = Pick<
  ImportFinding,
  'document' | 'pointer' | 'line' | 'column' | 'code' | 'message' | 'severity'
>;

/** Tells findings on standard output and a summary on standard error. @returns `findings` when something counts. */
export async function report(
  findings: readonly PlacedFinding[],
  options: { readonly strict: boolean; readonly documents: number; readonly format?: ReportFormat },
  terminal: Terminal,
): Promise<ExitCode> {
  const { strict, documents, format = 'lines' } = options;
  const errors = findings.filter(({ severity }) => severity === 'ERROR').length;
  const warnings = findings.length - errors;
  if (format === 'sarif') {
    const { sarifLog } = await import('./sarif.ts');
    terminal.out(JSON.stringify(sarifLog(findings), null, 2));
  } else if (format === 'json')
    terminal.out(JSON.stringify({ documents, errors, warnings, findings: findings.map(asJson) }, null, 2));
  else for (const finding of findings) terminal.out(asLine(finding));
  terminal.err(`${documents} document(s), ${errors} error(s), ${warnings} warning(s)`);
  return errors || (strict && warnings) ? exitCodes.findings : exitCodes.fine;
}

function asLine({ document, line, column, code, message, severity }: PlacedFinding): string {
  return `${document}:${line}:${column} ${code} ${severity === 'WARNING' ? 'warning: ' : ''}${message.replaceAll('\n', ' ')}`;
}

function asJson({ document, line, column, pointer, code, message, severity }: PlacedFinding) {
  return { file: document, line, column, path: pointer, code, severity, message };
}
