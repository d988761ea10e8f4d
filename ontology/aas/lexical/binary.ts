const alphabet = /^[A-Za-z0-9+/]*={0,2}$/;

/** Whether a text is an xs:base64Binary: single spaces between its characters, padding bits zero. */
export function isBase64Binary(text: string): boolean {
  if (/^ | {2}| $/.test(text)) return false;
  const packed = text.replaceAll(' ', '');
  if (packed.length % 4 !== 0 || !alphabet.test(packed)) return false;
  if (packed.endsWith('==')) return 'AQgw'.includes(packed.at(-3) ?? '?');
  return !packed.endsWith('=') || 'AEIMQUYcgkosw048'.includes(packed.at(-2) ?? '?');
}

/** Whether a text can be decoded as base64; white space, and padding bits that are not zero, do no harm. @see RFC 4648 */
export function isBase64(text: string): boolean {
  const packed = /[ \t\r\n]/.test(text) ? text.replace(/[ \t\r\n]+/g, '') : text;
  return packed.length % 4 === 0 && alphabet.test(packed);
}

export function isHexBinary(text: string): boolean {
  return text.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(text);
}
