/** Checks what adjuncts ask of the element they stand on, of its siblings, and of what holds it. */
import { classMembers } from './metamodel/classes.ts';
import type { SiblingRule } from './metamodel/types.ts';
import { adjunctOf, wordFor } from './metamodel/vocabulary.ts';
import { nameOf, placeOf, type DtdlElement } from './element.ts';
import { lookUp, type Graph } from './graph.ts';
import type { Inherited } from './inheritance.ts';
import { checkInstance } from './instance.ts';
import { adjunctsOf, hasType } from './registry.ts';

/** Checks values of members against the adjuncts of the element. */
export function checkValueRules(graph: Graph): void {
  for (const reference of graph.registry.references) {
    const target = lookUp(reference.id, graph);
    if (!target) continue;
    const { from, member, pointer, id } = reference;
    const refuse = (code: string, wanted: readonly string[]) =>
      graph
        .reportOf(from)
        .error(
          code,
          pointer,
          `${wordFor(id)} cannot stand here; needed: ${[...new Set(wanted.map(wordFor))].join(' or ')}.`,
        );
    if (reference.types?.length && !reference.types.some((type) => hasType(target, type)))
      refuse('notRequiredType', reference.types);
    for (const rule of adjunctsOf(from).flatMap((adjunct) => adjunct.values ?? [])) {
      if (rule.member !== member) continue;
      if (rule.types && !rule.types.some((type) => hasType(target, type)))
        refuse('notRequiredType', rule.types);
      if (rule.elements && !rule.elements.includes(id)) refuse('notRequiredValue', rule.elements);
    }
  }
}

/** Elements of one member of one element. */
interface Family {
  readonly parent: DtdlElement;
  readonly member: string;
  readonly children: readonly DtdlElement[];
}

/** Checks rules between elements of the same member, and between them and what holds them. */
export function checkFamilies(graph: Graph, inherited: ReadonlyMap<string, Inherited>): void {
  const adorned = [...graph.registry.elements.values()].filter(({ adjuncts }) => adjuncts.size);
  for (const element of adorned) checkInstances(element, graph);
  if (!adorned.some(needsFamily)) return;
  for (const family of familiesOf(graph, inherited)) {
    const special = family.children.filter((child) => child.adjuncts.size > 0);
    if (!special.length) continue;
    const names = new Map(family.children.map((child) => [nameOf(child), child]));
    const pairs = new Set<string>();
    for (const child of special) {
      for (const rule of adjunctsOf(child).flatMap((adjunct) => adjunct.siblings ?? []))
        checkSibling(child, rule, names, pairs, graph);
      checkMismatch(child, names, graph);
    }
    checkUnique(family, special, graph);
    checkParents(family, special, graph);
  }
}

/** Whether an adjunct of the element asks for something of those around it. */
function needsFamily(element: DtdlElement): boolean {
  return adjunctsOf(element).some(
    ({ siblings, parents, properties }) =>
      siblings !== undefined ||
      parents !== undefined ||
      Object.values(properties).some(({ unique }) => unique),
  );
}

function* familiesOf(graph: Graph, inherited: ReadonlyMap<string, Inherited>): Generator<Family> {
  const { elements } = graph.registry;
  const all = (ids: Iterable<string>) => [...ids].flatMap((id) => elements.get(id) ?? []);
  for (const parent of elements.values()) {
    for (const [member, children] of parent.children)
      if (member !== 'contents' && !member.startsWith('dtmi:'))
        yield { parent, member, children: all(new Set(children.map(({ id }) => id))) };
    const contents = parent.cls === 'Interface' ? inherited.get(parent.id)?.contents : undefined;
    if (contents) yield { parent, member: 'contents', children: all(contents.values()) };
  }
}

function checkSibling(
  element: DtdlElement,
  rule: SiblingRule,
  names: ReadonlyMap<string | null, DtdlElement>,
  pairs: Set<string>,
  graph: Graph,
): void {
  const name = element.values.get(rule.named);
  const sibling = typeof name === 'string' ? names.get(name) : undefined;
  if (!sibling) return;
  const target = lookUp(sibling.id, graph);
  const at = placeOf(element, rule.named);
  const report = graph.reportOf(element);
  const refuse = (code: string, message: string) => report.error(code, at, message);
  const about = `${wordFor(rule.named)} names ${String(name)}`;
  if (rule.uniqueWith !== undefined) {
    const pair = JSON.stringify([name, element.values.get(rule.uniqueWith)]);
    if (pairs.has(pair))
      refuse('multipleReference', `${about}, whose ${wordFor(rule.uniqueWith)} is given twice; keep one.`);
    pairs.add(pair);
  }
  if (rule.types && target && !rule.types.some((type) => hasType(target, type)))
    refuse(
      'notSiblingRequiredType',
      `${about}, a ${sibling.cls}; name one of ${[...new Set(rule.types.map(wordFor))].join(', ')}.`,
    );
  if (rule.notType !== undefined && target && hasType(target, rule.notType))
    refuse('disallowedType', `${about}, which is a ${wordFor(rule.notType)} itself; name another one.`);
  if (rule.hasProperty !== undefined) checkHasProperty(element, rule.hasProperty, sibling, about, refuse);
}

