import { readDtdl } from '../dtdl/index.ts';
import { JsonText } from '../json-text.ts';
import type { ModelId } from '../ids.ts';
import type { Model } from '../model.ts';
import { dtdlUnits, unitTypeOf } from '../units/dtdl.ts';
import type { AssetClassTemplate, PropertyTemplate, SignalTemplate } from './template.ts';

const context = [
  'dtmi:dtdl:context;3',
  'dtmi:dtdl:extension:quantitativeTypes;1',
  'dtmi:twinhub:extension:measurement;1',
];

/** The base of every class, and of twins made from asset administration shells. */
export const assetModelId = 'dtmi:twinhub:class:Asset;1' as ModelId;
/** A part without a class of its own. */
export const partModelId = 'dtmi:twinhub:class:Part;1' as ModelId;

/** The model of a class. */
export function modelIdOf({ modelName }: AssetClassTemplate): ModelId {
  return `dtmi:twinhub:class:${modelName};1` as ModelId;
}

interface Json {
  readonly [name: string]: unknown;
}

const text = (en: string, de: string) => ({ en, de });
const plain = (name: string, schema: string, displayName: Json): Json => ({
  '@type': 'Property',
  name,
  displayName,
  schema,
  writable: true,
});

const base: readonly Json[] = [
  {
    '@context': context,
    '@id': assetModelId,
    '@type': 'Interface',
    displayName: text('Asset', 'Anlage'),
    contents: [
      plain('name', 'string', text('Name', 'Name')),
      plain('assetClass', 'string', text('Asset class', 'Anlagenklasse')),
      plain('criticality', 'string', text('Criticality', 'Kritikalität')),
      plain('serialNumber', 'string', text('Serial number', 'Seriennummer')),
      plain('manufacturer', 'string', text('Manufacturer', 'Hersteller')),
      plain('mtbfTarget', 'double', text('Target of operating time between failures (h)', 'MTBF-Ziel (h)')),
      plain(
        'availabilityTarget',
        'double',
        text('Target of availability (0 to 1)', 'Verfügbarkeitsziel (0 bis 1)'),
      ),
      {
        '@type': 'Relationship',
        name: 'hasPart',
        displayName: text('has part', 'hat Teil'),
        properties: [plain('count', 'integer', text('Pieces', 'Stück'))],
      },
    ],
  },
  {
    '@context': context,
    '@id': partModelId,
    '@type': 'Interface',
    displayName: text('Part', 'Teil'),
    extends: assetModelId,
    contents: [plain('count', 'integer', text('Pieces', 'Stück'))],
  },
];

/** The DTDL 3 interface of a class. */
export function interfaceOf(template: AssetClassTemplate): Json {
  return {
    '@context': context,
    '@id': modelIdOf(template),
    '@type': 'Interface',
    displayName: template.text,
    extends: template.kind === 'COMPONENT' ? partModelId : assetModelId,
    contents: [...template.properties.map(propertyContent), ...template.signals.map(telemetryContent)],
  };
}

/** The term of a DTDL unit for a UCUM code, when the quantity has one. */
function unitTerm(quantity: string | null, ucum: string | null): string | null {
  const type = quantity === null ? null : unitTypeOf(quantity);
  if (type === null) return null;
  return Object.entries(dtdlUnits[type]).find(([, code]) => code === ucum)?.[0] ?? null;
}

function typed(kind: string, quantity: string | null, unit: string | null, measured: boolean): Json {
  const term = unitTerm(quantity, unit);
  const types = [kind, ...(term ? [quantity] : []), ...(measured ? ['Measurement'] : [])];
  return {
    '@type': types.length === 1 ? kind : types,
    ...(term ? { unit: term } : {}),
    ...(!term && unit !== null && measured ? { ucum: unit } : {}),
  };
}

function propertyContent({ name, text: displayName, valueType, quantity, unit }: PropertyTemplate): Json {
  const schema = valueType === 'number' ? 'double' : valueType;
  const measured = unit !== null && unitTerm(quantity, unit) === null;
  return { ...typed('Property', quantity, unit, measured), name, displayName, schema, writable: true };
}

function telemetryContent(signal: SignalTemplate): Json {
  const { name, text: displayName, valueType, quantity, unit, range, samplingPeriodMs } = signal;
  const schema =
    valueType === 'number[]'
      ? { '@type': 'Array', elementSchema: 'double' }
      : valueType === 'number'
        ? 'double'
        : 'boolean';
  return {
    ...typed('Telemetry', quantity, unit, true),
    name,
    displayName,
    schema,
    ...(range ? { rangeLow: range.low, rangeHigh: range.high } : {}),
    samplingPeriodMs,
  };
}

/** All interfaces as one DTDL document: the base and one for each class. */
export function classDocument(templates: readonly AssetClassTemplate[]): readonly Json[] {
  return [...base, ...templates.map(interfaceOf)];
}

/** The interfaces as canonical models, by id. They are the project's own and read without a finding. */
export function readClassModels(templates: readonly AssetClassTemplate[]): ReadonlyMap<string, Model> {
  const content = JsonText.parse(JSON.stringify(classDocument(templates)));
  const { models, findings } = readDtdl([{ name: 'asset-classes', text: content }]);
  const [first] = findings;
  if (first) throw new Error(`The asset classes are not valid DTDL: ${first.pointer} ${first.message}`);
  return new Map(models.map(({ model }) => [model.id as string, model]));
}
