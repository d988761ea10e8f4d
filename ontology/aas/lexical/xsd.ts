import { isBase64Binary, isHexBinary } from './binary.ts';
import * as dates from './dates.ts';
import { isDuration } from './duration.ts';
import { isIri } from './iri.ts';
import * as numbers from './numbers.ts';
import { isUri2732 } from './uri.ts';
import { isSince, type AasVersion } from '../metamodel/version.ts';

/**
 * Whether a text consists of characters that XML can carry.
 * @see AASd-130; XML 1.0, production Char
 */
export function isXmlText(text: string): boolean {
  return !/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text);
}

const checks: Readonly<Record<string, (text: string) => boolean>> = {
  'xs:base64Binary': isBase64Binary,
  'xs:boolean': (text) => ['true', 'false', '1', '0'].includes(text),
  'xs:byte': numbers.isSigned(8),
  'xs:date': dates.isDate,
  'xs:dateTime': dates.isDateTime,
  'xs:decimal': numbers.isDecimal,
  'xs:double': numbers.isDouble,
  'xs:duration': isDuration,
  'xs:float': numbers.isFloat,
  'xs:gDay': dates.isGDay,
  'xs:gMonth': dates.isGMonth,
  'xs:gMonthDay': dates.isGMonthDay,
  'xs:gYear': dates.isGYear,
  'xs:gYearMonth': dates.isGYearMonth,
  'xs:hexBinary': isHexBinary,
  'xs:int': numbers.isSigned(32),
  'xs:integer': numbers.isInteger,
  'xs:long': numbers.isSigned(64),
  'xs:negativeInteger': numbers.isNegativeInteger,
  'xs:nonNegativeInteger': numbers.isNonNegativeInteger,
  'xs:nonPositiveInteger': numbers.isNonPositiveInteger,
  'xs:positiveInteger': numbers.isPositiveInteger,
  'xs:short': numbers.isSigned(16),
  'xs:string': isXmlText,
  'xs:time': dates.isTime,
  'xs:unsignedByte': numbers.isUnsigned(8),
  'xs:unsignedInt': numbers.isUnsigned(32),
  'xs:unsignedLong': numbers.isUnsigned(64),
  'xs:unsignedShort': numbers.isUnsigned(16),
};

/**
 * Whether a text is a value of an XSD type; a type that is not known takes any text.
 * xs:anyURI is an IRI reference in 3.0 and a URI reference (RFC 2396 with RFC 2732) from 3.1 on.
 *
 * @see XML Schema 1.0 Part 2; IDTA-01001, DataTypeDefXsd
 */
export function isOfXsdType(text: string, type: string, version: AasVersion): boolean {
  if (type === 'xs:anyURI') return isSince(version, '3.1') ? isUri2732(text) : isIri(text);
  return !Object.hasOwn(checks, type) || (checks[type]?.(text) ?? true);
}
