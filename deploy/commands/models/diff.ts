import { diffModels, type ModelDiff } from '#ontology/model-graph/index.ts';
import { planImport, type ImportFinding, type ImportLookups } from '#ontology/import.ts';
import type { Model } from '#ontology/model.ts';
import { exitCodes, type ExitCode } from '../../arguments.ts';
import type { Terminal } from '../../terminal.ts';
import { readFiles } from './files.ts';
import { report } from './report.ts';

/** Compares the models of two files or folders. */
export async function diffFiles(
  [oldPath, newPath]: readonly [string, string],
  options: { readonly json: boolean },
  deps: { readonly terminal: Terminal; readonly base: () => Promise<ImportLookups> },
): Promise<ExitCode> {
  const known = await deps.base();
  const [before, after] = [
    await modelsAt(oldPath, known, deps.terminal),
    await modelsAt(newPath, known, deps.terminal),
  ];
  const errors = [...before.errors, ...after.errors];
  if (errors.length) {
    // Nothing can be said about models that are wrong.
    await report(errors, { strict: false, documents: before.files + after.files }, deps.terminal);
    return exitCodes.cannotRun;
  }
  const diff = diffModels(before.models, after.models);
  tell(diff, options.json, deps.terminal);
  return diff.verdict === 'COMPATIBLE' ? exitCodes.fine : exitCodes.findings;
}

interface ModelsAt {
  readonly models: readonly Model[];
  readonly errors: readonly ImportFinding[];
  readonly files: number;
}

async function modelsAt(path: string, known: ImportLookups, terminal: Terminal): Promise<ModelsAt> {
  const { documents, findings, files } = await readFiles([path], terminal);
  const plan = await planImport(
    documents.filter(({ standard }) => standard !== 'TWIN_GRAPH'),
    known,
  );
  const errors = [...findings, ...plan.findings].filter(
    ({ severity, code }) => severity === 'ERROR' && code !== 'hub:shellWithoutTwin',
  );
  return { models: plan.drafted.models, errors, files: files.length };
}

function tell({ verdict, changes }: ModelDiff, json: boolean, terminal: Terminal): void {
  if (json) return terminal.out(JSON.stringify({ verdict, changes }, null, 2));
  for (const { modelId, path, breaking, message } of changes)
    terminal.out(`${breaking ? 'breaking  ' : 'compatible'} ${modelId} ${path || '-'} ${message}`);
  terminal.out(verdict);
}
