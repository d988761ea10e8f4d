import type { TwinChanges } from '#ontology/ports/twin-store.ts';
import type { TwinInput } from '#ontology/twin.ts';

type AllChanges = Required<TwinChanges>;

/** Items of one part of an import item by item: written in one transaction, unless one of them is refused. */
const partSize = 100;
/** Items sent and staged at a time, of each kind: a model carries its source and may be large. */
const chunkSizes = { models: 20, twins: 200, relationships: 1_000 } as const;

/** An import item by item in parts: models first, twins below their parents, relationships last. */
export function partsOf(changes: AllChanges): AllChanges[] {
  const nothing: AllChanges = { models: [], twins: [], relationships: [] };
  return [
    ...cut(changes.models, partSize).map((models) => ({ ...nothing, models })),
    ...cut(parentsFirst(changes.twins), partSize).map((twins) => ({ ...nothing, twins })),
    ...cut(changes.relationships, partSize).map((relationships) => ({ ...nothing, relationships })),
  ];
}

/** Changes in pieces that travel and are staged one after another. At least one, also of nothing. */
export function chunksOf(changes: AllChanges): TwinChanges[] {
  const chunks: TwinChanges[] = [
    ...cut(changes.models, chunkSizes.models).map((models) => ({ models })),
    ...cut(changes.twins, chunkSizes.twins).map((twins) => ({ twins })),
    ...cut(changes.relationships, chunkSizes.relationships).map((relationships) => ({ relationships })),
  ];
  return chunks.length ? chunks : [{}];
}

function cut<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/** Twins in an order in which each comes after its parent, where that is among them. */
export function parentsFirst(twins: readonly TwinInput[]): TwinInput[] {
  const byId = new Map(twins.map((twin) => [twin.id, twin]));
  const depths = new Map<string, number>();
  const depthOf = (twin: TwinInput): number => {
    const way: TwinInput[] = [];
    let at: TwinInput | undefined = twin;
    while (at && !depths.has(at.id) && !way.includes(at)) {
      way.push(at);
      at = at.parentId === null ? undefined : byId.get(at.parentId);
    }
    let depth = at ? (depths.get(at.id) ?? 0) : -1;
    for (const one of way.reverse()) depths.set(one.id, (depth += 1));
    return depths.get(twin.id) ?? 0;
  };
  return twins
    .map((twin, i) => ({ twin, i, depth: depthOf(twin) }))
    .sort((a, b) => a.depth - b.depth || a.i - b.i)
    .map(({ twin }) => twin);
}
