import { parseModelId, parseTenantId, parseTwinId, type TenantId } from '#ontology/ids.ts';
import type { Model } from '#ontology/model.ts';
import type { RelationshipInput, TwinInput } from '#ontology/twin.ts';

let tenants = 0;

/** A tenant that no other test of this run uses, also on a server that keeps its data. */
export function freshTenant(): TenantId {
  tenants += 1;
  return parseTenantId(
    `t${process.pid.toString(36)}-${performance.timeOrigin.toString(36).replace('.', '-')}-${tenants}`.slice(
      0,
      63,
    ),
  );
}

/** A small DTDL model. */
export function model(name: string, bases: readonly string[] = [], more: Partial<Model> = {}): Model {
  const id = modelId(name);
  return {
    id,
    standard: 'DTDL',
    standardVersion: '3',
    displayName: { en: name, de: `${name} (Gerät)` },
    description: {},
    extends: bases.map(modelId),
    contents: [
      {
        kind: 'signal',
        name: 'velocityRms',
        displayName: { en: 'Vibration' },
        description: {},
        declaredBy: id,
        valueType: 'number',
        unit: 'mm/s',
        quantity: 'Velocity',
        range: { low: 0, high: 45 },
        samplingPeriodMs: 1000,
      },
    ],
    source: {
      '@id': id,
      '@type': 'Interface',
      '@context': ['dtmi:dtdl:context;3'],
      nested: { b: 1, a: [null, 'ü', 1.5] },
    },
    ...more,
  };
}

export const modelId = (name: string) => parseModelId(name.includes(':') ? name : `dtmi:test:${name};1`);

/** An asset below `parent`. */
export function twin(id: string, parent: string | null = null, more: Partial<TwinInput> = {}): TwinInput {
  return {
    id: parseTwinId(id),
    kind: 'ASSET',
    name: `Name of ${id}`,
    modelId: modelId('Asset'),
    parentId: parent === null ? null : parseTwinId(parent),
    properties: { equipmentNumber: '10000101', criticality: 'A' },
    ...more,
  };
}

export function link(id: string, source: string, target: string, name = 'feeds'): RelationshipInput {
  return {
    id,
    name,
    sourceId: parseTwinId(source),
    targetId: parseTwinId(target),
    properties: { since: '2024-01-01' },
  };
}

/** Four levels of a small plant, with models, in an order in which nothing stands before what it needs. */
export function smallPlant() {
  return {
    relationships: [
      link('r2', 'CP-101', 'CV-101'),
      link('r1', 'FL-101', 'CP-101'),
      link('r3', 'FL-101', 'CV-101', 'drives'),
    ],
    twins: [
      twin('FL-101', 'CELL-1', { modelId: modelId('Filler') }),
      twin('CP-101', 'CELL-1'),
      twin('CV-101', 'CELL-2'),
      twin('CELL-2', 'PLANT-1', { kind: 'CELL' }),
      twin('CELL-1', 'PLANT-1', { kind: 'CELL', name: 'Füllerei NORD' }),
      twin('PLANT-1', null, { kind: 'SITE' }),
    ],
    models: [
      model('Filler', ['Machine']),
      model('Machine', ['Asset', 'Named']),
      model('Named'),
      model('Asset'),
    ],
  };
}
