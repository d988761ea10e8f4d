/**
 * Where a repository keeps an interface.
 * @see Device models repository, resolution convention: lower case, a folder for each segment, version after a hyphen
 */

const dtmi = /^dtmi:[A-Za-z][A-Za-z0-9_]*(?::[A-Za-z_][A-Za-z0-9_]*)*;[1-9]\d{0,8}(?:\.[1-9]\d{0,5})?$/;

/** `dtmi/com/example/thing-1.json` for `dtmi:com:example:Thing;1`; `null` for what is no DTMI with a version. */
export function pathOf(id: string): string | null {
  return dtmi.test(id) ? `${id.toLowerCase().replaceAll(':', '/').replace(';', '-')}.json` : null;
}

/** The file beside it that holds the interface and everything it needs. */
export function expandedPath(path: string): string {
  return path.replace(/\.json$/, '.expanded.json');
}
