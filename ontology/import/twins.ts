import { messageOf } from '#kernel/errors.ts';
import type { GraphRelationship, GraphTwin, TwinGraph } from '../dtdl/twin-graph.ts';
import type { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';
import { parseTwinId, type ModelId, type TwinId } from '../ids.ts';
import type { RelationshipContent } from '../model.ts';
import { kindOf } from '../twin-kind.ts';
import { twinKinds, type RelationshipInput } from '../twin.ts';
import { contentsOf, shellsProperty, verifyRelationshipProperties, type Lineage } from '../verify-twin.ts';
import type { ImportDraft, TwinDraft } from './draft.ts';

/** Relationships that place one twin below another, by name: from the upper to the lower one, and the other way. */
const downwards = ['contains', 'hasPart'];
const upwards = ['parent', 'isPartOf'];

/** Adds the twins of a graph to the draft; their models have to be at hand. */
export function planTwins(graph: TwinGraph, draft: ImportDraft): void {
  for (const twin of graph.twins) {
    if (graph.decommissioned.has(twin.modelId))
      graph.sink.error(
        'hub:modelDecommissioned',
        pointerTo(twin.pointer, '$metadata'),
        `The model ${twin.modelId} of ${twin.id} is decommissioned: take its successor.`,
      );
    planTwin(twin, graph.sink, draft);
  }
}

function planTwin(twin: GraphTwin, sink: FindingSink, draft: ImportDraft): void {
  const id = checkedId(twin.id, pointerTo(twin.pointer, '$dtId'), sink);
  if (!id) return;
  if (draft.twins.has(id))
    return sink.error('hub:duplicateTwin', twin.pointer, `The twin ${id} is defined twice in this import.`);
  const modelId = twin.modelId as ModelId;
  const lineage = draft.lineage(modelId);
  if (!lineage.length) {
    return sink.error(
      'hub:unknownModel',
      pointerTo(twin.pointer, '$metadata'),
      `The model ${modelId} of the twin ${id} is neither in the import nor stored.`,
    );
  }
  const kind = kindOf(lineage);
  if (!kind)
    sink.warn(
      'hub:kindAssumed',
      twin.pointer,
      `The model ${modelId} extends no ISA-95 concept the hub knows; the twin ${id} is taken as an ASSET.`,
    );
  checkDescribed(twin, lineage, sink);
  const stored = draft.stored(id);
  const name =
    typeof twin.properties['name'] === 'string' && twin.properties['name'] ? twin.properties['name'] : id;
  const properties = { ...attachedValues(stored?.properties ?? {}), ...twin.properties };
  draft.twins.set(id, {
    id,
    kind: kind ?? 'ASSET',
    name,
    modelId,
    parentId: stored?.parentId ?? null,
    properties,
    lexical: twin.lexical,
    touched: true,
    parentNamed: false,
    sink,
    pointer: twin.pointer,
  });
}

function checkDescribed(twin: GraphTwin, lineage: Lineage, sink: FindingSink): void {
  const contents = twin.described.length ? contentsOf(lineage) : null;
  for (const name of twin.described)
    if (!contents?.has(name))
      sink.warn(
        'hub:unknownMember',
        pointerTo(pointerTo(twin.pointer, '$metadata'), name),
        `The model ${twin.modelId} has no property ${name}; its metadata is not read.`,
      );
}

/** Values that came with asset administration shells: a twin graph does not speak of them, so it does not remove them. */
function attachedValues(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).filter(([name]) => name === shellsProperty || name.includes('.')),
  );
}

function checkedId(text: string, pointer: string, sink: FindingSink): TwinId | null {
  try {
    return parseTwinId(text);
  } catch (error) {
    sink.error('hub:invalidTwinId', pointer, messageOf(error));
    return null;
  }
}

