import type { Model } from './model.ts';
import type { TwinKind } from './twin.ts';

/**
 * Concepts of ISA-95 ontologies and the level of the hierarchy each stands for, without version.
 * @see IEC 62264-1, role based equipment hierarchy; ManufacturingOntologies (Digital Twin Consortium), ISA95
 */
const kindOfConcept: Readonly<Record<string, TwinKind>> = {
  'dtmi:twinhub:isa95:Site': 'SITE',
  'dtmi:twinhub:isa95:Area': 'AREA',
  'dtmi:twinhub:isa95:ProductionLine': 'LINE',
  'dtmi:twinhub:isa95:WorkCell': 'CELL',
  'dtmi:twinhub:isa95:Asset': 'ASSET',
  'dtmi:twinhub:isa95:Component': 'COMPONENT',
  'dtmi:twinhub:class:Part': 'COMPONENT',
  'dtmi:twinhub:class:Asset': 'ASSET',
  'dtmi:digitaltwins:isa95:Site': 'SITE',
  'dtmi:digitaltwins:isa95:Area': 'AREA',
  'dtmi:digitaltwins:isa95:ProductionLine': 'LINE',
  'dtmi:digitaltwins:isa95:ProductionUnit': 'LINE',
  'dtmi:digitaltwins:isa95:ProcessCell': 'LINE',
  'dtmi:digitaltwins:isa95:StorageZone': 'LINE',
  'dtmi:digitaltwins:isa95:WorkCenter': 'LINE',
  'dtmi:digitaltwins:isa95:WorkCell': 'CELL',
  'dtmi:digitaltwins:isa95:Unit': 'CELL',
  'dtmi:digitaltwins:isa95:StorageUnit': 'CELL',
  'dtmi:digitaltwins:isa95:WorkUnit': 'CELL',
  'dtmi:digitaltwins:isa95:Equipment': 'ASSET',
  'dtmi:digitaltwins:isa95:PhysicalAsset': 'ASSET',
};

/** The level of the equipment hierarchy, from the nearest ISA-95 concept in a model's lineage; `null` when there is none. */
export function kindOf(lineage: readonly Model[]): TwinKind | null {
  for (const { id } of lineage) {
    const concept = id.split(';')[0] ?? '';
    if (Object.hasOwn(kindOfConcept, concept)) return kindOfConcept[concept] ?? null;
  }
  return null;
}
