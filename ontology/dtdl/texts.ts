/** Texts in one or several languages. @see DTDL specification, Localizable string */
import { pointerTo } from '../json-pointer.ts';
import type { JsonNode, JsonObject } from '../json-text.ts';
import type { LanguageTexts } from '../model.ts';
import type { Context } from './context.ts';
import { languageOf, memberCount, otherKeywords, propertiesOf, textOf } from './json-ld.ts';
import type { Placed, Values } from './json-ld.ts';
import { language as languages } from './metamodel/language.ts';
import type { Report } from './report.ts';

const languageTag = /^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/;
const tagAdvice = 'is not a language code such as "en" or "en-US".';

/** Reads the texts; one without a language is English. */
export function readTexts(
  values: Values,
  maxLength: number,
  context: Context,
  report: Report,
): LanguageTexts {
  const [first] = values.items;
  const found = new Map<string, string>();
  if (!values.plural && first?.node.kind === 'object')
    readMap(first.node, first.pointer, maxLength, found, report);
  else for (const item of values.items) readTagged(item, maxLength, context, found, report);
  return Object.fromEntries(found);
}

function checkLength(text: string, maxLength: number, at: string, report: Report): void {
  if (text.length > maxLength)
    report.error(
      'langStringValueTooLong',
      at,
      `The text has ${text.length} characters; allowed are ${maxLength}.`,
    );
}

function readTagged(
  { node, pointer }: Placed,
  maxLength: number,
  context: Context,
  found: Map<string, string>,
  report: Report,
): void {
  const plain = textOf(node);
  if (plain === null && node.kind !== 'object') {
    report.error(
      'langStringElementNotStringOrObject',
      pointer,
      'A string, or an object with @value and @language, was expected here.',
    );
    return;
  }
  const tagged = node.kind === 'object' ? readTaggedObject(node, pointer, context, report) : null;
  if (node.kind === 'object' && !tagged) return;
  const { tag, text } = tagged ?? { tag: 'en', text: plain };
  if (text !== null) checkLength(text, maxLength, pointer, report);
  if (found.has(tag))
    report.error(
      'langStringElementCodeNotUnique',
      pointer,
      `There is a text for the language ${tag} already; keep one.`,
    );
  else found.set(tag, text ?? '');
}

function readTaggedObject(
  node: JsonObject,
  pointer: string,
  context: Context,
  report: Report,
): { tag: string; text: string | null } | null {
  const tag = languageOf(node) ?? 'en';
  if (tag === '') {
    report.error('langStringElementCodeNotString', pointer, '@language has to be a string.');
    return null;
  }
  if (!languageTag.test(tag))
    report.error('langStringElementInvalidCode', pointer, `${JSON.stringify(tag)} ${tagAdvice}`);
  const value = node.members.get('@value');
  if (!value) report.error('langStringElementNoValue', pointer, 'The object has no @value; add the text.');
  const text = textOf(value);
  if (value && text === null) {
    report.error('langStringElementValueNotString', pointer, '@value has to be a string.');
    return null;
  }
  checkExtras(node, pointer, context, report);
  return { tag, text };
}

function checkExtras(node: JsonObject, pointer: string, context: Context, report: Report): void {
  const refuse = (code: string, member: string) =>
    report.error(code, pointerTo(pointer, member), `${member} cannot stand in a text; remove it.`);
  if (node.members.has('@context')) refuse('langStringElementContext', '@context');
  if (node.members.has('@id')) refuse('langStringElementId', '@id');
  if (node.members.has('@graph')) refuse('langStringElementGraph', '@graph');
  if (languages[context.version].restrictsKeywords) {
    if (node.members.has('@type')) refuse('langStringElementType', '@type');
    for (const keyword of otherKeywords(node)) refuse('langStringElementKeyword', keyword);
  }
  for (const [name] of propertiesOf(node)) refuse('langStringElementInvalidProp', name);
}

function readMap(
  node: JsonObject,
  pointer: string,
  maxLength: number,
  found: Map<string, string>,
  report: Report,
): void {
  checkKeywords(node, pointer, report);
  for (const [tag, value] of propertiesOf(node)) {
    const at = pointerTo(pointer, tag);
    if (!languageTag.test(tag))
      report.error('langStringInvalidCode', at, `${JSON.stringify(tag)} ${tagAdvice}`);
    const text = textOf(value);
    if (text === null)
      report.error('langStringValueNotString', at, `The text for ${tag} has to be one string.`);
    else checkLength(text, maxLength, at, report);
    if (node.repeated.includes(tag))
      report.error('langStringCodeNotUnique', at, `There are two texts for the language ${tag}; keep one.`);
    found.set(tag, text ?? '');
  }
}

function checkKeywords(node: JsonObject, pointer: string, report: Report): void {
  const isTagged: boolean =
    node.members.has('@language') && textOf(node.members.get('@value') as JsonNode | undefined) !== null;
  if (isTagged && memberCount(node) === 2)
    report.error(
      'langTagValueInLangMap',
      pointer,
      'Write { "en": "text" }, or put the object with @value and @language into an array.',
    );
  const [tag, value] = isTagged && memberCount(node) === 2 ? [] : ['@language', '@value'];
  const refused = [tag, value, '@context', '@id', '@type', '@graph', ...otherKeywords(node)];
  for (const keyword of refused)
    if (keyword !== undefined && node.members.has(keyword))
      report.error(
        'langMapObjKeyword',
        pointerTo(pointer, keyword),
        `${keyword} cannot stand among texts by language; remove it.`,
      );
}
