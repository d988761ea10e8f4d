/**
 * Reads AASX packages, V3.0 and V3.1: bytes in, parts out, nothing written, nothing fetched. Any bytes may come: every
 * answer is a value, in time and memory bounded by `PackageLimits`.
 * @see IDTA-01005 (package file format), ISO/IEC 29500-2 (Open Packaging Conventions)
 */
import { ContentReader, alternatives } from './content.ts';
import { readContentTypes, type ContentTypes } from './content-types.ts';
import { readCoreProperties } from './core-properties.ts';
import { PackageFindings, shown } from './findings.ts';
import { defaultPackageLimits, type PackageLimits } from './limits.ts';
import { decodeText } from './markup.ts';
import { emptyPackage, type AasPackage } from './package.ts';
import { contentTypesKey, isMarkup, relationshipSource, resolveReference } from './part-name.ts';
import { readParts, type RawPart } from './parts.ts';
import { presentType, readRelationships, relationshipTypes, type Relationship } from './relationships.ts';
import { PackageFault } from './rules.ts';
import { readStructure } from './structure.ts';

export { documentName } from './findings.ts';
export {
  contentOf,
  writePackage,
  type PackageContent,
  type PartContent,
  type WrittenRelationship,
} from './write.ts';
export type { EnvironmentFormat } from './format.ts';
export { defaultPackageLimits, type PackageLimits } from './limits.ts';
export type { AasPackage, PackageEnvironment, PackageFile, PackageFileRole, PackagePart } from './package.ts';
export { packageRules, type PackageRuleName } from './rules.ts';
export { presentType, relationshipTypes, type Relationship } from './relationships.ts';

/**
 * Reads a package. Never throws on what it says; a package with an error comes back empty but for its findings.
 * @param name - used in findings: `name!/path/of/part`.
 */
export async function readPackage(
  name: string,
  bytes: Uint8Array,
  limits: Partial<PackageLimits> = {},
): Promise<AasPackage> {
  const findings = new PackageFindings(name);
  try {
    const read = await readContent(bytes, { ...defaultPackageLimits, ...limits }, findings);
    if (!findings.hasErrors) return { name, ...read, findings: findings.list() };
  } catch (error) {
    findings.caught(error);
  }
  return { ...emptyPackage(name), findings: findings.list() };
}

type Content = Omit<AasPackage, 'name' | 'findings'>;

async function readContent(
  bytes: Uint8Array,
  limits: PackageLimits,
  findings: PackageFindings,
): Promise<Content> {
  const parts = readParts(bytes, limits, findings);
  const markup = new MarkupReader(limits.maxMarkupBytes);
  const types = await readTypes(parts, markup, findings);
  const relationships = await readAllRelationships(parts, markup, limits, findings);
  const structure = readStructure(relationships, parts, findings);
  const reader = new ContentReader(types, limits, findings);
  const environments = alternatives(await reader.environments(structure), findings);
  const files = findings.hasErrors ? [] : await reader.files(parts, structure);
  const byKey = new Map(files.map(({ key, file }) => [key, file]));
  const core = structure.coreProperties && parts.get(structure.coreProperties);
  return {
    environments,
    files: files.map(({ file }) => file),
    thumbnail: byKey.get(structure.thumbnail ?? '') ?? null,
    coreProperties: core ? readCoreProperties(await markup.read(core), core.path) : new Map(),
    relationships,
    origin: await reader.part(structure.origin),
    find: (value, environment) => find(byKey, value, environment),
  };
}

/**
 * A relative reference starts at the environment; some writers leave out the leading slash and mean the root.
 * @returns `null` also for an address outside the package.
 */
function find<T>(byKey: ReadonlyMap<string, T>, value: string, environment: string): T | null {
  const reference = value.replace(/^file:\/{0,3}/i, '/');
  for (const base of [keyOf(environment, '/') ?? '/', '/']) {
    const found = byKey.get(keyOf(reference, base) ?? '');
    if (found !== undefined) return found;
  }
  return null;
}

function keyOf(reference: string, base: string): string | null {
  try {
    return resolveReference(base, reference);
  } catch (error) {
    if (error instanceof PackageFault) return null;
    throw error;
  }
}

/** Whether a package has the file that a `File` element means; unlike the package, it holds no bytes. */
export function filePresence(read: AasPackage): (value: string, environment: string) => boolean {
  const paths = new Map(read.files.map(({ path }) => [keyOf(path, '/') ?? path, true]));
  return (value, environment) => find(paths, value, environment) !== null;
}

/** Reads markup as long as there is not too much of it. */
class MarkupReader {
  #left: number;

  constructor(maxBytes: number) {
    this.#left = maxBytes;
  }

  /** @throws {PackageFault} packagePartTooLarge, packageEncoding */
  async read(part: RawPart): Promise<string> {
    if (part.size > this.#left)
      throw new PackageFault(
        'packagePartTooLarge',
        `It has ${part.size} bytes; ${this.#left} are left for markup.`,
        part.path,
      );
    this.#left -= part.size;
    return decodeText(await part.bytes(), part.path);
  }
}

async function readTypes(
  parts: ReadonlyMap<string, RawPart>,
  markup: MarkupReader,
  findings: PackageFindings,
): Promise<ContentTypes> {
  const part = parts.get(contentTypesKey);
  if (!part) return () => null;
  return readContentTypes(await markup.read(part), part.path, findings);
}

async function readAllRelationships(
  parts: ReadonlyMap<string, RawPart>,
  markup: MarkupReader,
  limits: PackageLimits,
  findings: PackageFindings,
): Promise<Relationship[]> {
  const found: Relationship[] = [];
  const has = (key: string) => parts.has(key) && !isMarkup(key);
  for (const part of parts.values()) {
    const source = relationshipSource(part.key);
    if (source === null) continue;
    if (source !== '/' && !has(source)) {
      findings.add('packageRelationshipSource', `The part ${shown(source)} is missing.`, part.path);
      continue;
    }
    const left = limits.maxRelationships - found.length;
    const scope = { part: part.path, source, has, findings, left };
    for (const one of readRelationships(await markup.read(part), scope)) found.push(one);
  }
  if (found.some(({ type }) => presentType(type) === relationshipTypes.signatureOrigin))
    findings.add('packageSigned', 'The package is signed.');
  return found;
}
