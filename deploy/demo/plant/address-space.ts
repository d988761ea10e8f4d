import {
  AccessLevelFlag,
  DataType,
  makeEUInformation,
  StatusCodes,
  VariantArrayType,
  type Namespace,
  type UAObject,
  type UAVariable,
  type VariantLike,
} from 'node-opcua';
import { plantObjects } from './assets.ts';
import type { Reading } from './readings.ts';
import { plantTags, type PlantTag, type TagUnit } from './tags.ts';
import type { Published } from './transmitters.ts';
import { addSpectrum } from './spectrum-variable.ts';

/** The variables of the server by tag name. */
export interface PlantAddressSpace {
  readonly simulation: UAObject;
  /** Writes what a tag publishes, with its source time. */
  publish(tag: string, published: Published, at: Date): void;
}

/** Builds Objects > plant > area > ... > asset > variable; node ids are `ns=1;s=<id>`. */
export function buildAddressSpace(namespace: Namespace): PlantAddressSpace {
  const objects = addObjects(namespace);
  const variables = new Map<string, { tag: PlantTag; variable: UAVariable }>();
  for (const tag of plantTags) {
    const parent = objects.get(tag.object);
    if (parent) variables.set(tag.name, { tag, variable: addTag(namespace, parent, tag) });
  }
  return {
    simulation: namespace.addObject({
      organizedBy: namespace.addressSpace.rootFolder.objects,
      nodeId: 's=Simulation',
      browseName: 'Simulation',
      description: 'Scenarios and maintenance of the simulated plant',
    }),
    publish: (name, published, at) => {
      const entry = variables.get(name);
      if (!entry) return;
      const status = StatusCodes[published.status];
      entry.variable.setValueFromSource(toVariant(entry.tag, published.reading), status, at);
    },
  };
}

function addObjects(namespace: Namespace): Map<string, UAObject> {
  const root = namespace.addressSpace.rootFolder.objects;
  const objects = new Map<string, UAObject>();
  for (const object of plantObjects) {
    const parent = (object.parent && objects.get(object.parent)) || root;
    const added = namespace.addObject({
      ...(object.parent === null ? { organizedBy: root } : { componentOf: parent }),
      nodeId: `s=${object.id}`,
      browseName: object.id,
      description: object.description,
    });
    if (object.equipment)
      addText(namespace, added, `${object.id}.EquipmentNumber`, 'EquipmentNumber', object.equipment);
    objects.set(object.id, added);
  }
  const legacy = namespace.addObject({
    organizedBy: root,
    nodeId: 's=LegacyTags',
    browseName: 'LegacyTags',
    description: 'Flat tags of the old utilities controller',
  });
  return objects.set('LegacyTags', legacy);
}

function addText(
  namespace: Namespace,
  propertyOf: UAObject,
  id: string,
  browseName: string,
  text: string,
): void {
  namespace.addVariable({
    propertyOf,
    nodeId: `s=${id}`,
    browseName,
    dataType: DataType.String,
    accessLevel: AccessLevelFlag.CurrentRead,
    value: { dataType: DataType.String, value: text },
  });
}

function addTag(namespace: Namespace, parent: UAObject, tag: PlantTag): UAVariable {
  const common = {
    componentOf: parent,
    nodeId: `s=${tag.name}`,
    browseName: tag.browseName,
    accessLevel: AccessLevelFlag.CurrentRead,
    userAccessLevel: AccessLevelFlag.CurrentRead,
    // Each new value is reported at once to clients that ask for the fastest sampling.
    minimumSamplingInterval: 0,
  };
  if (!tag.unit || !tag.range) return namespace.addVariable({ ...common, dataType: DataType.Boolean });
  const engineeringUnits = toEngineeringUnits(tag.unit);
  const engineeringUnitsRange = { low: tag.range[0], high: tag.range[1] };
  if (tag.type === 'Spectrum')
    return addSpectrum(namespace, common, { engineeringUnits, range: engineeringUnitsRange });
  return namespace.addAnalogDataItem({
    ...common,
    dataType: dataTypeOf(tag),
    engineeringUnits,
    engineeringUnitsRange,
  });
}

function toEngineeringUnits(unit: TagUnit): ReturnType<typeof makeEUInformation> {
  return makeEUInformation(unit.code, unit.shown, unit.name);
}

function dataTypeOf(tag: PlantTag): DataType.Boolean | DataType.UInt32 | DataType.Float | DataType.Double {
  if (tag.type === 'Boolean') return DataType.Boolean;
  if (tag.type === 'UInt32') return DataType.UInt32;
  return tag.type === 'Float' ? DataType.Float : DataType.Double;
}

function toVariant(tag: PlantTag, reading: Reading | null): VariantLike {
  if (reading === null) return { dataType: DataType.Null };
  if (typeof reading === 'object')
    return {
      dataType: DataType.Double,
      arrayType: VariantArrayType.Array,
      value: Float64Array.from(reading),
    };
  return { dataType: dataTypeOf(tag), value: reading };
}