function checkHasProperty(
  element: DtdlElement,
  path: string,
  sibling: DtdlElement,
  about: string,
  refuse: (code: string, message: string) => void,
): void {
  const property = element.values.get(path);
  if (typeof property !== 'string') return;
  const has = [...sibling.adjuncts].some((uri) => Object.hasOwn(adjunctOf(uri)?.properties ?? {}, property));
  if (has) return;
  const word = wordFor(property);
  if (Object.hasOwn(classMembers[sibling.cls] ?? {}, word) || word === 'languageMajorVersion')
    refuse(
      'matchingPropertyNotSupplemental',
      `${about}, whose ${word} is no property of an extension; choose one that is.`,
    );
  else refuse('noMatchingSupplementalProperty', `${about}, which has no ${word}; choose a property it has.`);
}

/** An element that takes the place of a property of its sibling has to hold values of that property's kind. */
function checkMismatch(
  element: DtdlElement,
  names: ReadonlyMap<string | null, DtdlElement>,
  graph: Graph,
): void {
  for (const { member, sibling: rule } of adjunctsOf(element).flatMap((adjunct) => adjunct.values ?? [])) {
    if (!rule) continue;
    const sibling = names.get((element.values.get(rule.named) as string | undefined) ?? null);
    const property = element.values.get(rule.parentOf);
    if (!sibling || typeof property !== 'string') continue;
    for (const uri of sibling.adjuncts) {
      const owned = adjunctOf(uri)?.properties ?? {};
      if (!Object.hasOwn(owned, property)) continue;
      const wanted = owned[property]?.childOf ?? null;
      for (const { id, pointer } of element.children.get(member) ?? [])
        if (id !== wanted)
          graph
            .reportOf(element)
            .error(
              'siblingPropertyMismatch',
              pointer,
              `${wordFor(property)} of ${nameOf(sibling) ?? ''} holds ${wordFor(wanted ?? 'another kind of value')}; use it as ${member}.`,
            );
    }
  }
}

function checkUnique({ member }: Family, special: readonly DtdlElement[], graph: Graph): void {
  const seen = new Map<string, DtdlElement>();
  for (const element of special)
    for (const { properties } of adjunctsOf(element))
      for (const [uri, rule] of Object.entries(properties)) {
        if (!rule.unique || !element.values.has(uri)) continue;
        const key = JSON.stringify([uri, element.values.get(uri)]);
        const other = seen.get(key);
        if (other)
          graph
            .reportOf(element)
            .error(
              'nonUniquePropertyValue',
              placeOf(element, uri),
              `${wordFor(uri)} has to differ among ${member}; ${nameOf(other) ?? 'another'} has the same.`,
            );
        seen.set(key, element);
      }
}

function checkParents({ parent, member }: Family, special: readonly DtdlElement[], graph: Graph): void {
  const seen = new Set<string>();
  for (const element of special)
    for (const uri of element.adjuncts)
      for (const rule of adjunctOf(uri)?.parents ?? []) {
        if (rule.member !== member) continue;
        const report = graph.reportOf(element);
        if (!rule.types.some((type) => parent.adjuncts.has(type)))
          report.error(
            'parentMissingCotype',
            element.pointer,
            `${wordFor(uri)} can stand in ${member} of a ${rule.types.map(wordFor).join(' or ')} only; add that type there.`,
          );
        if (seen.has(uri))
          report.error(
            'nonUniqueAdjunctType',
            element.pointer,
            `Only one of the ${member} can be a ${wordFor(uri)}; remove the type from the others.`,
          );
        seen.add(uri);
      }
}

function checkInstances(element: DtdlElement, graph: Graph): void {
  for (const { properties } of adjunctsOf(element))
    for (const [uri, { instanceOf }] of Object.entries(properties)) {
      const value = element.values.get(uri);
      if (instanceOf === undefined || typeof value !== 'number') continue;
      const schema = element.children.get(instanceOf)?.[0]?.id;
      const problem = schema === undefined ? null : checkInstance(value, lookUp(schema, graph)?.cls ?? '');
      if (problem !== null)
        graph
          .reportOf(element)
          .error('nonConformantPropertyValue', placeOf(element, uri), `${wordFor(uri)} ${problem}.`);
    }
}
