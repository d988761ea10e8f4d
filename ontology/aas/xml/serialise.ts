import type { XmlElement } from './tree.ts';
import { escapeXml } from './escape.ts';

/**
 * An element as text that stands for itself: every change of namespace is declared where it happens, so it can be put into
 * any document. Text that stood between elements comes before them.
 */
export function serialiseXml(element: XmlElement, parentUri: string | null = null): string {
  const parts: string[] = [];
  write(element, parentUri, parts);
  return parts.join('');
}

function write(element: XmlElement, parentUri: string | null, parts: string[]): void {
  parts.push(`<${element.name}`);
  if (element.uri !== parentUri) parts.push(` xmlns="${attributeText(element.uri)}"`);
  for (const [i, { name, uri, value }] of element.attributes.entries()) {
    const isXml = uri === 'http://www.w3.org/XML/1998/namespace';
    const prefix = uri ? (isXml ? 'xml:' : `ns${i}:`) : '';
    if (uri && !isXml) parts.push(` xmlns:ns${i}="${attributeText(uri)}"`);
    parts.push(` ${prefix}${name}="${attributeText(value)}"`);
  }
  if (!element.children.length && !element.text) return void parts.push('/>');
  parts.push('>', escapeXml(element.children.length ? element.text.trim() : element.text));
  for (const child of element.children) write(child, element.uri, parts);
  parts.push(`</${element.name}>`);
}

/** Tabs and line ends in attributes are read as spaces unless they are written as references. */
function attributeText(text: string): string {
  return escapeXml(text).replaceAll('\t', '&#x9;').replaceAll('\n', '&#xA;');
}
