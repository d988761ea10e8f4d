/**
 * The one way in for models and twins: documents of partners (and the demo's own) become changes of the twin graph, or
 * findings that say what is wrong and where.
 */
import { readAas, type ReadEnvironment } from './aas/index.ts';
import {
  parseDtdl,
  resolveDtdl,
  type DtdlDocument,
  type DtdlReadOptions,
  type ReadModel,
} from './dtdl/index.ts';
import { readTwinGraph, type TwinGraph } from './dtdl/twin-graph.ts';
import type { ModelId, TwinId } from './ids.ts';
import { FindingSink, type ImportFinding } from './import-finding.ts';
import { pointerTo } from './json-pointer.ts';
import { keepStoredConcepts } from './import/concepts.ts';
import { compare, type ImportCounts } from './import/count.ts';
import { readDocuments, type ImportDocument, type JsonDocument } from './import/documents.ts';
import { ImportDraft, type PlannedFile } from './import/draft.ts';
import { reportMissingFiles } from './import/files.ts';
import { addLineages, type ImportLookups } from './import/lookups.ts';
import type { PlannedSample } from './import/series.ts';
import { candidateTwins, planShells, type ShellOptions } from './import/shells.ts';
import { checkCycles, planRelationships, planTwins } from './import/twins.ts';
import type { TwinChanges } from './ports/twin-store.ts';
import { modelIdsOf, verifyProperties } from './verify-twin.ts';

export {
  detectStandard,
  importStandards,
  type ImportDocument,
  type ImportStandard,
} from './import/documents.ts';
export { lookupsOf, noLookups, type ImportLookups } from './import/lookups.ts';
export type { ImportCounts } from './import/count.ts';
export type { PlannedFile } from './import/draft.ts';
export type { PlannedSample } from './import/series.ts';
export type { ImportFinding } from './import-finding.ts';

/** What an import would do. */
export interface ImportPlan {
  /** Whether there is no error among the findings. */
  readonly ok: boolean;
  /** To be handed to `TwinStore.apply`; empty unless `ok`. */
  readonly changes: Required<TwinChanges>;
  /** Errors and warnings, document by document in the order given. */
  readonly findings: readonly ImportFinding[];
  /** What `apply` would answer, as far as nobody else writes in between. */
  readonly counts: ImportCounts;
  /** Twins that would be created or changed. */
  readonly twins: readonly TwinId[];
  /** What the import would change were it not for its errors; where each of its items stands is in `places`. */
  readonly drafted: Required<TwinChanges>;
  /** Files of its twins that the documents refer to; empty unless `ok`. */
  readonly files: readonly PlannedFile[];
  /** Values of time series, to be stored in the telemetry store after `apply`; empty unless `ok`. */
  readonly samples: readonly PlannedSample[];
  /** The same were it not for the errors. */
  readonly draftedFiles: readonly PlannedFile[];
  readonly draftedSamples: readonly PlannedSample[];
  /** Where the items of `drafted` come from. */
  readonly places: readonly ItemPlace[];
}

/** How an import is done: how DTDL is read, and whether shells make twins. */
export interface ImportOptions extends DtdlReadOptions, ShellOptions {}

/** The place in a document that an item comes from. */
export interface ItemPlace {
  readonly item: 'MODEL' | 'TWIN' | 'RELATIONSHIP';
  readonly id: string;
  readonly document: string;
  /** JSON pointer (RFC 6901). */
  readonly pointer: string;
}

/**
 * Plans an import: all or nothing. The order of the documents does not matter: twins may use models, and shells twins,
 * of any other document or of the store.
 *
 * @param known - what is stored; `noLookups` to check documents by themselves.
 */
