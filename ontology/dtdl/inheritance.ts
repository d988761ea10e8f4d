/** Works out what interfaces inherit, and checks `extends`. */
import { childrenOf, nameOf, placeOf, type DtdlElement } from './element.ts';
import { basesOf, bottomUp, type Graph } from './graph.ts';

/** What an interface has, its own and inherited. */
export interface Inherited {
  /** Ids of contents by name. */
  readonly contents: ReadonlyMap<string, string>;
  readonly ancestors: ReadonlySet<string>;
  /** Steps of `extends` on the longest way up. */
  readonly depth: number;
}

/** Inherited names and bases looked at in one import, so that no import can hold the process for long. */
const workLimit = 5_000_000;
const deepestKept = 64;

/**
 * Checks `extends`: cycles, depth, and names that meet. Each interface is worked out once from its bases, so a lattice
 * of bases costs no more than its size.
 */
export function checkInheritance(graph: Graph): ReadonlyMap<string, Inherited> {
  const interfaces = [...graph.registry.elements.values()].filter(({ cls }) => cls === 'Interface');
  const { order, cyclic } = bottomUp(
    interfaces.map(({ id }) => id),
    (id) => basesOf(id, graph),
  );
  const done = new Map<string, Inherited>();
  const state = { left: workLimit };
  for (const id of order) {
    const element = graph.registry.elements.get(id);
    if (cyclic.has(id)) {
      if (element)
        graph
          .reportOf(element)
          .error(
            'recursiveStructureNarrow',
            placeOf(element, 'extends'),
            `${id} extends itself, directly or over other interfaces; break the circle.`,
          );
      done.set(id, { contents: ownContents(id, graph), ancestors: new Set(), depth: 0 });
    } else done.set(id, inherit(id, element, graph, done, state));
  }
  return done;
}

function ownContents(id: string, graph: Graph): Map<string, string> {
  const element = graph.registry.elements.get(id);
  if (!element)
    return new Map((graph.known.get(id)?.contents ?? []).map(({ name }) => [name, `${id}#${name}`]));
  return new Map(
    childrenOf(element, 'contents').flatMap((child) => {
      const content = graph.registry.elements.get(child.id);
      const name = content ? nameOf(content) : null;
      return name === null ? [] : [[name, child.id] as const];
    }),
  );
}

function inherit(
  id: string,
  element: DtdlElement | undefined,
  graph: Graph,
  done: ReadonlyMap<string, Inherited>,
  state: { left: number },
): Inherited {
  const bases = basesOf(id, graph);
  const contents = ownContents(id, graph);
  const ancestors = new Set<string>();
  const depth = bases.reduce((deepest, base) => Math.max(deepest, (done.get(base)?.depth ?? 0) + 1), 0);
  const result = { contents, ancestors, depth };
  if (element) checkDepth(element, depth, graph);
  // Far beyond all limits the import is refused anyway; going on would cost the square of a long chain.
  if (depth > deepestKept) return result;
  for (const base of bases) {
    const above = done.get(base);
    if (!above) continue;
    ancestors.add(base);
    for (const ancestor of above.ancestors) ancestors.add(ancestor);
    state.left -= above.ancestors.size + above.contents.size;
    if (state.left < 0) return tooComplex(element, result, graph);
    importContents(id, element, base, above, contents, graph);
  }
  return result;
}

function checkDepth(element: DtdlElement, depth: number, graph: Graph): void {
  const most = element.context.limits.extendsDepth;
  if (depth > most)
    graph
      .reportOf(element)
      .error(
        'excessiveDepthNarrow',
        placeOf(element, 'extends'),
        `${element.id} extends over ${depth} levels; ${element.context.limits.name} allows ${most}.`,
      );
}

function importContents(
  id: string,
  element: DtdlElement | undefined,
  base: string,
  above: Inherited,
  contents: Map<string, string>,
  graph: Graph,
): void {
  for (const [name, content] of above.contents) {
    const before = contents.get(name);
    if (before === undefined) contents.set(name, content);
    else if (before !== content && element)
      graph
        .reportOf(element)
        .error(
          'nonUniqueImportedPropertyValue',
          placeOf(element, 'extends'),
          `${id} inherits the name ${name} from ${base}, and has another content of that name; rename one.`,
        );
  }
}

function tooComplex(element: DtdlElement | undefined, result: Inherited, graph: Graph): Inherited {
  const text = `The interfaces inherit more than ${workLimit} contents in all; import them in parts.`;
  if (element)
    graph.reportOf(element).error('hub:tooComplex', element.pointer, `${text} Stopped at ${element.id}.`);
  return result;
}
