import {
  Kind,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type TypeDefinitionNode,
} from 'graphql';
import { HubError } from '#kernel/errors.ts';
import { directiveNames } from '../../supergraph/links.ts';
import type { Alternatives, Requirement } from './requirements.ts';

/** The protected types and fields of a supergraph. */
export interface ProtectedParts {
  readonly types: ReadonlyMap<string, readonly Requirement[]>;
  /** By `Type.field`. */
  readonly fields: ReadonlyMap<string, readonly Requirement[]>;
}

type Rule = Requirement['rule'];

/**
 * Reads `@authenticated`, `@requiresScopes` and `@policy` of a supergraph, under the names its links give them, as
 * directives of their own or within `@join__directive`.
 *
 * @throws {HubError} CONFIG_INVALID - a rule that cannot be read: what it protects must not become public by that.
 * @see https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/directives
 */
export function readProtectedParts(supergraph: DocumentNode): ProtectedParts {
  const names = directiveNames(supergraph, ['authenticated', 'requiresScopes', 'policy']);
  const types = new Map<string, Requirement[]>();
  const fields = new Map<string, Requirement[]>();
  const take = (into: Map<string, Requirement[]>, coordinate: string, node: Annotated) => {
    const rules = (node.directives ?? []).flatMap((directive) => ruleOf(directive, names, coordinate));
    if (!rules.length) return;
    const found = rules.map((rule) => ({ coordinate, rule }));
    into.set(coordinate, [...(into.get(coordinate) ?? []), ...found]);
  };
  for (const definition of supergraph.definitions) {
    if (!isType(definition)) continue;
    take(types, definition.name.value, definition);
    for (const field of fieldsOf(definition))
      take(fields, `${definition.name.value}.${field.name.value}`, field);
  }
  return { types, fields };
}

type Annotated = Pick<FieldDefinitionNode, 'directives'>;

function isType(node: DocumentNode['definitions'][number]): node is TypeDefinitionNode {
  return (
    node.kind === Kind.OBJECT_TYPE_DEFINITION ||
    node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    node.kind === Kind.ENUM_TYPE_DEFINITION ||
    node.kind === Kind.SCALAR_TYPE_DEFINITION
  );
}

function fieldsOf(node: TypeDefinitionNode): readonly FieldDefinitionNode[] {
  const composite = node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
  return composite ? (node.fields ?? []) : [];
}

function ruleOf(
  directive: ConstDirectiveNode,
  names: ReadonlyMap<string, string>,
  coordinate: string,
): readonly Rule[] {
  const args = argumentsOf(directive);
  if (directive.name.value === 'join__directive') {
    const spec = names.get(String(args['name'])) ?? String(args['name']);
    return toRule(spec, asRecord(args['args']), coordinate);
  }
  const spec = names.get(directive.name.value);
  return spec === undefined ? [] : toRule(spec, args, coordinate);
}

function toRule(spec: string, args: Readonly<Record<string, unknown>>, coordinate: string): readonly Rule[] {
  switch (spec) {
    case 'authenticated':
      return [{ kind: 'authenticated' }];
    case 'requiresScopes':
      return [{ kind: 'scopes', anyOf: alternatives(args['scopes'], spec, coordinate) }];
    case 'policy':
      return [{ kind: 'policies', anyOf: alternatives(args['policies'], spec, coordinate) }];
    default:
      return [];
  }
}

function argumentsOf(directive: ConstDirectiveNode): Record<string, unknown> {
  return Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? { ...value } : {};
}

/** A single item stands for a list of it, as GraphQL coerces lists. */
function alternatives(value: unknown, spec: string, coordinate: string): Alternatives {
  const outer: unknown[] = Array.isArray(value) ? value : [value];
  const read = outer.map((inner): unknown[] => (Array.isArray(inner) ? inner : [inner]));
  if (read.every((allOf) => allOf.length && allOf.every((name) => typeof name === 'string')))
    return read as readonly (readonly string[])[];
  throw new HubError('CONFIG_INVALID', `@${spec} of ${coordinate} in the supergraph cannot be read.`, {
    details: { coordinate },
  });
}
