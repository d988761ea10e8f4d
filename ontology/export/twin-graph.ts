/** Writes twins and relationships as Azure Digital Twins does: what an import reads. */
import type { RelationshipInput, TwinInput } from '../twin.ts';

/** A twin graph to be written. */
export interface ExportedGraph {
  readonly twins: readonly Pick<TwinInput, 'id' | 'modelId' | 'properties'>[];
  /** Those that leave the twins. */
  readonly relationships: readonly RelationshipInput[];
}

/**
 * One `digitalTwinsGraph` document. Values that came with asset administration shells belong to these and are left out.
 * Importing it, with the models, gives the same twins and relationships.
 */
export function exportTwinGraph({ twins, relationships }: ExportedGraph): string {
  const document = {
    digitalTwinsFileInfo: { fileVersion: '1.0.0' },
    digitalTwinsGraph: {
      digitalTwins: twins.map(({ id, modelId, properties }) => ({
        $dtId: id,
        $metadata: { $model: modelId },
        ...ownProperties(properties),
      })),
      relationships: relationships.map(({ id, name, sourceId, targetId, properties }) => ({
        $relationshipId: relationshipId(id, sourceId),
        $sourceId: sourceId,
        $relationshipName: name,
        $targetId: targetId,
        ...properties,
      })),
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Names of DTDL have no dot; those of submodel elements always have. */
function ownProperties(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).filter(
      ([name, value]) => !name.startsWith('$') && !name.includes('.') && value !== null,
    ),
  );
}

/** An import puts the source in front, because ids are unique for their source only. */
function relationshipId(id: string, sourceId: string): string {
  return id.startsWith(`${sourceId}/`) ? id.slice(sourceId.length + 1) : id;
}
