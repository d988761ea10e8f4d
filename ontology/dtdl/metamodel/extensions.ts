/**
 * Feature extensions: annotation, historization, overriding, mqtt, requirement, and the hub's own measurement.
 * @see DTDL.annotation, DTDL.historization, DTDL.overriding, DTDL.mqtt, DTDL.requirement
 */
import type { DtdlVersion } from '../dtmi.ts';
import type { Adjunct, AdjunctProperty, Extension } from './types.ts';

const prefix = 'dtmi:dtdl:extension:';

/** An extension whose identifiers are made of its name and version, which is how all feature extensions do it. */
function extension(
  name: string,
  version: number,
  adjuncts: readonly Adjunct[],
  terms: Readonly<Record<string, string>> = {},
): Extension {
  const own = adjuncts.flatMap(({ uri, properties }) => [uri, ...Object.keys(properties)]);
  return {
    name: prefix + name,
    version,
    adjuncts,
    terms: { ...Object.fromEntries(own.map((uri) => [uri.slice(uri.lastIndexOf(':') + 1), uri])), ...terms },
  };
}

interface AdjunctRow extends Omit<Partial<Adjunct>, 'properties'> {
  readonly cotypes: readonly string[];
  readonly properties?: Readonly<Record<string, AdjunctProperty>>;
}

/** An adjunct of a feature extension; properties are named below it. */
function adjunct(name: string, version: number, type: string, row: AdjunctRow): Adjunct {
  const uri = `${prefix}${name}:v${version}:${type}`;
  const properties = Object.entries(row.properties ?? {}).map(([word, rule]) => [`${uri}:${word}`, rule]);
  return {
    uri,
    kind: 'adjunct',
    parent: null,
    versions: version === 1 && name !== 'requirement' ? [3] : [3, 4],
    ...row,
    properties: Object.fromEntries(properties) as Record<string, AdjunctProperty>,
  };
}

const string: AdjunctProperty = { holds: 'string', required: true };
const classes = (version: number, ...names: string[]) =>
  names.flatMap((cls) =>
    (version === 1 ? [3] : [3, 4]).map((language) => `dtmi:dtdl:class:${cls};${language}`),
  );

const annotationType = (version: number) => `${prefix}annotation:v${version}:ValueAnnotation`;
function annotation(version: number): Extension {
  const type = annotationType(version);
  return extension('annotation', version, [
    adjunct('annotation', version, 'ValueAnnotation', {
      cotypes: ['Property', 'Telemetry'],
      properties: { annotates: string },
      siblings: [
        { named: `${type}:annotates`, types: classes(version, 'Property', 'Telemetry'), notType: type },
      ],
    }),
  ]);
}

function historization(version: number): Extension {
  return extension('historization', version, [
    adjunct('historization', version, 'Historized', { cotypes: ['Property', 'Telemetry'] }),
  ]);
}

function overriding(version: number): Extension {
  const named = `${annotationType(version)}:annotates`;
  const overrides = `${prefix}overriding:v${version}:Override:overrides`;
  return extension('overriding', version, [
    adjunct('overriding', version, 'Override', {
      cotypes: ['Property'],
      properties: { overrides: { holds: 'identifier', required: true } },
      values: [{ member: 'schema', sibling: { named, parentOf: overrides } }],
      siblings: [
        { named, uniqueWith: overrides, hasProperty: overrides },
        { named, types: classes(version, 'Property', 'Telemetry') },
      ],
      needs: [annotationType(version)],
      excludes: [`${prefix}initialization:v${version}:Initialized`],
    }),
  ]);
}

// Levels of an MQTT topic are printable characters without wildcards, or one token in braces.
const topic =
  /^(?:(?:[!%-*,-.0-z|~][!$-*,-.0-z|~]*)|(?:{(?:[A-Za-z]+:)?[A-Za-z]+}))(?:\/(?:(?:[!$-*,-.0-z|~]+)|(?:{(?:[A-Za-z]+:)?[A-Za-z]+})))*$/;
const optionalTopic: AdjunctProperty = { holds: 'string', required: false, pattern: topic };
const groupId: AdjunctProperty = { holds: 'string', required: false, pattern: /^[!$-*,-.0-z|~]+$/ };

