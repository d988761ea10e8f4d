import { instanceOf, listOf, memberOf, textOf, type Instance } from '../instance.ts';
import { isSince, type AasVersion } from '../metamodel/index.ts';
import { firstRepeated, violation, type Rule, type Violation } from './rule.ts';

/** Members that hold elements in a namespace of their own, where every element needs an idShort. */
const namespaces: readonly (readonly [of: string, member: string])[] = [
  ['Submodel', 'submodelElements'],
  ['SubmodelElementCollection', 'value'],
  ['Entity', 'statements'],
  ['AnnotatedRelationshipElement', 'annotations'],
];

/** Those whose idShorts have to differ. The reference implementations do not compare in entities and annotations. */
const distinct: readonly (readonly [of: string, member: string])[] = [
  ['Submodel', 'submodelElements'],
  ['SubmodelElementCollection', 'value'],
];

const variables = ['inputVariables', 'outputVariables', 'inoutputVariables'] as const;

/** Rules of submodels and their elements. @see IDTA-01001, sections on submodels and submodel elements */
export const submodelRules: readonly Rule[] = [
  ...namespaces.map(([of, member]) => ({
    code: 'AASd-117',
    of,
    check: (instance: Instance) => named(listOf(instance, member), member),
  })),
  ...distinct.map(([of, member]) => ({
    code: 'AASd-022',
    of,
    check: (instance: Instance) => uniqueIdShorts(instance, member),
  })),
  {
    code: 'AASd-022',
    of: 'SubmodelElementList',
    since: '3.2',
    check: (list) => uniqueIdShorts(list, 'value'),
  },
  {
    code: 'AASd-117',
    of: 'OperationVariable',
    check: (variable) => {
      const value = instanceOf(variable, 'value');
      return value && memberOf(value, 'idShort') === undefined
        ? violation('The value of an operation variable needs an idShort.', 'value')
        : null;
    },
  },
  { code: 'AASd-134', of: 'Operation', check: distinctVariables },
  {
    code: 'AASd-090',
    of: 'DataElement',
    until: '3.0',
    check: (element) => {
      const category = textOf(element, 'category');
      return category === undefined || ['CONSTANT', 'PARAMETER', 'VARIABLE'].includes(category)
        ? null
        : violation('The category of a data element is CONSTANT, PARAMETER or VARIABLE.', 'category');
    },
  },
  {
    code: 'AASd-119',
    of: 'Submodel',
    check: (submodel) =>
      hasTemplateQualifier(submodel) && textOf(submodel, 'kind') !== 'Template'
        ? violation('Only a submodel of kind Template has template qualifiers.', 'qualifiers')
        : null,
  },
  { code: 'AASd-129', of: 'Submodel', check: templateQualifiers },
  { code: 'AASd-138', of: 'Submodel', since: '3.2', check: templateLists },
  { code: 'AASd-138', of: 'Operation', since: '3.2', check: variableLists },
];

function named(elements: readonly Instance[], member: string): Violation | null {
  const at = elements.findIndex((element) => memberOf(element, 'idShort') === undefined);
  return at < 0
    ? null
    : violation('The element needs an idShort; only items of a list go without.', member, at);
}

function uniqueIdShorts(instance: Instance, member: string): Violation | null {
  const elements = listOf(instance, member);
  const at = firstRepeated(elements, (element) => textOf(element, 'idShort'));
  return at < 0
    ? null
    : violation(`There is a second element ${textOf(elements[at] ?? {}, 'idShort')}.`, member, at, 'idShort');
}

function distinctVariables(operation: Instance): Violation | null {
  const all = variables.flatMap((member) =>
    listOf(operation, member).map((variable, i) => ({ member, i, value: instanceOf(variable, 'value') })),
  );
  const found = all[firstRepeated(all, ({ value }) => value && textOf(value, 'idShort'))];
  return found
    ? violation(
        'There is a second variable of this idShort in the operation.',
        found.member,
        found.i,
        'value',
        'idShort',
      )
    : null;
}

function hasTemplateQualifier(element: Instance): boolean {
  return listOf(element, 'qualifiers').some((qualifier) => textOf(qualifier, 'kind') === 'TemplateQualifier');
}

/** Elements inside an element that belong to its tree; operation variables stand apart. */
function inner(element: Instance): readonly Instance[] {
  return ['value', 'statements', 'annotations'].flatMap((member) =>
    listOf(element, member).filter((item) => memberOf(item, 'modelType') !== undefined),
  );
}

/** Up to 3.1 the elements directly in a submodel are looked at, from 3.2 on all below. */
function templateQualifiers(submodel: Instance, version: AasVersion): Violation | null {
  if (textOf(submodel, 'kind') === 'Template') return null;
  const deep = isSince(version, '3.2');
  const has = (element: Instance): boolean =>
    hasTemplateQualifier(element) || (deep && inner(element).some(has));
  const at = listOf(submodel, 'submodelElements').findIndex(has);
  return at < 0
    ? null
    : violation(
        'Template qualifiers stand in submodels of kind Template only.',
        'submodelElements',
        at,
        'qualifiers',
      );
}

function hasOddList(element: Instance): boolean {
  return (
    (textOf(element, 'modelType') === 'SubmodelElementList' && listOf(element, 'value').length !== 1) ||
    inner(element).some(hasOddList)
  );
}

/** A template without elements breaks the rule as the reference implementations have it. */
function templateLists(submodel: Instance): Violation | null {
  if (textOf(submodel, 'kind') !== 'Template') return null;
  if (memberOf(submodel, 'submodelElements') === undefined)
    return violation('A submodel of kind Template has elements.');
  const at = listOf(submodel, 'submodelElements').findIndex(hasOddList);
  return at < 0 ? null : violation('A list in a template has exactly one element.', 'submodelElements', at);
}

function variableLists(operation: Instance): Violation | null {
  for (const member of variables) {
    const at = listOf(operation, member).findIndex((variable) => {
      const value = instanceOf(variable, 'value');
      return value !== undefined && hasOddList(value);
    });
    if (at >= 0)
      return violation('A list in an operation variable has exactly one element.', member, at, 'value');
  }
  return null;
}
