import { shown, type PackageFindings } from './findings.ts';
import { readMarkup, type MarkupElement } from './markup.ts';
import { resolveReference } from './part-name.ts';
import { PackageFault } from './rules.ts';

export const relationshipsNamespace = 'http://schemas.openxmlformats.org/package/2006/relationships';
const aasx = 'http://admin-shell.io/aasx/relationships/';
const aasxDeprecated = 'http://www.admin-shell.io/aasx/relationships/';

/** Types of relationships the reader understands. */
export const relationshipTypes = {
  origin: `${aasx}aasx-origin`,
  environment: `${aasx}aas-spec`,
  supplement: `${aasx}aas-suppl`,
  thumbnail: `${relationshipsNamespace}/metadata/thumbnail`,
  coreProperties: `${relationshipsNamespace}/metadata/core-properties`,
  signatureOrigin: `${relationshipsNamespace}/digital-signature/origin`,
} as const;

/** A relationship as it stands, and what it leads to. */
export interface Relationship {
  /** Key of the source, `/` for the package. */
  readonly source: string;
  readonly id: string;
  readonly type: string;
  /** As written. */
  readonly target: string;
  /** As written: `TargetMode="External"`. */
  readonly external: boolean;
  /** Key of the part, `null` for something outside the package. */
  readonly key: string | null;
}

/** What a reader of relationship parts needs. */
export interface RelationshipScope {
  readonly part: string;
  readonly source: string;
  readonly has: (key: string) => boolean;
  readonly findings: PackageFindings;
  /** How many may still come. */
  readonly left: number;
}

/** The present address of a type, for one that is deprecated or has the misprint of IDTA-01005. */
export function presentType(type: string): string {
  if (type.startsWith(aasxDeprecated)) return aasx + type.slice(aasxDeprecated.length);
  return type.replace(/^http:\/\/schema\.openxml/, 'http://schemas.openxml');
}

/** Reads one relationship part. @throws {PackageFault} no such markup, a target that is none, too many. */
export function readRelationships(text: string, scope: RelationshipScope): Relationship[] {
  const { part, findings } = scope;
  const found: Relationship[] = [];
  const ids = new Set<string>();
  readMarkup(text, part, {
    open: (element) => {
      const { uri, local, depth, place } = element;
      if (depth === 1 && (uri !== relationshipsNamespace || local !== 'Relationships'))
        throw new PackageFault(
          'packageXml',
          `The root element is ${shown(local)}, not Relationships.`,
          part,
          place,
        );
      if (depth !== 2 || uri !== relationshipsNamespace || local !== 'Relationship') return;
      const relationship = readOne(element, scope);
      if (!relationship) return;
      if (found.length >= scope.left)
        throw new PackageFault(
          'packageTooManyRelationships',
          'There are too many relationships.',
          part,
          place,
        );
      if (ids.has(relationship.id))
        findings.add('packageRelationshipId', `The id ${shown(relationship.id)} stands twice.`, part, place);
      ids.add(relationship.id);
      found.push(relationship);
    },
  });
  if (found.some(({ type }) => type.startsWith(aasxDeprecated)))
    findings.add('packageDeprecatedRelationship', `It has relationships of type ${aasxDeprecated}….`, part);
  return found;
}

function readOne(element: MarkupElement, scope: RelationshipScope): Relationship | null {
  const { attribute, place } = element;
  const { part, findings, source } = scope;
  const [id = '', type, target] = ['Id', 'Type', 'Target'].map(attribute);
  const mode = attribute('TargetMode') ?? 'Internal';
  if (!type || target === undefined || !['Internal', 'External'].includes(mode)) {
    findings.add(
      'packageRelationship',
      'A relationship lacks type or target, or has an unknown mode.',
      part,
      place,
    );
    return null;
  }
  const external = mode === 'External';
  const key = external ? externalKey(target, element, scope) : internalKey(target, element, scope);
  return { source, id, type, target, external, key };
}

function internalKey(target: string, { place }: MarkupElement, scope: RelationshipScope): string | null {
  const key = resolved(target, place, scope);
  if (key === null)
    scope.findings.add(
      'packageExternal',
      `The target ${shown(target)} is outside the package.`,
      scope.part,
      place,
    );
  else if (!scope.has(key))
    scope.findings.add(
      'packageTargetMissing',
      `The target ${shown(target)} is no part of the package.`,
      scope.part,
      place,
    );
  return key;
}

/** Writers on Apache POI mark names of parts as external; an absolute path to a part can mean nothing else. */
function externalKey(target: string, { place }: MarkupElement, scope: RelationshipScope): string | null {
  const key = /^\/(?!\/)/.test(target) ? resolved(target, place, scope) : null;
  const inside = key !== null && scope.has(key);
  if (inside)
    scope.findings.add(
      'packageInternalAsExternal',
      `The target ${shown(target)} is marked external.`,
      scope.part,
      place,
    );
  else scope.findings.add('packageExternal', `The target ${shown(target)} is external.`, scope.part, place);
  return inside ? key : null;
}

function resolved(
  target: string,
  place: MarkupElement['place'],
  { source, part }: RelationshipScope,
): string | null {
  try {
    return resolveReference(source, target);
  } catch (error) {
    if (error instanceof PackageFault) throw new PackageFault(error.rule, error.message, part, place);
    throw error;
  }
}
