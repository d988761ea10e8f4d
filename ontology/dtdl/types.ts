import type { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';
import type { JsonNode } from '../json-text.ts';
import { unitTypeOf } from '../units/dtdl.ts';
import type { Context } from './context.ts';
import { isDtmi } from './dtmi.ts';
import { dtdlClasses, quantifiableClasses, type DtdlClass } from './metamodel.ts';
import { isReservedTerm, termOf } from './terms.ts';

/** What `@type` says. */
export interface TypeInfo {
  readonly cls: DtdlClass;
  readonly semanticType: string | null;
  /** Co-typed `Measurement` of the hub's own extension. */
  readonly measurement: boolean;
}

/**
 * Reads `@type`.
 * @param expected - classes that may stand here; one of them is taken when `@type` is missing and it is the only one.
 * @param isRoot - the element is at the top level of its document.
 * @returns `null` after a finding when the class is not one of them.
 */
export function readTypes(
  node: JsonNode | undefined,
  expected: readonly DtdlClass[],
  context: Context,
  isRoot: boolean,
  pointer: string,
  sink: FindingSink,
): TypeInfo | null {
  const at = pointerTo(pointer, '@type');
  const texts = textsOf(node, at, sink);
  const classes = new Set(
    texts.map(termOf).filter((text): text is DtdlClass => dtdlClasses.some((known) => known === text)),
  );
  if (classes.size > 1) {
    sink.error(
      'multipleMaterialTypes',
      at,
      `@type names several classes: ${[...classes].join(', ')}. Keep one.`,
    );
    return null;
  }
  const [named] = classes;
  const cls = named ?? (texts.length === 0 && expected.length === 1 ? expected[0] : undefined);
  if (!cls || !expected.includes(cls)) {
    const code = isRoot ? 'typeNotRootable' : 'notRequiredType';
    sink.error(
      cls || texts.length ? code : 'hub:missingType',
      named ? at : pointer,
      `${cls ? `A ${cls}` : 'An element of this type'} cannot stand here; allowed: ${expected.join(', ')}.`,
    );
    return null;
  }
  const cotypes = texts.map(termOf).filter((text) => text !== cls);
  return {
    cls,
    semanticType: semanticTypeOf(cotypes, cls, context, at, sink),
    measurement: checkCotypes(cotypes, cls, context, at, sink),
  };
}

function textsOf(node: JsonNode | undefined, at: string, sink: FindingSink): string[] {
  if (!node) return [];
  const parts = node.kind === 'array' ? node.items : [node];
  const texts = parts.map((part) =>
    part.kind === 'scalar' && typeof part.value === 'string' ? part.value : null,
  );
  if (texts.includes(null))
    sink.error('hub:typeNotString', at, '@type has to be a string or a list of strings.');
  return texts.filter((text) => text !== null);
}

function semanticTypeOf(
  cotypes: readonly string[],
  cls: DtdlClass,
  context: Context,
  at: string,
  sink: FindingSink,
): string | null {
  const found = context.quantitative ? [...new Set(cotypes.filter((text) => unitTypeOf(text)))] : [];
  const [first] = found;
  if (!first) return null;
  if (found.length > 1)
    sink.error(
      'conflictingSupplementalTypes',
      at,
      `Only one semantic type is possible, not ${found.join(' and ')}.`,
    );
  if (quantifiableClasses.includes(cls)) return first;
  sink.error(
    'invalidCotype',
    at,
    `The semantic type ${first} goes with ${quantifiableClasses.join(', ')}, not with ${cls}.`,
  );
  return null;
}

/** @returns whether `Measurement` is among them. */
function checkCotypes(
  cotypes: readonly string[],
  cls: DtdlClass,
  context: Context,
  at: string,
  sink: FindingSink,
): boolean {
  let measurement = false;
  for (const text of cotypes) {
    if (context.quantitative && unitTypeOf(text)) continue;
    if (context.measurement && text === 'Measurement') {
      measurement = cls === 'Telemetry' || cls === 'Property';
      if (!measurement)
        sink.error('invalidCotype', at, `Measurement goes with Telemetry and Property, not with ${cls}.`);
      continue;
    }
    reportCotype(text, context, at, sink);
  }
  return measurement;
}

function reportCotype(text: string, context: Context, at: string, sink: FindingSink): void {
  const kept = `${text} is kept in the source and not used.`;
  if (text.startsWith('dtmi:') && !isDtmi(text, context.version))
    sink.error('typeInvalidDtmi', at, `${text} is not a DTMI.`);
  else if (text.startsWith('dtmi:')) tolerate('typeIrrelevantDtmiOrTerm', context.open);
  else if (text.includes(':')) tolerate('typeNotDtmiNorTerm', context.version === 2);
  else if (isReservedTerm(text))
    sink.error(
      'typeIrrelevantDtmiOrTerm',
      at,
      `${text} is not a type that an element can have here${unitTypeOf(text) ? '; add the QuantitativeTypes extension to @context' : ''}.`,
    );
  else tolerate('typeUndefinedTerm', context.open);

  function tolerate(code: string, allowed: boolean): void {
    if (allowed) sink.warn(code, at, kept);
    else sink.error(code, at, `${text} is not a type known here; remove it or correct it.`);
  }
}
