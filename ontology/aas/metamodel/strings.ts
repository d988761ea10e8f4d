import { isLanguageTag } from '../lexical/language-tag.ts';
import { isMediaType } from '../lexical/media-type.ts';
import { isUri2396 } from '../lexical/uri.ts';
import { isDateTimeUtc } from '../lexical/dates.ts';
import { isDuration } from '../lexical/duration.ts';
import { isSince, type AasVersion } from './version.ts';

/** A string type: its lengths in characters (code points) and its form. */
export interface StringType {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Whether AASd-130 (characters that XML can carry) applies. */
  readonly characters: boolean;
  /** `null` when any text will do. */
  readonly form: {
    readonly code: string;
    readonly test: (text: string) => boolean;
    readonly what: string;
  } | null;
}

const number = /^(0|[1-9][0-9]*)$/;
const idShort30 = /^[a-zA-Z][a-zA-Z0-9_]*$/;
const idShort31 = /^[a-zA-Z][a-zA-Z0-9_-]*$/;

/** Letters, digits, underscores, from 3.1 also hyphens inside and two characters at least. @see AASd-002 */
function isIdShort31(text: string): boolean {
  return text.length >= 2 && idShort31.test(text) && !text.endsWith('-');
}

/**
 * The string types of a version, by name.
 * @see IDTA-01001, section on primitive and simple data types
 */
export function stringTypesOf(version: AasVersion): ReadonlyMap<string, StringType> {
  const later = isSince(version, '3.1');
  const longest = later ? 2048 : 2000;
  const types: StringType[] = [
    text('ValueDataType', 0, Infinity),
    text('NonEmptyString', 1, Infinity),
    text('UomText', 1, 256),
    text('Identifier', 1, longest),
    text('ValueTypeIec61360', 1, longest),
    text('NameType', 1, 128),
    text('QualifierType', 1, 128),
    text('LabelType', 1, 64),
    text('MessageTopicType', 1, 255),
    text(
      'VersionType',
      1,
      4,
      form((value) => number.test(value), 'a number without leading zeros'),
    ),
    text(
      'RevisionType',
      1,
      4,
      form((value) => number.test(value), 'a number without leading zeros'),
    ),
    text('ContentType', 1, later ? 128 : 100, form(isMediaType, 'a media type such as image/png (RFC 2046)')),
    text('PathType', 1, longest, form(isUri2396, 'a URI reference of RFC 2396')),
    text('IdShortType', 1, 128, {
      code: 'AASd-002',
      test: later ? isIdShort31 : (value) => idShort30.test(value),
      what: later
        ? 'two or more letters, digits, hyphens and underscores, beginning with a letter and not ending with a hyphen'
        : 'letters, digits and underscores, beginning with a letter',
    }),
    free('LanguageTag', form(isLanguageTag, 'a language tag such as en or de-AT (BCP 47)')),
    free('DateTimeUtc', form(isDateTimeUtc, 'an xs:dateTime in UTC such as 2026-01-31T12:00:00Z')),
    free('Duration', form(isDuration, 'an xs:duration such as PT30S')),
  ];
  return new Map(types.map((type) => [type.name, type]));
}

function text(name: string, min: number, max: number, of: StringType['form'] = null): StringType {
  return { name, min, max, characters: true, form: of };
}

function free(name: string, of: StringType['form']): StringType {
  return { name, min: 0, max: Infinity, characters: false, form: of };
}

function form(test: (value: string) => boolean, what: string): NonNullable<StringType['form']> {
  return { code: 'aas:pattern', test, what };
}

/** The longest text of each language string. @see IDTA-01001, IDTA-01003-a, language string types */
export const langStringLengths: Readonly<Record<string, number>> = {
  LangStringNameType: 128,
  LangStringTextType: 1023,
  LangStringPreferredNameTypeIec61360: 255,
  LangStringShortNameTypeIec61360: 18,
  LangStringDefinitionTypeIec61360: 1023,
};
