import {
  AccessLevelFlag,
  DataType,
  DataTypeIds,
  makeEUInformation,
  resolveNodeId,
  VariantArrayType,
  type ExtensionObject,
  type Namespace,
  type UAObject,
  type UAVariable,
} from 'node-opcua';
import { spectrumLines } from './physics/vibration.ts';

/** Where the variable stands and what it measures. */
export interface SpectrumPlace {
  readonly componentOf: UAObject;
  readonly nodeId: string;
  readonly browseName: string;
  readonly minimumSamplingInterval: number;
}

/**
 * A variable of 400 lines that says what its axis is. Made from its type by hand: node-opcua 2.186
 * `addYArrayItem` drops the node id and the engineering units it is given.
 *
 * @see OPC 10000-8, YArrayItemType, AxisInformation
 */
export function addSpectrum(
  namespace: Namespace,
  place: SpectrumPlace,
  measures: { engineeringUnits: ReturnType<typeof makeEUInformation>; range: { low: number; high: number } },
): UAVariable {
  const type = namespace.addressSpace.findVariableType('YArrayItemType');
  if (!type) throw new Error('The nodeset has no YArrayItemType.');
  const variable = type.instantiate({
    ...place,
    dataType: DataType.Double,
    valueRank: 1,
    arrayDimensions: [spectrumLines],
    value: {
      dataType: DataType.Double,
      arrayType: VariantArrayType.Array,
      value: new Float64Array(spectrumLines),
    },
  });
  variable.accessLevel = AccessLevelFlag.CurrentRead;
  variable.userAccessLevel = AccessLevelFlag.CurrentRead;
  describeAxes(namespace, variable, measures);
  return variable;
}

function describeAxes(
  namespace: Namespace,
  variable: UAVariable,
  measures: { engineeringUnits: ExtensionObject; range: { low: number; high: number } },
): void {
  const construct = (dataType: number, fields: Record<string, unknown>) =>
    namespace.addressSpace.constructExtensionObject(resolveNodeId(dataType), fields);
  const setObject = (name: string, value: ExtensionObject) =>
    propertyOf(variable, name).setValueFromSource({ dataType: DataType.ExtensionObject, value });
  setObject('EURange', construct(DataTypeIds.Range, measures.range));
  setObject('EngineeringUnits', measures.engineeringUnits);
  setObject(
    'XAxisDefinition',
    construct(DataTypeIds.AxisInformation, {
      axisScaleType: 0,
      engineeringUnits: makeEUInformation('HTZ', 'Hz', 'hertz'),
      eURange: { low: 0, high: spectrumLines - 1 },
      title: { text: 'Frequency' },
    }),
  );
  propertyOf(variable, 'Title').setValueFromSource({
    dataType: DataType.LocalizedText,
    value: { text: 'Envelope spectrum' },
  });
  propertyOf(variable, 'AxisScaleType').setValueFromSource({ dataType: DataType.Int32, value: 0 });
}

function propertyOf(variable: UAVariable, name: string): UAVariable {
  const property = variable.getPropertyByName(name);
  if (!property) throw new Error(`${variable.browseName.toString()} has no property ${name}.`);
  return property;
}
