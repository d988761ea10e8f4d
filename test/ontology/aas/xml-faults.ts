/** XML documents with a fault of form, at every element of an environment that has everything. */
import type { Environment } from '#ontology/aas/environment.ts';
import { namespaces, type AasVersion } from '#ontology/aas/metamodel/index.ts';
import { parseXml } from '#ontology/aas/xml/parse.ts';
import { serialiseXml } from '#ontology/aas/xml/serialise.ts';
import type { XmlElement } from '#ontology/aas/xml/tree.ts';
import { writeAasXml } from '#ontology/aas/xml/write.ts';
import { classesOf } from './faults.ts';
import { placed } from './samples.ts';

export interface XmlCase {
  readonly id: string;
  readonly text: string;
  /** Whether the standard allows it. */
  readonly valid: boolean;
}

/** A change to an element; `false` when it does not apply. */
type Change = (element: Mutable, version: AasVersion) => boolean | void;

interface Mutable {
  name: string;
  uri: string;
  text: string;
  attributes: { name: string; uri: string; value: string }[];
  children: Mutable[];
}

const made = (name: string, uri: string): Mutable => ({ name, uri, text: '', attributes: [], children: [] });

const faults: Readonly<Record<string, Change>> = {
  'unknown element first': (element) => void element.children.unshift(made('unexpected', element.uri)),
  'unknown element last': (element) => void element.children.push(made('unexpected', element.uri)),
  'foreign element': (element) => void element.children.push(made('category', 'urn:test:other')),
  'other namespace': (element) => void (element.uri = 'urn:test:other'),
  'no namespace': (element) => void (element.uri = ''),
  'other version': (element, version) => void (element.uri = namespaces[version === '3.0' ? '3.1' : '3.0']),
  'other name': (element) => void (element.name = 'unexpected'),
  'upper case': (element) => void (element.name = element.name.toUpperCase()),
  attribute: (element) =>
    void (element.attributes = [...element.attributes, { name: 'lang', uri: '', value: 'en' }]),
  'text among elements': (element) => element.children.length > 0 && void (element.text = 'unexpected'),
  'element twice': (element) =>
    element.children.length > 0 &&
    !isList(element) &&
    void element.children.push(element.children[0] as Mutable),
  'other order': (element) =>
    element.children.length > 1 && !isList(element) && void element.children.reverse(),
};

/** An element whose children are items: they may be many, in any order. */
function isList({ children }: Mutable): boolean {
  return children.length > 0 && children.every(({ name }) => name === children[0]?.name);
}

/**
 * Every fault at elements all over the smallest environment around a maximal instance of each class.
 *
 * @param most - elements tried for each class and fault.
 */
export function* xmlCases(version: AasVersion, most: number): Generator<XmlCase> {
  for (const name of classesOf(version)) {
    const environment = placed(name, version, true)?.environment as Environment;
    const source = writeAasXml(environment, version);
    const count = elementsIn(parseXml(source).root).length;
    for (const [fault, change] of Object.entries(faults)) {
      for (let i = 0; i < count; i += Math.ceil(count / most)) {
        const root = parseXml(source).root as unknown as Mutable;
        const element = elementsIn(root)[i] as Mutable;
        if (change(element, version) === false) continue;
        yield {
          id: `${version} ${name} ${fault} ${i}`,
          text: serialiseXml(root as unknown as XmlElement),
          valid: false,
        };
      }
    }
    yield* harmless(name, version, source);
  }
}

function* harmless(name: string, version: AasVersion, source: string): Generator<XmlCase> {
  const prefixed = source
    .replace(` xmlns="${namespaces[version]}"`, ` xmlns:aas="${namespaces[version]}"`)
    .replace(/<(\/?)([a-z])/g, '<$1aas:$2');
  const variants: Readonly<Record<string, string>> = {
    'line breaks': source.replaceAll('><', '>\n\t <'),
    comments: source.replaceAll('><', '><!-- <unexpected/> --><'),
    instructions: source.replaceAll('><', '><?any thing?><'),
    prefix: prefixed,
    'character data': source.replaceAll(/>([^<>\n]+)</g, '><![CDATA[$1]]><'),
    references: source.replaceAll(
      />([a-zA-Z])([^<>]*)</g,
      (_, first: string, rest: string) => `>&#x${first.charCodeAt(0).toString(16)};${rest}<`,
    ),
    'byte order mark': `\uFEFF${source}`,
    'without declaration': source.replace(/^<\?.*\?>\n/, ''),
  };
  for (const [what, text] of Object.entries(variants))
    yield { id: `${version} ${name} ${what}`, text, valid: true };
}

function elementsIn<T extends { readonly children: readonly T[] }>(root: T): T[] {
  return [root, ...root.children.flatMap((child) => elementsIn(child))];
}
