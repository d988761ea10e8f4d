import { listOf, textOf, type Instance } from '../instance.ts';
import { isNonNegativeInteger } from '../lexical/numbers.ts';
import { keySets } from '../metamodel/enumerations.ts';
import { violation, type Rule, type Violation } from './rule.ts';

type KeySet = ReadonlySet<string>;

const typesOf = (reference: Instance): string[] =>
  listOf(reference, 'keys').map((key) => textOf(key, 'type') ?? '');
const isExternal = (reference: Instance): boolean => textOf(reference, 'type') === 'ExternalReference';
const isModel = (reference: Instance): boolean => textOf(reference, 'type') === 'ModelReference';

/** The first key has to be of a set. */
function first(types: readonly string[], allowed: KeySet, what: string): Violation | null {
  const [type] = types;
  return type === undefined || allowed.has(type)
    ? null
    : violation(`The first key is a ${type}; it has to be one of ${what}.`, 'keys', 0, 'type');
}

/** The first of some keys that fails. */
function anyKey(
  types: readonly string[],
  fails: (type: string, i: number) => boolean,
  message: string,
): Violation | null {
  const at = types.findIndex(fails);
  return at < 0 ? null : violation(message.replace('%', types[at] ?? ''), 'keys', at, 'type');
}

/** @see IDTA-01001, section on referencing */
export const referenceRules: readonly Rule[] = [
  {
    code: 'AASd-121',
    of: 'Reference',
    check: (reference) => first(typesOf(reference), keySets.globallyIdentifiables, 'GloballyIdentifiables'),
  },
  {
    code: 'AASd-122',
    of: 'Reference',
    check: (reference) =>
      isExternal(reference)
        ? first(typesOf(reference), keySets.genericGloballyIdentifiables, 'GenericGloballyIdentifiables')
        : null,
  },
  {
    code: 'AASd-123',
    of: 'Reference',
    check: (reference) =>
      isModel(reference) ? first(typesOf(reference), keySets.aasIdentifiables, 'AasIdentifiables') : null,
  },
  { code: 'AASd-124', of: 'Reference', check: endsGenerically },
  {
    code: 'AASd-125',
    of: 'Reference',
    check: (reference) =>
      isModel(reference)
        ? anyKey(
            typesOf(reference),
            (type, i) => i > 0 && !keySets.fragmentKeys.has(type),
            'In a model reference, all keys after the first are FragmentKeys; this is a %.',
          )
        : null,
  },
  {
    code: 'AASd-126',
    of: 'Reference',
    check: (reference) => {
      const types = typesOf(reference);
      return isModel(reference)
        ? anyKey(
            types,
            (type, i) => i < types.length - 1 && keySets.genericFragmentKeys.has(type),
            'In a model reference, only the last key may be a %.',
          )
        : null;
    },
  },
  { code: 'AASd-127', of: 'Reference', check: fragmentFollowsFile },
  { code: 'AASd-128', of: 'Reference', check: positionsAreNumbers },
  {
    code: 'AASd-137',
    of: 'Reference',
    since: '3.2',
    check: (reference) =>
      isExternal(reference)
        ? anyKey(
            typesOf(reference),
            (type) => keySets.aasReferables.has(type),
            'An external reference has no key of type %, which is a Referable.',
          )
        : null,
  },
];

function endsGenerically(reference: Instance): Violation | null {
  const types = typesOf(reference);
  const last = types.at(-1);
  if (!isExternal(reference) || last === undefined) return null;
  return keySets.genericGloballyIdentifiables.has(last) || keySets.genericFragmentKeys.has(last)
    ? null
    : violation(
        `The last key of an external reference is a GlobalReference or a FragmentReference; this is a ${last}.`,
        'keys',
        types.length - 1,
        'type',
      );
}

function fragmentFollowsFile(reference: Instance): Violation | null {
  const types = typesOf(reference);
  if (!isModel(reference) || types.length < 2 || types.at(-1) !== 'FragmentReference') return null;
  return ['File', 'Blob'].includes(types.at(-2) ?? '')
    ? null
    : violation(
        `A FragmentReference follows a File or a Blob; here it follows a ${types.at(-2)}.`,
        'keys',
        types.length - 1,
      );
}

function positionsAreNumbers(reference: Instance): Violation | null {
  const keys = listOf(reference, 'keys');
  if (!isModel(reference) || keys.length < 3) return null;
  const at = keys.findIndex(
    (key, i) =>
      i > 0 &&
      textOf(keys[i - 1] ?? {}, 'type') === 'SubmodelElementList' &&
      !isNonNegativeInteger(textOf(key, 'value') ?? ''),
  );
  return at < 0
    ? null
    : violation('A key after a SubmodelElementList is a position: a number from 0.', 'keys', at, 'value');
}

/** Whether a reference is a model reference whose last key is of one of these types. */
export function leadsTo(reference: Instance, types: ReadonlySet<string>): boolean {
  return isModel(reference) && types.has(typesOf(reference).at(-1) ?? '');
}
