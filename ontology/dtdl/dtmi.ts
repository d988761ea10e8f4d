/**
 * Digital Twin Model Identifiers.
 * @see DTDL specification, Digital Twin Model Identifier; https://github.com/Azure/digital-twin-model-identifier
 */

/** Versions of the language this reader knows. */
export const dtdlVersions = [2, 3, 4] as const;
export type DtdlVersion = (typeof dtdlVersions)[number];

const userSegments = String.raw`dtmi:[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?(?::[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?)*`;
const anySegment = String.raw`(?:_+[A-Za-z0-9]|[A-Za-z])(?:[A-Za-z0-9_]*[A-Za-z0-9])?`;
const anySegments = `dtmi:${anySegment}(?::${anySegment})*`;
const versionSuffix = {
  major: ';[1-9][0-9]{0,8}',
  optional: String.raw`(?:;[1-9][0-9]{0,8}(?:\.[1-9][0-9]{0,5})?)?`,
};
const major = {
  user: new RegExp(`^${userSegments}${versionSuffix.major}$`),
  any: new RegExp(`^${anySegments}${versionSuffix.major}$`),
};
const flexible = {
  user: new RegExp(`^${userSegments}${versionSuffix.optional}$`),
  any: new RegExp(`^${anySegments}${versionSuffix.optional}$`),
};
const reservedPrefixes = ['dtmi:dtdl:', 'dtmi:standard:'];

/** The longest DTMI: of an interface, and of anything else. */
export const maxDtmiLength = { Interface: 128, other: 2048 } as const;

/** Whether it may be referred to: system segments (`_x`) included; a version is needed in DTDL 2 only. */
export function isDtmi(text: string, version: DtdlVersion): boolean {
  return text.length <= maxDtmiLength.other && (version === 2 ? major : flexible).any.test(text);
}

/** Whether a document may define it: no system segments. */
export function isDefinableDtmi(text: string, version: DtdlVersion): boolean {
  return text.length <= maxDtmiLength.other && (version === 2 ? major : flexible).user.test(text);
}

/** Whether it begins with a prefix that belongs to the language itself. */
export function isReservedDtmi(text: string): boolean {
  return reservedPrefixes.some((prefix) => text.startsWith(prefix));
}