function mqtt(version: number): Extension {
  const uri = (type: string) => `${prefix}mqtt:v${version}:${type}`;
  const row = (type: string, what: AdjunctRow) => adjunct('mqtt', version, type, what);
  const groups = version === 1 ? {} : { cmdServiceGroupId: groupId, telemServiceGroupId: groupId };
  const common = [
    row('Idempotent', { cotypes: ['Command'] }),
    row('Cacheable', {
      cotypes: ['Command'],
      properties: { ttl: { holds: 'duration', required: true } },
      needs: [uri('Idempotent')],
    }),
    row('Indexed', {
      cotypes: ['EnumValue', 'Field', 'Telemetry'],
      properties: { index: { holds: 'integer', required: true, min: 1, unique: true } },
    }),
    row('Mqtt', {
      cotypes: ['Interface'],
      properties: {
        commandTopic: optionalTopic,
        payloadFormat: string,
        telemetryTopic: optionalTopic,
        ...groups,
      },
    }),
  ];
  const transparent = row('Transparent', {
    cotypes: ['CommandRequest', 'CommandResponse'],
    values: [{ member: 'schema', types: classes(2, 'Object') }],
  });
  const rows = [
    ...common,
    ...(version >= 2 ? [transparent] : []),
    ...(version >= 3 ? mqttErrors(version) : []),
  ];
  return extension('mqtt', version, rows);
}

/** Errors in command responses: mqtt 3, with codes and details since 4. */
function mqttErrors(version: number): Adjunct[] {
  const uri = (type: string) => `${prefix}mqtt:v${version}:${type}`;
  const row = (type: string, what: AdjunctRow) => adjunct('mqtt', version, type, what);
  const result = [{ member: 'fields', types: [uri('Result')] }];
  const either = [{ member: 'fields', types: [uri('Result'), uri('Error')] }];
  const excludes = [`${prefix}requirement:v1:Required`];
  const parts = ['NormalResult', 'ErrorResult', ...(version >= 4 ? ['ErrorCode', 'ErrorInfo'] : [])];
  const codes = [
    row('ErrorCode', {
      cotypes: ['Field'],
      values: [{ member: 'schema', types: classes(2, 'Enum') }],
      parents: either,
    }),
    row('ErrorInfo', { cotypes: ['Field'], parents: either }),
  ];
  return [
    row('Error', { cotypes: ['Object'] }),
    row('ErrorMessage', {
      cotypes: ['Field'],
      values: [{ member: 'schema', types: ['dtmi:dtdl:class:String;2', ...classes(2, 'String')] }],
      parents: [{ member: 'fields', types: [uri('Error')] }],
    }),
    row('ErrorResult', {
      cotypes: ['Field'],
      values: [{ member: 'schema', types: [uri('Error')] }],
      parents: result,
      excludes,
    }),
    row('NormalResult', { cotypes: ['Field'], parents: result, excludes }),
    row('Result', { cotypes: ['Object'], values: [{ member: 'fields', types: parts.map(uri) }] }),
    ...(version >= 4 ? codes : []),
  ];
}

function requirement(version: number): Extension {
  return extension('requirement', version, [
    adjunct('requirement', version, 'Required', {
      cotypes: version === 1 ? ['Field'] : ['Field', 'Property'],
    }),
  ]);
}

const measurementName = 'dtmi:twinhub:extension:measurement';
const number: AdjunctProperty = { holds: 'numeric', required: false };
/** The hub's own extension for what DTDL cannot say. @see README.md of the folder above */
const measurement: Extension = {
  name: measurementName,
  version: 1,
  terms: Object.fromEntries(
    ['Measurement', 'ucum', 'rangeLow', 'rangeHigh', 'samplingPeriodMs'].map((word) => [
      word,
      `${measurementName}:v1:${word}`,
    ]),
  ),
  adjuncts: [
    {
      uri: `${measurementName}:v1:Measurement`,
      kind: 'adjunct',
      parent: null,
      cotypes: ['Property', 'Telemetry'],
      versions: [3, 4] satisfies DtdlVersion[],
      // A semantic type needs a unit of DTDL; `ucum` says what DTDL has no unit for.
      makesUpFor: ['unit'],
      properties: {
        [`${measurementName}:v1:ucum`]: { holds: 'string', required: false },
        [`${measurementName}:v1:rangeLow`]: number,
        [`${measurementName}:v1:rangeHigh`]: number,
        [`${measurementName}:v1:samplingPeriodMs`]: number,
      },
    },
  ],
};

export const featureExtensions: readonly Extension[] = [
  ...[1, 2].map(annotation),
  ...[1, 2].map(historization),
  ...[1, 2].map(overriding),
  ...[1, 2, 3, 4].map(mqtt),
  ...[1, 2].map(requirement),
  measurement,
];
