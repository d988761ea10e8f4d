/**
 * The classes of DTDL and their members, as tables that the reader walks. A number, or `[v2, v3, v4]` where versions
 * differ; `null` means no limit.
 *
 * @see DTDL Language Specification, versions 2, 3 and 4, DTDL element; Limits and exclusions
 */
import type { DtdlVersion } from './dtmi.ts';

export const contentClasses = ['Telemetry', 'Property', 'Command', 'Relationship', 'Component'] as const;
export const complexSchemaClasses = ['Array', 'Enum', 'Map', 'Object'] as const;
export const dtdlClasses = [
  'Interface',
  ...contentClasses,
  ...complexSchemaClasses,
  'CommandPayload',
  'CommandRequest',
  'CommandResponse',
  'EnumValue',
  'Field',
  'MapKey',
  'MapValue',
] as const;
export type DtdlClass = (typeof dtdlClasses)[number];

type PerVersion<T> = T | readonly [v2: T, v3: T, v4: T];

interface MemberBase {
  readonly required?: boolean;
  readonly versions?: readonly DtdlVersion[];
}

/** What a member holds. */
export type MemberRule = MemberBase &
  (
    | { readonly holds: 'string'; readonly maxLength: PerVersion<number>; readonly pattern?: RegExp }
    | { readonly holds: 'text'; readonly maxLength: PerVersion<number> }
    | { readonly holds: 'boolean' }
    | { readonly holds: 'integer'; readonly min: number; readonly max: PerVersion<number | null> }
    | { readonly holds: 'stringOrInteger' }
    | { readonly holds: 'term'; readonly terms: readonly string[] }
    | { readonly holds: 'reference' }
    | {
        readonly holds: 'elements';
        readonly classes: PerVersion<readonly DtdlClass[]>;
        /** How many at most; 1 means a single value. */
        readonly max: PerVersion<number | null>;
        readonly min?: number;
        /** Values may be the id of an element defined elsewhere. */
        readonly byReference: boolean;
        /** Values may also be the names of primitive or standard schemas. */
        readonly primitives?: 'all' | 'enumValue' | 'string';
        readonly idRequired?: boolean;
      }
  );

