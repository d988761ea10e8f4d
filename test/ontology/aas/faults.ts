/** Environments with one fault or none, made systematically: class by class, member by member, fault by fault. */
import { metamodelOf, type AasProperty, type AasVersion } from '#ontology/aas/metamodel/index.ts';
import { formLexemes, lexemes } from './lexemes.ts';
import { externalReference, placed, type Json, type Placed } from './samples.ts';

export interface FaultCase {
  readonly id: string;
  readonly version: AasVersion;
  readonly environment: Json;
}

/** Every class that an environment can hold. */
export function classesOf(version: AasVersion): string[] {
  return [...metamodelOf(version).classes.values()]
    .filter(({ name, abstract }) => !abstract && placed(name, version, false) !== null)
    .map(({ name }) => name);
}

type Change = (made: Placed) => void;

/** One case: a fresh instance, changed. */
function caseOf(
  id: string,
  name: string,
  version: AasVersion,
  maximal: boolean,
  change: Change = () => {},
): FaultCase {
  const made = placed(name, version, maximal);
  if (!made) throw new Error(`No environment holds a ${name}.`);
  change(made);
  return { id: `${version} ${name} ${id}`, version, environment: made.environment };
}

const long = (length: number): string => 'a'.repeat(length);
const wrong: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['number', 7],
  ['fraction', 1.5],
  ['text', 'unexpected text'],
  ['empty text', ''],
  ['true', true],
  ['empty object', {}],
  ['object', { unexpected: 'member' }],
  ['empty list', []],
  ['list of null', [null]],
  ['list of number', [7]],
  ['list of text', ['unexpected text']],
  ['list of list', [[]]],
  ['list of empty object', [{}]],
];

/** Cases about shape: types, missing and unknown members, emptiness, lengths, forms, literals. */
export function* shapeCases(version: AasVersion): Generator<FaultCase> {
  for (const name of classesOf(version)) {
    for (const maximal of [false, true]) {
      const size = maximal ? 'maximal' : 'minimal';
      yield caseOf(size, name, version, maximal);
      yield caseOf(`${size} unknown member`, name, version, maximal, ({ instance }) => {
        instance['unexpectedMember'] = 'x';
      });
    }
    yield* modelTypes(name, version);
    for (const property of placed(name, version, true)?.type.properties ?? [])
      yield* faultsOf(name, property, version);
  }
}

function* modelTypes(name: string, version: AasVersion): Generator<FaultCase> {
  const values: (readonly [string, unknown])[] = [
    ...wrong,
    ['other', 'Submodel'],
    ['unknown', 'Nothing'],
    ['own', name],
    ['inherited', 'constructor'],
  ];
  for (const [what, value] of values) {
    yield caseOf(`modelType ${what}`, name, version, false, ({ instance }) => {
      instance['modelType'] = value;
    });
  }
  yield caseOf('modelType missing', name, version, false, ({ instance }) => {
    delete instance['modelType'];
  });
}

function* faultsOf(name: string, property: AasProperty, version: AasVersion): Generator<FaultCase> {
  const set = (what: string, value: unknown): FaultCase =>
    caseOf(`${property.name} ${what}`, name, version, true, ({ instance }) => {
      instance[property.name] = value;
    });
  yield caseOf(`${property.name} missing`, name, version, true, ({ instance }) => {
    delete instance[property.name];
  });
  for (const [what, value] of wrong) yield set(what, value);
  yield caseOf(`${property.name} twice`, name, version, true, ({ instance }) => {
    const value = instance[property.name];
    instance[property.name] = property.list ? [value].flat().flatMap((one) => [one, one]) : [value];
  });
  if (property.value.kind === 'enum')
    for (const literal of [...property.value.literals, 'Batch', 'Role', 'instance', ' Instance'])
      yield set(literal, literal);
  if (property.value.kind === 'bytes')
    for (const text of ['', 'AA==', 'AAA=', 'AAAA', 'A===', '!!!!', 'AAAAA'])
      yield set(`bytes ${text}`, text);
  if (property.value.kind !== 'string') return;
  const { min, max, name: type } = property.value.type;
  for (const length of [min, max, max + 1].filter(Number.isFinite))
    yield set(`length ${length}`, long(length));
  for (const text of ['\u0000', 'a\u0008', '\ud800', '\ufffe', 'ä\u{1f600}', ' ', '\n'])
    yield set(`characters ${JSON.stringify(text)}`, text);
  if (Number.isFinite(max) && type !== 'VersionType' && type !== 'RevisionType')
    yield set('astral', '\u{1f600}'.repeat(max));
  for (const text of formLexemes[type] ?? [])
    yield set(`form ${JSON.stringify(text.slice(0, 60))} ${text.length}`, text);
}

