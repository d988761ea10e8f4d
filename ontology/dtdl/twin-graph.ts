/**
 * Reads a twin graph as Azure Digital Twins exports it: `digitalTwinsGraph` with `digitalTwins` and `relationships`,
 * optionally `digitalTwinsModels` beside it.
 */
import { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';
import { toPlain, type JsonNode, type JsonObject, type JsonText } from '../json-text.ts';
import { JsonNumber, toLexical } from './instances/lexical.ts';
import { isDateTime } from './instances/temporal.ts';

/** A twin as it stands in the file. */
export interface GraphTwin {
  readonly id: string;
  readonly modelId: string;
  /** Values by name, components included; nothing beginning with `$`. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** The same values with the texts of their numbers, to be checked against schemas. */
  readonly lexical: Readonly<Record<string, unknown>>;
  /** Names that `$metadata` speaks of. */
  readonly described: readonly string[];
  readonly pointer: string;
}

export interface GraphRelationship {
  readonly id: string;
  readonly name: string;
  readonly sourceId: string;
  readonly targetId: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly lexical: Readonly<Record<string, unknown>>;
  readonly pointer: string;
}

export interface TwinGraph {
  readonly twins: readonly GraphTwin[];
  readonly relationships: readonly GraphRelationship[];
  /** `digitalTwinsModels`: DTDL interfaces in the same file. */
  readonly models: JsonNode | null;
  /** Models that the file says are decommissioned: there may be no new twins of them. */
  readonly decommissioned: ReadonlySet<string>;
  readonly sink: FindingSink;
}

/** Reads one file. Never throws on what it says. */
export function readTwinGraph(name: string, text: JsonText): TwinGraph {
  const sink = new FindingSink(name, text);
  const empty: TwinGraph = { twins: [], relationships: [], models: null, decommissioned: new Set(), sink };
  const { root } = text;
  const graph = root.kind === 'object' ? root.members.get('digitalTwinsGraph') : undefined;
  if (root.kind !== 'object' || graph?.kind !== 'object') {
    sink.error(
      'hub:notATwinGraph',
      '',
      'The document needs the member digitalTwinsGraph, an object with digitalTwins and relationships.',
    );
    return empty;
  }
  reportUnknown(root, ['digitalTwinsFileInfo', 'digitalTwinsGraph', 'digitalTwinsModels'], '', sink);
  reportUnknown(graph, ['digitalTwins', 'relationships'], '/digitalTwinsGraph', sink);
  return {
    twins: itemsOf(graph, 'digitalTwins', sink).flatMap(([node, at]) => readTwin(node, at, sink) ?? []),
    relationships: itemsOf(graph, 'relationships', sink).flatMap(
      ([node, at]) => readRelationship(node, at, sink) ?? [],
    ),
    ...readModels(root.members.get('digitalTwinsModels')),
    sink,
  };
}

/** Interfaces, plain or as the service lists them: `{ id, decommissioned, model, ... }`. */
function readModels(node: JsonNode | undefined): Pick<TwinGraph, 'models' | 'decommissioned'> {
  const decommissioned = new Set<string>();
  if (node?.kind !== 'array') return { models: node ?? null, decommissioned };
  const items = node.items.map((item) => {
    const model = item.kind === 'object' ? item.members.get('model') : undefined;
    if (item.kind !== 'object' || model?.kind !== 'object' || item.members.has('@type')) return item;
    const [id, state] = ['id', 'decommissioned'].map((name) => item.members.get(name));
    if (id?.kind === 'scalar' && state?.kind === 'scalar' && state.value === true)
      decommissioned.add(String(id.value));
    return model;
  });
  return { models: { ...node, items }, decommissioned };
}

function reportUnknown(node: JsonObject, known: readonly string[], pointer: string, sink: FindingSink): void {
  for (const name of node.members.keys()) {
    if (!known.includes(name))
      sink.warn(
        'hub:unknownMember',
        pointerTo(pointer, name),
        `${name} is not read; known are ${known.join(', ')}.`,
      );
  }
}

function itemsOf(graph: JsonObject, member: string, sink: FindingSink): (readonly [JsonObject, string])[] {
  const at = `/digitalTwinsGraph/${member}`;
  const list = graph.members.get(member);
  if (!list) return [];
  if (list.kind !== 'array') {
    sink.error('hub:notAList', at, `${member} has to be a list.`);
    return [];
  }
  return list.items.flatMap((item, i) => {
    if (item.kind === 'object') return [[item, pointerTo(at, i)] as const];
    sink.error('hub:notAnObject', pointerTo(at, i), 'An object was expected here.');
    return [];
  });
}

function textOf(node: JsonObject, member: string, pointer: string, sink: FindingSink): string | null {
  const value = node.members.get(member);
  if (value?.kind === 'scalar' && typeof value.value === 'string' && value.value) return value.value;
  sink.error(
    'hub:missingMember',
    value ? pointerTo(pointer, member) : pointer,
    `${member} is needed, as a string.`,
  );
  return null;
}

/** Values without those that belong to the service (`$dtId`, `$etag`, `$metadata`), plain and with the texts of numbers. */
function valuesOf(
  node: JsonObject,
  reserved: readonly string[],
  pointer: string,
  sink: FindingSink,
): Pick<GraphTwin, 'properties' | 'lexical'> {
  const members = [...node.members].filter(([name]) => !reserved.includes(name));
  for (const [name] of members)
    if (name.startsWith('$'))
      sink.warn('hub:unknownMember', pointerTo(pointer, name), `${name} is not read.`);
  const values = members.filter(([name]) => !name.startsWith('$'));
  const lexical = values.map(([name, value]) => [name, toLexical(value)] as const);
  for (const [name, value] of lexical) reportRounded(value, pointerTo(pointer, name), sink);
  return {
    properties: Object.fromEntries(values.map(([name, value]) => [name, toPlain(value)])),
    lexical: Object.fromEntries(lexical),
  };
}

/** Whole numbers beyond 2^53 that a double cannot hold are stored as the nearest one that it can. */
function reportRounded(value: unknown, pointer: string, sink: FindingSink): void {
  if (value instanceof JsonNumber) {
    if (
      /^-?\d+$/.test(value.lexeme) &&
      Number.isFinite(value.value) &&
      BigInt(value.lexeme) !== BigInt(value.value)
    )
      sink.warn('hub:numberRounded', pointer, `${value.lexeme} is kept as ${BigInt(value.value)}.`);
  } else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) reportRounded(inner, pointerTo(pointer, name), sink);
}