const name: MemberRule = {
  holds: 'string',
  maxLength: [64, 512, 512],
  pattern: /^[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?$/,
  required: true,
};
const schema: MemberRule = {
  holds: 'elements',
  classes: complexSchemaClasses,
  max: 1,
  byReference: true,
  primitives: 'all',
  required: true,
};
const writable: MemberRule = { holds: 'boolean' };
const nullable: MemberRule = { holds: 'boolean', versions: [4] };
const common: Readonly<Record<string, MemberRule>> = {
  comment: { holds: 'string', maxLength: 512 },
  description: { holds: 'text', maxLength: 512 },
  displayName: { holds: 'text', maxLength: [64, 512, 512] },
};

/** Members of each class, besides `@context`, `@id` and `@type`. */
export const members: Readonly<Record<DtdlClass, Readonly<Record<string, MemberRule>>>> = {
  Interface: {
    ...common,
    contents: { holds: 'elements', classes: contentClasses, max: [300, null, null], byReference: true },
    extends: { holds: 'elements', classes: ['Interface'], max: [2, 1024, 1024], byReference: true },
    schemas: {
      holds: 'elements',
      classes: complexSchemaClasses,
      max: [300, null, null],
      byReference: true,
      idRequired: true,
    },
  },
  Telemetry: { ...common, name, schema },
  Property: { ...common, name, schema, writable },
  Relationship: {
    ...common,
    name,
    target: { holds: 'reference' },
    minMultiplicity: { holds: 'integer', min: 0, max: 0 },
    maxMultiplicity: { holds: 'integer', min: 1, max: [500, null, null] },
    properties: { holds: 'elements', classes: ['Property'], max: [300, null, null], byReference: true },
    writable,
  },
  Component: {
    ...common,
    name,
    schema: { holds: 'elements', classes: ['Interface'], max: 1, byReference: true, required: true },
  },
  Command: {
    ...common,
    name,
    commandType: { holds: 'term', terms: ['synchronous', 'asynchronous'], versions: [2, 3] },
    request: {
      holds: 'elements',
      classes: [['CommandPayload'], ['CommandRequest'], ['CommandRequest']],
      max: 1,
      byReference: true,
    },
    response: {
      holds: 'elements',
      classes: [['CommandPayload'], ['CommandResponse'], ['CommandResponse']],
      max: 1,
      byReference: true,
    },
  },
  CommandPayload: { ...common, name, schema },
  CommandRequest: { ...common, name, schema, nullable },
  CommandResponse: { ...common, name, schema, nullable },
  Array: { ...common, elementSchema: { ...schema } },
  Enum: {
    ...common,
    enumValues: {
      holds: 'elements',
      classes: ['EnumValue'],
      max: [100, null, null],
      byReference: true,
      required: true,
    },
    valueSchema: {
      holds: 'elements',
      classes: [],
      max: 1,
      byReference: false,
      primitives: 'enumValue',
      required: true,
    },
  },
  EnumValue: { ...common, name, enumValue: { holds: 'stringOrInteger', required: true } },
  Object: {
    ...common,
    fields: {
      holds: 'elements',
      classes: ['Field'],
      max: [30, null, null],
      byReference: true,
      required: true,
    },
  },
  Field: { ...common, name, schema },
  Map: {
    ...common,
    mapKey: { holds: 'elements', classes: ['MapKey'], max: 1, byReference: true, required: true },
    mapValue: { holds: 'elements', classes: ['MapValue'], max: 1, byReference: true, required: true },
  },
  MapKey: {
    ...common,
    name,
    schema: {
      holds: 'elements',
      classes: [],
      max: 1,
      byReference: false,
      primitives: 'string',
      required: true,
    },
  },
  MapValue: { ...common, name, schema },
};

/** The entry for a version. */
export function forVersion<T>(value: PerVersion<T>, version: DtdlVersion): T {
  return Array.isArray(value) && value.length === 3 && isPerVersion(value)
    ? (value[version - 2] as T)
    : (value as T);
}

// `classes` is a list of texts itself: only a list of lists or of numbers and nulls is one entry a version.
function isPerVersion(value: readonly unknown[]): boolean {
  return value.every((entry) => typeof entry !== 'string');
}

const primitivesSince2 = [
  'boolean',
  'date',
  'dateTime',
  'double',
  'duration',
  'float',
  'integer',
  'long',
  'string',
  'time',
] as const;
const primitivesSince4 = [
  'byte',
  'bytes',
  'decimal',
  'short',
  'unsignedByte',
  'unsignedInteger',
  'unsignedLong',
  'unsignedShort',
  'uuid',
] as const;
const geospatial = [
  'lineString',
  'multiLineString',
  'multiPoint',
  'multiPolygon',
  'point',
  'polygon',
] as const;

/** Names of primitive and standard schemas of a version. `scaledDecimal` is an object of the language itself. */
export function standardSchemas(version: DtdlVersion): readonly string[] {
  return version === 4
    ? [...primitivesSince2, ...primitivesSince4, ...geospatial, 'scaledDecimal']
    : [...primitivesSince2, ...geospatial];
}

/** Primitive schemas that are numbers: what a semantic type needs. */
export const numericSchemas: readonly string[] = [
  'double',
  'float',
  'integer',
  'long',
  'byte',
  'decimal',
  'short',
  'unsignedByte',
  'unsignedInteger',
  'unsignedLong',
  'unsignedShort',
];

/** Primitive schemas that are whole numbers. */
export const integerSchemas: readonly string[] = numericSchemas.filter(
  (term) => !['double', 'float', 'decimal'].includes(term),
);

/** Limits on hierarchies. */
export const limits = {
  extendsDepth: { 2: 10, 3: 10, 4: 12 },
  schemaDepth: { 2: 5, 3: 5, 4: 8 },
  /** Interfaces an interface extends, directly and indirectly, each counted once. */
  extendsCount: { 2: null, 3: 1024, 4: 1024 },
  /** Contents, own and inherited, with everything inside them. */
  elementCount: { 2: null, 3: 100_000, 4: 100_000 },
  interfaceBytes: 1024 * 1024,
} as const;

/** Classes that may carry a semantic type and a unit. */
export const quantifiableClasses: readonly DtdlClass[] = [
  'Telemetry',
  'Property',
  'Field',
  'MapValue',
  'CommandPayload',
  'CommandRequest',
  'CommandResponse',
];
