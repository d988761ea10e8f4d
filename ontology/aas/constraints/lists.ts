import { instanceOf, listOf, memberOf, textOf, type Instance } from '../instance.ts';
import { classOf, isSince, type AasVersion } from '../metamodel/index.ts';
import { violation, type Rule, type Violation } from './rule.ts';

/** Rules of SubmodelElementList. @see IDTA-01001, SubmodelElementList */
export const listRules: readonly Rule[] = [
  { code: 'AASd-107', of: 'SubmodelElementList', check: semanticIdsAsAnnounced },
  { code: 'AASd-114', of: 'SubmodelElementList', check: semanticIdsAlike },
  { code: 'AASd-108', of: 'SubmodelElementList', check: ofOneType },
  { code: 'AASd-109', of: 'SubmodelElementList', check: ofOneValueType },
  {
    code: 'AASd-120',
    of: 'SubmodelElementList',
    until: '3.0',
    check: (list) =>
      firstFailing(
        list,
        (item) => memberOf(item, 'idShort') === undefined,
        'An item of a list has no idShort; its position names it.',
        'idShort',
      ),
  },
];

function firstFailing(
  list: Instance,
  passes: (item: Instance) => boolean,
  message: string,
  ...at: string[]
): Violation | null {
  const found = listOf(list, 'value').findIndex((item) => !passes(item));
  return found < 0 ? null : violation(message, 'value', found, ...at);
}

/** Semantic ids are compared by the values of their keys. @see IDTA-01001, matching of references */
function haveSameKeys(one: Instance, other: Instance): boolean {
  const [ones, others] = [listOf(one, 'keys'), listOf(other, 'keys')];
  return (
    ones.length === others.length &&
    ones.every((key, i) => textOf(key, 'value') === textOf(others[i] ?? {}, 'value'))
  );
}

function sameSemanticId(list: Instance, expected: Instance | undefined, message: string): Violation | null {
  if (!expected) return null;
  const passes = (item: Instance): boolean => {
    const own = instanceOf(item, 'semanticId');
    return !own || haveSameKeys(own, expected);
  };
  return firstFailing(list, passes, message, 'semanticId');
}

function semanticIdsAsAnnounced(list: Instance): Violation | null {
  const announced = instanceOf(list, 'semanticIdListElement');
  return sameSemanticId(
    list,
    announced,
    'The semanticId of an item is the semanticIdListElement of its list.',
  );
}

function semanticIdsAlike(list: Instance): Violation | null {
  const first = listOf(list, 'value')
    .map((item) => instanceOf(item, 'semanticId'))
    .find((id) => id !== undefined);
  return sameSemanticId(list, first, 'All items of a list that have a semanticId have the same one.');
}

function ofOneType(list: Instance, version: AasVersion): Violation | null {
  const type = textOf(list, 'typeValueListElement') ?? '';
  const isOfType = (item: Instance): boolean => {
    const modelType = textOf(item, 'modelType');
    return modelType === undefined || classOf(version, modelType).lineage.has(type);
  };
  return firstFailing(list, isOfType, `All items of this list are of type ${type}.`, 'modelType');
}

/** From 3.1 on an empty list need not say the value type. */
function ofOneValueType(list: Instance, version: AasVersion): Violation | null {
  const type = textOf(list, 'typeValueListElement') ?? '';
  if (!['Property', 'Range'].includes(type)) return null;
  if (isSince(version, '3.1') && memberOf(list, 'value') === undefined) return null;
  const valueType = textOf(list, 'valueTypeListElement');
  if (valueType === undefined) return violation(`A list of ${type} needs a valueTypeListElement.`);
  const passes = (item: Instance): boolean =>
    !['Property', 'Range'].includes(textOf(item, 'modelType') ?? '') ||
    textOf(item, 'valueType') === valueType;
  return firstFailing(list, passes, `All items of this list have the value type ${valueType}.`, 'valueType');
}
