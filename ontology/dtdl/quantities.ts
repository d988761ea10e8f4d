/** Semantic types, units, and what the hub's own extension says of an element. */
import { dtdlUnit } from '../units/dtdl.ts';
import { isKnownUnit } from '../units.ts';
import { placeOf, type DtdlElement } from './element.ts';
import { adjunctOf, wordFor } from './metamodel/vocabulary.ts';
import type { Report } from './report.ts';

/** What an element says about the values it holds. */
export interface Quantities {
  /** Semantic type such as `Temperature`. */
  readonly semanticType: string | null;
  /** UCUM code out of the DTDL unit or of `ucum`. */
  readonly unit: string | null;
  readonly range: { readonly low: number; readonly high: number } | null;
  readonly samplingPeriodMs: number | null;
}

const measurement = 'dtmi:twinhub:extension:measurement:v1:';

/** The quantities of an element whose members were read. */
export function quantitiesOf(element: DtdlElement): Quantities {
  const semantic = [...element.adjuncts].find((uri) => adjunctOf(uri)?.kind === 'semanticType');
  const [low, high] = [numberOf(element, 'rangeLow'), numberOf(element, 'rangeHigh')];
  const ucum = element.values.get(`${measurement}ucum`);
  return {
    semanticType: semantic === undefined ? null : wordFor(semantic),
    unit: unitOf(element) ?? (typeof ucum === 'string' ? ucum : null),
    range: low !== null && high !== null ? { low, high } : null,
    samplingPeriodMs: numberOf(element, 'samplingPeriodMs'),
  };
}

function numberOf(element: DtdlElement, word: string): number | null {
  const value = element.values.get(measurement + word);
  return typeof value === 'number' ? value : null;
}

function unitWord(element: DtdlElement): string | null {
  for (const [member, [unit]] of element.children)
    if (unit && member.startsWith('dtmi:') && wordFor(member) === 'unit') return wordFor(unit.id);
  return null;
}

function unitOf(element: DtdlElement): string | null {
  const word = unitWord(element);
  return word === null ? null : (dtdlUnit(word)?.ucum ?? null);
}

/** Checks the members of the hub's own extension, and tells of units that UCUM has no code for. */
export function checkQuantities(element: DtdlElement, report: Report): void {
  const word = unitWord(element);
  const found = word === null ? null : dtdlUnit(word);
  if (word !== null && !found?.ucum)
    report.sink.warn(
      'hub:unitWithoutUcum',
      element.pointer,
      `UCUM has no code for ${word}; values carry no unit.`,
    );
  if (!element.adjuncts.has(`${measurement}Measurement`)) return;
  checkUcum(element, found?.ucum ?? null, report);
  checkRange(element, report);
}

function checkUcum(element: DtdlElement, unit: string | null, report: Report): void {
  const ucum = element.values.get(`${measurement}ucum`);
  if (typeof ucum !== 'string') return;
  const at = placeOf(element, `${measurement}ucum`);
  if (!isKnownUnit(ucum))
    report.error('hub:unknownUcum', at, `${JSON.stringify(ucum)} is not a UCUM code known here; correct it.`);
  else if (unit !== null && unit !== ucum)
    report.error('hub:unitTwice', at, `unit says ${unit}, ucum says ${ucum}; keep one.`);
}

function checkRange(element: DtdlElement, report: Report): void {
  const [low, high] = [numberOf(element, 'rangeLow'), numberOf(element, 'rangeHigh')];
  const period = numberOf(element, 'samplingPeriodMs');
  if ((low === null) !== (high === null))
    report.error('hub:rangeIncomplete', element.pointer, 'rangeLow and rangeHigh go together; give both.');
  if (low !== null && high !== null && low >= high)
    report.error('hub:rangeEmpty', element.pointer, `rangeLow (${low}) has to be below rangeHigh (${high}).`);
  if (period !== null && period <= 0)
    report.error(
      'valueBelowMin',
      placeOf(element, `${measurement}samplingPeriodMs`),
      'samplingPeriodMs has to be above 0.',
    );
}
