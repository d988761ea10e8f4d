/**
 * The one way in for models and twins: documents of partners (and the demo's own) become changes of the twin graph, or
 * findings that say what is wrong and where.
 */
import { readAas } from './aas/index.ts';
import { parseDtdl, resolveDtdl, type DtdlDocument, type ReadModel } from './dtdl/index.ts';
import { readTwinGraph, type TwinGraph } from './dtdl/twin-graph.ts';
import type { ModelId, TwinId } from './ids.ts';
import { FindingSink, type ImportFinding } from './import-finding.ts';
import { pointerTo } from './json-pointer.ts';
import { compare, type ImportCounts } from './import/count.ts';
import { readDocuments, type ImportDocument, type JsonDocument } from './import/documents.ts';
import { ImportDraft } from './import/draft.ts';
import { addLineages, type ImportLookups } from './import/lookups.ts';
import { candidateTwins, planShells } from './import/shells.ts';
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
): Promise<ImportPlan> {
  const read = readDocuments(documents);
  const draft = new ImportDraft(known);
  const graphs = ofStandard(read.documents, 'TWIN_GRAPH').map((document) =>
    readTwinGraph(document.name, document.text),
  );
  const dtdl = await planModels(dtdlDocuments(read.documents, graphs), draft, known);
  const relationships = await planGraphs(graphs, draft, known);
  const environments = ofStandard(read.documents, 'AAS').map((document) =>
    readAas(document.name, document.text),
  );
  await draft.load(environments.flatMap(candidateTwins));
  for (const environment of environments) planShells(environment, draft);
  await addAttachedModels(draft, known);
  verifyTwins(draft);
  const changes = { models: [...draft.newModels.values()], twins: draft.inputs(), relationships };
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
  };
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
): Promise<{ models: readonly ReadModel[]; findings: readonly ImportFinding[] }> {
  const parsed = parseDtdl(documents);
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
    };
    for (const { path, rule, message } of verifyProperties(twin.properties, scope)) {
      twin.sink.error(`hub:${rule}`, path.reduce(pointerTo, twin.pointer), `${twin.id}: ${message}`);
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
