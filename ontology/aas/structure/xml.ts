/**
 * Reads XML elements into instances by the tables of the metamodel: an element a property, in the order of the schema;
 * a list holds elements named after their classes; so does a property of an abstract class.
 * @see IDTA-01001, mapping to XML
 */
import { isBase64 } from '../lexical/binary.ts';
import { put, readItems, type Instance } from '../instance.ts';
import type { AasClass, AasProperty, ValueKind } from '../metamodel/index.ts';
import { below, type Place, type Report } from '../report.ts';
import type { XmlElement } from '../xml/tree.ts';
import { isUsable, literalOf } from './json.ts';
import { keptElement } from './kept.ts';

/** Attributes of XML Schema itself, which may stand on any element. */
const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance';
const schemaAttributes = ['schemaLocation', 'noNamespaceSchemaLocation'];

/** What reading needs besides an element. */
export interface XmlScope {
  readonly namespace: string;
  readonly report: Report;
}

/** Reads an element whose name was looked at already; `undefined` when it cannot be used. */
export function readXmlInstance(element: XmlElement, type: AasClass, scope: XmlScope): Instance | undefined {
  return new XmlReader(scope).sequence(element, type, null);
}

class XmlReader {
  readonly #scope: XmlScope;
  readonly #report: Report;

  constructor(scope: XmlScope) {
    this.#scope = scope;
    this.#report = scope.report;
  }

  /** The properties of a class as child elements. */
  sequence(element: XmlElement, type: AasClass, place: Place | null): Instance | undefined {
    this.#plain(element, place);
    this.#noText(element, place);
    const instance: Instance = {};
    if (type.hasModelType) put(instance, 'modelType', type.name);
    const order = new Order(type);
    for (const child of element.children) this.#child(instance, child, type, order, below(place, child.name));
    return this.#complete(instance, element, type, place) ? instance : undefined;
  }

