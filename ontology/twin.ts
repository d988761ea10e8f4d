import type { ModelId, TenantId, TwinId } from './ids.ts';

/** Levels of the equipment hierarchy. @see IEC 62264-1 (ISA-95), role based equipment hierarchy; COMPONENT is a part of an asset */
export const twinKinds = ['SITE', 'AREA', 'LINE', 'CELL', 'ASSET', 'COMPONENT'] as const;
export type TwinKind = (typeof twinKinds)[number];

/** A digital twin of anything in the plant. */
export interface Twin {
  readonly tenant: TenantId;
  readonly id: TwinId;
  readonly kind: TwinKind;
  readonly name: string;
  readonly modelId: ModelId;
  /** Where it stands in the hierarchy; `null` for a site. */
  readonly parentId: TwinId | null;
  /** Property values by name, as the model says. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Counts writes, from 1. */
  readonly revision: number;
  /** Epoch ms UTC. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a writer gives; the store adds revision and times. */
export type TwinInput = Pick<Twin, 'id' | 'kind' | 'name' | 'modelId' | 'parentId' | 'properties'>;

/** A named, directed link between two twins of one tenant. */
export interface Relationship {
  readonly tenant: TenantId;
  readonly id: string;
  readonly name: string;
  readonly sourceId: TwinId;
  readonly targetId: TwinId;
  readonly properties: Readonly<Record<string, unknown>>;
}

export type RelationshipInput = Omit<Relationship, 'tenant'>;