function readTwin(node: JsonObject, pointer: string, sink: FindingSink): GraphTwin | null {
  const id = textOf(node, '$dtId', pointer, sink);
  checkEtag(node, pointer, sink);
  const metadata = node.members.get('$metadata');
  if (metadata?.kind !== 'object') {
    sink.error('hub:missingMember', pointer, '$metadata with $model is needed.');
    return null;
  }
  const at = pointerTo(pointer, '$metadata');
  const modelId = textOf(metadata, '$model', at, sink);
  const described = readMetadata(metadata, at, sink);
  if (!id || !modelId) return null;
  return {
    id,
    modelId,
    described,
    ...valuesOf(node, ['$dtId', '$etag', '$metadata'], pointer, sink),
    pointer,
  };
}

function checkEtag(node: JsonObject, pointer: string, sink: FindingSink): void {
  const etag = node.members.get('$etag');
  if (etag && (etag.kind !== 'scalar' || typeof etag.value !== 'string'))
    sink.error('hub:wrongType', pointerTo(pointer, '$etag'), '$etag is a text.');
}

const metadataTimes = ['lastUpdateTime', 'sourceTime'];

/** Checks the times of `$metadata` and gives the names of properties it speaks of. */
function readMetadata(metadata: JsonObject, pointer: string, sink: FindingSink): readonly string[] {
  const time = (node: JsonNode | undefined, at: string) => {
    if (node && (node.kind !== 'scalar' || typeof node.value !== 'string' || !isDateTime(node.value)))
      sink.error('hub:wrongType', at, 'An RFC 3339 date and time is needed here.');
  };
  time(metadata.members.get('$lastUpdateTime'), pointerTo(pointer, '$lastUpdateTime'));
  return [...metadata.members].flatMap(([name, node]) => {
    if (name.startsWith('$')) return [];
    const at = pointerTo(pointer, name);
    if (node.kind !== 'object') sink.error('hub:wrongType', at, 'The metadata of a property is an object.');
    else for (const member of metadataTimes) time(node.members.get(member), pointerTo(at, member));
    return [name];
  });
}

const relationshipMembers = [
  '$relationshipId',
  '$relationshipName',
  '$sourceId',
  '$targetId',
  '$etag',
  '$relationshipLink',
  '$metadata',
];

function readRelationship(node: JsonObject, pointer: string, sink: FindingSink): GraphRelationship | null {
  checkEtag(node, pointer, sink);
  const [id, name, sourceId, targetId] = relationshipMembers
    .slice(0, 4)
    .map((member) => textOf(node, member, pointer, sink));
  if (!id || !name || !sourceId || !targetId) return null;
  return { id, name, sourceId, targetId, ...valuesOf(node, relationshipMembers, pointer, sink), pointer };
}
