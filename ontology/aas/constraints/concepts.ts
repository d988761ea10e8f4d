import { instanceOf, listOf, memberOf, textOf, type Instance } from '../instance.ts';
import { isEnglish } from '../lexical/language-tag.ts';
import { iecTypeSets } from '../metamodel/enumerations.ts';
import { violation, type Rule, type Violation } from './rule.ts';

/** The IEC 61360 contents of an element. */
function iecContents(instance: Instance): readonly Instance[] {
  return listOf(instance, 'embeddedDataSpecifications')
    .map((specification) => instanceOf(specification, 'dataSpecificationContent'))
    .filter((content) => content !== undefined)
    .filter((content) => textOf(content, 'modelType') === 'DataSpecificationIec61360');
}

function hasEnglish(content: Instance, member: string): boolean {
  return listOf(content, member).some((text) => isEnglish(textOf(text, 'language') ?? ''));
}

/** A rule on the data types of concept descriptions of some categories. */
function dataTypes(code: string, categories: readonly string[], allowed: ReadonlySet<string> | null): Rule {
  const what = allowed ? `one of ${[...allowed].join(', ')}` : 'given';
  return {
    code,
    of: 'ConceptDescription',
    check: (concept) => {
      const fits = iecContents(concept).every((content) => {
        const type = textOf(content, 'dataType');
        return type !== undefined && (!allowed || allowed.has(type));
      });
      return !categories.includes(textOf(concept, 'category') ?? '') || fits
        ? null
        : violation(
            `The data type of a concept of category ${textOf(concept, 'category')} has to be ${what}.`,
            'embeddedDataSpecifications',
          );
    },
  };
}

/** Rules of the data specification IEC 61360. @see IDTA-01003-a */
export const conceptRules: readonly Rule[] = [
  {
    code: 'AASc-3a-002',
    of: 'DataSpecificationIec61360',
    check: (content) =>
      hasEnglish(content, 'preferredName')
        ? null
        : violation('The preferred name is given in English at least.', 'preferredName'),
  },
  dataTypes('AASc-3a-004', ['PROPERTY', 'VALUE'], iecTypeSets.propertyOrValue),
  dataTypes('AASc-3a-005', ['REFERENCE'], iecTypeSets.reference),
  dataTypes('AASc-3a-006', ['DOCUMENT'], iecTypeSets.document),
  dataTypes('AASc-3a-007', ['QUALIFIER_TYPE'], null),
  { code: 'AASc-3a-008', of: 'ConceptDescription', check: isDefined },
  {
    code: 'AASc-3a-009',
    of: 'DataSpecificationIec61360',
    check: (content) =>
      iecTypeSets.withUnit.has(textOf(content, 'dataType') ?? '') &&
      memberOf(content, 'unit') === undefined &&
      memberOf(content, 'unitId') === undefined
        ? violation('A measure or an amount of money needs a unit or a unitId.', 'dataType')
        : null,
  },
  {
    code: 'AASc-3a-010',
    of: 'DataSpecificationIec61360',
    check: (content) =>
      memberOf(content, 'value') !== undefined && memberOf(content, 'valueList') !== undefined
        ? violation('There is either a value or a list of values.', 'valueList')
        : null,
  },
];

function isDefined(concept: Instance): Violation | null {
  const contents = iecContents(concept);
  const isGiven =
    contents.every((content) => hasEnglish(content, 'definition')) ||
    contents.every((content) => memberOf(content, 'value') !== undefined);
  return isGiven
    ? null
    : violation('A concept that is no value is defined in English at least.', 'embeddedDataSpecifications');
}
