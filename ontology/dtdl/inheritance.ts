import type { DtdlElement } from './element.ts';
import { follow, type Collection } from './collect.ts';
import { limits } from './metamodel.ts';
import type { DtdlVersion } from './dtmi.ts';

/** A content name, where it comes from, and how many elements it holds. */
interface Origin {
  readonly declaredBy: string;
  readonly isComponent: boolean;
}

interface Inherited {
  readonly names: ReadonlyMap<string, Origin>;
  readonly ancestors: ReadonlySet<string>;
  /** Longest chain of `extends` above, 0 for an interface that extends nothing. */
  readonly depth: number;
}

/** Inherited names and bases looked at in one import, so that no import can hold the process for long. */
const workLimit = 5_000_000;
const deepestEver = Math.max(...Object.values(limits.extendsDepth));

/**
 * Checks `extends`: no cycles, depth, number of bases, names that meet. Each interface is worked out once from its
 * bases, so a lattice of bases costs no more than its size.
 *
 * @returns ids of the interfaces that have a component, own or inherited.
 */
export function checkInheritance(collection: Collection): ReadonlySet<string> {
  const done = new Map<string, Inherited>();
  const budget = { left: workLimit };
  for (const id of inOrder(collection)) done.set(id, inherit(id, collection, done, budget));
  for (const component of collection.elements)
    if (component.cls === 'Component') checkComponent(component, collection, done);
  return new Set(
    [...done]
      .filter(([, { names }]) => [...names.values()].some((origin) => origin.isComponent))
      .map(([id]) => id),
  );
}

function basesOf(id: string, collection: Collection): readonly string[] {
  const element = collection.interfaces.get(id);
  if (!element) return collection.known.get(id)?.extends ?? [];
  const bases = element.children.get('extends') ?? [];
  return [
    ...new Set(
      bases.flatMap((child) =>
        child.kind === 'element' ? (child.element.id ?? []) : child.kind === 'reference' ? child.id : [],
      ),
    ),
  ];
}

/** Bases before those that extend them; members of a cycle are reported and left out. */
function inOrder(collection: Collection): readonly string[] {
  const exists = (id: string) => collection.interfaces.has(id) || collection.known.has(id);
  const waiting = new Map<string, number>();
  const extendedBy = new Map<string, string[]>();
  for (const id of new Set([...collection.interfaces.keys(), ...collection.known.keys()])) {
    const bases = basesOf(id, collection).filter(exists);
    waiting.set(id, bases.length);
    for (const base of bases) (extendedBy.get(base) ?? extendedBy.set(base, []).get(base))?.push(id);
  }
  const order = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  for (const id of order) {
    for (const next of extendedBy.get(id) ?? []) {
      const left = (waiting.get(next) ?? 0) - 1;
      waiting.set(next, left);
      if (left === 0) order.push(next);
    }
  }
  const placed = new Set(order);
  for (const [id, element] of collection.interfaces) {
    if (!placed.has(id))
      collection
        .sinkOf(element)
        .error(
          'recursiveStructureNarrow',
          element.pointer,
          `${id} extends itself, directly or over other interfaces, or extends one that does.`,
        );
  }
  return order;
}

function ownNames(id: string, collection: Collection): Map<string, Origin> {
  const element = collection.interfaces.get(id);
  const names = new Map<string, Origin>();
  if (!element) {
    for (const content of collection.known.get(id)?.contents ?? [])
      names.set(content.name, { declaredBy: id, isComponent: content.kind === 'component' });
    return names;
  }
  for (const child of element.children.get('contents') ?? []) {
    const content = follow(child, collection);
    if (!content?.name) continue;
    if (names.has(content.name))
      collection
        .sinkOf(element)
        .error(
          'nonUniquePropertyValue',
          child.pointer,
          `The name ${content.name} stands twice in the contents of ${id}.`,
        );
    names.set(content.name, { declaredBy: id, isComponent: content.cls === 'Component' });
  }
  return names;
}

