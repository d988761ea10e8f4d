import { HubError } from '#kernel/errors.ts';
import { isObject, Walk, type Check, type InstanceViolation } from './dtdl/instances/check.ts';
import { compileModel } from './dtdl/instances/compile-model.ts';
import { JsonNumber, shown } from './dtdl/instances/lexical.ts';
import { isDateTime, isDuration } from './dtdl/instances/temporal.ts';
import type { ModelId } from './ids.ts';
import type { ComponentContent, Model, ModelContent, PropertyContent, ValueType } from './model.ts';

/**
 * One value that breaks the twin's model. Rules: `unknownProperty`, `reservedName`, `wrongType`, `nullValue`,
 * `missingComponent`, and those of the schemas (`dtdl/instances/check.ts`).
 */
export type Violation = InstanceViolation;

/** A model with all its bases, itself first. */
export type Lineage = readonly Model[];

/** What the values are checked against. */
export interface VerifyScope {
  /** The twin's model and those attached to it (AAS submodels). */
  readonly lineages: readonly Lineage[];
  /** Lineage of a component's interface; `null` when it is not known. */
  readonly componentLineage?: (id: ModelId) => Lineage | null;
  /** Names beginning with `$` are the hub's own: only an import writes them. @default false */
  readonly allowReserved?: boolean;
  /** Whether the properties are all of a twin's: each component has to be there, and `null` is no value. @default false: a patch */
  readonly whole?: boolean;
}

/** The property under which an import keeps which asset administration shells belong to a twin. */
export const shellsProperty = '$aas';

/** A shell attached to a twin. */
export interface AttachedShell {
  readonly shell: string;
  readonly globalAssetId: string | null;
  readonly submodels: readonly string[];
  /** The shell as it came. */
  readonly source?: unknown;
  /** Values of its submodels as they were written, where JavaScript writes them otherwise, by property. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** The shells attached to a twin, from its properties. */
export function attachedShells(properties: Readonly<Record<string, unknown>>): readonly AttachedShell[] {
  const shells = Object.hasOwn(properties, shellsProperty) ? properties[shellsProperty] : undefined;
  return Array.isArray(shells) ? (shells as readonly AttachedShell[]) : [];
}

/** Every model a twin's properties belong to: its own first, then those of attached submodels. */
export function modelIdsOf(twin: {
  readonly modelId: ModelId;
  readonly properties: Readonly<Record<string, unknown>>;
}): readonly ModelId[] {
  return [
    twin.modelId,
    ...attachedShells(twin.properties).flatMap((shell) => shell.submodels as readonly ModelId[]),
  ];
}

/** All contents of a lineage, own and inherited, by name; the nearest declaration wins. */
export function contentsOf(lineage: Lineage): ReadonlyMap<string, ModelContent> {
  const found = new Map<string, ModelContent>();
  for (const model of lineage)
    for (const content of model.contents) if (!found.has(content.name)) found.set(content.name, content);
  return found;
}

/** A content with the model that declares it. */
interface Declared {
  readonly content: ModelContent;
  readonly model: Model;
}

const ownContents = new WeakMap<Model, ReadonlyMap<string, ModelContent>>();

function ownContentsOf(model: Model): ReadonlyMap<string, ModelContent> {
  const made = ownContents.get(model) ?? new Map(model.contents.map((content) => [content.name, content]));
  ownContents.set(model, made);
  return made;
}

function declaredIn(lineage: Lineage, name: string): Declared | null {
  for (const model of lineage) {
    const content = ownContentsOf(model).get(name);
    if (content) return { content, model };
  }
  return null;
}

/**
 * Every value that breaks the model. In a patch `null` stands for "remove" and is always right; values left out are
 * right too.
 */
export function* verifyProperties(
  properties: Readonly<Record<string, unknown>>,
  scope: VerifyScope,
): Generator<Violation> {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('$')) {
      if (!scope.allowReserved)
        yield {
          path: [name],
          rule: 'reservedName',
          message: `${name} belongs to the hub; it cannot be set.`,
        };
      continue;
    }
    const declared = scope.lineages
      .map((lineage) => declaredIn(lineage, name))
      .find((found) => found !== null);
    if (declared?.content.kind === 'property') yield* verifyValue(value, declared, scope);
    else if (declared?.content.kind === 'component') yield* verifyComponent(value, declared.content, scope);
    else
      yield {
        path: [name],
        rule: 'unknownProperty',
        message: unknownText(name, declared?.content, scope.lineages),
      };
  }
  if (scope.whole) yield* verifyComponentsThere(properties, scope);
}

function* verifyComponentsThere(
  properties: Readonly<Record<string, unknown>>,
  scope: VerifyScope,
): Generator<Violation> {
  for (const model of scope.lineages[0] ?? [])
    for (const { kind, name } of model.contents)
      if (kind === 'component' && !Object.hasOwn(properties, name))
        yield {
          path: [name],
          rule: 'missingComponent',
          message: `The component ${name} is needed, if only as {}.`,
        };
}

