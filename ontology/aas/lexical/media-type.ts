const token = "[!#$%&'*+\\-.^_`|~0-9a-zA-Z]+";
const quoted = '"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t !-~\\x80-\\xff])*"';
const mediaType = new RegExp(`^${token}/${token}(?:[ \\t]*;[ \\t]*${token}=(?:${token}|${quoted}))*$`);

/** Whether a text is a media type with its parameters. @see RFC 7231, section 3.1.1.1; RFC 7230, section 3.2.6 */
export function isMediaType(text: string): boolean {
  return mediaType.test(text);
}
