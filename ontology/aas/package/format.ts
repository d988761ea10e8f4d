import { shown } from './findings.ts';
import { readRoot } from './markup.ts';
import { PackageFault } from './rules.ts';

export type EnvironmentFormat = 'json' | 'xml';

/** What an environment is written in. */
export interface EnvironmentKind {
  readonly format: EnvironmentFormat;
  /** `3.0`, `3.1` or `3.2`, as the namespace says; `null` in JSON, which does not say it. */
  readonly version: string | null;
}

const present = /^https:\/\/admin-shell\.io\/aas\/3\/([0-2])$/;
/** V1, V2 and the candidates of V3. */
const old = /^https?:\/\/(?:www\.)?admin-shell\.io\/aas\/(\d+\/\d+)/;
/** Members that only V1, V2 and the candidates of V3 have: an object as model type, identification. */
const oldJson = [
  /(?<!\\)"modelType"\s*:\s*\{\s*"name"/,
  /(?<!\\)"identification"\s*:\s*\{\s*"id(?:Type)?"\s*:/,
];

/**
 * Tells what an aas-spec part is by what it says, not by its content type: `text/xml` and `application/json` are only
 * the usual ones.
 * @throws {PackageFault} packageFormat, packageOldVersion, packageUnknownVersion, or XML that cannot be read.
 */
export function environmentKind(text: string, part: string): EnvironmentKind {
  const first = /\S/.exec(text)?.[0];
  if (first === '<') return { format: 'xml', version: xmlVersion(text, part) };
  if (first !== '{') throw new PackageFault('packageFormat', 'It is neither XML nor a JSON object.', part);
  if (oldJson.some((pattern) => pattern.test(text)))
    throw new PackageFault('packageOldVersion', 'This is an environment of V2 or older.', part);
  return { format: 'json', version: null };
}

function xmlVersion(text: string, part: string): string {
  const { uri, local, place } = readRoot(text, part);
  const minor = present.exec(uri)?.[1];
  if (minor && local === 'environment') return `3.${minor}`;
  const found = old.exec(uri)?.[1]?.replace('/', '.');
  if (!minor && (local === 'aasenv' || (found && Number(found) <= 3)))
    throw new PackageFault(
      'packageOldVersion',
      `This is an environment of V${found ?? '2'} (${shown(uri)}).`,
      part,
      place,
    );
  throw new PackageFault(
    'packageUnknownVersion',
    `The root element is ${shown(local)} in the namespace ${shown(uri)}, no environment known here.`,
    part,
    place,
  );
}
