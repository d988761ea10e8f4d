import { HubError } from '#kernel/errors.ts';
import type { ModelId } from './ids.ts';
import type { ComponentContent, Model, ModelContent, PropertyContent, ValueType } from './model.ts';

/** One value that breaks the twin's model. */
export interface Violation {
  /** Names and list positions from the twin's properties down. */
  readonly path: readonly string[];
  /** The rule: `unknownProperty`, `wrongType`, `notInEnumeration`, `readOnly`, `reservedName`. */
  readonly rule: string;
  readonly message: string;
}

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
}

/** The property under which an import keeps which asset administration shells belong to a twin. */
export const shellsProperty = '$aas';

/** A shell attached to a twin. */
export interface AttachedShell {
  readonly shell: string;
  readonly globalAssetId: string | null;
  readonly submodels: readonly string[];
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

/** Every value that breaks the model. `null` stands for "remove" and is always right; values left out are right too. */
export function* verifyProperties(
  properties: Readonly<Record<string, unknown>>,
  scope: VerifyScope,
): Generator<Violation> {
  const contents = scope.lineages.map(contentsOf);
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
    const content = contents.map((known) => known.get(name)).find((found) => found !== undefined);
    if (content?.kind === 'property') yield* verifyValue(value, content, [name]);
    else if (content?.kind === 'component') yield* verifyComponent(value, content, scope);
    else yield { path: [name], rule: 'unknownProperty', message: unknownText(name, content, contents) };
  }
}

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

function unknownText(
  name: string,
  content: ModelContent | undefined,
  contents: readonly ReadonlyMap<string, ModelContent>[],
): string {
  if (content) return `${name} is a ${content.kind} of the model, not a property.`;
  const names = contents
    .flatMap((known) => [...known.values()])
    .flatMap((known) => (known.kind === 'property' ? known.name : []));
  const close = names.find((known) => known.toLowerCase() === name.toLowerCase());
  return `The model has no property ${name}.${close ? ` Is ${close} meant?` : ''}`;
}

function* verifyComponent(
  value: unknown,
  content: ComponentContent,
  scope: VerifyScope,
): Generator<Violation> {
  if (value === null) return;
  if (typeof value !== 'object' || Array.isArray(value)) {
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

const dateTime = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const duration =
  /^-?P(?=.)(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?(T(?=.)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?$/;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** A JSON number such as 3.0 arrives as 3, so it counts as an integer. */
const typeChecks: Readonly<Record<ValueType, readonly [what: string, check: (value: unknown) => boolean]>> = {
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  integer: ['a whole number', (value) => Number.isSafeInteger(value)],
  number: ['a number', isNumber],
  string: ['a text', (value) => typeof value === 'string'],
  dateTime: [
    'an RFC 3339 date and time',
    (value) => typeof value === 'string' && dateTime.test(value) && !Number.isNaN(Date.parse(value)),
  ],
  duration: ['an ISO 8601 duration', (value) => typeof value === 'string' && duration.test(value)],
  'number[]': ['a list of numbers', (value) => Array.isArray(value) && value.every(isNumber)],
  object: ['an object or a list', (value) => typeof value === 'object' && value !== null],
};

function* verifyValue(
  value: unknown,
  content: PropertyContent,
  path: readonly string[],
): Generator<Violation> {
  if (value === null) return;
  const [what, check] = typeChecks[content.valueType];
  if (!check(value))
    yield { path, rule: 'wrongType', message: `${content.name} has to be ${what}, not ${shown(value)}.` };
  else if (content.enumValues && !content.enumValues.some((allowed) => allowed === value)) {
    yield {
      path,
      rule: 'notInEnumeration',
      message: `${content.name} has to be one of ${content.enumValues.join(', ')}, not ${shown(value)}.`,
    };
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
