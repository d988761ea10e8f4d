/**
 * Reads the source of a stored DTDL interface: members by term or by identifier, single values in lists or not, and
 * elements named by reference. The source has been checked when it was imported, so nothing is reported here.
 */
import { isObject } from './check.ts';

/** An element of a document: a JSON object. */
export type SourceElement = Readonly<Record<string, unknown>>;

/** The source of one interface, with what its references lead to. */
export class InterfaceSource {
  readonly root: SourceElement;
  #byId: ReadonlyMap<string, SourceElement> | null = null;

  /** @param source - the interface as it was imported; anything else reads as an interface without members. */
  constructor(source: unknown) {
    this.root = isObject(source) ? source : {};
  }

  /** Contents of the interface. */
  contents(): readonly SourceElement[] {
    return this.elements(this.root, 'contents');
  }

  /** The elements under a member; references are followed. */
  elements(element: SourceElement, name: string): readonly SourceElement[] {
    return valuesOf(element, name).flatMap((value) => {
      const found = typeof value === 'string' ? this.#find(value) : value;
      return isObject(found) ? [found] : [];
    });
  }

  /** What a schema member says: an element, the term of a standard schema, or `null`. */
  schema(element: SourceElement, name = 'schema'): SourceElement | string | null {
    const [value] = valuesOf(element, name);
    if (typeof value === 'string') return this.#find(value) ?? termOf(value);
    return isObject(value) ? value : null;
  }

  /** The element of an identifier; the elements are gone through when one is first asked for. */
  #find(id: string): SourceElement | undefined {
    if (!id.startsWith('dtmi:')) return undefined;
    this.#byId ??= elementsById(this.root);
    return this.#byId.get(id);
  }
}

function elementsById(start: SourceElement): ReadonlyMap<string, SourceElement> {
  const byId = new Map<string, SourceElement>();
  const waiting: unknown[] = [start];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (Array.isArray(value)) waiting.push(...(value as readonly unknown[]));
    else if (isObject(value)) {
      // A reference can be an object with nothing but an identifier; the element itself has more.
      if (typeof value['@id'] === 'string' && Object.keys(value).length > 1) byId.set(value['@id'], value);
      for (const [name, inner] of Object.entries(value)) if (name !== '@context') waiting.push(inner);
    }
  }
  return byId;
}

const longForm = /^dtmi:dtdl:property:(\w+);\d+$/;

function valuesOf(element: SourceElement, name: string): readonly unknown[] {
  const value = Object.hasOwn(element, name) ? element[name] : longFormValue(element, name);
  if (Array.isArray(value)) return value as readonly unknown[];
  return value === undefined || value === null ? [] : [value];
}

function longFormValue(element: SourceElement, name: string): unknown {
  const key = Object.keys(element).find((member) => longForm.exec(member)?.[1] === name);
  return key === undefined ? undefined : element[key];
}

/** The value of a member that holds a literal, also when it stands in a list or as `{ "@value": ... }`. */
export function literal(element: SourceElement, name: string): unknown {
  const [value] = valuesOf(element, name);
  return isObject(value) ? value['@value'] : value;
}

const standardSchema = /^dtmi:(?:dtdl:instance:Schema|standard:schema:geospatial|standard:schema):(\w+);\d+$/;
const classId = /^dtmi:dtdl:class:(\w+);\d+$/;

const termOf = (text: string) => standardSchema.exec(text)?.[1] ?? text;

/** The types of an element, as terms. */
export function typesOf(element: SourceElement): readonly string[] {
  const types = element['@type'];
  return (Array.isArray(types) ? (types as readonly unknown[]) : [types]).flatMap((type) =>
    typeof type === 'string' ? [classId.exec(type)?.[1] ?? type] : [],
  );
}
