/** Reads DTDL 2, 3 and 4 into canonical models, with a finding for everything wrong or not understood. */
import { FindingSink, type ImportFinding } from '../import-finding.ts';
import type { JsonNode, JsonText } from '../json-text.ts';
import type { Model } from '../model.ts';
import { checkReferences, collect, missingModels } from './collect.ts';
import type { DtdlElement } from './element.ts';
import { checkInheritance } from './inheritance.ts';
import { readElement } from './read-element.ts';
import { checkSchemas } from './schema-rules.ts';
import { toModel } from './to-model.ts';

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
  readonly roots: readonly DtdlElement[];
  readonly sinks: readonly FindingSink[];
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
}

/** Reads each document by itself. Never throws on what a document says. */
export function parseDtdl(documents: readonly DtdlDocument[]): ParsedDtdl {
  const sinks = documents.map((document) => new FindingSink(document.name, document.text));
  const roots = documents.flatMap((document, i) => rootsOf(document, i, sinks[i] as FindingSink));
  return { roots, sinks, missing: missingModels(roots) };
}

function rootsOf(document: DtdlDocument, index: number, sink: FindingSink): DtdlElement[] {
  const node = document.node ?? document.text.root;
  const pointer = document.pointer ?? '';
  const around = { document: index, context: null, owner: null, sink };
  const parts =
    node.kind === 'array'
      ? node.items.map((item, i) => [item, `${pointer}/${i}`] as const)
      : [[node, pointer] as const];
  return parts.flatMap(([part, at]) => {
    if (part.kind === 'object') return readElement(part, at, ['Interface'], around) ?? [];
    sink.error('notJsonObject', at, 'A DTDL document is an object or an array of objects.');
    return [];
  });
}

/**
 * Follows references and checks everything that needs more than one element.
 * @param known - stored models by id: those in `parsed.missing` with all their bases.
 * @returns the models that could be read; use them only when no finding is an error.
 */
export function resolveDtdl(
  parsed: ParsedDtdl,
  documents: readonly DtdlDocument[],
  known: ReadonlyMap<string, Model>,
): DtdlResult {
  const collection = collect(parsed.roots, known, parsed.sinks);
  checkReferences(collection);
  checkInheritance(collection);
  checkSchemas(collection);
  const models = [...collection.interfaces.values()].map((element) => ({
    model: toModel(element, collection),
    document: documents[element.document]?.name ?? '',
    pointer: element.pointer,
  }));
  return { models, findings: parsed.sinks.flatMap((sink) => sink.findings) };
}

/** `parseDtdl` and `resolveDtdl` in one, for documents that stand alone or on models at hand. */
export function readDtdl(
  documents: readonly DtdlDocument[],
  known: ReadonlyMap<string, Model> = new Map(),
): DtdlResult {
  return resolveDtdl(parseDtdl(documents), documents, known);
}