export async function planImport(
  documents: readonly ImportDocument[],
  known: ImportLookups,
  options: ImportOptions = {},
): Promise<ImportPlan> {
  const read = readDocuments(documents);
  const draft = new ImportDraft(known);
  const graphs = ofStandard(read.documents, 'TWIN_GRAPH').map((document) =>
    readTwinGraph(document.name, document.text),
  );
  const dtdl = await planModels(dtdlDocuments(read.documents, graphs), draft, known, options);
  const relationships = await planGraphs(graphs, draft, known);
  const environments = [
    ...ofStandard(read.documents, 'AAS').map(({ name, text }) => readAas(name, text)),
    ...read.xml.map(({ name, content }) => readAas(name, content)),
  ];
  reportMissingFiles(environments, documents);
  await planEnvironments(environments, draft, known, options);
  await addAttachedModels(draft, known);
  verifyTwins(draft);
  const changes = {
    models: await keepStoredConcepts([...draft.newModels.values()], known),
    twins: draft.inputs(),
    relationships: [...relationships, ...draft.relationships],
  };
  const comparison = await compare(changes, known);
  const places = modelPlaces(read.documents, dtdl.models);
  const conflicts = comparison.conflicting.map((id) => conflict(id, places));
  const sinks = [...graphs, ...environments].flatMap(({ sink }) => sink.findings);
  const findings = inOrder([...read.findings, ...dtdl.findings, ...sinks, ...conflicts], documents);
  const ok = !findings.some((finding) => finding.severity === 'ERROR');
  return {
    ok,
    changes: ok ? changes : { models: [], twins: [], relationships: [] },
    findings,
    counts: ok ? comparison.counts : { created: 0, changed: 0, equal: 0 },
    twins: ok ? comparison.twins : [],
    drafted: changes,
    files: ok ? draft.files : [],
    samples: ok ? draft.samples : [],
    draftedFiles: draft.files,
    draftedSamples: draft.samples,
    places: itemPlaces(dtdl.models, draft, graphs, environments),
  };
}

async function planEnvironments(
  environments: readonly ReadEnvironment[],
  draft: ImportDraft,
  known: ImportLookups,
  options: ShellOptions,
): Promise<void> {
  const candidates = environments.flatMap(candidateTwins);
  await draft.load(candidates);
  const models = candidates.flatMap((id) => draft.stored(id)?.modelId ?? []);
  await addLineages(draft.models, models, known);
  for (const environment of environments) planShells(environment, draft, options);
  if (draft.relationships.length || environments.some(({ shells }) => shells.length)) checkCycles(draft);
}

function itemPlaces(
  models: readonly ReadModel[],
  draft: ImportDraft,
  graphs: readonly TwinGraph[],
  environments: readonly ReadEnvironment[],
): ItemPlace[] {
  return [
    ...models.map(({ model, document, pointer }) => ({
      item: 'MODEL' as const,
      id: model.id,
      document,
      pointer,
    })),
    ...environments.flatMap(({ sink, submodels }) =>
      submodels.map(({ model, pointer }) => ({
        item: 'MODEL' as const,
        id: model.id,
        document: sink.document,
        pointer,
      })),
    ),
    ...[...draft.twins.values()].map(({ id, sink, pointer }) => ({
      item: 'TWIN' as const,
      id,
      document: sink.document,
      pointer,
    })),
    ...graphs.flatMap(({ sink, relationships }) =>
      relationships.map(({ sourceId, id, pointer }) => ({
        item: 'RELATIONSHIP' as const,
        id: `${sourceId}/${id}`,
        document: sink.document,
        pointer,
      })),
    ),
  ];
}

function ofStandard(
  documents: readonly JsonDocument[],
  standard: ImportDocument['standard'],
): JsonDocument[] {
  return documents.filter((document) => document.standard === standard);
}

function dtdlDocuments(documents: readonly JsonDocument[], graphs: readonly TwinGraph[]): DtdlDocument[] {
  const graphDocuments = ofStandard(documents, 'TWIN_GRAPH');
  const inside = graphs.flatMap(({ models }, i) => {
    const document = graphDocuments[i];
    return models && document ? [{ ...document, node: models, pointer: '/digitalTwinsModels' }] : [];
  });
  return [...ofStandard(documents, 'DTDL'), ...inside];
}

