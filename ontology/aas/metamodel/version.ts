/** Versions of the metamodel that are read and written. @see IDTA-01001 */
export const aasVersions = ['3.0', '3.1', '3.2'] as const;
export type AasVersion = (typeof aasVersions)[number];

/** The XML namespace of each version. @see IDTA-01001, mapping to XML */
export const namespaces: Readonly<Record<AasVersion, string>> = {
  '3.0': 'https://admin-shell.io/aas/3/0',
  '3.1': 'https://admin-shell.io/aas/3/1',
  '3.2': 'https://admin-shell.io/aas/3/2',
};

/** Whether something is known from `since` on. */
export function isSince(version: AasVersion, since: AasVersion): boolean {
  return aasVersions.indexOf(version) >= aasVersions.indexOf(since);
}
