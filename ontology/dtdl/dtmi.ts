/**
 * Digital Twin Model Identifiers.
 * @see DTDL specification, Digital Twin Model Identifier; https://github.com/Azure/digital-twin-model-identifier
 */

/** Versions of the language this reader knows. */
export const dtdlVersions = [2, 3, 4] as const;
export type DtdlVersion = (typeof dtdlVersions)[number];

const segment = '[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?';
const path = `dtmi:${segment}(?::${segment})*`;
const major = ';[1-9][0-9]{0,8}';
const flexible = String.raw`(?:;[1-9][0-9]{0,8}(?:\.[1-9][0-9]{0,5})?)?`;
const patterns: Readonly<Record<DtdlVersion, RegExp>> = {
  2: new RegExp(`^${path}${major}$`),
  3: new RegExp(`^${path}${flexible}$`),
  4: new RegExp(`^${path}${flexible}$`),
};
const systemSegment = '(?:_+[A-Za-z0-9]|[A-Za-z])(?:[A-Za-z0-9_]*[A-Za-z0-9])?';
const anyDtmi = new RegExp(
  `^dtmi:${systemSegment}(?::${systemSegment})*${flexible}(?:#(?:${systemSegment})?)?$`,
);

/** Whether the characters are those of a DTMI as a version allows it: a version suffix is a must in DTDL 2 only. */
export function isDtmi(text: string, version: DtdlVersion): boolean {
  return patterns[version].test(text);
}

/** Whether it is an id of any version, with system segments (`_x`) and a fragment allowed. */
export function isAnyDtmi(text: string): boolean {
  return anyDtmi.test(text);
}

/** A DTMI in its parts: `dtmi:a:b;1.2#c` is `dtmi:a:b`, 1, 2 and `#c`. Versions are 0 where there is none. */
export interface DtmiParts {
  readonly name: string;
  readonly major: number;
  readonly minor: number;
  readonly fragment: string;
}

/** Takes apart what `isAnyDtmi` accepts. */
export function dtmiParts(text: string): DtmiParts {
  const hash = text.indexOf('#');
  const [name = '', version = ''] = (hash < 0 ? text : text.slice(0, hash)).split(';');
  const [majorText = '', minorText = ''] = version.split('.');
  return {
    name,
    major: Number(majorText),
    minor: Number(minorText),
    fragment: hash < 0 ? '' : text.slice(hash),
  };
}

/** The id of an element that has none of its own: below its parent, in system segments. */
export function childId(parent: string, member: string, segmentValue: string | null): string {
  const at = parent.indexOf(';');
  const [name, version] = at < 0 ? [parent, ''] : [parent.slice(0, at), parent.slice(at)];
  const first = member.split(';', 1)[0] ?? member;
  return `${name}:_${first}${segmentValue === null ? '' : `:__${segmentValue}`}${version}`;
}

/** Whether an id was made by `childId`. */
export function isGeneratedId(id: string): boolean {
  return id.includes(':_');
}
