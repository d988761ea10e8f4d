import type { DtdlElement } from './element.ts';
import { childrenOf, onlyChild } from './element.ts';
import { follow, type Collection } from './collect.ts';
import { integerSchemas, limits, numericSchemas } from './metamodel.ts';

/** Checks rules on schemas: nesting, cycles, arrays in properties of DTDL 2, unique names inside, enum values, what a semantic type needs. */
export function checkSchemas(collection: Collection): void {
  const depths = new Map<DtdlElement, number>();
  for (const element of collection.elements) {
    checkNames(element, collection);
    if (element.cls === 'Enum') checkEnum(element, collection);
    if (element.quantities.semanticType) checkNumeric(element, collection);
    if (isComplex(element)) checkDepth(element, collection, depths);
    if (element.cls === 'Property' && element.context.version === 2) checkNoArray(element, collection);
  }
}

const isComplex = (element: DtdlElement) =>
  element.cls === 'Array' || element.cls === 'Map' || element.cls === 'Object';

function inner(element: DtdlElement, collection: Collection): DtdlElement[] {
  return [...childrenOf(element)].flatMap(([member, child]) =>
    member === 'extends' ? [] : (follow(child, collection) ?? []),
  );
}

/** How many `schema` and `elementSchema` steps lie below; memoised, without recursion, so that long chains are no trouble. */
function checkDepth(root: DtdlElement, collection: Collection, depths: Map<DtdlElement, number>): void {
  const { version } = root.context;
  const open = new Set<DtdlElement>();
  const stack: { element: DtdlElement; entered: boolean }[] = [{ element: root, entered: false }];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { element, entered } = top;
    if (entered) {
      open.delete(element);
      depths.set(element, stepsBelow(element, collection, depths));
      continue;
    }
    if (depths.has(element) || open.has(element)) {
      if (open.has(element) && version < 4)
        collection
          .sinkOf(root)
          .error(
            'recursiveStructureWide',
            root.pointer,
            `The schema contains itself, which DTDL ${version} does not allow.`,
          );
      continue;
    }
    open.add(element);
    stack.push({ element, entered: true });
    for (const next of inner(element, collection)) stack.push({ element: next, entered: false });
  }
  const depth = depths.get(root) ?? 0;
  if (depth > limits.schemaDepth[version]) {
    collection
      .sinkOf(root)
      .error(
        'excessiveDepthNarrow',
        root.pointer,
        `The schema nests over ${depth} levels; DTDL ${version} allows ${limits.schemaDepth[version]}.`,
      );
  }
}

function stepsBelow(
  element: DtdlElement,
  collection: Collection,
  depths: ReadonlyMap<DtdlElement, number>,
): number {
  let most = 0;
  for (const [member, child] of childrenOf(element)) {
    const next = follow(child, collection);
    const isStep = member === 'schema' || member === 'elementSchema';
    most = Math.max(most, (isStep ? 1 : 0) + (next ? (depths.get(next) ?? 0) : 0));
  }
  return most;
}

const namedChildren = { Object: 'fields', Enum: 'enumValues', Relationship: 'properties' } as const;

function checkNames(element: DtdlElement, collection: Collection): void {
  const member = Object.hasOwn(namedChildren, element.cls)
    ? namedChildren[element.cls as keyof typeof namedChildren]
    : undefined;
  if (!member) return;
  const seen = new Set<string>();
  for (const child of element.children.get(member) ?? []) {
    const name = follow(child, collection)?.name;
    if (name && seen.has(name))
      collection
        .sinkOf(element)
        .error('nonUniquePropertyValue', child.pointer, `The name ${name} stands twice in ${member}.`);
    if (name) seen.add(name);
  }
}

function checkEnum(element: DtdlElement, collection: Collection): void {
  const schema = onlyChild(element, 'valueSchema');
  const wanted = schema?.kind === 'standard' ? schema.term : null;
  const seen = new Set<unknown>();
  for (const child of element.children.get('enumValues') ?? []) {
    const value = follow(child, collection)?.values.get('enumValue');
    const sink = collection.sinkOf(element);
    if (value === undefined) continue;
    if (wanted && (typeof value === 'number') !== (wanted === 'integer'))
      sink.error(
        'nonConformantDatatype',
        child.pointer,
        `${JSON.stringify(value)} is not of the enumeration's valueSchema ${wanted}.`,
      );
    if (seen.has(value))
      sink.error(
        'nonUniquePropertyValue',
        child.pointer,
        `The enumValue ${JSON.stringify(value)} stands twice.`,
      );
    seen.add(value);
  }
}

function checkNumeric(element: DtdlElement, collection: Collection): void {
  const schema = onlyChild(element, 'schema');
  if (!schema || (schema.kind === 'standard' && numericSchemas.includes(schema.term))) return;
  collection
    .sinkOf(element)
    .error(
      'notRequiredType',
      schema.pointer,
      `${element.quantities.semanticType} needs a numeric schema such as double.`,
    );
}

function checkNoArray(property: DtdlElement, collection: Collection): void {
  const seen = new Set<DtdlElement>();
  const queue = inner(property, collection);
  for (let element = queue.pop(); element; element = queue.pop()) {
    if (seen.has(element)) continue;
    seen.add(element);
    if (element.cls === 'Array')
      collection
        .sinkOf(property)
        .error(
          'excludedType',
          property.pointer,
          'DTDL 2 does not allow an Array in a Property; use Telemetry or DTDL 3.',
        );
    queue.push(...inner(element, collection));
  }
}

/** Whether every value of a standard schema is a whole number. */
export function isIntegerSchema(term: string): boolean {
  return integerSchemas.includes(term);
}
