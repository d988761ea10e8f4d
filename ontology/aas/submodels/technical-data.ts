import type { Submodel } from '../environment.ts';
import { valueOf, valueTypeOf } from '../values.ts';
import type { ValueType } from '../../model.ts';
import { propertiesOf, property, type CanonicalProperty } from './canonical.ts';
import {
  childrenOf,
  descendantsOf,
  elementsOf,
  idsOf,
  languageTextsOf,
  pick,
  pickAll,
  textOf,
  type Placed,
  type ReadScope,
} from './elements.ts';
import { readFields, textValue, type Fields } from './fields.ts';

/** One technical property with what the data sheet says about it. */
export interface TechnicalProperty {
  /** Names of sections and property, joined by dots. */
  readonly path: string;
  readonly value: unknown;
  readonly valueType: ValueType;
  /** UCUM code. */
  readonly unit: string | null;
  readonly semanticId: string | null;
}

export interface ProductClassification {
  readonly system: string | null;
  readonly version: string | null;
  readonly classId: string | null;
}

export interface TechnicalData {
  readonly properties: readonly CanonicalProperty[];
  readonly classifications: readonly ProductClassification[];
  readonly technicalProperties: readonly TechnicalProperty[];
}

const generalFields = {
  manufacturerName: { term: 'nameplate.manufacturerName', names: ['ManufacturerName'], as: 'text' },
  manufacturerProductDesignation: {
    term: 'nameplate.manufacturerProductDesignation',
    names: ['ManufacturerProductDesignation'],
    as: 'texts',
  },
  articleNumber: {
    term: 'nameplate.articleNumber',
    names: ['ManufacturerArticleNumber', 'ManufacturerPartNumber'],
    as: 'text',
  },
  orderCode: { term: 'nameplate.orderCode', names: ['ManufacturerOrderCode'], as: 'text' },
} as const satisfies Fields;

const classificationFields = {
  system: {
    term: 'classification.system',
    names: ['ProductClassificationSystem', 'ClassificationSystem'],
    as: 'text',
  },
  version: { term: 'classification.version', names: ['ClassificationSystemVersion'], as: 'text' },
  classId: { term: 'classification.classId', names: ['ProductClassId'], as: 'text' },
} as const satisfies Fields;

/**
 * Reads Technical Data (ZVEI 1.1, IDTA 02003 1.2 and 2.0).
 * @see IDTA 02003-2-0, Generic Frame for Technical Data for Industrial Equipment in Manufacturing
 */
export function readTechnicalData(submodel: Submodel, pointer: string, scope: ReadScope): TechnicalData {
  const elements = elementsOf(submodel, pointer);
  const general = pick(elements, 'technicalData.generalInformation', 'GeneralInformation');
  const classes = pick(elements, 'technicalData.productClassifications', 'ProductClassifications');
  const areas = [
    ...pickAll(elements, 'technicalData.technicalProperties', 'TechnicalProperties'),
    ...elements.filter(({ element }) => element.idShort === 'TechnicalPropertyAreas'),
  ];
  const technicalProperties = [...new Set(areas)].flatMap((area) => readArea(area, scope));
  const classifications = classes ? childrenOf(classes).map((item) => readClassification(item, scope)) : [];
  const found = general ? readFields(childrenOf(general), generalFields, scope) : {};
  if (!general) scope.report('hub:technicalDataIncomplete', pointer, 'There is no GeneralInformation.');
  return {
    properties: [
      ...propertiesOf('technicalData', found),
      ...(classifications.length
        ? [property('technicalData.classifications', 'object', classifications)]
        : []),
      ...technicalProperties.map(({ path, value, valueType, unit }) =>
        property(`technicalData.${path}`, valueType, value, unit),
      ),
    ],
    classifications,
    technicalProperties,
  };
}

function readClassification(item: Placed, scope: ReadScope): ProductClassification {
  const found = readFields(childrenOf(item), classificationFields, scope);
  return {
    system: textValue(found.system),
    version: textValue(found.version),
    classId: textValue(found.classId),
  };
}

function readArea(area: Placed, scope: ReadScope): TechnicalProperty[] {
  return [...descendantsOf(area)].flatMap((placed) => readProperty(placed, area.path.length, scope));
}

function readProperty(placed: Placed, depth: number, scope: ReadScope): TechnicalProperty[] {
  const { element, path } = placed;
  const base = {
    path: path.slice(depth).join('.'),
    semanticId: idsOf(element).main[0] ?? null,
  };
  switch (element.modelType) {
    case 'Property': {
      const valueType = valueTypeOf(element.valueType ?? 'xs:string');
      const text = textOf(placed);
      const value = text === null ? null : valueOf(text, valueType);
      return [{ ...base, value, valueType, unit: scope.unitOf(path) }];
    }
    case 'MultiLanguageProperty':
      return [{ ...base, value: languageTextsOf(placed), valueType: 'object', unit: null }];
    case 'Range': {
      const valueType = valueTypeOf(element.valueType ?? 'xs:double');
      return (['min', 'max'] as const).map((end) => ({
        ...base,
        path: `${base.path}.${end}`,
        value: element[end] === undefined ? null : valueOf(element[end], valueType),
        valueType,
        unit: scope.unitOf(path),
      }));
    }
    default:
      return [];
  }
}