/** Checks the relationships of a graph, places twins below one another, and gives what is to be stored. */
export function planRelationships(graph: TwinGraph, draft: ImportDraft): RelationshipInput[] {
  const seen = new Set<string>();
  const perSource = new Map<string, number>();
  const planned = graph.relationships.flatMap((relationship) => {
    const { sink } = graph;
    const source = draft.draftOf(relationship.sourceId, sink, relationship.pointer);
    const target = draft.draftOf(relationship.targetId, sink, relationship.pointer);
    for (const [end, name, twin] of [
      ['$sourceId', relationship.sourceId, source],
      ['$targetId', relationship.targetId, target],
    ] as const) {
      if (!twin)
        sink.error(
          'hub:unknownTwin',
          pointerTo(relationship.pointer, end),
          `The twin ${name} is neither in the import nor stored.`,
        );
    }
    if (!source || !target) return [];
    // An id of Azure Digital Twins is unique for its source only.
    const id = `${source.id}/${relationship.id}`;
    if (seen.has(id))
      sink.error(
        'hub:duplicateRelationship',
        relationship.pointer,
        `The relationship ${relationship.id} of ${source.id} is defined twice.`,
      );
    seen.add(id);
    checkDeclared(relationship, source, target, perSource, sink, draft);
    place(relationship, source, target, sink);
    return [
      {
        id,
        name: relationship.name,
        sourceId: source.id,
        targetId: target.id,
        properties: relationship.properties,
      },
    ];
  });
  return planned;
}

function checkDeclared(
  relationship: GraphRelationship,
  source: TwinDraft,
  target: TwinDraft,
  perSource: Map<string, number>,
  sink: FindingSink,
  draft: ImportDraft,
): void {
  const { name, pointer } = relationship;
  const content = contentsOf(draft.lineage(source.modelId)).get(name);
  if (content?.kind !== 'relationship') {
    return sink.error(
      'hub:undeclaredRelationship',
      pointerTo(pointer, '$relationshipName'),
      `The model ${source.modelId} of ${source.id} has no relationship ${name}.`,
    );
  }
  checkTarget(content, target, pointer, sink, draft);
  for (const { path, rule, message } of verifyRelationshipProperties(
    relationship.lexical,
    name,
    draft.lineage(source.modelId),
  ))
    sink.error(
      `hub:${rule}`,
      path.reduce(pointerTo, pointer),
      `${relationship.id}, ${path.join('.')}: ${message}`,
    );
  const count = (perSource.get(`${source.id} ${name}`) ?? 0) + 1;
  perSource.set(`${source.id} ${name}`, count);
  if (content.maxMultiplicity !== null && count > content.maxMultiplicity) {
    sink.error(
      'hub:multiplicity',
      pointer,
      `${source.id} has ${count} relationships ${name}; its model allows ${content.maxMultiplicity}.`,
    );
  }
}

function checkTarget(
  content: RelationshipContent,
  target: TwinDraft,
  pointer: string,
  sink: FindingSink,
  draft: ImportDraft,
): void {
  if (content.target === null || draft.lineage(target.modelId).some((model) => model.id === content.target))
    return;
  sink.error(
    'hub:relationshipTarget',
    pointerTo(pointer, '$targetId'),
    `${content.name} leads to twins of ${content.target}; ${target.id} is of ${target.modelId}.`,
  );
}

function place(
  relationship: GraphRelationship,
  source: TwinDraft,
  target: TwinDraft,
  sink: FindingSink,
): void {
  const [upper, lower] = downwards.includes(relationship.name)
    ? [source, target]
    : upwards.includes(relationship.name)
      ? [target, source]
      : [null, null];
  if (!upper || !lower) return;
  if (lower.parentNamed && lower.parentId !== upper.id) {
    return sink.error(
      'hub:twoParents',
      relationship.pointer,
      `${lower.id} would stand below ${lower.parentId} and below ${upper.id}; keep one.`,
    );
  }
  if (twinKinds.indexOf(upper.kind) > twinKinds.indexOf(lower.kind)) {
    sink.warn(
      'hub:unusualHierarchy',
      relationship.pointer,
      `${upper.id} (${upper.kind}) stands above ${lower.id} (${lower.kind}), against the order of ISA-95.`,
    );
  }
  if (lower.parentId !== upper.id) lower.touched = true;
  lower.parentId = upper.id;
  lower.parentNamed = true;
}

/** Reports twins that would stand below themselves. */
export function checkCycles(draft: ImportDraft): void {
  const safe = new Set<string>();
  for (const start of draft.twins.values()) {
    const way = new Set<string>();
    let id: string | null = start.id;
    while (id && !safe.has(id)) {
      if (way.has(id)) {
        start.sink.error(
          'hub:hierarchyCycle',
          start.pointer,
          `${start.id} would stand below itself: ${[...way].join(' < ')}.`,
        );
        break;
      }
      way.add(id);
      id = (draft.twins.get(id) ?? draft.stored(id))?.parentId ?? null;
    }
    for (const passed of way) safe.add(passed);
  }
}
