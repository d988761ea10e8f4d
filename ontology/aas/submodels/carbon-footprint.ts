import type { Submodel } from '../environment.ts';
import { property, type CanonicalProperty } from './canonical.ts';
import { childrenOf, elementsOf, pick, pickAll, textOf, type Placed, type ReadScope } from './elements.ts';
import { numberValue, readFields, textValue, type Fields } from './fields.ts';

/** One footprint, of the product (PCF) or of its transport (TCF). */
export interface Footprint {
  readonly kind: 'PRODUCT' | 'TRANSPORT';
  /** Kilograms of CO2 equivalents for `quantity` of `referenceUnit`. */
  readonly co2eq: number | null;
  readonly quantity: number | null;
  readonly referenceUnit: string | null;
  readonly calculationMethods: readonly string[];
  /** PCF: life cycle phases; TCF: processes. */
  readonly phases: readonly string[];
  readonly publicationDate: string | null;
  readonly expirationDate: string | null;
  readonly pointer: string;
}

export interface CarbonFootprint {
  readonly properties: readonly CanonicalProperty[];
  readonly footprints: readonly Footprint[];
}

const common = {
  publicationDate: { term: 'footprint.publicationDate', names: ['PublicationDate'], as: 'text' },
  expirationDate: { term: 'footprint.expirationDate', names: ['ExpirationDate'], as: 'text' },
} as const;

const productFields = {
  ...common,
  co2eq: { term: 'pcf.co2eq', names: ['PCFCO2eq', 'PcfCO2eq'] },
  quantity: {
    term: 'pcf.quantity',
    names: ['PCFQuantityOfMeasureForCalculation', 'QuantityOfMeasureForCalculation'],
  },
  referenceUnit: {
    term: 'pcf.referenceUnit',
    names: ['PCFReferenceValueForCalculation', 'ReferenceImpactUnitForCalculation'],
    as: 'text',
  },
} as const satisfies Fields;

const transportFields = {
  ...common,
  co2eq: { term: 'tcf.co2eq', names: ['TCFCO2eq', 'TcfCO2eq'] },
  quantity: { term: 'tcf.quantity', names: ['TCFQuantityOfMeasureForCalculation'] },
  referenceUnit: { term: 'tcf.referenceUnit', names: ['TCFReferenceValueForCalculation'], as: 'text' },
} as const satisfies Fields;

/**
 * Reads Carbon Footprint (02023 0.9: collections of PCF and TCF; 1.0: lists of PCF).
 * @see IDTA 02023-1-0
 */
export function readCarbonFootprint(submodel: Submodel, pointer: string, scope: ReadScope): CarbonFootprint {
  const elements = elementsOf(submodel, pointer);
  const listed = pick(elements, 'carbonFootprint.products', 'ProductCarbonFootprints');
  const products = listed
    ? childrenOf(listed)
    : pickAll(elements, 'carbonFootprint.product', 'ProductCarbonFootprint');
  const transports = pickAll(elements, 'carbonFootprint.transport', 'TransportCarbonFootprint');
  const footprints = [
    ...products.map((placed) => readProduct(placed, scope)),
    ...transports.map((placed) => readTransport(placed, scope)),
  ];
  const sectors = pick(
    elements,
    'carbonFootprint.sectorSpecificList',
    'ProductOrSectorSpecificCarbonFootprints',
  );
  if (sectors && childrenOf(sectors).length)
    scope.report(
      'hub:footprintSectorSpecific',
      sectors.pointer,
      'Footprints by rules of a product or sector are kept in the source; the hub does not compare them.',
    );
  return { properties: canonical(footprints), footprints };
}

function readProduct(placed: Placed, scope: ReadScope): Footprint {
  const inside = childrenOf(placed);
  const found = readFields(inside, productFields, scope);
  return {
    ...base('PRODUCT', placed, found),
    calculationMethods: listOf(inside, 'pcf.calculationMethod', 'PCFCalculationMethod', [
      'pcf.calculationMethods',
      'PcfCalculationMethods',
    ]),
    phases: listOf(inside, 'pcf.lifeCyclePhase', 'PCFLifeCyclePhase', [
      'pcf.lifeCyclePhases',
      'LifeCyclePhases',
    ]),
  };
}

function readTransport(placed: Placed, scope: ReadScope): Footprint {
  const inside = childrenOf(placed);
  const found = readFields(inside, transportFields, scope);
  return {
    ...base('TRANSPORT', placed, found),
    calculationMethods: listOf(inside, 'tcf.calculationMethod', 'TCFCalculationMethod', null),
    phases: listOf(inside, 'tcf.process', 'TCFProcessesForGreenhouseGasEmissionInATransportService', null),
  };
}

function base(
  kind: Footprint['kind'],
  { pointer }: Placed,
  found: ReturnType<typeof readFields<typeof productFields>>,
): Omit<Footprint, 'calculationMethods' | 'phases'> {
  return {
    kind,
    co2eq: numberValue(found.co2eq),
    quantity: numberValue(found.quantity),
    referenceUnit: textValue(found.referenceUnit),
    publicationDate: textValue(found.publicationDate),
    expirationDate: textValue(found.expirationDate),
    pointer,
  };
}

/** Values that stand as elements of their own in 0.9, and inside a list in 1.0. */
function listOf(
  inside: readonly Placed[],
  term: string,
  name: string,
  list: readonly [term: string, name: string] | null,
): string[] {
  const holders = list ? inside.filter((placed) => placed.element.modelType === 'SubmodelElementList') : [];
  const holder = list ? (pick(holders, ...list) ?? pick(holders, term, list[1])) : null;
  const all = holder ? childrenOf(holder) : pickAll(inside, term, name);
  return all.flatMap((placed) => textOf(placed) ?? []);
}

function canonical(footprints: readonly Footprint[]): CanonicalProperty[] {
  const total = (kind: Footprint['kind']) => footprints.find((footprint) => footprint.kind === kind);
  const entries = footprints.map(({ pointer: _, ...rest }) => rest);
  const [product, transport] = [total('PRODUCT'), total('TRANSPORT')];
  return [
    ...(product ? [property('carbonFootprint.product', 'number', product.co2eq, 'kg')] : []),
    ...(transport ? [property('carbonFootprint.transport', 'number', transport.co2eq, 'kg')] : []),
    ...(entries.length ? [property('carbonFootprint.footprints', 'object', entries)] : []),
  ];
}
