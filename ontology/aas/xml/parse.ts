/**
 * XML text to elements. A document type declaration is refused, so there are no entities of its own, nothing is expanded
 * and nothing is fetched.
 */
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { messageOf } from '#kernel/errors.ts';
import { placeAt, startsOfLines, XmlDocument, type XmlAttribute, type XmlElement } from './tree.ts';

/** Levels of nesting read; deeper text is refused, so that no reader of the result can run out of stack. */
export const maxXmlDepth = 256;

/** Attributes read on one element; AAS has none at all, so more mean nothing good. */
export const maxXmlAttributes = 1000;

export type XmlFault = 'syntax' | 'depth' | 'doctype' | 'attributes';

/** Why a text is not read as XML, and where. */
export class XmlTextError extends Error {
  override readonly name = 'XmlTextError';
  readonly reason: XmlFault;
  readonly line: number;
  readonly column: number;

  constructor(message: string, reason: XmlFault, place: { readonly line: number; readonly column: number }) {
    super(message);
    this.reason = reason;
    this.line = place.line;
    this.column = place.column;
  }
}

/** @throws {XmlTextError} not well-formed, nested too deep, too many attributes, or with a document type declaration. */
export function parseXml(text: string): XmlDocument {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return new Builder(source).document();
}

const xmlnsUri = 'http://www.w3.org/2000/xmlns/';

class Builder {
  readonly #source: string;
  // Lines and columns are found from offsets, and only for findings.
  readonly #parser = new SaxesParser({ xmlns: true, position: false });
  readonly #open: XmlElement[] = [];
  #root: XmlElement | null = null;
  #start = 0;
  #attributes = 0;

  constructor(source: string) {
    this.#source = source;
    const parser = this.#parser;
    parser.on('doctype', () => this.#fail('doctype', 'A document type declaration is not allowed here.'));
    parser.on('error', (error) => this.#fail('syntax', messageOf(error)));
    parser.on('attribute', () => {
      if (++this.#attributes > maxXmlAttributes)
        this.#fail('attributes', `An element has more than ${maxXmlAttributes} attributes.`);
    });
    parser.on('opentagstart', () => {
      this.#attributes = 0;
      this.#start = this.#source.lastIndexOf('<', parser.position - 1);
    });
    parser.on('opentag', (tag) => this.#opened(tag));
    parser.on('closetag', () => this.#open.pop());
    parser.on('text', (characters) => this.#characters(characters));
    parser.on('cdata', (characters) => this.#characters(characters));
  }

  document(): XmlDocument {
    this.#parser.write(this.#source).close();
    if (!this.#root) this.#fail('syntax', 'There is no element.');
    return new XmlDocument(this.#root, this.#source);
  }

  #opened(tag: SaxesTagNS): void {
    if (this.#open.length >= maxXmlDepth)
      this.#fail('depth', `The document is nested deeper than ${maxXmlDepth} levels.`);
    const element: XmlElement = {
      name: tag.local,
      uri: tag.uri,
      attributes: attributesOf(tag),
      children: [],
      text: '',
      at: this.#start,
    };
    const parent = this.#open.at(-1);
    if (parent) parent.children.push(element);
    else this.#root ??= element;
    this.#open.push(element);
  }

  #characters(characters: string): void {
    const element = this.#open.at(-1);
    if (element) element.text += characters;
  }

  #fail(reason: XmlFault, message: string): never {
    const text = reason === 'syntax' ? `Not XML: ${message}` : message;
    throw new XmlTextError(
      text,
      reason,
      placeAt(startsOfLines(this.#source), Math.min(this.#parser.position, this.#source.length)),
    );
  }
}

const none: readonly XmlAttribute[] = Object.freeze([]);

function attributesOf(tag: SaxesTagNS): readonly XmlAttribute[] {
  const all = Object.values(tag.attributes);
  if (!all.length) return none;
  return all
    .filter(({ uri, name }) => uri !== xmlnsUri && name !== 'xmlns')
    .map(({ local, uri, value }) => ({ name: local, uri, value }));
}
