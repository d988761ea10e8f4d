import type { Reference, Submodel, SpecificAssetId } from '../environment.ts';
import {
  childrenOf,
  elementsOf,
  numberOf,
  pick,
  pickAll,
  textOf,
  type Placed,
  type ReadScope,
} from './elements.ts';

export const archetypes = ['Full', 'OneDown', 'OneUp'] as const;
export type Archetype = (typeof archetypes)[number];

/** A part (or the whole) in a hierarchical structure. */
export interface BomNode {
  /** Path of idShorts below the submodel, joined by dots; unique in it. */
  readonly path: string;
  readonly idShort: string;
  readonly selfManaged: boolean;
  readonly globalAssetId: string | null;
  readonly specificAssetIds: readonly SpecificAssetId[];
  /** How many alike pieces the node stands for; `null` for one. */
  readonly bulkCount: number | null;
  /** Ids of submodels in which the same thing is a node too, with its path there. */
  readonly sameAs: readonly { readonly submodel: string; readonly path: string }[];
  readonly pointer: string;
}

/** A hierarchy as tree: who is part of whom. */
export interface BillOfMaterial {
  readonly archetype: Archetype | null;
  /** Path of the entry node: the asset the shell stands for. */
  readonly entry: string;
  readonly nodes: readonly BomNode[];
  /** Paths; each part once. */
  readonly parts: readonly { readonly whole: string; readonly part: string }[];
}

/**
 * Reads Hierarchical Structures enabling Bills of Material (02011 1.0 and 1.1). Relationships HasPart and IsPartOf say who
 * is part of whom; where a node has none, its place does (below the entry node, or above it in the archetype OneUp).
 *
 * @returns `null` when there is no entry node.
 * @see IDTA 02011-1-1
 */
export function readBillOfMaterial(
  submodel: Submodel,
  pointer: string,
  scope: ReadScope,
): BillOfMaterial | null {
  const elements = elementsOf(submodel, pointer);
  const entry = pick(elements, 'bom.entryNode', 'EntryNode') ?? onlyEntity(elements);
  if (!entry) {
    scope.report(
      'hub:bomWithoutEntryNode',
      pointer,
      'The structure has no EntryNode; it gives no hierarchy.',
    );
    return null;
  }
  const archetype = readArchetype(elements, scope);
  const placed = [entry, ...nodesBelow(entry)];
  const paths = new Set(placed.map(({ path }) => path.join('.')));
  const said = placed.flatMap((node) => relationsOf(node, submodel.id, paths, scope));
  const parts = withPlaces(placed, said, archetype, scope);
  const same = placed.flatMap((node) => sameAsOf(node, submodel.id));
  return {
    archetype,
    entry: entry.path.join('.'),
    nodes: placed.map((node) => toNode(node, same, scope)),
    parts,
  };
}

function onlyEntity(elements: readonly Placed[]): Placed | null {
  const entities = elements.filter(({ element }) => element.modelType === 'Entity');
  return entities.length === 1 ? (entities[0] ?? null) : null;
}

function readArchetype(elements: readonly Placed[], { report }: ReadScope): Archetype | null {
  const placed = pick(elements, 'bom.archeType', 'ArcheType');
  const text = placed && textOf(placed);
  const found = archetypes.find(
    (known) => known.toLowerCase() === text?.toLowerCase().replace(/[^a-z]/g, ''),
  );
  if (placed && !found)
    report(
      'hub:bomArchetype',
      placed.pointer,
      `ArcheType is ${JSON.stringify(text)}; known are ${archetypes.join(', ')}. Taken as Full.`,
    );
  return found ?? null;
}

function nodesBelow(node: Placed): Placed[] {
  return childrenOf(node)
    .filter(({ element }) => element.modelType === 'Entity')
    .flatMap((child) => [child, ...nodesBelow(child)]);
}

function relations(node: Placed, term: string, name: string): readonly Placed[] {
  const all = childrenOf(node).filter(({ element }) => /RelationshipElement$/.test(element.modelType));
  return pickAll(all, term, name);
}

