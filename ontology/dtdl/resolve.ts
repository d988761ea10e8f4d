/** Follows references: finds those that lead nowhere, and checks those that lead somewhere. */
import { extensions, wordFor } from './metamodel/vocabulary.ts';
import { languagePrefixes } from './metamodel/language.ts';
import { nameOf, placeOf } from './element.ts';
import { lookUp, type Graph } from './graph.ts';
import type { Reference } from './registry.ts';

const reserved: readonly string[] = [
  ...languagePrefixes,
  ...[...extensions.values()].flatMap((versions) =>
    [...versions.values()].flatMap((row) => row.reserved ?? []),
  ),
];

/** Whether an id belongs to the language or to an extension, so that no model can define it. */
export function isReserved(id: string): boolean {
  return reserved.some((prefix) => id.startsWith(prefix));
}

/**
 * Reports references to what neither the language nor an extension defines, though it would have to.
 * @returns references to models that are not at hand; they are not reported.
 */
export function checkDefined(graph: Graph): readonly Reference[] {
  for (const inside of graph.registry.clashes)
    graph
      .reportOf(inside)
      .error(
        'duplicateDefinition',
        inside.pointer,
        `${inside.id} is the id of the element around it as well; choose another.`,
      );
  const unresolved: Reference[] = [];
  for (const reference of graph.registry.references) {
    const { id, written, from, pointer } = reference;
    if (lookUp(id, graph)) continue;
    const report = graph.reportOf(from);
    if (written !== null && reference.classes && !written.startsWith('dtmi:'))
      report.error(
        'badType',
        pointer,
        `${written} cannot stand here; allowed: ${reference.classes.join(', ')}.`,
      );
    else if (isReserved(id))
      report.error('undefinedReservedId', pointer, `${id} is not defined by the language; correct it.`);
    else unresolved.push(reference);
  }
  return unresolved;
}

/** Checks that what references lead to may stand where they stand. */
export function checkReferences(graph: Graph): void {
  const contents = new Map<string, Map<string, string>>();
  for (const reference of graph.registry.references) {
    const target = lookUp(reference.id, graph);
    if (!target) continue;
    checkPartition(reference, graph);
    const report = graph.reportOf(reference.from);
    const { id, pointer, classes, versions, childOf, from } = reference;
    const foreign = graph.known.get(id);
    if ((classes && !classes.includes(target.cls)) || (foreign && foreign.standard !== 'DTDL')) {
      report.error(
        'badType',
        pointer,
        `${id} is a ${foreign && foreign.standard !== 'DTDL' ? foreign.standard : target.cls}; allowed: ${(classes ?? []).join(', ')}.`,
      );
      continue;
    }
    if (versions && !target.anyVersion && !versions.includes(target.version))
      report.error(
        'disallowedVersionReference',
        pointer,
        `${id} is written in DTDL ${target.version}; allowed from DTDL ${from.context.version}: ${versions.join(', ')}.`,
      );
    if (childOf !== null && target.parent !== childOf)
      report.error(
        'wrongParent',
        pointer,
        `${wordFor(id)} is not one of the ${wordFor(childOf)}; choose one of them.`,
      );
    if (reference.member === 'contents') checkName(reference, contents, graph);
  }
}

function checkPartition({ from, id, pointer }: Reference, graph: Graph): void {
  const target = graph.registry.elements.get(id);
  if (!target || target.cls === 'Interface' || target.definedIn === null) return;
  const source = from.cls === 'Interface' || from.definedIn === null ? from.id : from.definedIn;
  if (target.definedIn !== source)
    graph
      .reportOf(from)
      .error(
        'crossPartitionReference',
        pointer,
        `${id} is defined inside ${target.definedIn}; define a copy with an id of its own in ${source}.`,
      );
}

/** Two contents of one interface with the same name, though they have ids of their own. */
function checkName(
  { from, id, pointer }: Reference,
  contents: Map<string, Map<string, string>>,
  graph: Graph,
): void {
  const element = graph.registry.elements.get(id);
  const name = element ? nameOf(element) : null;
  if (name === null) {
    graph
      .reportOf(from)
      .error('missingDictKeyPropertyValue', pointer, `${id} has no name; contents need one.`);
    return;
  }
  const names = contents.get(from.id) ?? new Map<string, string>();
  contents.set(from.id, names);
  const other = names.get(name);
  if (other !== undefined && other !== id)
    graph
      .reportOf(from)
      .error(
        'nonUniquePropertyValue',
        pointer,
        `The name ${name} stands twice in ${placeOf(from, 'contents')}; names of contents have to differ.`,
      );
  names.set(name, id);
}
