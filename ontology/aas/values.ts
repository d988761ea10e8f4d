import type { ValueType } from '../model.ts';

const integers = [
  'xs:byte',
  'xs:short',
  'xs:int',
  'xs:long',
  'xs:integer',
  'xs:nonNegativeInteger',
  'xs:positiveInteger',
  'xs:nonPositiveInteger',
  'xs:negativeInteger',
  'xs:unsignedByte',
  'xs:unsignedShort',
  'xs:unsignedInt',
  'xs:unsignedLong',
];
const numbers = ['xs:double', 'xs:float', 'xs:decimal'];

/** The hub's value type for a data type of the metamodel. @see IDTA-01001-3-0, DataTypeDefXsd */
export function valueTypeOf(xsdType: string): ValueType {
  if (xsdType === 'xs:boolean') return 'boolean';
  if (integers.includes(xsdType)) return 'integer';
  if (numbers.includes(xsdType)) return 'number';
  if (xsdType === 'xs:dateTime') return 'dateTime';
  return xsdType === 'xs:duration' ? 'duration' : 'string';
}

/** The JSON value of a lexical value; `null` when it has none (not a number, beyond 2^53, a time without zone). */
export function valueOf(text: string, type: ValueType): unknown {
  switch (type) {
    case 'boolean':
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : null;
    case 'integer':
      return Number.isSafeInteger(Number(text)) && text.trim() !== '' ? Number(text) : null;
    case 'number':
      return Number.isFinite(Number(text)) && text.trim() !== '' ? Number(text) : null;
    case 'dateTime':
      return /([Zz]|[+-]\d{2}:\d{2})$/.test(text) ? text : null;
    default:
      return text;
  }
}