/** Every property of a relationship that breaks what the model says about it. */
export function verifyRelationshipProperties(
  properties: Readonly<Record<string, unknown>>,
  name: string,
  lineage: Lineage,
): readonly Violation[] {
  const declared = declaredIn(lineage, name);
  const checks = declared && compileModel(declared.model)?.relationshipProperties(name);
  const walk = new Walk();
  for (const [property, value] of Object.entries(properties))
    walk.into(property, checks?.get(property) ?? unknownRelationshipProperty, value);
  return walk.found;
}

const unknownRelationshipProperty: Check = (_, walk) =>
  walk.report('unknownProperty', 'The relationship has no property of this name.');

/**
 * @throws {HubError} INVALID_INPUT - with the first violation's path in `details.path` and all in `details.violations`.
 */
export function assertProperties(
  properties: Readonly<Record<string, unknown>>,
  scope: VerifyScope,
  at: readonly string[] = [],
): void {
  const violations = [...verifyProperties(properties, scope)].map((violation) => ({
    ...violation,
    path: [...at, ...violation.path],
  }));
  const [first] = violations;
  if (!first) return;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
  throw new HubError('INVALID_INPUT', `${first.path.join('/')}: ${first.message}${more}`, {
    details: { path: first.path, rule: first.rule, violations },
  });
}

function unknownText(name: string, content: ModelContent | undefined, lineages: readonly Lineage[]): string {
  if (content) return `${name} is a ${content.kind} of the model, not a property.`;
  const names = lineages
    .flat()
    .flatMap((model) => model.contents.flatMap((known) => (known.kind === 'property' ? known.name : [])));
  const close = names.find((known) => known.toLowerCase() === name.toLowerCase());
  return `The model has no property ${name}.${close ? ` Is ${close} meant?` : ''}`;
}

function* verifyComponent(
  value: unknown,
  content: ComponentContent,
  scope: VerifyScope,
): Generator<Violation> {
  if (value === null && !scope.whole) return;
  if (!isObject(value) || value instanceof JsonNumber) {
    yield {
      path: [content.name],
      rule: 'wrongType',
      message: `The component ${content.name} has to be an object of its properties.`,
    };
    return;
  }
  const lineage = scope.componentLineage?.(content.schema);
  if (!lineage) {
    yield {
      path: [content.name],
      rule: 'unknownProperty',
      message: `The model ${content.schema} of the component is not known.`,
    };
    return;
  }
  const inside = Object.fromEntries(Object.entries(value).filter(([name]) => name !== '$metadata'));
  for (const violation of verifyProperties(inside, { ...scope, lineages: [lineage], allowReserved: false })) {
    yield { ...violation, path: [content.name, ...violation.path] };
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** For models whose source has no schemas. A JSON number such as 3.0 arrives as 3, so it counts as an integer. */
const typeChecks: Readonly<Record<ValueType, readonly [what: string, check: (value: unknown) => boolean]>> = {
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  integer: ['a whole number', (value) => Number.isSafeInteger(value)],
  number: ['a number', isNumber],
  string: ['a text', (value) => typeof value === 'string'],
  dateTime: ['an RFC 3339 date and time', (value) => typeof value === 'string' && isDateTime(value)],
  duration: ['an ISO 8601 duration', (value) => typeof value === 'string' && isDuration(value)],
  'number[]': ['a list of numbers', (value) => Array.isArray(value) && value.every(isNumber)],
  object: ['an object or a list', (value) => typeof value === 'object' && value !== null],
};

function* verifyValue(
  value: unknown,
  { content, model }: Declared,
  scope: VerifyScope,
): Generator<Violation> {
  const path = [content.name];
  if (value === null) {
    if (scope.whole)
      yield { path, rule: 'nullValue', message: `${content.name} has to have a value or to be left out.` };
    return;
  }
  const check = compileModel(model)?.property(content.name);
  if (check) {
    const walk = new Walk(path);
    check(value, walk);
    yield* walk.found;
  } else if (content.kind === 'property') yield* verifyType(value, content, path);
}

function* verifyType(
  value: unknown,
  content: PropertyContent,
  path: readonly string[],
): Generator<Violation> {
  const [what, check] = typeChecks[content.valueType];
  const plain = value instanceof JsonNumber ? value.value : value;
  if (!check(plain))
    yield { path, rule: 'wrongType', message: `${content.name} has to be ${what}, not ${shown(value)}.` };
  else if (content.enumValues && !content.enumValues.some((allowed) => allowed === plain)) {
    yield {
      path,
      rule: 'notInEnumeration',
      message: `${content.name} has to be one of ${content.enumValues.join(', ')}, not ${shown(value)}.`,
    };
  }
}
