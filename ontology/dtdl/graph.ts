/** The elements of an import with all they refer to, and what the rules on more than one element ask of them. */
import type { Model } from '../model.ts';
import { childrenOf, type DtdlElement } from './element.ts';
import { dtdlVersions, type DtdlVersion } from './dtmi.ts';
import { standardElements } from './metamodel/vocabulary.ts';
import { targetOf, type Registry, type Target } from './registry.ts';
import type { Report } from './report.ts';

/** All that rules on more than one element look at. */
export interface Graph {
  readonly registry: Registry;
  /** Models that are stored already, by id. */
  readonly known: ReadonlyMap<string, Model>;
  readonly reportOf: (element: DtdlElement) => Report;
}

/** The element with an id: of the import, of the language, or a stored model. */
export function lookUp(id: string, graph: Graph): Target | null {
  const target = targetOf(id, graph.registry);
  if (target) return target;
  const model = graph.known.get(id);
  return model ? { cls: 'Interface', version: versionOf(model), parent: null, adjuncts: new Set() } : null;
}

function versionOf(model: Model): DtdlVersion {
  return dtdlVersions.find((version) => String(version) === model.standardVersion) ?? 2;
}

/** Ids an element holds in a member, be it of a model or of the language. */
export function heldBy(id: string, member: string, graph: Graph): readonly string[] {
  const element = graph.registry.elements.get(id);
  if (element) return childrenOf(element, member).map((child) => child.id);
  return standardElements.get(id)?.holds[member] ?? [];
}

/** Members an element holds elements in, with their ids; adjuncts' properties are left out. */
export function allHeld(
  id: string,
  graph: Graph,
): readonly (readonly [member: string, ids: readonly string[]])[] {
  const element = graph.registry.elements.get(id);
  if (!element) return Object.entries(standardElements.get(id)?.holds ?? {});
  return [...element.children]
    .filter(([member]) => !member.startsWith('dtmi:'))
    .map(([member, children]) => [member, children.map((child) => child.id)] as const);
}

/** Direct bases of an interface, each once. */
export function basesOf(id: string, graph: Graph): readonly string[] {
  const element = graph.registry.elements.get(id);
  const bases = element
    ? childrenOf(element, 'extends').map((child) => child.id)
    : (graph.known.get(id)?.extends ?? []);
  return [...new Set(bases)];
}

/**
 * Nodes of a graph in an order in which each one comes after those it leads to, and the nodes on cycles. Iterative, so
 * that long chains are no trouble.
 *
 * @see R. Tarjan, Depth-first search and linear graph algorithms, 1972
 */
export function bottomUp(
  starts: Iterable<string>,
  next: (id: string) => readonly string[],
): {
  readonly order: readonly string[];
  readonly cyclic: ReadonlySet<string>;
  readonly component: ReadonlyMap<string, number>;
} {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const component = new Map<string, number>();
  const order: string[] = [];
  const cyclic = new Set<string>();
  const open: string[] = [];
  for (const start of starts) {
    if (index.has(start)) continue;
    const stack: { id: string; rest: readonly string[]; at: number }[] = [];
    const enter = (id: string) => {
      const rest = next(id);
      index.set(id, index.size);
      if (!rest.length) {
        component.set(id, order.length);
        order.push(id);
        return;
      }
      low.set(id, index.size - 1);
      open.push(id);
      stack.push({ id, rest, at: 0 });
    };
    enter(start);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const value = top.rest[top.at++];
      if (value !== undefined) {
        if (value === top.id) cyclic.add(value);
        if (!index.has(value)) enter(value);
        else if (!component.has(value))
          low.set(top.id, Math.min(low.get(top.id) as number, index.get(value) as number));
        continue;
      }
      stack.pop();
      const above = stack.at(-1);
      const reached = low.get(top.id) as number;
      if (above) low.set(above.id, Math.min(low.get(above.id) as number, reached));
      if (reached !== index.get(top.id)) continue;
      const members = open.splice(open.lastIndexOf(top.id));
      for (const id of members) {
        component.set(id, order.length);
        if (members.length > 1) cyclic.add(id);
      }
      order.push(...members.reverse());
    }
  }
  return { order, cyclic, component };
}
