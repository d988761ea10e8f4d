import type { ReadEnvironment, ReadShell, ReadSubmodel } from '../aas/index.ts';
import { parseTwinId } from '../ids.ts';
import type { FindingSink } from '../import-finding.ts';
import { attachedShells, shellsProperty, type AttachedShell } from '../verify-twin.ts';
import type { ImportDraft, TwinDraft } from './draft.ts';

/** Twin ids the shells of an environment may belong to, to be loaded first. */
export function candidateTwins(environment: ReadEnvironment): readonly string[] {
  return environment.shells.flatMap((shell) => shell.candidates.filter(isTwinId));
}

function isTwinId(text: string): boolean {
  try {
    return parseTwinId(text).length > 0;
  } catch {
    return false;
  }
}

/** Adds the submodels as models, and their values to the twins their shells belong to. */
export function planShells(environment: ReadEnvironment, draft: ImportDraft): void {
  const attached = new Set<ReadSubmodel>();
  for (const shell of environment.shells) {
    const twin = twinOf(shell, environment.sink, draft);
    if (twin) attach(shell, twin, environment.sink);
    else reportUnattached(shell, environment.sink);
    if (twin) for (const submodel of shell.submodels) attached.add(submodel);
  }
  for (const submodel of environment.submodels) {
    const model = attached.has(submodel) ? submodel.model : { ...submodel.model, source: submodel.whole };
    if (draft.newModels.has(model.id))
      environment.sink.error(
        'duplicateDefinition',
        submodel.pointer,
        `${model.id} is defined more than once in this import.`,
      );
    draft.newModels.set(model.id, model);
    draft.models.set(model.id, model);
  }
}

function twinOf(shell: ReadShell, sink: FindingSink, draft: ImportDraft): TwinDraft | null {
  for (const id of shell.candidates) {
    const twin = isTwinId(id) ? draft.draftOf(id, sink, shell.pointer) : null;
    if (twin) return twin;
  }
  return null;
}

function reportUnattached(shell: ReadShell, sink: FindingSink): void {
  const text = `The shell ${shell.id} belongs to no twin: give its asset a specificAssetId "twinId", or a globalAssetId that is or ends with a twin's id.`;
  // A shell of a type describes no machine of the plant; its submodels are templates.
  if (shell.assetKind === 'Instance') sink.error('hub:shellWithoutTwin', shell.pointer, text);
  else sink.warn('hub:shellWithoutTwin', shell.pointer, `${text} Its submodels are imported as models only.`);
}

function attach(shell: ReadShell, twin: TwinDraft, sink: FindingSink): void {
  const others = attachedShells(twin.properties).filter((other) => other.shell !== shell.id);
  const before = attachedShells(twin.properties).find((other) => other.shell === shell.id);
  const prefixes = shell.submodels.map((submodel) => submodel.prefix);
  for (const [i, prefix] of prefixes.entries()) {
    if (
      prefixes.indexOf(prefix) !== i ||
      (!before && Object.keys(twin.properties).some((name) => name.startsWith(prefix)))
    ) {
      sink.error(
        'hub:submodelNameTaken',
        shell.submodels[i]?.pointer ?? shell.pointer,
        `${twin.id} has another submodel with the idShort ${prefix.slice(0, -1)}.`,
      );
    }
  }
  const kept = Object.entries(twin.properties).filter(
    ([name]) => name !== shellsProperty && !prefixes.some((prefix) => name.startsWith(prefix)),
  );
  const values = shell.submodels.flatMap((submodel) => [...submodel.values]);
  const entry: AttachedShell = {
    shell: shell.id,
    globalAssetId: shell.globalAssetId,
    submodels: shell.submodels.map((submodel) => submodel.model.id),
  };
  twin.properties = Object.fromEntries([...kept, ...values, [shellsProperty, [...others, entry]]]);
  twin.touched = true;
}
