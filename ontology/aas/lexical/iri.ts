import { cut, textOf } from './uri.ts';

const beyondAscii =
  '\\u{a0}-\\u{d7ff}\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{ffef}' +
  Array.from({ length: 14 }, (_, i) => {
    const plane = (i + 1).toString(16);
    return `\\u{${plane}${i === 13 ? '1000' : '0000'}}-\\u{${plane}fffd}`;
  }).join('');
const privateUse = '\\u{e000}-\\u{f8ff}\\u{f0000}-\\u{ffffd}\\u{100000}-\\u{10fffd}';
const name = `a-zA-Z0-9\\-._~${beyondAscii}!$&'()*+,;=`;

const userInfo = textOf(`${name}:`);
const host = textOf(name);
const path = textOf(`${name}:@/`);
const segmentWithoutColon = textOf(`${name}@`);
const query = textOf(`${name}:@/?${privateUse}`);
const fragment = textOf(`${name}:@/?`);
const scheme = /^[a-zA-Z][a-zA-Z0-9+\-.]*:/;
const future = /^[vV][0-9A-Fa-f]+\.[a-zA-Z0-9\-._~!$&'()*+,;=:]+$/;

/** Whether a text is an IRI reference. @see RFC 3987, section 2.2 */
export function isIri(text: string): boolean {
  const [before, afterHash] = cut(text, '#');
  const [hierarchy, afterMark] = cut(before, '?');
  if (!fragment(afterHash ?? '') || !query(afterMark ?? '')) return false;
  const named = scheme.exec(hierarchy)?.[0];
  const rest = hierarchy.slice(named?.length ?? 0);
  if (rest.startsWith('//')) {
    const [authority] = cut(rest.slice(2), '/');
    return isAuthority(authority) && path(rest.slice(2 + authority.length));
  }
  const [first] = cut(rest, '/');
  return path(rest) && (named !== undefined || segmentWithoutColon(first));
}

function isAuthority(text: string): boolean {
  const at = text.indexOf('@');
  if (!userInfo(text.slice(0, Math.max(at, 0)))) return false;
  const place = text.slice(at + 1);
  const literal = /^\[([^\]]*)\](?::[0-9]*)?$/.exec(place)?.[1];
  if (literal !== undefined) return isIpv6(literal) || future.test(literal);
  const [named, port] = cut(place, ':');
  return host(named) && /^[0-9]*$/.test(port ?? '');
}

const group = /^[0-9A-Fa-f]{1,4}$/;
const octet = '(?:[0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])';
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** @see RFC 3986, section 3.2.2 */
function isIpv6(text: string): boolean {
  if (text.length > 45) return false;
  const [left = '', right, more] = text.split('::');
  if (more !== undefined) return false;
  if (right === undefined) return groupsIn(left, true) === 8;
  const [before, after] = [groupsIn(left, false), groupsIn(right, true)];
  return before >= 0 && after >= 0 && before + after <= 7;
}

/** How many groups of 16 bits a part has; `NaN` when it is none. */
function groupsIn(text: string, mayEndInIpv4: boolean): number {
  if (text === '') return 0;
  const parts = text.split(':');
  const last = parts.pop() ?? '';
  if (!parts.every((part) => group.test(part))) return NaN;
  if (group.test(last)) return parts.length + 1;
  return mayEndInIpv4 && ipv4.test(last) ? parts.length + 2 : NaN;
}
