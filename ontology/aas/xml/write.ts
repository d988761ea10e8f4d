/**
 * Writes an environment as XML: members in the order of the schema, elements the metamodel does not have after them.
 * @see IDTA-01001, mapping to XML
 */
import { isInstance, memberOf, type Instance } from '../instance.ts';
import { classOf, namespaces, type AasClass, type AasProperty, type AasVersion } from '../metamodel/index.ts';
import type { Environment } from '../environment.ts';
import { below, pointerOf, type Place } from '../report.ts';
import { keptText } from '../structure/kept.ts';
import { escapeXml } from './escape.ts';
import { parseXml } from './parse.ts';

/** How to write. */
export interface WriteXmlOptions {
  /** Whether elements stand on lines of their own, indented by two spaces. @default false */
  readonly indent?: boolean;
  /** Told the JSON pointer of each member that XML of this version has no place for; it is left out. */
  readonly onOmitted?: (pointer: string) => void;
}

/**
 * The XML document of an environment, UTF-8, with its declaration.
 *
 * @throws {HubError} INVALID_INPUT - a text has a character that XML has no way to write (AASd-130).
 */
export function writeAasXml(
  environment: Environment,
  version: AasVersion,
  options: WriteXmlOptions = {},
): string {
  const writer = new XmlWriter(options);
  const type = classOf(version, 'Environment');
  writer.element(type.xmlName, ` xmlns="${namespaces[version]}"`, () =>
    writer.properties(environment as Instance, type, null),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writer.text}\n`;
}

class XmlWriter {
  readonly #parts: string[] = [];
  readonly #options: WriteXmlOptions;
  #depth = 0;

  constructor(options: WriteXmlOptions) {
    this.#options = options;
  }

  get text(): string {
    return this.#parts.join('');
  }

  properties(instance: Instance, type: AasClass, place: Place | null): void {
    for (const property of type.properties) {
      const value = memberOf(instance, property.name);
      if (value !== undefined) this.#property(value, property, below(place, property.name));
    }
    for (const [name, value] of Object.entries(instance)) {
      if (type.byName.has(name) || name === 'modelType') continue;
      const kept = keptText(value);
      if (kept !== undefined && isWellFormed(kept)) this.#line(kept);
      else this.#omit(below(place, name));
    }
  }

  #property(value: unknown, property: AasProperty, place: Place | null): void {
    const { name, list, value: kind } = property;
    if (kind.kind !== 'class') {
      if (typeof value === 'string' || typeof value === 'boolean') this.#text(name, String(value));
      else this.#omit(place);
      return;
    }
    const items = Array.isArray(value) ? (value as unknown[]) : [value];
    if (list !== Array.isArray(value) || !items.every(isInstance)) return this.#omit(place);
    if (!list && !kind.type.abstract)
      return this.element(name, '', () => this.properties(items[0] ?? {}, kind.type, place));
    this.element(name, '', () => {
      for (const [i, item] of items.entries()) this.#named(item, kind.type, list ? below(place, i) : place);
    });
  }

  #named(instance: Instance, declared: AasClass, place: Place | null): void {
    const named = declared.hasModelType ? memberOf(instance, 'modelType') : undefined;
    const type = typeof named === 'string' ? declared.concrete.get(named) : declared;
    if (!type || type.abstract) return this.#omit(place);
    this.element(type.xmlName, '', () => this.properties(instance, type, place));
  }

  element(name: string, attributes: string, content: () => void): void {
    const at = this.#parts.length;
    this.#line(`<${name}${attributes}>`);
    this.#depth++;
    content();
    this.#depth--;
    if (this.#parts.length === at + 1) this.#parts.push(`</${name}>`);
    else this.#line(`</${name}>`);
  }

  #text(name: string, text: string): void {
    this.#line(`<${name}>${escapeXml(text)}</${name}>`);
  }

  #omit(place: Place | null): void {
    this.#options.onOmitted?.(pointerOf(place));
  }

  #line(text: string): void {
    const isFirst = this.#parts.length === 0;
    this.#parts.push(this.#options.indent && !isFirst ? `\n${'  '.repeat(this.#depth)}${text}` : text);
  }
}

/** Kept text comes out of a file, but an environment may have been put together by anybody. */
function isWellFormed(text: string): boolean {
  try {
    parseXml(text);
    return true;
  } catch {
    return false;
  }
}
