import type { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';
import type { JsonNode } from '../json-text.ts';
import { dtdlUnit, unitTypeOf } from '../units/dtdl.ts';
import { isKnownUnit } from '../units.ts';
import type { Context } from './context.ts';
import type { Quantities } from './element.ts';
import { termOf } from './terms.ts';
import type { TypeInfo } from './types.ts';

/** Members of the `Measurement` type of the hub's own extension. */
export const measurementMembers = ['ucum', 'rangeLow', 'rangeHigh', 'samplingPeriodMs'] as const;

/** Reads `unit` of QuantitativeTypes and the members of the hub's own `Measurement`. */
export function readQuantities(
  members: ReadonlyMap<string, JsonNode>,
  types: TypeInfo,
  context: Context,
  pointer: string,
  sink: FindingSink,
): Quantities {
  const unit = context.quantitative
    ? readUnit(members.get('unit') ?? members.get('dtmi:dtdl:property:unit;2'), types, pointer, sink)
    : null;
  if (!types.measurement)
    return { semanticType: types.semanticType, unit, range: null, samplingPeriodMs: null };
  const ucum = readUcum(members.get('ucum'), unit, pointer, sink);
  const low = readNumber(members.get('rangeLow'), pointerTo(pointer, 'rangeLow'), sink);
  const high = readNumber(members.get('rangeHigh'), pointerTo(pointer, 'rangeHigh'), sink);
  const samplingPeriodMs = readNumber(
    members.get('samplingPeriodMs'),
    pointerTo(pointer, 'samplingPeriodMs'),
    sink,
  );
  if ((low === null) !== (high === null))
    sink.error('hub:rangeIncomplete', pointer, 'rangeLow and rangeHigh go together.');
  if (low !== null && high !== null && low >= high)
    sink.error('hub:rangeEmpty', pointer, `rangeLow (${low}) has to be below rangeHigh (${high}).`);
  if (samplingPeriodMs !== null && !(samplingPeriodMs > 0))
    sink.error(
      'valueBelowMin',
      pointerTo(pointer, 'samplingPeriodMs'),
      'samplingPeriodMs has to be above 0.',
    );
  return {
    semanticType: types.semanticType,
    unit: unit ?? ucum,
    range: low !== null && high !== null ? { low, high } : null,
    samplingPeriodMs,
  };
}

function readUnit(
  node: JsonNode | undefined,
  types: TypeInfo,
  pointer: string,
  sink: FindingSink,
): string | null {
  if (!node) return null;
  const at = pointerTo(pointer, 'unit');
  const only = node.kind === 'array' && node.items.length === 1 ? node.items[0] : node;
  const term = only?.kind === 'scalar' && typeof only.value === 'string' ? termOf(only.value) : null;
  const found = term === null ? null : dtdlUnit(term);
  if (!types.semanticType)
    sink.error('noTypeThatAllows', at, 'A unit needs a semantic type such as Temperature in @type.');
  else if (!found) sink.error('badDtmiOrTerm', at, `${term ?? 'The value'} is not a unit of DTDL.`);
  else if (found.unitType !== unitTypeOf(types.semanticType)) {
    sink.error(
      'notRequiredType',
      at,
      `${term} is a ${found.unitType}; ${types.semanticType} needs a ${unitTypeOf(types.semanticType)}.`,
    );
  } else if (found.ucum === null)
    sink.warn('hub:unitWithoutUcum', at, `UCUM has no code for ${term}; values carry no unit.`);
  return found?.ucum ?? null;
}

function readUcum(
  node: JsonNode | undefined,
  unit: string | null,
  pointer: string,
  sink: FindingSink,
): string | null {
  if (!node) return null;
  const at = pointerTo(pointer, 'ucum');
  const code = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
  if (!isKnownUnit(code))
    sink.error('hub:unknownUcum', at, `${JSON.stringify(code)} is not a UCUM code known here.`);
  else if (unit !== null && unit !== code)
    sink.error('hub:unitTwice', at, `unit says ${unit}, ucum says ${code}; keep one.`);
  else return code;
  return null;
}

function readNumber(node: JsonNode | undefined, at: string, sink: FindingSink): number | null {
  if (!node) return null;
  if (node.kind === 'scalar' && typeof node.value === 'number' && Number.isFinite(node.value))
    return node.value;
  sink.error('numericNotNumeric', at, 'The value has to be a JSON number.');
  return null;
}
