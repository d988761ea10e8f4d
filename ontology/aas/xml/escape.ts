import { HubError } from '#kernel/errors.ts';
import { isXmlText } from '../lexical/xsd.ts';

const signs: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/**
 * Character data and attribute values; a carriage return would be read as a line feed if it stood as it is.
 * @throws {HubError} INVALID_INPUT - a character that XML has no way to write (AASd-130).
 */
export function escapeXml(text: string): string {
  if (!isXmlText(text))
    throw new HubError(
      'INVALID_INPUT',
      `XML has no way to write a character of ${JSON.stringify(text.slice(0, 60))} (AASd-130).`,
    );
  return /[&<>"\r]/.test(text) ? text.replace(/[&<>"\r]/g, (sign) => signs[sign] ?? sign) : text;
}
