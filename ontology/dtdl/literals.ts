import type { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';
import type { JsonNode } from '../json-text.ts';
import type { LanguageTexts } from '../model.ts';

type Scalar = string | number | boolean;
const typeNames = { string: 'string', boolean: 'boolean', integer: 'integer' } as const;
export type LiteralType = keyof typeof typeNames;

function isOfType(value: unknown, type: LiteralType): value is Scalar {
  if (type !== 'integer') return typeof value === type;
  return Number.isInteger(value) && Math.abs(value as number) <= 2 ** 31;
}

/**
 * A string, boolean or integer: bare, in an array of one, or as `{"@value": ..., "@type": "xsd:..."}`.
 * @returns `null` after a finding.
 * @see DTDL specification, Representational literal
 */
export function readLiteral(
  node: JsonNode,
  type: LiteralType,
  pointer: string,
  sink: FindingSink,
): Scalar | null {
  if (node.kind === 'array') {
    const [only] = node.items;
    if (only && node.items.length === 1) return readLiteral(only, type, pointerTo(pointer, 0), sink);
    if (only) sink.error(`${type}MultipleValues`, pointer, 'Only one value is allowed.');
    else sink.error(`${type}CountBelowMin`, pointer, 'A value is needed.');
    return null;
  }
  if (node.kind === 'object') return readValueObject(node.members, type, pointer, sink);
  if (isOfType(node.value, type)) return node.value;
  sink.error(`${type}Not${capital(type)}`, pointer, `The value has to be a JSON ${typeNames[type]}.`);
  return null;
}

function readValueObject(
  members: ReadonlyMap<string, JsonNode>,
  type: LiteralType,
  pointer: string,
  sink: FindingSink,
): Scalar | null {
  for (const name of members.keys()) {
    if (name !== '@value' && name !== '@type') {
      sink.error(
        name.startsWith('@') ? 'valueObjectKeyword' : 'valueObjectInvalidProp',
        pointerTo(pointer, name),
        'A value object has @value and @type only.',
      );
      return null;
    }
  }
  const named = members.get('@type');
  const allowed = [`xsd:${type}`, `http://www.w3.org/2001/XMLSchema#${type}`];
  if (named && !(named.kind === 'scalar' && allowed.includes(String(named.value)))) {
    sink.error(`${type}TypeNot${capital(type)}`, pointerTo(pointer, '@type'), `@type has to be xsd:${type}.`);
    return null;
  }
  const value = members.get('@value');
  if (value?.kind === 'scalar' && isOfType(value.value, type)) return value.value;
  if (value)
    sink.error(
      `${type}ValueNot${capital(type)}`,
      pointerTo(pointer, '@value'),
      `@value has to be a JSON ${typeNames[type]}.`,
    );
  else sink.error(`${type}ObjectNoValue`, pointer, 'The object has no @value.');
  return null;
}

const languageTag = /^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/;

/**
 * A text in one or several languages; a text without a language is English.
 * @see DTDL specification, Localizable string
 */
export function readTexts(
  node: JsonNode,
  maxLength: number,
  pointer: string,
  sink: FindingSink,
): LanguageTexts {
  const found = new Map<string, string>();
  const add = (language: string, value: JsonNode | undefined, at: string) => {
    if (!languageTag.test(language))
      sink.error(
        'langStringInvalidCode',
        at,
        `${JSON.stringify(language)} is not a language code such as "en" or "en-US".`,
      );
    else if (value?.kind !== 'scalar' || typeof value.value !== 'string')
      sink.error('langStringValueNotString', at, 'The text has to be a JSON string.');
    else if (value.value.length > maxLength)
      sink.error(
        'stringTooLong',
        at,
        `The text has ${value.value.length} characters; allowed are ${maxLength}.`,
      );
    else if (found.has(language))
      sink.error('langStringCodeNotUnique', at, `There are two texts for the language ${language}.`);
    else found.set(language, value.value);
  };
  if (node.kind === 'scalar') add('en', node, pointer);
  else if (node.kind === 'object')
    for (const [language, value] of node.members) add(language, value, pointerTo(pointer, language));
  else {
    for (const [i, item] of node.items.entries()) {
      const at = pointerTo(pointer, i);
      if (item.kind !== 'object') add('en', item, at);
      else add(languageOf(item.members, at, sink), item.members.get('@value'), at);
    }
  }
  return Object.fromEntries(found);
}

function languageOf(members: ReadonlyMap<string, JsonNode>, at: string, sink: FindingSink): string {
  for (const name of members.keys()) {
    if (name !== '@value' && name !== '@language')
      sink.error(
        'langStringElementInvalidProp',
        pointerTo(at, name),
        'A text with a language has @value and @language only.',
      );
  }
  const language = members.get('@language');
  return language ? (language.kind === 'scalar' ? String(language.value) : '') : 'en';
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
