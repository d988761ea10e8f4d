import type { ReadEnvironment, ReadShell, ReadSubmodel } from '../aas/index.ts';
import type { FindingSink } from '../import-finding.ts';
import { attachedShells, shellsProperty, type AttachedShell } from '../verify-twin.ts';
import { thumbnailElement } from '../ports/file-links.ts';
import { pickText, type LanguageTexts } from '../model.ts';
import type { ImportDraft, PlannedFile, TwinDraft } from './draft.ts';
import { candidateParts, planHierarchies } from './hierarchies.ts';
import { isTwinId, makeTwin, shellTwinId } from './made-twins.ts';
import { planSeries } from './series.ts';
import { understand } from './understood.ts';

/** How shells are imported. */
export interface ShellOptions {
  /**
   * Whether an asset instance that no twin stands for gets one, and parts in its bill of material too.
   * @default false
   */
  readonly createTwins?: boolean;
}

/** Twin ids the shells of an environment may belong to, to be loaded first. */
export function candidateTwins(environment: ReadEnvironment): readonly string[] {
  const ofShells = environment.shells.flatMap((shell) => [
    ...shell.candidates.filter(isTwinId),
    ...[shellTwinId(shell)].filter((id) => id !== null),
  ]);
  return [...ofShells, ...candidateParts(environment)];
}

/**
 * Adds the submodels as models, and their values to the twins their shells belong to; bills of material place twins below
 * one another, time series give signals and samples.
 */
export function planShells(
  environment: ReadEnvironment,
  draft: ImportDraft,
  { createTwins = false }: ShellOptions = {},
): void {
  const { sink } = environment;
  const attached = new Set<ReadSubmodel>();
  const twinOfShell = new Map<ReadShell, TwinDraft>();
  for (const shell of environment.shells) {
    const twin = twinOf(shell, sink, draft) ?? (createTwins ? makeFor(shell, sink, draft) : null);
    if (!twin) {
      reportUnattached(shell, sink);
      continue;
    }
    twinOfShell.set(shell, twin);
    attach(shell, twin, sink);
    planSeries(shell, twin, sink, draft);
    for (const file of filesOf(shell, twin, sink.document)) draft.files.push(file);
    for (const submodel of shell.submodels) attached.add(submodel);
  }
  planHierarchies(environment, { draft, twinOfShell, createTwins });
  for (const submodel of environment.submodels) addModel(submodel, attached.has(submodel), sink, draft);
}

function addModel(submodel: ReadSubmodel, attached: boolean, sink: FindingSink, draft: ImportDraft): void {
  const model = attached ? understand(submodel, sink).model : { ...submodel.model, source: submodel.whole };
  if (draft.newModels.has(model.id))
    sink.error(
      'duplicateDefinition',
      submodel.pointer,
      `${model.id} is defined more than once in this import.`,
    );
  draft.newModels.set(model.id, model);
  draft.models.set(model.id, model);
}

/** A twin for the asset of a shell, named after its nameplate; `null` for a type, or an asset without an id. */
function makeFor(shell: ReadShell, sink: FindingSink, draft: ImportDraft): TwinDraft | null {
  const id = shell.assetKind === 'Instance' ? shellTwinId(shell) : null;
  if (id === null) return null;
  const before = draft.draftOf(id, sink, shell.pointer);
  if (before) return before;
  const values = new Map(shell.submodels.flatMap((submodel) => [...understand(submodel, sink).values]));
  const text = (name: string) => {
    const value = values.get(`nameplate.${name}`);
    return typeof value === 'object' && value !== null ? pickText(value as LanguageTexts) : (value ?? null);
  };
  const [serialNumber, manufacturer] = [text('serialNumber'), text('manufacturerName')];
  const designation = text('manufacturerProductDesignation');
  const properties = {
    ...(typeof serialNumber === 'string' ? { serialNumber } : {}),
    ...(typeof manufacturer === 'string' ? { manufacturer } : {}),
  };
  const name = typeof designation === 'string' && designation ? designation : id;
  return makeTwin({ id, kind: 'ASSET', name, properties, sink, pointer: shell.pointer }, draft);
}

function twinOf(shell: ReadShell, sink: FindingSink, draft: ImportDraft): TwinDraft | null {
  for (const id of shell.candidates) {
    const twin = isTwinId(id) ? draft.draftOf(id, sink, shell.pointer) : null;
    if (twin) return twin;
  }
  return null;
}

function reportUnattached(shell: ReadShell, sink: FindingSink): void {
  const text = `The shell ${shell.id} belongs to no twin: give its asset a specificAssetId "twinId", or a globalAssetId that is or ends with a twin's id, or let the import make twins (createTwins).`;
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
  const read = shell.submodels.map((submodel) => understand(submodel, sink));
  // Another shell of the twin may have a nameplate too: then only what this one says is replaced.
  const canonical = others.length ? [] : read.flatMap(({ canonicalPrefix }) => canonicalPrefix ?? []);
  const kept = Object.entries(twin.properties).filter(
    ([name]) =>
      name !== shellsProperty && ![...prefixes, ...canonical].some((prefix) => name.startsWith(prefix)),
  );
  const values = read.flatMap((submodel) => [...submodel.values]);
  const texts = shell.submodels.flatMap((submodel) => [...submodel.texts]);
  const entry: AttachedShell = {
    shell: shell.id,
    globalAssetId: shell.globalAssetId,
    submodels: shell.submodels.map((submodel) => submodel.model.id),
    source: shell.source,
    ...(texts.length ? { texts: Object.fromEntries(texts) } : {}),
  };
  twin.properties = Object.fromEntries([...kept, ...values, [shellsProperty, [...others, entry]]]);
  twin.touched = true;
}

function filesOf(shell: ReadShell, { id: twinId }: TwinDraft, document: string): PlannedFile[] {
  const picture = shell.thumbnail ? [{ element: thumbnailElement, ...shell.thumbnail }] : [];
  const references = [...picture, ...shell.submodels.flatMap(({ files }) => files)];
  return references.map(({ element, path, contentType }) => ({
    twinId,
    element,
    path,
    contentType,
    document,
  }));
}
