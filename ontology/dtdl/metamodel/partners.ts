/**
 * Partner and limit extensions: iotcentral (DTDL 2), iotoperations, onvif and aio (DTDL 4).
 * @see DTDL.iotcentral.v2, DTDL.onvif.v1
 */
import { aioLimits, onvifLimits } from './language.ts';
import type { Adjunct, AdjunctProperty, Extension, LimitSet, ValueRule } from './types.ts';

const central = 'dtmi:iotcentral:';
const geospatial = ['point', 'multiPoint', 'lineString', 'multiLineString', 'polygon', 'multiPolygon'];

function centralType(name: string, values: Omit<ValueRule, 'member'>, unit: string | null = null): Adjunct {
  const properties: Record<string, AdjunctProperty> = unit
    ? {
        'dtmi:dtdl:property:unit;2': {
          holds: 'element',
          required: false,
          type: `dtmi:standard:class:${unit};2`,
        },
      }
    : {};
  return {
    uri: `${central}class:${name};2`,
    kind: 'semanticType',
    parent: 'dtmi:dtdl:class:SemanticType;2',
    cotypes: ['Property', 'Telemetry'],
    versions: [2],
    properties,
    values: [{ member: 'schema', ...values }],
  };
}

const vector = { elements: [`${central}schema:vector;2`] };
const places = [
  ...geospatial.map((name) => `dtmi:standard:schema:geospatial:${name};2`),
  `${central}schema:geopoint;2`,
];
const centralTypes = [
  centralType('AccelerationVector', vector, 'AccelerationUnit'),
  centralType('VelocityVector', vector, 'VelocityUnit'),
  centralType('Event', { types: ['dtmi:dtdl:class:NumericSchema;2', 'dtmi:dtdl:class:String;2'] }),
  centralType('Location', { elements: places }),
  centralType('State', { types: ['dtmi:dtdl:class:Enum;2'] }),
];

const iotcentral: Extension = {
  name: 'dtmi:iotcentral:context',
  version: 2,
  impliesVersion: 2,
  reserved: [central],
  adjuncts: centralTypes,
  terms: {
    ...Object.fromEntries(centralTypes.map(({ uri }) => [uri.slice(22, -2), uri])),
    vector: `${central}schema:vector;2`,
    geopoint: `${central}schema:geopoint;2`,
  },
};

const operations = 'dtmi:iotoperations:';
const valued = ['CommandRequest', 'CommandResponse', 'Field', 'MapValue', 'Property', 'Telemetry'];
const numeric: readonly ValueRule[] = [{ member: 'schema', types: ['dtmi:dtdl:class:NumericSchema;4'] }];
const label: AdjunctProperty = { holds: 'string', required: true, maxLength: 128 };
const bound: AdjunctProperty = { holds: 'numeric', required: false, instanceOf: 'schema' };

function operationsType(
  name: string,
  cotypes: readonly string[],
  properties: Readonly<Record<string, AdjunctProperty>> = {},
  more: Partial<Adjunct> = {},
): Adjunct {
  const entries = Object.entries(properties).map(([word, rule]) => [`${operations}property:${word};4`, rule]);
  return {
    uri: `${operations}class:${name};4`,
    kind: 'adjunct',
    parent: 'dtmi:dtdl:class:AdjunctType;4',
    cotypes,
    versions: [4],
    properties: Object.fromEntries(entries) as Record<string, AdjunctProperty>,
    ...more,
  };
}

const operationsTypes = [
  operationsType(
    'Composite',
    ['Interface'],
    { ontology: label },
    { excludes: [`${operations}class:Event;4`] },
  ),
  operationsType('Congruence', ['Array', 'Enum', 'Interface', 'Map', 'Object'], { typeRef: label }),
  operationsType('Detail', ['Object']),
  operationsType('Event', ['Interface']),
  operationsType('GroupMember', ['Command'], {
    group: { ...label, pattern: /^[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?$/ },
  }),
  operationsType('HasCapability', ['Relationship'], {}, { excludes: [`${operations}class:HasComponent;4`] }),
  operationsType('HasComponent', ['Relationship']),
  operationsType('Limited', valued, { maximum: bound, minimum: bound }, { values: numeric }),
  operationsType(
    'Precise',
    valued,
    { decimalPlaces: { holds: 'integer', required: true } },
    { values: numeric },
  ),
  operationsType('Qualified', ['Command', 'Component', 'Field', 'Property', 'Relationship', 'Telemetry'], {
    namespace: label,
  }),
  operationsType(
    'ScaledStatically',
    valued,
    { scaleFactor: { ...bound, required: true } },
    { values: numeric },
  ),
  operationsType(
    'Subject',
    ['Field'],
    {},
    { parents: [{ member: 'fields', types: [`${operations}class:Detail;4`] }] },
  ),
];

const lastWord = (uri: string) => uri.slice(uri.lastIndexOf(':') + 1, uri.lastIndexOf(';'));
const iotoperations: Extension = {
  name: 'dtmi:iotoperations:context',
  version: 4,
  reserved: [operations],
  adjuncts: operationsTypes,
  terms: Object.fromEntries(
    operationsTypes
      .flatMap(({ uri, properties }) => [uri, ...Object.keys(properties)])
      .map((uri) => [lastWord(uri), uri]),
  ),
};

const limits = (name: string, set: LimitSet): Extension => ({
  name: `dtmi:dtdl:limits:${name}`,
  version: 1,
  terms: {},
  adjuncts: [],
  limits: { version: 4, set },
});

export const partnerExtensions: readonly Extension[] = [
  iotcentral,
  iotoperations,
  limits('onvif', onvifLimits),
  limits('aio', aioLimits),
];