function inherit(
  id: string,
  collection: Collection,
  done: ReadonlyMap<string, Inherited>,
  budget: { left: number },
): Inherited {
  const element = collection.interfaces.get(id);
  const bases = basesOf(id, collection).flatMap((base) => {
    const inherited = done.get(base);
    return inherited ? { id: base, ...inherited } : [];
  });
  const names = ownNames(id, collection);
  const ancestors = new Set<string>();
  const depth = bases.reduce((deepest, base) => Math.max(deepest, base.depth + 1), 0);
  const result = { names, ancestors, depth };
  // Beyond the limits the import is refused anyway; going on would cost the square of a long chain.
  if (depth > deepestEver) {
    if (element) checkLimits(id, element, result, collection);
    return result;
  }
  for (const base of bases) {
    ancestors.add(base.id);
    for (const ancestor of base.ancestors) ancestors.add(ancestor);
    budget.left -= base.ancestors.size + base.names.size;
    if (budget.left < 0) return tooComplex(id, element, result, collection);
    importNames(id, element, base, names, collection);
  }
  if (element) checkLimits(id, element, result, collection);
  return result;
}

function importNames(
  id: string,
  element: DtdlElement | undefined,
  base: Inherited,
  names: Map<string, Origin>,
  collection: Collection,
): void {
  for (const [name, origin] of base.names) {
    const before = names.get(name);
    if (!before) names.set(name, origin);
    else if (before.declaredBy !== origin.declaredBy && element) {
      const other =
        before.declaredBy === id ? 'is declared again here' : `also comes from ${before.declaredBy}`;
      collection
        .sinkOf(element)
        .error(
          'nonUniqueImportedPropertyValue',
          element.pointer,
          `${id} inherits the name ${name} from ${origin.declaredBy}, and it ${other}.`,
        );
    }
  }
}

function tooComplex(
  id: string,
  element: DtdlElement | undefined,
  result: Inherited,
  collection: Collection,
): Inherited {
  const text = `The interfaces inherit more than ${workLimit} contents in all; import them in parts.`;
  if (element)
    collection.sinkOf(element).error('hub:tooComplex', element.pointer, `${text} Stopped at ${id}.`);
  return result;
}

function checkLimits(id: string, element: DtdlElement, inherited: Inherited, collection: Collection): void {
  const version: DtdlVersion = element.context.version;
  const sink = collection.sinkOf(element);
  const deepest = limits.extendsDepth[version];
  if (inherited.depth > deepest)
    sink.error(
      'excessiveDepthNarrow',
      element.pointer,
      `${id} extends over ${inherited.depth} levels; DTDL ${version} allows ${deepest}.`,
    );
  const most = limits.extendsCount[version];
  if (most !== null && inherited.ancestors.size > most)
    sink.error(
      'excessiveCount',
      element.pointer,
      `${id} extends ${inherited.ancestors.size} interfaces; DTDL ${version} allows ${most}.`,
    );
  const contents = limits.elementCount[version];
  if (contents !== null && inherited.names.size > contents)
    sink.error(
      'excessiveCount',
      element.pointer,
      `${id} has ${inherited.names.size} contents; DTDL ${version} allows ${contents}.`,
    );
}

function checkComponent(
  component: DtdlElement,
  collection: Collection,
  done: ReadonlyMap<string, Inherited>,
): void {
  const child = component.children.get('schema')?.[0];
  const id =
    child?.kind === 'element' ? child.element.id : child?.kind === 'reference' ? child.id : undefined;
  const inner = id ? [...(done.get(id)?.names ?? [])].find(([, origin]) => origin.isComponent) : undefined;
  if (inner)
    collection
      .sinkOf(component)
      .error(
        'excludedType',
        component.pointer,
        `The component's interface ${id} has a component itself (${inner[0]}), which is not allowed.`,
      );
}
