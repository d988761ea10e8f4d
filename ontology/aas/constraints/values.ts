import { textOf, type Instance } from '../instance.ts';
import { isOfXsdType } from '../lexical/xsd.ts';
import type { AasVersion } from '../metamodel/index.ts';
import { violation, type Rule, type Violation } from './rule.ts';

/** Members whose text has to be of the type that `valueType` names. */
const typed: readonly (readonly [code: string, of: string, member: string])[] = [
  ['aas:valueType', 'Extension', 'value'],
  ['AASd-020', 'Qualifier', 'value'],
  ['aas:valueType', 'Property', 'value'],
  ['aas:valueType', 'Range', 'min'],
  ['aas:valueType', 'Range', 'max'],
];

/** @see IDTA-01001, DataTypeDefXsd and ValueDataType; AASd-020 */
export const valueRules: readonly Rule[] = typed.map(([code, of, member]) => ({
  code,
  of,
  check: (instance: Instance, version: AasVersion) => check(instance, member, version),
}));

function check(instance: Instance, member: string, version: AasVersion): Violation | null {
  const value = textOf(instance, member);
  const type = textOf(instance, 'valueType') ?? 'xs:string';
  if (value === undefined || isOfXsdType(value, type, version)) return null;
  const shown = JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  return violation(`${shown} is not a value of ${type}.`, member);
}