const holders: readonly (readonly [string, string])[] = [
  ['Property', 'value'],
  ['Range', 'min'],
  ['Range', 'max'],
  ['Qualifier', 'value'],
  ['Extension', 'value'],
];

/** Cases about values and their XSD types. @param all - every holder instead of Property alone. */
export function* valueCases(version: AasVersion, all: boolean): Generator<FaultCase> {
  for (const [name, member] of all ? holders : holders.slice(0, 1)) {
    for (const [type, texts] of Object.entries(lexemes)) {
      for (const text of new Set(texts)) {
        yield caseOf(
          `${member} ${type} ${JSON.stringify(text.slice(0, 80))}`,
          name,
          version,
          false,
          ({ instance }) => {
            instance['valueType'] = type;
            instance[member] = text;
          },
        );
      }
    }
  }
}

/** Cases about references: every chain of up to two keys, and some of three. */
export function* referenceCases(version: AasVersion): Generator<FaultCase> {
  const keyTypes = [...(metamodelOf(version).classes.get('Key')?.properties ?? [])].flatMap(({ value }) =>
    value.kind === 'enum' ? [...value.literals] : [],
  );
  const few = ['Submodel', 'GlobalReference', 'FragmentReference', 'File', 'SubmodelElementList', 'Property'];
  const chains = [
    ...keyTypes.map((type) => [type]),
    ...keyTypes.flatMap((one) => keyTypes.map((other) => [one, other])),
    ...few.flatMap((a) => few.flatMap((b) => few.map((c) => [a, b, c]))),
    ...few.flatMap((b) => few.flatMap((c) => few.map((d) => ['Submodel', b, c, d]))),
  ];
  for (const type of ['ExternalReference', 'ModelReference']) {
    for (const chain of chains) {
      for (const value of chain.length > 2 ? ['x', '1', '-1', '01', '+1', '-0'] : ['x']) {
        yield caseOf(
          `reference ${type} ${chain.join('/')} ${value}`,
          'Submodel',
          version,
          false,
          ({ instance }) => {
            instance['semanticId'] = { type, keys: chain.map((keyType) => ({ type: keyType, value })) };
          },
        );
      }
    }
  }
  yield* targets(version, keyTypes);
}

function* targets(version: AasVersion, keyTypes: readonly string[]): Generator<FaultCase> {
  const members: (readonly [string, string, boolean])[] = [
    ['AssetAdministrationShell', 'derivedFrom', false],
    ['AssetAdministrationShell', 'submodels', true],
    ['BasicEventElement', 'observed', false],
    ['BasicEventElement', 'messageBroker', false],
    ['SpecificAssetId', 'externalSubjectId', false],
  ];
  for (const [name, member, list] of members) {
    for (const type of ['ExternalReference', 'ModelReference']) {
      for (const keyType of keyTypes) {
        for (const keys of [[keyType], ['Submodel', keyType]]) {
          yield caseOf(`${member} ${type} ${keys.join('/')}`, name, version, false, ({ instance }) => {
            const reference = { type, keys: keys.map((one) => ({ type: one, value: '1' })) };
            instance[member] = list ? [reference] : reference;
          });
        }
      }
    }
  }
}

/** Language strings in many languages, for lists that may name each once. */
export const languageTexts = (...languages: string[]): Json[] =>
  languages.map((language) => ({ language, text: 'a' }));

export { caseOf, externalReference };
