import {
  isAbstractType,
  Kind,
  parse,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

/** Tells what a subgraph cannot accept of the references it is asked about. */
export type ReferenceCheck = (
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
) => readonly string[];

interface TypeRules {
  /** Field sets of the keys that can be looked up. */
  readonly keys: SelectionSetNode[];
  /** Field sets of `@requires` by field. */
  readonly requires: Map<string, SelectionSetNode>;
}

type Json = Record<string, unknown>;

/**
 * What servers refuse: a type that cannot be looked up here, a reference without a whole key, and one that lacks what
 * a field asked for requires.
 */
export function referenceCheck(sdl: string, schema: GraphQLSchema): ReferenceCheck {
  const rules = rulesOf(parse(sdl));
  return (document, variables) =>
    lookupsOf(document).flatMap(({ variable, selection }) => {
      const references = variables[variable];
      if (!Array.isArray(references)) return [`${variable} is no list of references`];
      return references.flatMap((one: Json) => faultsOf(one, selection, rules, schema));
    });
}

function faultsOf(
  reference: Json,
  selection: SelectionSetNode | undefined,
  rules: ReadonlyMap<string, TypeRules>,
  schema: GraphQLSchema,
): string[] {
  const typeName = String(reference['__typename']);
  const own = rules.get(typeName);
  const shown = JSON.stringify(reference);
  if (!own?.keys.length) return [`${typeName} cannot be looked up here: ${shown}`];
  if (!own.keys.some((key) => hasAll(reference, key, false)))
    return [`no whole key of ${typeName}: ${shown}`];
  return fieldsFor(typeName, selection, schema).flatMap(({ name }) => {
    const required = own.requires.get(name.value);
    return required && !hasAll(reference, required, true)
      ? [`${typeName}.${name.value} lacks what it requires: ${shown}`]
      : [];
  });
}

/** Whether everything a field set names is there. */
function hasAll(value: unknown, set: SelectionSetNode, nullable: boolean): boolean {
  if (Array.isArray(value)) return value.every((item) => hasAll(item, set, nullable));
  if (value === null) return nullable;
  if (typeof value !== 'object') return false;
  const object = value as Json;
  return set.selections.every((part) => {
    if (part.kind === Kind.INLINE_FRAGMENT) {
      const wanted = part.typeCondition?.name.value;
      if (wanted === undefined || object['__typename'] === wanted)
        return hasAll(object, part.selectionSet, nullable);
      return typeof object['__typename'] === 'string';
    }
    if (part.kind !== Kind.FIELD) return false;
    const inner = object[part.name.value];
    if (part.selectionSet) return inner !== undefined && hasAll(inner, part.selectionSet, nullable);
    return inner !== undefined;
  });
}

function lookupsOf(document: DocumentNode) {
  const lookups: { variable: string; selection: SelectionSetNode | undefined }[] = [];
  visit(document, {
    Field({ name, arguments: args, selectionSet }) {
      const value = args?.[0]?.value;
      if (name.value === '_entities' && value?.kind === Kind.VARIABLE)
        lookups.push({ variable: value.name.value, selection: selectionSet });
    },
  });
  return lookups;
}

function fieldsFor(
  typeName: string,
  set: SelectionSetNode | undefined,
  schema: GraphQLSchema,
): readonly FieldNode[] {
  return (set?.selections ?? []).flatMap((part) => {
    if (part.kind === Kind.FIELD) return [part];
    if (part.kind !== Kind.INLINE_FRAGMENT) return [];
    const wanted = part.typeCondition?.name.value ?? typeName;
    return applies(typeName, wanted, schema) ? fieldsFor(typeName, part.selectionSet, schema) : [];
  });
}

function applies(typeName: string, wanted: string, schema: GraphQLSchema): boolean {
  if (wanted === typeName) return true;
  const condition = schema.getType(wanted);
  const type = schema.getType(typeName);
  return isAbstractType(condition) && !!type && 'getInterfaces' in type && schema.isSubType(condition, type);
}

function rulesOf(sdl: DocumentNode): ReadonlyMap<string, TypeRules> {
  const called = namesOf(sdl);
  const rules = new Map<string, TypeRules>();
  for (const node of sdl.definitions) {
    if (!('fields' in node) || !('name' in node) || !node.name) continue;
    const own = rules.get(node.name.value) ?? { keys: [], requires: new Map<string, SelectionSetNode>() };
    rules.set(node.name.value, own);
    for (const key of named(node.directives, called('key')))
      if (isResolvable(key)) own.keys.push(fieldSetOf(key));
    for (const field of node.fields ?? [])
      for (const requires of named(field.directives, called('requires')))
        own.requires.set(field.name.value, fieldSetOf(requires));
  }
  return rules;
}

/** What the subgraph calls a directive of the federation specification: `@link` may rename it. */
function namesOf(sdl: DocumentNode): (own: string) => string {
  const names = new Map<string, string>();
  visit(sdl, {
    ObjectValue({ fields }) {
      const text = (key: string) => {
        const value = fields.find(({ name }) => name.value === key)?.value;
        return value?.kind === Kind.STRING ? value.value.replace('@', '') : '';
      };
      names.set(text('name'), text('as'));
    },
  });
  return (own) => names.get(own) ?? own;
}

/** The directive under its own name, or prefixed as `@link` without an import has it. */
function named(directives: readonly ConstDirectiveNode[] = [], wanted: string): ConstDirectiveNode[] {
  return directives.filter(({ name }) => name.value === wanted || name.value.endsWith(`__${wanted}`));
}

function isResolvable({ arguments: args }: ConstDirectiveNode): boolean {
  const value = args?.find(({ name }) => name.value === 'resolvable')?.value;
  return value?.kind !== Kind.BOOLEAN || value.value;
}

function fieldSetOf({ arguments: args }: ConstDirectiveNode): SelectionSetNode {
  const value = args?.find(({ name }) => name.value === 'fields')?.value;
  const text = value?.kind === Kind.STRING ? value.value : '';
  const [definition] = parse(`{ ${text} }`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`no field set: ${text}`);
  return definition.selectionSet;
}
