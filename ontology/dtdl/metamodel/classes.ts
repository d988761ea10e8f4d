/**
 * The classes of DTDL and their members.
 * @see DTDL Language Specification, versions 2, 3 and 4, DTDL element
 */
import type { DtdlVersion } from '../dtmi.ts';
import type { ElementMember, LiteralMember, Member, PerVersion } from './types.ts';
import { forVersion } from './types.ts';

const every = <T>(value: T): PerVersion<T> => ({ every: value });

const name: LiteralMember = {
  holds: 'string',
  length: 'nameLength',
  pattern: /^[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?$/,
  required: true,
};
const common: Readonly<Record<string, Member>> = {
  comment: { holds: 'string', length: 'commentLength' },
  description: { holds: 'text', length: 'descriptionLength' },
  displayName: { holds: 'text', length: 'displayNameLength' },
};

/** One element that has to be there. */
const one: ElementMember = {
  holds: 'elements',
  of: every('Schema'),
  required: every(true),
  plural: false,
  idRequired: false,
  inferred: every(null),
  mayBeOlder: true,
  named: false,
};
const many: ElementMember = { ...one, required: every(false), plural: true };
const sinceThree = { 2: true, 3: false, 4: false };
const nullable: LiteralMember = { holds: 'boolean', versions: [4] };
const named = { ...common, name };
const field = { ...named, schema: one };
const payload = { ...field, nullable };

/** Members of each class that elements can have, besides `@context`, `@id` and `@type`. */
export const classMembers: Readonly<Record<string, Readonly<Record<string, Member>>>> = {
  Interface: {
    ...common,
    contents: { ...many, of: every('Content'), named: true, limit: 'contents' as const },
    extends: { ...many, of: every('Interface'), idRequired: true, limit: 'extends' as const },
    schemas: { ...many, of: every('ComplexSchema'), idRequired: true, mayBeOlder: false },
  },
  Telemetry: field,
  Property: { ...field, writable: { holds: 'boolean' } },
  Relationship: {
    ...named,
    maxMultiplicity: { holds: 'integer', min: 1, max: 'maxMultiplicity' },
    minMultiplicity: { holds: 'integer', min: 0, max: 0 },
    properties: { ...many, of: every('Property'), named: true, limit: 'properties' as const },
    target: { holds: 'dtmi', length: 'targetLength' },
    writable: { holds: 'boolean' },
  },
  Component: { ...named, schema: { ...one, of: every('Interface'), idRequired: true } },
  Command: {
    ...named,
    commandType: {
      ...one,
      of: every('CommandType'),
      required: every(false),
      idRequired: true,
      mayBeOlder: false,
    },
    request: {
      ...one,
      of: { 2: 'CommandPayload', 3: 'CommandRequest', 4: 'CommandRequest' },
      required: every(false),
      inferred: { 2: 'CommandPayload', 3: 'CommandRequest', 4: 'CommandRequest' },
      mayBeOlder: false,
    },
    response: {
      ...one,
      of: { 2: 'CommandPayload', 3: 'CommandResponse', 4: 'CommandResponse' },
      required: every(false),
      inferred: { 2: 'CommandPayload', 3: 'CommandResponse', 4: 'CommandResponse' },
      mayBeOlder: false,
    },
  },
  CommandPayload: field,
  CommandRequest: payload,
  CommandResponse: payload,
  Array: { ...common, elementSchema: one },
  Enum: {
    ...common,
    enumValues: {
      ...many,
      of: every('EnumValue'),
      required: sinceThree,
      inferred: every('EnumValue'),
      mayBeOlder: false,
      named: true,
      limit: 'enumValues' as const,
    },
    valueSchema: { ...one, of: every('PrimitiveSchema'), idRequired: true, only: ['integer', 'string'] },
  },
  EnumValue: { ...named, enumValue: { holds: 'literal', required: true } },
  Object: {
    ...common,
    fields: {
      ...many,
      of: every('Field'),
      required: sinceThree,
      inferred: every('Field'),
      mayBeOlder: false,
      named: true,
      limit: 'fields' as const,
    },
  },
  Field: field,
  Map: {
    ...common,
    mapKey: { ...one, of: every('MapKey'), inferred: every('MapKey'), mayBeOlder: false },
    mapValue: { ...one, of: every('MapValue'), inferred: every('MapValue'), mayBeOlder: false },
  },
  MapKey: { ...named, schema: { ...one, of: every('String'), idRequired: true, only: ['string'] } },
  MapValue: field,
  Unit: { ...common, symbol: { holds: 'string', length: 'commentLength' } },
  UnitAttribute: named,
};

/** The class each class refines; those that are not mentioned refine Entity. */
const bases: Readonly<Record<string, string>> = {
  NamedEntity: 'Entity',
  Content: 'NamedEntity',
  Telemetry: 'Content',
  Property: 'Content',
  Relationship: 'Content',
  Component: 'Content',
  Command: 'Content',
  SchemaField: 'NamedEntity',
  CommandPayload: 'SchemaField',
  CommandRequest: 'CommandPayload',
  CommandResponse: 'CommandPayload',
  Field: 'SchemaField',
  MapValue: 'SchemaField',
  MapKey: 'NamedEntity',
  EnumValue: 'NamedEntity',
  ComplexSchema: 'Schema',
  Array: 'ComplexSchema',
  Enum: 'ComplexSchema',
  Map: 'ComplexSchema',
  Object: 'ComplexSchema',
  PrimitiveSchema: 'Schema',
  NumericSchema: 'PrimitiveSchema',
  TemporalSchema: 'PrimitiveSchema',
  Boolean: 'PrimitiveSchema',
  Bytes: 'PrimitiveSchema',
  String: 'PrimitiveSchema',
  Uuid: 'PrimitiveSchema',
  Date: 'TemporalSchema',
  DateTime: 'TemporalSchema',
  Duration: 'TemporalSchema',
  Time: 'TemporalSchema',
  Byte: 'NumericSchema',
  Decimal: 'NumericSchema',
  Double: 'NumericSchema',
  Float: 'NumericSchema',
  Integer: 'NumericSchema',
  Long: 'NumericSchema',
  Short: 'NumericSchema',
  UnsignedByte: 'NumericSchema',
  UnsignedInteger: 'NumericSchema',
  UnsignedLong: 'NumericSchema',
  UnsignedShort: 'NumericSchema',
  UnitAttribute: 'NamedEntity',
};

/** Names of classes that DTDL 3 and 4 added. */
const added: Readonly<Record<number, string>> = {
  3: 'CommandRequest CommandResponse LatentType NamedLatentType',
  4: 'Byte Bytes Decimal Short UnsignedByte UnsignedInteger UnsignedLong UnsignedShort Uuid',
};
const sinceVersion = (cls: string): number =>
  added[4]?.split(' ').includes(cls) ? 4 : added[3]?.split(' ').includes(cls) ? 3 : 2;

const others = 'CommandType Entity Interface LatentType NamedLatentType Schema Unit UnitAttribute';

/** All classes of a version, abstract ones included. */
export function classesOf(version: DtdlVersion): readonly string[] {
  return [...new Set([...Object.keys(bases), ...others.split(' ')])].filter(
    (cls) => sinceVersion(cls) <= version,
  );
}

/** Primitive schemas of a version: the name of the schema is the class with a small letter. */
export function primitivesOf(version: DtdlVersion): readonly string[] {
  return classesOf(version).filter((cls) => isA(cls, 'PrimitiveSchema') && !isAbstract(cls));
}

function isAbstract(cls: string): boolean {
  return ['Schema', 'PrimitiveSchema', 'NumericSchema', 'TemporalSchema', 'ComplexSchema'].includes(cls);
}

/** A class with all it refines, by class. */
const lines = new Map<string, ReadonlySet<string>>();

/** Whether a class is another one or refines it. */
export function isA(cls: string, other: string): boolean {
  const known = lines.get(cls);
  if (known) return known.has(other);
  const line = new Set(['Entity']);
  for (let at: string | undefined = cls; at; at = bases[at]) line.add(at);
  lines.set(cls, line);
  return line.has(other);
}

const groups: Readonly<Record<string, string>> = {
  Content: 'Telemetry Property Command Relationship Component',
  ComplexSchema: 'Array Enum Map Object',
  Schema: 'Array Enum Map Object',
};
const referenceOnly = ['PrimitiveSchema', 'String', 'CommandType'];

/** Classes that elements of a version can have; those of units are left out. */
export function concreteClasses(version: DtdlVersion): readonly string[] {
  const others = version === 2 ? ['CommandPayload'] : ['CommandRequest', 'CommandResponse'];
  const named = Object.keys(classMembers).filter((cls) => !/^(?:Unit|CommandP|CommandRe)/.test(cls));
  return [...named, ...others, 'CommandType', ...primitivesOf(version)];
}

/** Classes that may be written in place where a group is asked for. */
export function inPlace(group: string): readonly string[] {
  if (referenceOnly.includes(group)) return [];
  return (groups[group] ?? group).split(' ');
}

/** Classes that may be referred to where a group is asked for. */
export function byReference(group: string, version: DtdlVersion): readonly string[] {
  if (group === 'Schema') return [...inPlace(group), ...primitivesOf(version)];
  if (group === 'PrimitiveSchema') return primitivesOf(version);
  return (groups[group] ?? group).split(' ');
}

/** Members of a class in a version. */
export function membersOf(cls: string, version: DtdlVersion): readonly (readonly [string, Member])[] {
  return Object.entries(classMembers[cls] ?? {}).filter(
    ([, member]) => !member.versions || member.versions.includes(version),
  );
}

/** Names of members that the language has words for beside those of classes. */
export const otherMembers: PerVersion<readonly string[]> = {
  2: ['exponent', 'languageMajorVersion', 'symbol', 'baseUnit', 'bottomUnit', 'prefix', 'topUnit', 'unit'],
  3: ['aliasFor', 'exponent', 'languageMajorVersion', 'symbol'],
  4: ['aliasFor', 'exponent', 'languageMajorVersion', 'symbol'],
};

/** Names of all members of a version. */
export function memberNames(version: DtdlVersion): readonly string[] {
  const names = Object.keys(classMembers)
    .filter((cls) => sinceVersion(cls) <= version)
    .flatMap((cls) => membersOf(cls, version).map(([member]) => member));
  return [...new Set([...names, ...forVersion(otherMembers, version)])];
}
