/**
 * Writes AASX packages. Equal content gives equal bytes on every machine: parts in the order of their names, one date,
 * a Deflate of our own choice instead of the machine's.
 * @see IDTA-01005 (package file format), ISO/IEC 29500-2 (Open Packaging Conventions)
 */
import { HubError } from '#kernel/errors.ts';
import { contentTypesNamespace, isMediaType } from './content-types.ts';
import { isMarkup, parsePartName, relationshipsKey } from './part-name.ts';
import { relationshipTypes, relationshipsNamespace, type Relationship } from './relationships.ts';
import { PackageFault } from './rules.ts';
import type { AasPackage } from './package.ts';
import { writeZip } from './zip-write.ts';

/** One part to be written. */
export interface PartContent {
  /** With a leading slash. */
  readonly path: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** A relationship to be written. */
export type WrittenRelationship = Pick<Relationship, 'id' | 'type' | 'target' | 'external'> & {
  /** Path of the source, `/` for the package. */
  readonly source: string;
};

/** What a package is written from. */
export interface PackageContent {
  /** Environments; one at least. */
  readonly environments: readonly PartContent[];
  /** Supplementary files of every environment. */
  readonly supplements?: readonly PartContent[];
  readonly thumbnail?: PartContent;
  /** Parts with no relationship of their own: those of vendors, the origin of a package read. */
  readonly others?: readonly PartContent[];
  /** Instead of those that follow from the roles above: those of a package read. */
  readonly relationships?: readonly WrittenRelationship[];
}

const originPath = '/aasx/aasx-origin';
const xmlHead = '<?xml version="1.0" encoding="utf-8"?>\n';

/**
 * @throws {HubError} INVALID_INPUT - a name that is none, two parts of one name, a content type that is none, no environment.
 */
export function writePackage(content: PackageContent): Uint8Array {
  if (!content.environments.length)
    throw new HubError('INVALID_INPUT', 'A package has an environment at least.');
  const relationships = content.relationships ?? impliedRelationships(content);
  const parts = allParts(content);
  const byKey = new Map(parts.map((part) => [part.key, part]));
  if (byKey.size < parts.length)
    throw new HubError('INVALID_INPUT', 'Two parts of the package have one name.');
  const sources = Map.groupBy(relationships, ({ source }) => source);
  const markup = [...sources].map(([source, from]) => relationshipPart(source, from));
  const entries = [...parts, ...markup].map(({ path, bytes }) => ({ name: path.slice(1), bytes }));
  const types = { name: '[Content_Types].xml', bytes: encode(contentTypes(parts)) };
  return writeZip([types, ...entries.sort((a, b) => order(a.name, b.name))]);
}

/** What `writePackage` needs to write a package again with every part and relationship. */
export async function contentOf(read: AasPackage): Promise<PackageContent> {
  const load = async (part: { path: string; contentType: string; bytes(): Promise<Uint8Array> }) => ({
    path: part.path,
    contentType: part.contentType,
    bytes: await part.bytes(),
  });
  const all = [...read.environments, ...read.files, ...(read.origin ? [read.origin] : [])];
  const paths = new Map(all.map(({ path }) => [parsePartName(path.slice(1)).key, path]));
  return {
    environments: await Promise.all(read.environments.map(load)),
    others: await Promise.all([...(read.origin ? [read.origin] : []), ...read.files].map(load)),
    relationships: read.relationships.map(({ source, id, type, target, external, key }) => ({
      source: paths.get(source) ?? source,
      id,
      type,
      target,
      // A part that was marked external by mistake is not written so again.
      external: external && key === null,
    })),
  };
}

function impliedRelationships(content: PackageContent): WrittenRelationship[] {
  const { origin, environment, supplement, thumbnail } = relationshipTypes;
  const lead = (source: string, type: string, targets: readonly PartContent[]) =>
    targets.map(({ path }, i) => ({
      source,
      id: `${type.slice(type.lastIndexOf('/') + 1)}-${i + 1}`,
      type,
      target: path,
      external: false,
    }));
  const from = content.environments;
  return [
    { source: '/', id: 'aasx-origin', type: origin, target: originPath, external: false },
    ...lead('/', thumbnail, content.thumbnail ? [content.thumbnail] : []),
    ...lead(originPath, environment, from),
    ...from.flatMap(({ path }) => lead(path, supplement, content.supplements ?? [])),
  ];
}

interface NamedPart extends PartContent {
  readonly key: string;
}

function allParts(content: PackageContent): NamedPart[] {
  const { environments, supplements = [], thumbnail, others = [], relationships } = content;
  const origin = { path: originPath, contentType: 'text/plain', bytes: encode('Intentionally empty') };
  const same = thumbnail && supplements.some(({ path }) => path === thumbnail.path);
  const all = [
    ...(relationships ? [] : [origin]),
    ...environments,
    ...supplements,
    ...(thumbnail && !same ? [thumbnail] : []),
    ...others,
  ];
  return all.map(named);
}

function named(part: PartContent): NamedPart {
  if (!isMediaType(part.contentType))
    throw new HubError('INVALID_INPUT', `${JSON.stringify(part.contentType)} is no media type.`);
  const key = partKey(part.path);
  if (isMarkup(key))
    throw new HubError('INVALID_INPUT', `The name ${JSON.stringify(part.path)} is reserved.`);
  return { ...part, key };
}

function partKey(path: string): string {
  try {
    return parsePartName(path.replace(/^\//, '')).key;
  } catch (cause) {
    if (!(cause instanceof PackageFault)) throw cause;
    throw new HubError('INVALID_INPUT', cause.message, { cause });
  }
}

function relationshipPart(source: string, relationships: readonly WrittenRelationship[]): ZipPart {
  const lines = relationships.map(
    ({ id, type, target, external }) =>
      `  <Relationship Id="${escape(id)}" Type="${escape(type)}" Target="${escape(target)}"${external ? ' TargetMode="External"' : ''}/>\n`,
  );
  const text = `${xmlHead}<Relationships xmlns="${relationshipsNamespace}">\n${lines.join('')}</Relationships>\n`;
  return { path: relationshipsKey(source), bytes: encode(text) };
}

type ZipPart = Pick<PartContent, 'path' | 'bytes'>;

/** One Override a part: nothing depends on endings. */
function contentTypes(parts: readonly NamedPart[]): string {
  const overrides = [...parts]
    .sort((a, b) => order(a.path, b.path))
    .map(
      ({ path, contentType }) =>
        `  <Override PartName="${escape(path)}" ContentType="${escape(contentType)}"/>\n`,
    );
  const rels = 'application/vnd.openxmlformats-package.relationships+xml';
  return `${xmlHead}<Types xmlns="${contentTypesNamespace}">\n  <Default Extension="rels" ContentType="${rels}"/>\n${overrides.join('')}</Types>\n`;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function escape(text: string): string {
  return text.replace(/[<>&"'\t\r\n]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
