/** Checks how deep schemas nest, and how many elements are below an interface. */
import { placeOf, type DtdlElement } from './element.ts';
import { allHeld, bottomUp, heldBy, type Graph } from './graph.ts';
import type { Inherited } from './inheritance.ts';
import { isA } from './metamodel/classes.ts';
import { language } from './metamodel/language.ts';

const steps = new Set(['schema', 'elementSchema']);

/** Checks that schemas nest no deeper than allowed, and do not contain themselves where that is not allowed. */
export function checkSchemaDepth(graph: Graph): void {
  const schemas = [...graph.registry.elements.values()].filter(({ cls }) => isA(cls, 'ComplexSchema'));
  const { order, cyclic, component } = bottomUp(
    schemas.map(({ id }) => id),
    (id) => allHeld(id, graph).flatMap(([, ids]) => ids),
  );
  const depths = new Map<string, number>();
  const circular = new Set<string>(cyclic);
  for (const id of order) {
    let depth = 0;
    for (const [member, ids] of allHeld(id, graph)) {
      const step = steps.has(member) ? 1 : 0;
      for (const child of ids) {
        if (circular.has(child)) circular.add(id);
        const below = component.get(child) === component.get(id) ? 0 : (depths.get(child) ?? 0);
        depth = Math.max(depth, step + below);
      }
    }
    depths.set(id, depth);
  }
  for (const schema of schemas) checkSchema(schema, depths.get(schema.id) ?? 0, circular, graph);
}

function checkSchema(schema: DtdlElement, depth: number, circular: ReadonlySet<string>, graph: Graph): void {
  const { version, limits } = schema.context;
  const report = graph.reportOf(schema);
  if (circular.has(schema.id) && !language[version].allowsSelfReference)
    report.error(
      'recursiveStructureWide',
      schema.pointer,
      `The schema contains itself, which DTDL ${version} does not allow.`,
    );
  else if (depth > limits.schemaDepth)
    report.error(
      'excessiveDepthWide',
      schema.pointer,
      `The schema nests over ${depth} levels; ${limits.name} allows ${limits.schemaDepth}.`,
    );
}

/** Members whose elements count. */
const counted = [
  'fields',
  'enumValues',
  'request',
  'response',
  'properties',
  'schema',
  'elementSchema',
  'mapValue',
];

/**
 * Checks that there are no more elements below an interface than allowed, counted along every way to them. Elements
 * that contain themselves are refused elsewhere, or allowed.
 */
export function checkElementCounts(graph: Graph, inherited: ReadonlyMap<string, Inherited>): void {
  const interfaces = [...graph.registry.elements.values()].filter(
    ({ cls, context }) => cls === 'Interface' && context.limits.elementCount !== null,
  );
  const below = (id: string) => countedBelow(id, graph, inherited);
  const { order, component } = bottomUp(
    interfaces.map(({ id }) => id),
    below,
  );
  const counts = new Map<string, number>();
  for (const id of order) {
    let count = 0;
    for (const child of below(id)) {
      const inside = component.get(child) === component.get(id) ? 0 : (counts.get(child) ?? 0);
      count += 1 + inside;
    }
    counts.set(id, count);
  }
  for (const element of interfaces) checkCount(element, counts.get(element.id) ?? 0, graph);
}

function countedBelow(
  id: string,
  graph: Graph,
  inherited: ReadonlyMap<string, Inherited>,
): readonly string[] {
  const contents = inherited.get(id)?.contents;
  const element = graph.registry.elements.get(id);
  if (!contents && element && !element.children.size) return [];
  const held = counted.flatMap((member) => heldBy(id, member, graph));
  return contents ? [...contents.values(), ...held] : held;
}

function checkCount(element: DtdlElement, count: number, graph: Graph): void {
  const { limits } = element.context;
  if (limits.elementCount !== null && count > limits.elementCount)
    graph
      .reportOf(element)
      .error(
        'excessiveCount',
        placeOf(element, 'contents'),
        `There are ${count} elements in the contents of ${element.id}; ${limits.name} allows ${limits.elementCount}.`,
      );
}
