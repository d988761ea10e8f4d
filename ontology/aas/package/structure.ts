import { shown, type PackageFindings } from './findings.ts';
import type { PackageFileRole } from './package.ts';
import type { RawPart } from './parts.ts';
import { presentType, relationshipTypes, type Relationship } from './relationships.ts';
import { PackageFault } from './rules.ts';

/** What the relationships make of the parts. @see IDTA-01005, ECMA-376 relationships */
export interface Structure {
  readonly origin: RawPart;
  readonly environments: readonly RawPart[];
  /** Keys. */
  readonly thumbnail: string | null;
  readonly coreProperties: string | null;
  readonly role: (key: string) => PackageFileRole;
}

/**
 * Follows the relationships from the package to its origin, its environments and their supplements: three steps, no
 * more, so that a circle ends nowhere.
 * @throws {PackageFault} without an origin.
 */
export function readStructure(
  relationships: readonly Relationship[],
  parts: ReadonlyMap<string, RawPart>,
  findings: PackageFindings,
): Structure {
  const from = Map.groupBy(relationships, ({ source }) => source);
  const targets = (source: string, type: string) =>
    (from.get(source) ?? []).filter((one) => presentType(one.type) === type);
  const origin = findOrigin(targets('/', relationshipTypes.origin), parts);
  const environments = findEnvironments(
    origin,
    targets(origin.key, relationshipTypes.environment),
    parts,
    findings,
  );
  const supplements = environments.flatMap((environment) => {
    const found = targets(environment.key, relationshipTypes.supplement);
    checkCircles(environment, [origin, environment], found, findings);
    return found.flatMap(({ key }) => key ?? []);
  });
  const thumbnails = targets('/', relationshipTypes.thumbnail).flatMap(({ key }) =>
    key && parts.has(key) ? key : [],
  );
  if (new Set(thumbnails).size > 1)
    findings.add('packageSeveralThumbnails', 'The package has several thumbnails.', '/_rels/.rels');
  const thumbnail = thumbnails[0] ?? null;
  const coreProperties = targets('/', relationshipTypes.coreProperties)[0]?.key ?? null;
  const roles = new Map<string, PackageFileRole>([
    ...supplements.map((key) => [key, 'supplement'] as const),
    ...(thumbnail ? [[thumbnail, 'thumbnail'] as const] : []),
    ...(coreProperties ? [[coreProperties, 'coreProperties'] as const] : []),
  ]);
  return { origin, environments, thumbnail, coreProperties, role: (key) => roles.get(key) ?? 'other' };
}

function findOrigin(found: readonly Relationship[], parts: ReadonlyMap<string, RawPart>): RawPart {
  const keys = new Set(found.map(({ key, target }) => key ?? target));
  if (!keys.size)
    throw new PackageFault('packageNoOrigin', 'No relationship of the package leads to an aasx-origin.');
  if (keys.size > 1)
    throw new PackageFault('packageSeveralOrigins', 'The package has several origins.', '/_rels/.rels');
  const origin = parts.get([...keys][0] ?? '');
  if (!origin)
    throw new PackageFault('packageNoOrigin', `The origin ${shown(found[0]?.target ?? '')} is no part.`);
  return origin;
}

function findEnvironments(
  origin: RawPart,
  found: readonly Relationship[],
  parts: ReadonlyMap<string, RawPart>,
  findings: PackageFindings,
): RawPart[] {
  if (!found.length) findings.add('packageNoEnvironment', 'The origin leads to no environment.', origin.path);
  checkCircles(origin, [origin], found, findings);
  const environments = new Map<string, RawPart>();
  for (const { key, target } of found) {
    const part = key === null ? undefined : parts.get(key);
    if (part) environments.set(part.key, part);
    else
      findings.add('packageEnvironmentMissing', `The environment ${shown(target)} is no part.`, origin.path);
  }
  environments.delete(origin.key);
  return [...environments.values()];
}

function checkCircles(
  source: RawPart,
  above: readonly RawPart[],
  found: readonly Relationship[],
  findings: PackageFindings,
): void {
  for (const { key, target } of found)
    if (above.some((part) => part.key === key))
      findings.add('packageCircular', `The relationship to ${shown(target)} is circular.`, source.path);
}
