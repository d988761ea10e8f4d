/** Checks limits on numbers of values, names inside elements, enumerations, and what must not be inside what. */
import { childrenOf, nameOf, onlyChild, placeOf, type DtdlElement } from './element.ts';
import { allHeld, basesOf, heldBy, lookUp, type Graph } from './graph.ts';
import type { Inherited } from './inheritance.ts';
import { checkInstance } from './instance.ts';
import { limitedMembers } from './metamodel/compiled.ts';
import { language } from './metamodel/language.ts';
import { wordFor } from './metamodel/vocabulary.ts';

/** Checks each element by itself and with what it holds. */
export function checkRestrictions(graph: Graph, inherited: ReadonlyMap<string, Inherited>): void {
  for (const element of graph.registry.elements.values()) {
    checkCounts(element, graph, inherited);
    if (element.cls !== 'Interface') checkNames(element, graph);
    if (element.cls === 'Enum') checkEnum(element, graph);
    if (element.cls === 'Component') checkComponent(element, graph, inherited);
    if (element.cls === 'Property' && language[element.context.version].excludesArrayInProperty)
      checkNoArray(element, graph);
  }
}

function checkCounts(element: DtdlElement, graph: Graph, inherited: ReadonlyMap<string, Inherited>): void {
  const { limits, version } = element.context;
  for (const [member, rule] of limitedMembers(element.cls, version)) {
    if (!rule.limit) continue;
    const most = limits[rule.limit];
    if (most === null) continue;
    const ids = childrenOf(element, member).map(({ id }) => id);
    const count =
      member === 'contents' ? (inherited.get(element.id)?.contents.size ?? ids.length) : new Set(ids).size;
    if (count > most)
      graph
        .reportOf(element)
        .error(
          'objectCountAboveMax',
          placeOf(element, member),
          `There are ${count} ${member}, inherited ones included; ${limits.name} allows ${most}.`,
        );
  }
  const most = limits.extendsCount;
  const count = inherited.get(element.id)?.ancestors.size ?? 0;
  if (element.cls === 'Interface' && most !== null && count > most)
    graph
      .reportOf(element)
      .error(
        'excessiveCount',
        placeOf(element, 'extends'),
        `${element.id} extends ${count} interfaces; ${limits.name} allows ${most}.`,
      );
}

function checkNames(element: DtdlElement, graph: Graph): void {
  for (const [member, rule] of limitedMembers(element.cls, element.context.version))
    if (rule.named) checkDistinct(element, member, nameOf, 'name', graph);
}

function checkDistinct(
  element: DtdlElement,
  member: string,
  valueOf: (child: DtdlElement) => unknown,
  what: string,
  graph: Graph,
): void {
  const seen = new Map<unknown, string>();
  for (const { id, pointer } of childrenOf(element, member)) {
    const child = graph.registry.elements.get(id);
    const value = child ? valueOf(child) : null;
    if (value === null || value === undefined) continue;
    const other = seen.get(value);
    if (other !== undefined && other !== id)
      graph
        .reportOf(element)
        .error('nonUniquePropertyValue', pointer, `The ${what} ${String(value)} stands twice in ${member}.`);
    seen.set(value, id);
  }
}

function checkEnum(element: DtdlElement, graph: Graph): void {
  checkDistinct(element, 'enumValues', (child) => child.values.get('enumValue'), 'enumValue', graph);
  const schema = onlyChild(element, 'valueSchema');
  const cls = schema ? lookUp(schema.id, graph)?.cls : undefined;
  const report = graph.reportOf(element);
  if (schema && cls !== 'Integer' && cls !== 'String') {
    report.error(
      'incorrectPropertyValue',
      schema.pointer,
      `${wordFor(schema.id)} cannot be the valueSchema; it has to be integer or string.`,
    );
    return;
  }
  for (const { id, pointer } of childrenOf(element, 'enumValues')) {
    const value = graph.registry.elements.get(id)?.values.get('enumValue');
    if (value === undefined || !schema) continue;
    const fits = cls === 'Integer' ? isInteger(value) : typeof value === 'string';
    if (!fits)
      report.error(
        'nonConformantDatatype',
        pointer,
        `${JSON.stringify(value)} is not of the enumeration's valueSchema ${wordFor(schema.id)}.`,
      );
  }
}

/** Whole, and no more than 32 bits. */
function isInteger(value: unknown): boolean {
  return typeof value === 'number' && checkInstance(value, 'Integer') === null;
}

function checkComponent(element: DtdlElement, graph: Graph, inherited: ReadonlyMap<string, Inherited>): void {
  const schema = onlyChild(element, 'schema');
  if (!schema) return;
  const inner = [...(inherited.get(schema.id)?.contents ?? [])].find(([, id]) => isComponent(id, graph));
  const stored = inner ? undefined : storedComponent(schema.id, graph);
  const name = inner?.[0] ?? stored;
  if (name !== undefined)
    graph
      .reportOf(element)
      .error(
        'excludedType',
        schema.pointer,
        `${schema.id} has a component itself (${name}); an interface used as component must not have any.`,
      );
}

function isComponent(id: string, graph: Graph): boolean {
  return graph.registry.elements.get(id)?.cls === 'Component' || storedContent(id, graph) === 'component';
}

function storedContent(id: string, graph: Graph): string | undefined {
  const at = id.indexOf('#');
  if (at < 0) return undefined;
  const model = graph.known.get(id.slice(0, at));
  return model?.contents.find(({ name }) => name === id.slice(at + 1))?.kind;
}

/** A component of a stored model or of one of its bases. */
function storedComponent(id: string, graph: Graph): string | undefined {
  const seen = new Set<string>();
  const queue = [id];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const found = graph.known.get(at)?.contents.find(({ kind }) => kind === 'component');
    if (found) return found.name;
    if (graph.known.has(at)) queue.push(...basesOf(at, graph));
  }
  return undefined;
}

function checkNoArray(property: DtdlElement, graph: Graph): void {
  const seen = new Set<string>();
  const queue = [...heldBy(property.id, 'schema', graph)];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (lookUp(id, graph)?.cls === 'Array') {
      graph
        .reportOf(property)
        .error(
          'excludedType',
          placeOf(property, 'schema'),
          `DTDL ${property.context.version} does not allow an Array in a Property; use Telemetry or DTDL 3.`,
        );
      return;
    }
    queue.push(...allHeld(id, graph).flatMap(([, ids]) => ids));
  }
}
