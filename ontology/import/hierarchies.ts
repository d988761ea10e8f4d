import type { ReadEnvironment, ReadShell } from '../aas/index.ts';
import type { BillOfMaterial, BomNode } from '../aas/submodels/index.ts';
import { assetModelId, partModelId } from '../asset-classes/index.ts';
import type { FindingSink } from '../import-finding.ts';
import type { ImportDraft, TwinDraft } from './draft.ts';
import { derivedTwinId, isTwinId, makeTwin, partTwinId, shellTwinId } from './made-twins.ts';
import { understand } from './understood.ts';

/** A bill of material with the shell it belongs to. */
interface ShellBom {
  readonly shell: ReadShell;
  readonly submodel: string;
  readonly bom: BillOfMaterial;
}

function bomsOf(environment: ReadEnvironment): ShellBom[] {
  return environment.shells.flatMap((shell) =>
    shell.submodels.flatMap((submodel) => {
      const { known } = understand(submodel, environment.sink);
      return known?.bom ? [{ shell, submodel: submodel.model.id, bom: known.bom }] : [];
    }),
  );
}

/** Ids of twins the nodes may be, to be loaded first. */
export function candidateParts(environment: ReadEnvironment): readonly string[] {
  return bomsOf(environment).flatMap(({ shell, bom }) => {
    const wholes = [...shell.candidates.filter(isTwinId), shellTwinId(shell)].filter((id) => id !== null);
    return bom.nodes.flatMap((node) => [
      ...namesOf(node),
      ...wholes.map((whole) => partTwinId(whole, pathBelow(node, bom))),
    ]);
  });
}

/** Twin ids a node's asset names, best first. */
function namesOf({ globalAssetId, specificAssetIds }: BomNode): string[] {
  const named = specificAssetIds.filter(({ name }) => name === 'twinId').map(({ value }) => value);
  const global = globalAssetId
    ? [globalAssetId, globalAssetId.split(/[/#]/).at(-1) ?? '', derivedTwinId(globalAssetId)]
    : [];
  return [...named, ...global].filter(isTwinId);
}

function pathBelow(node: BomNode, bom: BillOfMaterial): string[] {
  const below = node.path.startsWith(`${bom.entry}.`) ? node.path.slice(bom.entry.length + 1) : node.path;
  return below.split('.');
}

/** What the hierarchies of an environment need. */
export interface HierarchyScope {
  readonly draft: ImportDraft;
  /** Twin of each shell that has one. */
  readonly twinOfShell: ReadonlyMap<ReadShell, TwinDraft>;
  /** Whether twins are made for parts that have none. */
  readonly createTwins: boolean;
}

/**
 * Places twins below one another as the bills of material say. A part without a twin is made one when that is wanted;
 * else it is reported and stays in the source.
 */
export function planHierarchies(environment: ReadEnvironment, scope: HierarchyScope): void {
  const boms = bomsOf(environment);
  for (const one of boms) {
    const entry = scope.twinOfShell.get(one.shell);
    if (entry) planBom(one, entry, boms, environment.sink, scope);
  }
}

function planBom(
  one: ShellBom,
  entry: TwinDraft,
  boms: readonly ShellBom[],
  sink: FindingSink,
  scope: HierarchyScope,
): void {
  const { bom } = one;
  const twins = new Map<string, TwinDraft>([[bom.entry, entry]]);
  for (const node of bom.nodes) {
    if (node.path === bom.entry) continue;
    const twin = existing(node, one, entry, boms, sink, scope) ?? made(node, one, entry, sink, scope);
    if (twin) twins.set(node.path, twin);
    else
      sink.warn(
        'hub:partWithoutTwin',
        node.pointer,
        `The part ${node.idShort} of ${entry.id} has no twin: name one by a specificAssetId "twinId", or let the import make twins. It is kept in the source.`,
      );
  }
  for (const { whole, part } of bom.parts) {
    const [upper, lower] = [twins.get(whole), twins.get(part)];
    const node = bom.nodes.find(({ path }) => path === part);
    if (upper && lower) placePart(upper, lower, node, sink, scope.draft);
  }
}

function existing(
  node: BomNode,
  { shell, bom }: ShellBom,
  entry: TwinDraft,
  boms: readonly ShellBom[],
  sink: FindingSink,
  { draft, twinOfShell }: HierarchyScope,
): TwinDraft | null {
  const byAsset = [...twinOfShell].find(
    ([other]) => other !== shell && node.globalAssetId !== null && other.globalAssetId === node.globalAssetId,
  )?.[1];
  const same = node.sameAs.flatMap(({ submodel, path }) =>
    boms.filter((other) => other.submodel === submodel && other.bom.entry === path),
  );
  const bySameness = same.map((other) => twinOfShell.get(other.shell)).find((twin) => twin !== undefined);
  if (byAsset ?? bySameness) return byAsset ?? bySameness ?? null;
  for (const id of [...namesOf(node), partTwinId(entry.id, pathBelow(node, bom))]) {
    const twin = draft.draftOf(id, sink, node.pointer);
    if (twin) return twin;
  }
  return null;
}

function made(
  node: BomNode,
  { bom }: ShellBom,
  entry: TwinDraft,
  sink: FindingSink,
  { draft, createTwins }: HierarchyScope,
): TwinDraft | null {
  // What an asset is part of is for the plant to say: only parts are made, not wholes.
  if (!createTwins || bom.archetype === 'OneUp') return null;
  const named = node.specificAssetIds.find(({ name, value }) => name === 'twinId' && isTwinId(value))?.value;
  const id =
    named && isTwinId(named)
      ? named
      : node.globalAssetId
        ? derivedTwinId(node.globalAssetId)
        : partTwinId(entry.id, pathBelow(node, bom));
  const properties = node.bulkCount === null ? {} : { count: Math.round(node.bulkCount) };
  return makeTwin(
    { id, kind: 'COMPONENT', name: node.idShort, properties, sink, pointer: node.pointer },
    draft,
  );
}

function placePart(
  upper: TwinDraft,
  lower: TwinDraft,
  node: BomNode | undefined,
  sink: FindingSink,
  draft: ImportDraft,
): void {
  if (lower.parentNamed && lower.parentId !== upper.id) {
    sink.error(
      'hub:twoParents',
      node?.pointer ?? lower.pointer,
      `${lower.id} would stand below ${lower.parentId} and below ${upper.id}; keep one.`,
    );
    return;
  }
  if (lower.parentId !== upper.id) lower.touched = true;
  lower.parentId = upper.id;
  lower.parentNamed = true;
  // Only the hub's own models are sure to declare the relationship.
  if (upper.modelId !== assetModelId && upper.modelId !== partModelId) return;
  draft.relationships.push({
    id: `${upper.id}/hasPart:${lower.id}`.slice(0, 256),
    name: 'hasPart',
    sourceId: upper.id,
    targetId: lower.id,
    properties: node?.bulkCount == null ? {} : { count: Math.round(node.bulkCount) },
  });
}
