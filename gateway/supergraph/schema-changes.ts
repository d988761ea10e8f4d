import {
  BreakingChangeType,
  findBreakingChanges,
  findDangerousChanges,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  type BreakingChange,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { buildPublicSchema } from '../engine/public-schema.ts';
import { parseSupergraph } from './join-graphs.ts';

/** What a change of the public schema does to clients. */
export type Severity =
  /** Operations that are valid today would not be, or answers would break their types. */
  | 'breaking'
  /** Operations stay valid, but a client may meet what it does not expect. */
  | 'dangerous'
  /** Nothing that clients use today changes. */
  | 'safe';

export interface SchemaChange {
  readonly severity: Severity;
  /** graphql-js's name of the change, or ADDED and DEPRECATED. */
  readonly type: string;
  readonly message: string;
}

/**
 * Compares the public schemas of two supergraphs.
 *
 * A field or enum value that the earlier one has as `@deprecated` may go: its removal has been announced and counts as
 * dangerous.
 *
 * @returns breaking changes first, safe ones last.
 * @throws {HubError} CONFIG_INVALID - one of them is no document.
 * @see https://spec.graphql.org/October2021/#sec-Field-Deprecation
 */
export function compareSupergraphs(earlierSdl: string, laterSdl: string): readonly SchemaChange[] {
  const [earlier, later] = [earlierSdl, laterSdl].map((sdl) => buildPublicSchema(parseSupergraph(sdl)));
  return earlier && later ? compareSchemas(earlier, later) : [];
}

/** As `compareSupergraphs`, of schemas that are built. */
export function compareSchemas(earlier: GraphQLSchema, later: GraphQLSchema): readonly SchemaChange[] {
  const announced = deprecatedIn(earlier);
  const breaking = findBreakingChanges(earlier, later)
    // A standard scalar that no field uses any more is missed by no operation.
    .filter(({ description }) => !description.startsWith('Standard scalar '))
    .map(({ type, description }): SchemaChange => ({
      severity: isAnnounced({ type, description }, announced) ? 'dangerous' : 'breaking',
      type,
      message: description,
    }));
  const dangerous = findDangerousChanges(earlier, later).map(({ type, description }): SchemaChange => ({
    severity: 'dangerous',
    type,
    message: description,
  }));
  const order: readonly Severity[] = ['breaking', 'dangerous', 'safe'];
  return [...breaking, ...dangerous, ...additions(earlier, later), ...deprecations(announced, later)].sort(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity),
  );
}

const removals: ReadonlySet<string> = new Set([
  BreakingChangeType.FIELD_REMOVED,
  BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
]);

/** The descriptions name what was removed: `Type.field was removed.`, `VALUE was removed from enum type Type.` */
function isAnnounced({ type, description }: BreakingChange, announced: ReadonlySet<string>): boolean {
  if (!removals.has(type)) return false;
  const [, value, enumName] = /^(\w+) was removed from enum type (\w+)\.$/.exec(description) ?? [];
  return announced.has(value ? `${enumName}.${value}` : description.replace(/ was removed\.$/, ''));
}

function additions(earlier: GraphQLSchema, later: GraphQLSchema): SchemaChange[] {
  const known = new Set(coordinatesOf(earlier));
  return coordinatesOf(later)
    .filter((coordinate) => !known.has(coordinate) && !isPartOfNew(coordinate, known))
    .map((coordinate) => ({ severity: 'safe', type: 'ADDED', message: `${coordinate} was added.` }));
}

/** What a new type consists of goes without saying. */
function isPartOfNew(coordinate: string, known: ReadonlySet<string>): boolean {
  const [type = ''] = coordinate.split('.');
  return type !== coordinate && !known.has(type);
}

function deprecations(before: ReadonlySet<string>, later: GraphQLSchema): SchemaChange[] {
  return [...deprecatedIn(later)]
    .filter((coordinate) => !before.has(coordinate))
    .map((coordinate) => ({
      severity: 'safe',
      type: 'DEPRECATED',
      message: `${coordinate} is deprecated now.`,
    }));
}

/** Schema coordinates of types, fields and input fields. Enum values and union members are dangerous when added. */
function coordinatesOf(schema: GraphQLSchema): string[] {
  return ownTypes(schema).flatMap((type) => {
    const hasFields = isObjectType(type) || isInterfaceType(type) || isInputObjectType(type);
    const fields = hasFields ? Object.keys(type.getFields()) : [];
    return [type.name, ...fields.map((field) => `${type.name}.${field}`)];
  });
}

function deprecatedIn(schema: GraphQLSchema): ReadonlySet<string> {
  const found = ownTypes(schema).flatMap((type) => {
    const members = isEnumType(type)
      ? type.getValues()
      : isUnionType(type) || !('getFields' in type)
        ? []
        : Object.values(type.getFields());
    return members
      .filter((member) => member.deprecationReason !== undefined && member.deprecationReason !== null)
      .map((member) => `${type.name}.${member.name}`);
  });
  return new Set(found);
}

function ownTypes(schema: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  );
}
