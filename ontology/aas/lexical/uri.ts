/** The two grammars of URI references that the metamodel's versions go by. All checks take linear time. */

/** A grammar, reduced to the characters each part may have; percent signs begin escapes in every part. */
interface Characters {
  readonly query: (text: string) => boolean;
  readonly fragment: (text: string) => boolean;
  readonly path: (text: string) => boolean;
  /** The first segment of a path that begins neither with a slash nor after a scheme. */
  readonly firstSegment: (text: string) => boolean;
  readonly isAuthority: (text: string) => boolean;
}

const unreserved = "\\-_.!~*'()a-zA-Z0-9";

/**
 * Whether a text consists of the characters of a class and of percent escapes. It looks for what does not fit: a pattern
 * for the whole text would need memory for each of its characters.
 */
export function textOf(characters: string): (text: string) => boolean {
  const other = new RegExp(`[^${characters}%]|%(?![0-9a-fA-F]{2})`, 'u');
  return (text) => !other.test(text);
}

const of = textOf;

const registryName = of(`${unreserved}$,;:@&=+`);
const userInfo = of(`${unreserved};:&=+$,`);
const hex = '[0-9A-Fa-f]{1,4}';
const hexSequence = `${hex}(?::${hex})*`;
const reference2732 = new RegExp(
  `^\\[(?:${hexSequence}(?:::(?:${hexSequence})?)?|::(?:${hexSequence})?)(?::[0-9]{1,3}(?:\\.[0-9]{1,3}){3})?\\](?::[0-9]*)?$`,
);

const rfc2396: Characters = {
  query: of(`${unreserved};/?:@&=+$,`),
  fragment: of(`${unreserved};/?:@&=+$,`),
  path: of(`${unreserved}:@&=+$,;/`),
  firstSegment: of(`${unreserved};@&=+$,`),
  isAuthority: registryName,
};

/** RFC 2396 with the brackets of RFC 2732. */
const rfc2732: Characters = {
  ...rfc2396,
  query: of(`${unreserved};/?:@&=+$,\\[\\]`),
  fragment: of(`${unreserved};/?:@&=+$,\\[\\]`),
  isAuthority: (text) => registryName(text) || isBracketed(text),
};

function isBracketed(text: string): boolean {
  const at = text.indexOf('@');
  const host = text.slice(at + 1);
  return userInfo(text.slice(0, Math.max(at, 0))) && host.length < 100 && reference2732.test(host);
}

const scheme = /^[a-zA-Z][a-zA-Z0-9+\-.]*:/;

/** Whether a text is a URI reference. @see RFC 2396, appendix A */
export function isUri2396(text: string): boolean {
  return isUri(text, rfc2396, /^[^/]/);
}

/** Whether a text is a URI reference that may name IPv6 hosts. @see RFC 2732; XML Schema 1.0 Part 2, anyURI */
export function isUri2732(text: string): boolean {
  return isUri(text, rfc2732, /^[^/[\]]/);
}

/** @param opaque - how what follows the scheme begins when it is no path. */
function isUri(text: string, characters: Characters, opaque: RegExp): boolean {
  const [before, fragment] = cut(text, '#');
  if (!characters.fragment(fragment ?? '')) return false;
  if (before === '') return true;
  const named = scheme.exec(before)?.[0];
  const rest = before.slice(named?.length ?? 0);
  if (named && opaque.test(rest)) return characters.query(rest);
  const [path, query] = cut(rest, '?');
  if (path === '' || !characters.query(query ?? '')) return false;
  return isPath(path, named === undefined, characters);
}

function isPath(path: string, relative: boolean, characters: Characters): boolean {
  if (path.startsWith('//')) {
    const [authority] = cut(path.slice(2), '/');
    return characters.isAuthority(authority) && characters.path(path.slice(2 + authority.length));
  }
  if (path.startsWith('/')) return characters.path(path);
  const [first] = cut(path, '/');
  return relative && characters.firstSegment(first) && characters.path(path.slice(first.length));
}

/** The text before and after the first `sign`; `undefined` after it when there is none. */
export function cut(text: string, sign: string): [string, string | undefined] {
  const at = text.indexOf(sign);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
