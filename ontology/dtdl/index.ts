/** Reads DTDL 2, 3 and 4 into canonical models, with a finding for everything wrong or not understood. */
import { FindingSink, type ImportFinding } from '../import-finding.ts';
import type { JsonNode, JsonText } from '../json-text.ts';
import type { Model } from '../model.ts';
import { checkFamilies, checkValueRules } from './constraints.ts';
import type { DtdlReadOptions } from './context.ts';
import type { DtdlElement } from './element.ts';
import type { Graph } from './graph.ts';
import { checkInheritance } from './inheritance.ts';
import { checkShape } from './json-ld.ts';
import { checkElementCounts, checkSchemaDepth } from './nesting.ts';
import { checkQuantities } from './quantities.ts';
import { readDocument } from './read-element.ts';
import { Registry, targetOf } from './registry.ts';
import { Report, Stop } from './report.ts';
import { checkDefined, checkReferences, isReserved } from './resolve.ts';
import { checkRestrictions } from './restrictions.ts';
import { toModel } from './to-model.ts';

export type { DtdlReadOptions } from './context.ts';

/** The code of findings about references to models that are not at hand. No published code stands for that. */
export const unresolvedCode = 'hub:unresolvedReference';

/** A document that is JSON already. */
export interface DtdlDocument {
  readonly name: string;
  readonly text: JsonText;
  /** The interfaces, one or an array; the whole document unless given. */
  readonly node?: JsonNode;
  /** JSON pointer of `node`. */
  readonly pointer?: string;
}

/** Documents read one by one; references between them are not followed yet. */
export interface ParsedDtdl {
  readonly registry: Registry;
  readonly sinks: readonly FindingSink[];
  /** Errors of each document. */
  readonly reports: readonly Report[];
  /** Interfaces that are referred to and not defined in the documents; look them up before `resolveDtdl`. */
  readonly missing: readonly string[];
}

/** A model with the place it was read from. */
export interface ReadModel {
  readonly model: Model;
  readonly document: string;
  readonly pointer: string;
}

export interface DtdlResult {
  readonly models: readonly ReadModel[];
  readonly findings: readonly ImportFinding[];
  /** Ids that are referred to and defined nowhere, each once. */
  readonly unresolved: readonly string[];
}

/** Reads each document by itself. Never throws on what a document says. */
export function parseDtdl(documents: readonly DtdlDocument[], options: DtdlReadOptions = {}): ParsedDtdl {
  const registry = new Registry();
  const reports = documents.map((document, i) => {
    const report = new Report(new FindingSink(document.name, document.text));
    readOne(document, i, registry, options, report);
    return report;
  });
  return { registry, reports, sinks: reports.map(({ sink }) => sink), missing: missingModels(registry) };
}

function readOne(
  document: DtdlDocument,
  index: number,
  registry: Registry,
  options: DtdlReadOptions,
  report: Report,
): void {
  const node = document.node ?? document.text.root;
  const pointer = document.pointer ?? '';
  try {
    checkShape(node, pointer, report);
  } catch (error) {
    if (error instanceof Stop) return;
    throw error;
  }
  readDocument(node, pointer, { document: index, registry, options, report });
}

function missingModels(registry: Registry): readonly string[] {
  const ids = registry.references.filter(
    ({ id, classes }) =>
      classes?.includes('Interface') && !targetOf(id, registry) && !isReserved(id) && id.startsWith('dtmi:'),
  );
  return [...new Set(ids.map(({ id }) => id))];
}

/**
 * Follows references and checks everything that needs more than one element. Checks build on one another: when one
 * finds errors, those that come after it are left out.
 *
 * @param known - stored models by id: those in `parsed.missing` with all their bases.
 * @returns the models that could be read; use them only when no finding is an error.
 */
export function resolveDtdl(
  parsed: ParsedDtdl,
  documents: readonly DtdlDocument[],
  known: ReadonlyMap<string, Model>,
): DtdlResult {
  const { registry, reports } = parsed;
  const reportOf = (element: DtdlElement) => reports[element.document] as Report;
  const graph: Graph = { registry, known, reportOf };
  const unresolved = hasErrors(reports) ? [] : checkAll(graph, reports);
  const models = [...registry.elements.values()].flatMap((element) =>
    element.cls === 'Interface' ? readModel(element, documents, graph) : [],
  );
  return { models, findings: reports.flatMap(({ sink }) => sink.findings), unresolved };
}

function hasErrors(reports: readonly Report[]): boolean {
  return reports.some(({ errors }) => errors > 0);
}

/** @returns ids that nothing defines. */
function checkAll(graph: Graph, reports: readonly Report[]): readonly string[] {
  const unresolved = checkDefined(graph);
  if (hasErrors(reports)) return [];
  for (const { from, id, pointer } of unresolved)
    graph
      .reportOf(from)
      .error(
        unresolvedCode,
        pointer,
        `${id} is neither in the import nor stored; import it together or before.`,
      );
  if (unresolved.length) return [...new Set(unresolved.map(({ id }) => id))];
  checkReferences(graph);
  if (hasErrors(reports)) return [];
  checkValueRules(graph);
  const inherited = checkInheritance(graph);
  checkRestrictions(graph, inherited);
  checkSchemaDepth(graph);
  checkElementCounts(graph, inherited);
  checkFamilies(graph, inherited);
  for (const element of graph.registry.elements.values()) checkQuantities(element, graph.reportOf(element));
  return [];
}

function readModel(element: DtdlElement, documents: readonly DtdlDocument[], graph: Graph): ReadModel {
  return {
    model: toModel(element, graph),
    document: documents[element.document]?.name ?? '',
    pointer: element.pointer,
  };
}

/** `parseDtdl` and `resolveDtdl` in one, for documents that stand alone or on models at hand. */
export function readDtdl(
  documents: readonly DtdlDocument[],
  known: ReadonlyMap<string, Model> = new Map(),
  options: DtdlReadOptions = {},
): DtdlResult {
  return resolveDtdl(parseDtdl(documents, options), documents, known);
}
