import type { Submodel } from '../environment.ts';
import { propertiesOf, type CanonicalProperty } from './canonical.ts';
import { childrenOf, elementsOf, pickAll, type Placed, type ReadScope } from './elements.ts';
import { numberValue, readFields, type Fields } from './fields.ts';

/** Characteristics under given operating conditions. */
export interface ReliabilitySet {
  /** Mean operating time to and between failures, as the submodel says (IEC CDD: hours). */
  readonly mttf: number | null;
  readonly mtbf: number | null;
  /** Cycles until 10 % have failed. */
  readonly b10: number | null;
}

export interface Reliability {
  readonly sets: readonly ReliabilitySet[];
  readonly properties: readonly CanonicalProperty[];
}

const characteristicFields = {
  mttf: { term: 'reliability.mttf', names: ['MTTF'] },
  mtbf: { term: 'reliability.mtbf', names: ['MTBF'] },
  b10: { term: 'reliability.b10', names: ['B'] },
} as const satisfies Fields;

const conditionFields = {
  typeOfVoltage: { term: 'reliability.typeOfVoltage', names: ['TypeOfVoltage'], as: 'text' },
  ratedVoltage: { term: 'reliability.ratedVoltage', names: ['RatedVoltage'] },
  minimumRatedVoltage: { term: 'reliability.minimumRatedVoltage', names: ['MinimumRatedVoltage'] },
  maximumRatedVoltage: { term: 'reliability.maximumRatedVoltage', names: ['MaximumRatedVoltage'] },
  ratedOperationalCurrent: {
    term: 'reliability.ratedOperationalCurrent',
    names: ['RatedOperationalCurrent'],
  },
  otherOperatingConditions: {
    term: 'reliability.otherOperatingConditions',
    names: ['OtherOperatingConditions'],
    as: 'text',
  },
  usefulLifeInOperations: {
    term: 'reliability.usefulLifeInOperations',
    names: ['UsefulLifeInNumberOfOperations'],
  },
  usefulLifeInTime: { term: 'reliability.usefulLifeInTime', names: ['UsefulLifeInTimeInterval'] },
} as const satisfies Fields;

/**
 * Reads Reliability (02013 1.0): IEC 62683's characteristics. The first set gives the canonical values.
 * @see IDTA 02013-1-0
 */
export function readReliability(submodel: Submodel, pointer: string, scope: ReadScope): Reliability {
  const elements = elementsOf(submodel, pointer);
  const characteristics = pickAll(elements, 'reliability.characteristics', 'ReliabilityCharacteristics');
  const conditions = pickAll(
    elements,
    'reliability.operatingConditions',
    'OperatingConditionsOfReliabilityCharacteristics',
  );
  if (!characteristics.length)
    scope.report('hub:reliabilityIncomplete', pointer, 'There are no ReliabilityCharacteristics.');
  const inside = (placed: Placed | undefined) => (placed ? childrenOf(placed) : []);
  const first = readFields(inside(characteristics[0]), characteristicFields, scope);
  const under = readFields(inside(conditions[0]), conditionFields, scope);
  const sets = characteristics.map((placed) => {
    const found = readFields(childrenOf(placed), characteristicFields, scope);
    return { mttf: numberValue(found.mttf), mtbf: numberValue(found.mtbf), b10: numberValue(found.b10) };
  });
  const properties = propertiesOf('reliability', { ...first, ...under }).map((found) =>
    /\.mt[tb]f$/.test(found.name) ? { ...found, unit: found.unit ?? 'h' } : found,
  );
  return { sets, properties };
}