/** Where a reference leads: the submodel and the path in it; `null` when it names no element of a submodel. */
function target(reference: Reference | undefined): { submodel: string; path: string } | null {
  const [first, ...rest] = reference?.keys ?? [];
  const start = first?.type === 'AssetAdministrationShell' ? rest : [first, ...rest];
  const [submodel, ...path] = start.filter((key) => key !== undefined);
  if (submodel?.type !== 'Submodel' || !path.length) return null;
  return { submodel: submodel.value, path: path.map(({ value }) => value).join('.') };
}

function relationsOf(
  node: Placed,
  submodel: string,
  paths: ReadonlySet<string>,
  { report }: ReadScope,
): { whole: string; part: string }[] {
  const read = (term: string, name: string, downwards: boolean) =>
    relations(node, term, name).flatMap(({ element, pointer }) => {
      const [first, second] = [target(element.first), target(element.second)];
      if (!first || !second || !paths.has(first.path) || !paths.has(second.path)) {
        report(
          'hub:bomRelationEnds',
          pointer,
          `${element.idShort} does not lead from node to node of this structure; it is kept in the source.`,
        );
        return [];
      }
      if (first.submodel !== submodel || second.submodel !== submodel)
        report(
          'hub:bomRelationSubmodel',
          pointer,
          `${element.idShort} names the submodel ${first.submodel === submodel ? second.submodel : first.submodel}; its nodes are in this one, so it is taken as meant here.`,
        );
      return downwards ? { whole: first.path, part: second.path } : { whole: second.path, part: first.path };
    });
  return [...read('bom.hasPart', 'HasPart', true), ...read('bom.isPartOf', 'IsPartOf', false)];
}

/** What relationships say, completed by what nesting says about nodes no relationship speaks of; one whole a part. */
function withPlaces(
  placed: readonly Placed[],
  said: readonly { whole: string; part: string }[],
  archetype: Archetype | null,
  { report }: ReadScope,
): { whole: string; part: string }[] {
  const wholeOf = new Map<string, string>();
  for (const { whole, part } of said) {
    if ((wholeOf.get(part) ?? whole) !== whole)
      report(
        'hub:bomTwoWholes',
        placed.find(({ path }) => path.join('.') === part)?.pointer ?? '',
        `${part} is part of ${wholeOf.get(part)} and of ${whole}; the first is taken.`,
      );
    else wholeOf.set(part, whole);
  }
  for (const { path } of placed.slice(1)) {
    const [node, above] = [path.join('.'), path.slice(0, -1).join('.')];
    const spokenOf = said.some(({ whole, part }) => whole === node || part === node);
    if (spokenOf) continue;
    const [whole, part] = archetype === 'OneUp' ? [node, above] : [above, node];
    if (!wholeOf.has(part)) wholeOf.set(part, whole);
  }
  return [...wholeOf].map(([part, whole]) => ({ whole, part }));
}

interface Sameness {
  readonly path: string;
  readonly other: { readonly submodel: string; readonly path: string };
}

function sameAsOf(node: Placed, submodel: string): Sameness[] {
  return relations(node, 'bom.sameAs', 'SameAs').flatMap(({ element }) => {
    const [first, second] = [target(element.first), target(element.second)];
    if (!first || !second) return [];
    if (first.submodel === submodel) return { path: first.path, other: second };
    return second.submodel === submodel ? { path: second.path, other: first } : [];
  });
}

function toNode(node: Placed, same: readonly Sameness[], scope: ReadScope): BomNode {
  const { element, pointer } = node;
  const path = node.path.join('.');
  const bulk = pick(childrenOf(node), 'bom.bulkCount', 'BulkCount');
  return {
    path,
    idShort: element.idShort ?? path,
    selfManaged: element.entityType === 'SelfManagedEntity',
    globalAssetId: element.globalAssetId ?? null,
    specificAssetIds: element.specificAssetIds ?? [],
    bulkCount: bulk && numberOf(bulk, scope),
    sameAs: same.filter((entry) => entry.path === path).map(({ other }) => other),
    pointer,
  };
}