  #child(instance: Instance, child: XmlElement, type: AasClass, order: Order, place: Place): void {
    const property = this.#isOurs(child) ? type.byName.get(child.name) : undefined;
    if (!property) {
      this.#unknown(child, place, `A ${type.name} has no element`);
      if (this.#report.isImport) this.#keep(instance, child);
      return;
    }
    if (!order.allows(property))
      this.#report.deviation(
        'aas:order',
        place,
        Object.hasOwn(instance, property.name)
          ? `The element ${child.name} stands twice.`
          : `The element ${child.name} stands too late; the order is ${[...type.byName.keys()].join(', ')}.`,
      );
    const value = this.#property(child, property, place);
    if (value !== undefined) put(instance, property.name, value);
  }

  /** Keeps an element the metamodel does not have, under a name that no member has yet. */
  #keep(instance: Instance, child: XmlElement): void {
    let name = child.name;
    for (let i = 2; Object.hasOwn(instance, name); i++) name = `${child.name}-${i}`;
    put(instance, name, keptElement(child));
  }

  #property(element: XmlElement, property: AasProperty, place: Place): unknown {
    const { value } = property;
    if (property.list) return this.#list(element, value, place);
    switch (value.kind) {
      case 'class':
        return value.type.abstract
          ? this.#only(element, value.type, place)
          : this.sequence(element, value.type, place);
      case 'boolean':
        return this.#boolean(element, place);
      case 'enum':
        return this.#literal(element, value, place);
      case 'bytes':
        return this.#bytes(element, place);
      case 'string':
        return this.#text(element, place);
    }
  }

  #list(element: XmlElement, value: ValueKind, place: Place): unknown[] | undefined {
    this.#plain(element, place);
    this.#noText(element, place);
    if (value.kind !== 'class') return [];
    const items = readItems(element.children, (child, i) => this.#named(child, value.type, below(place, i)));
    return items.length || !element.children.length ? items : undefined;
  }

  /** The one element inside that says the class of the value. */
  #only(element: XmlElement, type: AasClass, place: Place): Instance | undefined {
    this.#plain(element, place);
    this.#noText(element, place);
    const [only, more] = element.children;
    if (only && !more) return this.#named(only, type, place);
    this.#report.deviation(
      'aas:type',
      place,
      `${element.name} holds ${element.children.length} elements; exactly one is expected.`,
    );
    return only && this.#report.isImport ? this.#named(only, type, place) : undefined;
  }

  #named(element: XmlElement, type: AasClass, place: Place): Instance | undefined {
    const found = this.#isOurs(element) ? type.concreteByXmlName.get(element.name) : undefined;
    if (found && (type.abstract || found === type)) return this.sequence(element, found, place);
    const allowed = type.abstract ? [...type.concreteByXmlName.keys()].join(', ') : type.xmlName;
    this.#unknown(element, place, `The elements here are ${allowed}; there is no place for`);
    return undefined;
  }

  #isOurs(element: XmlElement): boolean {
    return element.uri === this.#scope.namespace;
  }

  #unknown(element: XmlElement, place: Place, words: string): void {
    const known = this.#isOurs(element);
    this.#report.deviation(
      known ? 'aas:unknownElement' : 'aas:namespace',
      place,
      known
        ? `${words} ${element.name}.`
        : `${words} ${element.name} of the namespace ${JSON.stringify(element.uri)}.`,
    );
  }

  #text(element: XmlElement, place: Place): string {
    this.#plain(element, place);
    const [child] = element.children;
    if (child)
      this.#report.deviation(
        'aas:type',
        place,
        `${element.name} holds a text, but there is an element ${child.name}.`,
      );
    return element.text;
  }

  #boolean(element: XmlElement, place: Place): boolean | undefined {
    const text = this.#text(element, place);
    const lenient = this.#report.isImport ? text.trim().toLowerCase() : text;
    if (!['true', '1', 'false', '0'].includes(text))
      this.#report.deviation('aas:type', place, `${element.name} is true, false, 1 or 0.`);
    return ['true', '1'].includes(lenient) ? true : ['false', '0'].includes(lenient) ? false : undefined;
  }

  #literal(element: XmlElement, kind: ValueKind & { kind: 'enum' }, place: Place): string {
    return literalOf(this.#text(element, place), kind, this.#report, place);
  }

  #bytes(element: XmlElement, place: Place): string {
    const text = this.#text(element, place);
    if (!isBase64(text)) this.#report.deviation('aas:base64', place, 'The content is not base64 (RFC 4648).');
    return text.replace(/[ \t\r\n]+/g, '');
  }

  #complete(instance: Instance, element: XmlElement, type: AasClass, place: Place | null): boolean {
    for (const { name, required } of type.properties) {
      if (required && !element.children.some((child) => child.name === name && this.#isOurs(child)))
        this.#report.deviation('aas:required', place, `A ${type.name} needs the element ${name}.`);
    }
    return !this.#report.isImport || isUsable(instance, type, this.#report, place);
  }

  /** Reports attributes: the standard has none. */
  #plain(element: XmlElement, place: Place | null): void {
    for (const { name, uri } of element.attributes) {
      if (uri === schemaInstance && schemaAttributes.includes(name)) continue;
      this.#report.deviation('aas:attribute', place, `The element ${element.name} has no attribute ${name}.`);
    }
  }

  #noText(element: XmlElement, place: Place | null): void {
    if (/[^ \t\r\n]/.test(element.text))
      this.#report.deviation('aas:type', place, `${element.name} holds elements, but there is text.`);
  }
}

/** Watches that properties come in the order of the schema, each once. */
class Order {
  readonly #type: AasClass;
  #next = 0;

  constructor(type: AasClass) {
    this.#type = type;
  }

  allows(property: AasProperty): boolean {
    const at = this.#type.properties.indexOf(property);
    if (at < this.#next) return false;
    this.#next = at + 1;
    return true;
  }
}
