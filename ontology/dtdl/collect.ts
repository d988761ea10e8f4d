import type { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';
import type { Model } from '../model.ts';
import { childrenOf, type Child, type DtdlElement } from './element.ts';
import { forVersion, limits, members } from './metamodel.ts';

/** All elements of an import, and what is known besides. */
export interface Collection {
  readonly elements: readonly DtdlElement[];
  readonly interfaces: ReadonlyMap<string, DtdlElement>;
  readonly byId: ReadonlyMap<string, DtdlElement>;
  /** Models that are stored already, by id. */
  readonly known: ReadonlyMap<string, Model>;
  readonly sinkOf: (element: DtdlElement) => FindingSink;
}

/** Lists every element below the given ones; reports ids that are defined twice and interfaces that are too large. */
export function collect(
  roots: readonly DtdlElement[],
  known: ReadonlyMap<string, Model>,
  sinks: readonly FindingSink[],
): Collection {
  const sinkOf = (element: DtdlElement) => sinks[element.document] as FindingSink;
  const elements = allElements(roots);
  const byId = new Map<string, DtdlElement>();
  for (const element of elements) {
    if (element.id === null) continue;
    const before = byId.get(element.id);
    if (before)
      sinkOf(element).error(
        'duplicateDefinition',
        pointerTo(element.pointer, '@id'),
        `${element.id} is defined more than once; the other one is at ${placeName(before)}.`,
      );
    else byId.set(element.id, element);
  }
  const interfaces = new Map([...byId].filter(([, element]) => element.cls === 'Interface'));
  for (const element of interfaces.values()) checkSize(element, sinkOf(element));
  return { elements, interfaces, byId, known, sinkOf };
}

/** The elements and everything inside them, in the order of the documents. */
function allElements(roots: readonly DtdlElement[]): DtdlElement[] {
  const elements: DtdlElement[] = [];
  const stack = [...roots].reverse();
  for (let element = stack.pop(); element; element = stack.pop()) {
    elements.push(element);
    const inside = [...childrenOf(element)].flatMap(([, child]) =>
      child.kind === 'element' ? child.element : [],
    );
    stack.push(...inside.reverse());
  }
  return elements;
}

function placeName(element: DtdlElement): string {
  return element.pointer || 'the beginning of its document';
}

function checkSize(element: DtdlElement, sink: FindingSink): void {
  const characters = element.node.end - element.node.at;
  if (characters > limits.interfaceBytes)
    sink.error(
      'partitionTooLarge',
      element.pointer,
      `The interface has ${characters} characters; allowed are ${limits.interfaceBytes}.`,
    );
}

/** The element a child stands for: itself or the one it refers to; `null` when that is not in the import. */
export function follow(child: Child | undefined, collection: Collection): DtdlElement | null {
  if (child?.kind === 'element') return child.element;
  return child?.kind === 'reference' ? (collection.byId.get(child.id) ?? null) : null;
}

/** Members whose values are other models, which may be stored already. */
const modelMembers = new Set(['Interface.extends', 'Component.schema']);

/** Ids of interfaces the import refers to without defining them. */
export function missingModels(roots: readonly DtdlElement[]): readonly string[] {
  const elements = allElements(roots);
  const defined = new Set(elements.map((element) => element.id));
  const wanted = elements.flatMap((element) =>
    [...childrenOf(element)].flatMap(([member, child]) =>
      child.kind === 'reference' && modelMembers.has(`${element.cls}.${member}`) ? [child.id] : [],
    ),
  );
  return [...new Set(wanted.filter((id) => !defined.has(id)))];
}

/** Checks that everything referred to exists, is of the right class, no newer than what refers to it, and not inside another interface. */
export function checkReferences(collection: Collection): void {
  for (const element of collection.elements) {
    for (const [member, child] of childrenOf(element))
      if (child.kind === 'reference') checkReference(element, member, child, collection);
  }
}

function checkReference(
  element: DtdlElement,
  member: string,
  child: Extract<Child, { kind: 'reference' }>,
  collection: Collection,
): void {
  const sink = collection.sinkOf(element);
  const isModel = modelMembers.has(`${element.cls}.${member}`);
  const target = collection.byId.get(child.id);
  const stored = isModel ? collection.known.get(child.id) : undefined;
  if (!target && !stored) {
    sink.error(
      'hub:unresolvedReference',
      child.pointer,
      `${child.id} is neither in the import nor stored; import it together or before.`,
    );
    return;
  }
  const rule = members[element.cls][member];
  const allowed = rule?.holds === 'elements' ? forVersion(rule.classes, element.context.version) : [];
  if (stored && !target && stored.standard !== 'DTDL')
    sink.error('notRequiredType', child.pointer, `${child.id} is not a DTDL interface.`);
  if (target && !allowed.includes(target.cls))
    sink.error(
      'notRequiredType',
      child.pointer,
      `${child.id} is a ${target.cls}; allowed: ${allowed.join(', ')}.`,
    );
  const version = target?.context.version ?? Number(stored?.standardVersion);
  if (version > element.context.version)
    sink.error(
      'disallowedVersionReference',
      child.pointer,
      `${child.id} is written in DTDL ${version}; DTDL ${element.context.version} cannot build on a newer version.`,
    );
  if (target && !isModel && target.owner !== element.owner) {
    sink.error(
      'crossPartitionReference',
      child.pointer,
      `${child.id} is defined inside ${target.owner}; define a copy with an id of its own here.`,
    );
  }
}