async function planModels(
  documents: readonly DtdlDocument[],
  draft: ImportDraft,
  known: ImportLookups,
  options: DtdlReadOptions,
): Promise<{ models: readonly ReadModel[]; findings: readonly ImportFinding[] }> {
  const parsed = parseDtdl(documents, options);
  await addLineages(draft.models, parsed.missing, known);
  const result = resolveDtdl(parsed, documents, new Map(draft.models));
  for (const { model } of result.models) {
    draft.newModels.set(model.id, model);
    draft.models.set(model.id, model);
  }
  return result;
}

async function planGraphs(graphs: readonly TwinGraph[], draft: ImportDraft, known: ImportLookups) {
  const twins = graphs.flatMap((graph) => graph.twins);
  const ends = graphs.flatMap((graph) =>
    graph.relationships.flatMap(({ sourceId, targetId }) => [sourceId, targetId]),
  );
  await draft.load([...twins.map((twin) => twin.id), ...ends]);
  const storedModels = ends.flatMap((id) => draft.stored(id)?.modelId ?? []);
  await addLineages(draft.models, [...twins.map((twin) => twin.modelId), ...storedModels], known);
  for (const graph of graphs) planTwins(graph, draft);
  const relationships = graphs.flatMap((graph) => planRelationships(graph, draft));
  checkCycles(draft);
  return relationships;
}

async function addAttachedModels(draft: ImportDraft, known: ImportLookups): Promise<void> {
  await addLineages(draft.models, [...draft.twins.values()].flatMap(modelIdsOf), known);
  const components = [...draft.models.values()].flatMap((model) =>
    model.contents.flatMap((content) => (content.kind === 'component' ? content.schema : [])),
  );
  await addLineages(draft.models, components, known);
}

function verifyTwins(draft: ImportDraft): void {
  for (const twin of draft.twins.values()) {
    if (!twin.touched) continue;
    const scope = {
      lineages: modelIdsOf(twin).map((id) => draft.lineage(id)),
      componentLineage: (id: ModelId) => (draft.models.has(id) ? draft.lineage(id) : null),
      allowReserved: true,
      whole: twin.lexical !== null,
    };
    // The texts of numbers tell whether they are integers.
    for (const { path, rule, message } of verifyProperties({ ...twin.properties, ...twin.lexical }, scope)) {
      const where = `${twin.id}, ${path.join('.')}`;
      twin.sink.error(`hub:${rule}`, path.reduce(pointerTo, twin.pointer), `${where}: ${message}`);
    }
  }
}

interface ModelPlace {
  readonly sink: FindingSink;
  readonly pointer: string;
}

function modelPlaces(
  documents: readonly JsonDocument[],
  models: readonly ReadModel[],
): ReadonlyMap<string, ModelPlace> {
  return new Map(
    models.flatMap(({ model, document, pointer }) => {
      const found = documents.find(({ name }) => name === document);
      return found
        ? [[model.id as string, { sink: new FindingSink(document, found.text), pointer }] as const]
        : [];
    }),
  );
}

function conflict(id: ModelId, places: ReadonlyMap<string, ModelPlace>): ImportFinding {
  const place = places.get(id);
  const message = `The model ${id} is stored with other content. Models do not change: give the new content a new version.`;
  place?.sink.error('hub:modelDiffers', place.pointer, message);
  return (
    place?.sink.findings.at(-1) ?? {
      document: '',
      pointer: '',
      line: 1,
      column: 1,
      code: 'hub:modelDiffers',
      message,
      severity: 'ERROR',
    }
  );
}

function inOrder(findings: readonly ImportFinding[], documents: readonly ImportDocument[]): ImportFinding[] {
  const position = new Map(documents.map((document, i) => [document.name, i]));
  return [...findings].sort(
    (a, b) =>
      (position.get(a.document) ?? 0) - (position.get(b.document) ?? 0) ||
      a.line - b.line ||
      a.column - b.column,
  );
}
