/** Reads the small XML parts of a package. No entities, no document types, no depth, bounded size. */
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { PackageFault, type Place } from './rules.ts';

/** An element as its start tag has it. */
export interface MarkupElement {
  readonly local: string;
  readonly uri: string;
  /** Attributes without a namespace. */
  readonly attribute: (name: string) => string | undefined;
  /** 1 for the root. */
  readonly depth: number;
  readonly place: Place;
}

interface MarkupEvents {
  readonly open: (element: MarkupElement) => void;
  readonly close?: (text: string, depth: number) => void;
}

const maxDepth = 32;
/** What comes before the root's content: a declaration, comments, namespaces. */
const rootWithin = 2 ** 20;

/**
 * Text of a part: UTF-8, or UTF-16 with a byte order mark, which is left out.
 * @throws {PackageFault} packageEncoding
 */
export function decodeText(bytes: Uint8Array, part: string): string {
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : null;
  try {
    return new TextDecoder(utf16 ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new PackageFault('packageEncoding', `The text is not ${utf16 ?? 'UTF-8'}.`, part);
  }
}

/** Reads all of an XML part. @throws {PackageFault} packageXml, packageDoctype, packageXmlTooDeep, packageEncoding */
export function readMarkup(text: string, part: string, events: MarkupEvents): void {
  const parser = createParser(part);
  let depth = 0;
  let content = '';
  parser.on('opentag', (tag) => {
    depth++;
    content = '';
    if (depth > maxDepth)
      throw new PackageFault(
        'packageXmlTooDeep',
        `Elements are nested deeper than ${maxDepth}.`,
        part,
        placeOf(parser),
      );
    events.open(toElement(tag, depth, placeOf(parser)));
  });
  parser.on('text', (piece) => (content += piece));
  parser.on('cdata', (piece) => (content += piece));
  parser.on('closetag', () => {
    events.close?.(content, depth);
    content = '';
    depth--;
  });
  parser.write(text).close();
}

class RootFound extends Error {
  readonly root: MarkupElement;

  constructor(root: MarkupElement) {
    super();
    this.root = root;
  }
}

/** The root element; what follows it is not looked at. @throws {PackageFault} as `readMarkup` */
export function readRoot(text: string, part: string): MarkupElement {
  const parser = createParser(part);
  parser.on('opentag', (tag) => {
    throw new RootFound(toElement(tag, 1, placeOf(parser)));
  });
  try {
    // The root's tag is near the beginning, and the parser need not see a hundred megabytes at once.
    parser.write(text.slice(0, rootWithin));
    if (text.length <= rootWithin) parser.close();
  } catch (error) {
    if (error instanceof RootFound) return error.root;
    throw error;
  }
  throw new PackageFault('packageXml', `It has no root element in its first ${rootWithin} characters.`, part);
}

function createParser(part: string): SaxesParser<{ xmlns: true }> {
  const parser = new SaxesParser({ xmlns: true });
  parser.on('doctype', () => {
    throw new PackageFault('packageDoctype', 'It has a document type declaration.', part, placeOf(parser));
  });
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding && !/^(utf-?8|utf-?16(le|be)?|us-ascii)$/i.test(encoding))
      throw new PackageFault(
        'packageEncoding',
        `It declares the encoding ${JSON.stringify(encoding.slice(0, 40))}.`,
        part,
      );
  });
  parser.on('error', (error) => {
    const what = error.message.replace(/^\d+:\d+: /, '').slice(0, 300);
    throw new PackageFault(
      'packageXml',
      `It is not well-formed: ${what.replace(/\.$/, '')}.`,
      part,
      placeOf(parser),
    );
  });
  return parser;
}

function placeOf(parser: SaxesParser<{ xmlns: true }>): Place {
  return { line: parser.line, column: parser.column + 1 };
}

function toElement(tag: SaxesTagNS, depth: number, place: Place): MarkupElement {
  const attribute = (name: string) => {
    const found = Object.hasOwn(tag.attributes, name) ? tag.attributes[name] : undefined;
    return found?.uri === '' ? found.value : undefined;
  };
  return { local: tag.local, uri: tag.uri, attribute, depth, place };
}
