import { shown, type PackageFindings } from './findings.ts';
import { readMarkup, type MarkupElement } from './markup.ts';
import { resolveReference } from './part-name.ts';
import { PackageFault } from './rules.ts';

export const contentTypesNamespace = 'http://schemas.openxmlformats.org/package/2006/content-types';
export const octetStream = 'application/octet-stream';

/** Content type of a part by its key, `null` when nothing says it. */
export type ContentTypes = (key: string) => string | null;

// RFC 9110, 8.3.1; no comments, as ISO/IEC 29500-2, 9.1.2 asks.
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const mediaType = new RegExp(
  `^${token}/${token}(?:[ \\t]*;[ \\t]*${token}=(?:${token}|"[^"\\\\\\u0000-\\u001f]*"))*$`,
);

/** Whether a text is a media type that may stand in a header. */
export function isMediaType(text: string): boolean {
  return text.length <= 255 && mediaType.test(text);
}

/**
 * Reads [Content_Types].xml.
 * @see ISO/IEC 29500-2, 10.1.2.2. @throws {PackageFault} no such markup.
 */
export function readContentTypes(text: string, part: string, findings: PackageFindings): ContentTypes {
  const byExtension = new Map<string, string>();
  const byKey = new Map<string, string>();
  const keep = (map: Map<string, string>, key: string, type: string, { place }: MarkupElement) => {
    if (!isMediaType(type))
      findings.add('packageContentTypeRule', `${shown(type)} is no media type.`, part, place);
    else if (map.has(key)) findings.add('packageContentTypeRule', `${shown(key)} stands twice.`, part, place);
    else map.set(key, type);
  };
  readMarkup(text, part, {
    open: (element) => {
      const { uri, local, attribute, depth, place } = element;
      if (depth === 1 && (uri !== contentTypesNamespace || local !== 'Types'))
        throw new PackageFault('packageXml', `The root element is ${shown(local)}, not Types.`, part, place);
      if (depth !== 2 || uri !== contentTypesNamespace) return;
      const type = attribute('ContentType') ?? '';
      if (local === 'Default') keep(byExtension, (attribute('Extension') ?? '').toLowerCase(), type, element);
      if (local !== 'Override') return;
      const key = nameKey(attribute('PartName') ?? '');
      if (key) keep(byKey, key, type, element);
      else findings.add('packageContentTypeRule', 'An Override names no part.', part, place);
    },
  });
  return (key) => byKey.get(key) ?? byExtension.get(extensionOf(key)) ?? null;
}

function nameKey(name: string): string | null {
  try {
    return resolveReference('/', name);
  } catch (error) {
    if (error instanceof PackageFault) return null;
    throw error;
  }
}

function extensionOf(key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1);
}
