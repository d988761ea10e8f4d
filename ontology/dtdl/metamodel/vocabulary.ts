/** The tables put together for looking things up: words, adjuncts, standard elements, extensions. */
import { dtdlVersions, type DtdlVersion } from '../dtmi.ts';
import { classesOf, memberNames, primitivesOf } from './classes.ts';
import { featureExtensions } from './extensions.ts';
import { partnerExtensions } from './partners.ts';
import { languageQuantities, quantitativeTypes } from './quantity-extensions.ts';
import { languageElements, objectSchemas, schemaWord } from './standard-elements.ts';
import type { Adjunct, Extension, StandardElement } from './types.ts';

const inDtdl2 = languageQuantities();
const quantities = [1, 2, 3].map(quantitativeTypes);

/** Types of the language that adjuncts refine; none of them can stand in `@type` itself. */
const metaTypes: Readonly<Record<DtdlVersion, readonly string[]>> = {
  2: ['SemanticType', 'SemanticUnit'],
  3: ['AdjunctType', 'Alias', 'SemanticType', 'SemanticUnit'],
  4: ['AdjunctType', 'Alias', 'SemanticType', 'SemanticUnit'],
};

const metaWords = ['DtdlExtension', 'metamodel', 'model'];

function languageTerms(version: DtdlVersion): ReadonlyMap<string, string> {
  const cls = (word: string) => [word, `dtmi:dtdl:class:${word};${version}`] as const;
  return new Map<string, string>([
    ...[...classesOf(version), ...metaTypes[version]].map(cls),
    ...memberNames(version).map((word) => [word, `dtmi:dtdl:property:${word};${version}`] as const),
    ...primitivesOf(version).map(
      (name) => [schemaWord(name), `dtmi:dtdl:instance:Schema:${schemaWord(name)};${version}`] as const,
    ),
    ...['asynchronous', 'synchronous'].map(
      (word) => [word, `dtmi:dtdl:instance:CommandType:${word};${version}`] as const,
    ),
    ...objectSchemas(version),
    ...(version === 2
      ? Object.entries(inDtdl2.terms)
      : metaWords.map((word) => [word, `dtmi:dtdl:meta:${word};${version}`] as const)),
  ]);
}

/** Words of each version of the language, to identifiers. */
export const termsOf: Readonly<Record<DtdlVersion, ReadonlyMap<string, string>>> = {
  2: languageTerms(2),
  3: languageTerms(3),
  4: languageTerms(4),
};

/** All extensions, by context specifier without version. */
export const extensions: ReadonlyMap<string, ReadonlyMap<number, Extension>> = group([
  ...quantities.map(({ extension }) => extension),
  ...featureExtensions,
  ...partnerExtensions,
]);

function group(rows: readonly Extension[]): Map<string, Map<number, Extension>> {
  const groups = new Map<string, Map<number, Extension>>();
  for (const row of rows) {
    const versions = groups.get(row.name) ?? new Map<number, Extension>();
    groups.set(row.name, versions.set(row.version, row));
  }
  return groups;
}

/** Types that only other types refine: abstract, except for `Alias`, which no model can use. */
const ground: readonly Adjunct[] = dtdlVersions.flatMap((version) =>
  metaTypes[version].map((word): Adjunct => {
    const uri = `dtmi:dtdl:class:${word};${version}`;
    const alias = `dtmi:dtdl:property:aliasFor;${version}`;
    return {
      uri,
      kind: 'none',
      parent: null,
      cotypes: word === 'Alias' ? classesOf(version) : [],
      versions: [version],
      properties:
        word === 'Alias'
          ? { [alias]: { holds: 'element', required: true, type: `dtmi:dtdl:class:Entity;${version}` } }
          : {},
      ...(word === 'Alias' ? {} : { abstract: true as const }),
    };
  }),
);

const adjuncts: ReadonlyMap<string, Adjunct> = new Map(
  [
    ...ground,
    ...inDtdl2.adjuncts,
    ...[...extensions.values()].flatMap((versions) => [...versions.values()].flatMap((row) => row.adjuncts)),
  ].map((row) => [row.uri, row]),
);

/** The adjunct with an identifier. */
export function adjunctOf(uri: string): Adjunct | undefined {
  return adjuncts.get(uri);
}

const lines = new Map<string, readonly Adjunct[]>();

/** The adjunct and those it refines, from the adjunct up. */
export function lineOf(uri: string): readonly Adjunct[] {
  const known = lines.get(uri);
  if (known) return known;
  const line: Adjunct[] = [];
  for (let at = adjuncts.get(uri); at; at = at.parent === null ? undefined : adjuncts.get(at.parent))
    line.push(at);
  if (line.length) lines.set(uri, line);
  return line;
}

/** Elements that models may refer to, by identifier. */
export const standardElements: ReadonlyMap<string, StandardElement> = new Map(
  [
    ...dtdlVersions.flatMap(languageElements),
    ...inDtdl2.elements,
    ...quantities.flatMap(({ elements }) => elements),
  ].map((element) => [element.id, element]),
);

/** Words for classes and their identifiers in all versions: none of them is an adjunct. */
export const classWords: ReadonlySet<string> = new Set(
  dtdlVersions.flatMap((version) =>
    classesOf(version).flatMap((cls) => [cls, `dtmi:dtdl:class:${cls};${version}`]),
  ),
);

const words = new Map<string, string>(
  [
    ...dtdlVersions.flatMap((version) => [...termsOf[version]]),
    ...[...extensions.values()].flatMap((versions) =>
      [...versions.values()].flatMap((row) => Object.entries(row.terms)),
    ),
  ].map(([word, uri]) => [uri, word]),
);

/** The word for an identifier, or the identifier itself. */
export function wordFor(uri: string): string {
  return words.get(uri) ?? uri;
}
