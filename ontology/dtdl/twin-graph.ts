/**
 * Reads a twin graph as Azure Digital Twins exports it: `digitalTwinsGraph` with `digitalTwins` and `relationships`,
 * optionally `digitalTwinsModels` beside it.
 */
import { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';
import { toPlain, type JsonNode, type JsonObject, type JsonText } from '../json-text.ts';

/** A twin as it stands in the file. */
export interface GraphTwin {
  readonly id: string;
  readonly modelId: string;
  /** Values by name, components included; nothing beginning with `$`. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly pointer: string;
}

export interface GraphRelationship {
  readonly id: string;
  readonly name: string;
  readonly sourceId: string;
  readonly targetId: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly pointer: string;
}

export interface TwinGraph {
  readonly twins: readonly GraphTwin[];
  readonly relationships: readonly GraphRelationship[];
  /** `digitalTwinsModels`: DTDL interfaces in the same file. */
  readonly models: JsonNode | null;
  readonly sink: FindingSink;
}

/** Reads one file. Never throws on what it says. */
export function readTwinGraph(name: string, text: JsonText): TwinGraph {
  const sink = new FindingSink(name, text);
  const empty: TwinGraph = { twins: [], relationships: [], models: null, sink };
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
    models: root.members.get('digitalTwinsModels') ?? null,
    sink,
  };
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

/** Values without those that belong to the service (`$dtId`, `$etag`, `$metadata`). */
function valuesOf(
  node: JsonObject,
  reserved: readonly string[],
  pointer: string,
  sink: FindingSink,
): Record<string, unknown> {
  const values: [string, unknown][] = [];
  for (const [name, value] of node.members) {
    if (reserved.includes(name)) continue;
    if (name.startsWith('$'))
      sink.warn('hub:unknownMember', pointerTo(pointer, name), `${name} is not read.`);
    else values.push([name, toPlain(value)]);
  }
  return Object.fromEntries(values);
}

function readTwin(node: JsonObject, pointer: string, sink: FindingSink): GraphTwin | null {
  const id = textOf(node, '$dtId', pointer, sink);
  const metadata = node.members.get('$metadata');
  const modelId =
    metadata?.kind === 'object' ? textOf(metadata, '$model', pointerTo(pointer, '$metadata'), sink) : null;
  if (metadata?.kind !== 'object')
    sink.error('hub:missingMember', pointer, '$metadata with $model is needed.');
  if (!id || !modelId) return null;
  return { id, modelId, properties: valuesOf(node, ['$dtId', '$etag', '$metadata'], pointer, sink), pointer };
}

const relationshipMembers = [
  '$relationshipId',
  '$relationshipName',
  '$sourceId',
  '$targetId',
  '$etag',
  '$relationshipLink',
];

function readRelationship(node: JsonObject, pointer: string, sink: FindingSink): GraphRelationship | null {
  const [id, name, sourceId, targetId] = [
    '$relationshipId',
    '$relationshipName',
    '$sourceId',
    '$targetId',
  ].map((member) => textOf(node, member, pointer, sink));
  if (!id || !name || !sourceId || !targetId) return null;
  return {
    id,
    name,
    sourceId,
    targetId,
    properties: valuesOf(node, relationshipMembers, pointer, sink),
    pointer,
  };
}
