import { isInstance } from '../instance.ts';
import { serialiseXml } from '../xml/serialise.ts';
import type { XmlElement } from '../xml/tree.ts';

/** The member under which an element that the metamodel does not have is kept as XML text. */
const keptMember = '$xml';

/** An element the metamodel does not have, as a value that a writer can put back. */
export function keptElement(element: XmlElement): { readonly [keptMember]: string } {
  return { [keptMember]: serialiseXml(element) };
}

/** The text of a kept element; `undefined` when the value is none. */
export function keptText(value: unknown): string | undefined {
  if (!isInstance(value)) return undefined;
  const text = value[keptMember];
  return typeof text === 'string' && Object.keys(value).length === 1 ? text : undefined;
}
