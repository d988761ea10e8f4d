import { instanceOf, listOf, memberOf, textOf, type Instance } from '../instance.ts';
import { langStringLengths } from '../metamodel/strings.ts';
import { firstRepeated, violation, type Rule, type Violation } from './rule.ts';

/** Language strings that may have one text a language only, by class and member. */
const languageLists: readonly (readonly [string, string])[] = [
  ['Referable', 'displayName'],
  ['Referable', 'description'],
  ['MultiLanguageProperty', 'value'],
  ['DataSpecificationIec61360', 'preferredName'],
  ['DataSpecificationIec61360', 'shortName'],
  ['DataSpecificationIec61360', 'definition'],
  ['DataSpecificationUom', 'preferredName'],
  ['DataSpecificationUom', 'definition'],
  ['DataSpecificationUom', 'preferredNameQuantity'],
];

/** Rules of what many classes share. @see IDTA-01001, section on common metamodel classes */
export const commonRules: readonly Rule[] = [
  ...languageLists.map(([of, member]) => ({
    code: 'aas:uniqueLanguages',
    of,
    check: (instance: Instance) =>
      unique(
        instance,
        member,
        'language',
        (language) => `There is a second text in the language ${language}.`,
      ),
  })),
  ...Object.entries(langStringLengths).map(([of, most]) => ({
    code: 'aas:maxLength',
    of,
    check: (instance: Instance) =>
      [...(textOf(instance, 'text') ?? '')].length > most
        ? violation(`The text has more than ${most} characters.`, 'text')
        : null,
  })),
  {
    code: 'AASd-118',
    of: 'HasSemantics',
    check: (instance) =>
      memberOf(instance, 'supplementalSemanticIds') !== undefined &&
      memberOf(instance, 'semanticId') === undefined
        ? violation('Supplemental semantic ids need a main semanticId.', 'supplementalSemanticIds')
        : null,
  },
  {
    code: 'AASd-077',
    of: 'HasExtensions',
    check: (instance) =>
      unique(instance, 'extensions', 'name', (name) => `There is a second extension ${name}.`),
  },
  {
    code: 'AASd-021',
    of: 'Qualifiable',
    check: (instance) =>
      unique(instance, 'qualifiers', 'type', (type) => `There is a second qualifier of type ${type}.`),
  },
  {
    code: 'AASd-005',
    of: 'AdministrativeInformation',
    check: (instance) =>
      memberOf(instance, 'revision') !== undefined && memberOf(instance, 'version') === undefined
        ? violation('A revision needs a version.', 'revision')
        : null,
  },
  {
    code: 'AASd-133',
    of: 'SpecificAssetId',
    check: (instance) => {
      const subject = instanceOf(instance, 'externalSubjectId');
      return subject && textOf(subject, 'type') !== 'ExternalReference'
        ? violation('externalSubjectId is an external reference.', 'externalSubjectId', 'type')
        : null;
    },
  },
];

/** Reports the first item of a list whose member an earlier item had. */
function unique(
  instance: Instance,
  list: string,
  member: string,
  message: (value: string) => string,
): Violation | null {
  const items = listOf(instance, list);
  const at = firstRepeated(items, (item) => textOf(item, member));
  return at < 0 ? null : violation(message(textOf(items[at] ?? {}, member) ?? ''), list, at, member);
}
