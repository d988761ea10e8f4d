import { areConvertible, convert, isKnownUnit } from '../../units.ts';
import { ucumOfUnece } from '../../units/unece.ts';
import type { Submodel } from '../environment.ts';
import { ucumOfSymbol } from '../units.ts';
import { property, type CanonicalProperty } from './canonical.ts';
import { childrenOf, elementsOf, pick, pickAll, textOf, type Placed, type ReadScope } from './elements.ts';
import { numberValue, readFields, textValue, type Fields } from './fields.ts';

export interface MaintenanceStep {
  readonly id: string | null;
  readonly name: string | null;
  readonly instruction: string | null;
}

/** One maintenance of a plan. */
export interface MaintenanceInstruction {
  readonly id: string | null;
  readonly name: string | null;
  /** How often, as the submodel says. */
  readonly interval: { readonly value: number; readonly unit: string } | null;
  /** How often in hours, when the unit is one of time. */
  readonly intervalHours: number | null;
  readonly technicians: number | null;
  readonly qualification: string | null;
  /** Labour, hours. */
  readonly workHours: number | null;
  readonly steps: readonly MaintenanceStep[];
  readonly pointer: string;
}

export interface MaintenancePlan {
  readonly maintenanceFree: boolean | null;
  readonly instructions: readonly MaintenanceInstruction[];
  readonly spareParts: readonly { readonly id: string | null; readonly name: string | null }[];
  readonly properties: readonly CanonicalProperty[];
}

const basicFields = {
  id: { term: 'maintenance.id', names: ['MaintenanceID'], as: 'text' },
  name: { term: 'maintenance.name', names: ['NameOfMaintenance'], as: 'text' },
} as const satisfies Fields;
const intervalFields = {
  value: { term: 'maintenance.intervalValue', names: ['MaintenanceIntervalValue'] },
  unit: { term: 'maintenance.intervalUnit', names: ['MaintenanceIntervalUnit'], as: 'text' },
} as const satisfies Fields;
const technicianFields = {
  number: { term: 'maintenance.numberOfTechnicians', names: ['NumberOfRequiredTechnicians'] },
  qualification: {
    term: 'maintenance.requiredQualification',
    names: ['RequiredQualification'],
    as: 'text',
  },
} as const satisfies Fields;
const workFields = {
  value: { term: 'maintenance.workingTimeValue', names: ['ValueTotalEstimatedWorkingTime'] },
  unit: {
    term: 'maintenance.workingTimeUnit',
    names: ['UnitValueTotalEstimatedWorkingTime'],
    as: 'text',
  },
} as const satisfies Fields;
const stepFields = {
  id: { term: 'maintenance.stepId', names: ['MaintenanceStepID'], as: 'text' },
  name: { term: 'maintenance.stepName', names: ['MaintenanceStepName'], as: 'text' },
  instruction: {
    term: 'maintenance.stepInstruction',
    names: ['InstructionMaintenanceStep'],
    as: 'text',
  },
} as const satisfies Fields;
const sparePartFields = {
  id: { term: 'maintenance.sparePartId', names: ['SparePartID'], as: 'text' },
  name: { term: 'maintenance.sparePartName', names: ['SparePartName'], as: 'text' },
} as const satisfies Fields;

/**
 * Reads Maintenance Instructions (02018 1.0).
 * @see IDTA 02018-1-0
 */
export function readMaintenance(submodel: Submodel, pointer: string, scope: ReadScope): MaintenancePlan {
  const elements = elementsOf(submodel, pointer);
  const free = pick(elements, 'maintenance.maintenanceFree', 'MaintenanceFreeAsset');
  const freeText = free && textOf(free);
  const instructions = pickAll(
    elements,
    'maintenance.instruction',
    'MaintenanceInstructionsForSpecificInterval',
  ).map((placed) => readInstruction(placed, scope));
  const list = pick(elements, 'maintenance.spareParts', 'MaintenanceSparePartList');
  const spareParts = (list ? childrenOf(list) : []).map((placed) => {
    const found = readFields(childrenOf(placed), sparePartFields, scope);
    return { id: textValue(found.id), name: textValue(found.name) };
  });
  const maintenanceFree = freeText === null ? null : ['true', '1'].includes(freeText);
  const plan = instructions.map(({ pointer: _, ...rest }) => rest);
  return {
    maintenanceFree,
    instructions,
    spareParts,
    properties: [
      ...(maintenanceFree === null
        ? []
        : [property('maintenance.maintenanceFree', 'boolean', maintenanceFree)]),
      ...(plan.length ? [property('maintenance.plan', 'object', plan)] : []),
      ...(spareParts.length ? [property('maintenance.spareParts', 'object', spareParts)] : []),
    ],
  };
}

function readInstruction(placed: Placed, scope: ReadScope): MaintenanceInstruction {
  const inside = childrenOf(placed);
  const part = (all: readonly Placed[], term: string, name: string) => {
    const found = pick(all, term, name);
    return found ? childrenOf(found) : [];
  };
  const basic = part(inside, 'maintenance.basicInformation', 'BasicMaintenanceInformation');
  const info = readFields(basic, basicFields, scope);
  const every = readFields(
    part(basic, 'maintenance.intervalSpecification', 'IntervalSpecification'),
    intervalFields,
    scope,
  );
  const people = part(inside, 'maintenance.technicians', 'MaintenanceTechnicians');
  const technicians = readFields(people, technicianFields, scope);
  const work = readFields(
    part(people, 'maintenance.workingTime', 'EstimatedTotalWorkingTime'),
    workFields,
    scope,
  );
  const [value, unit] = [numberValue(every.value), textValue(every.unit)];
  return {
    id: textValue(info.id),
    name: textValue(info.name),
    interval: value === null ? null : { value, unit: unit ?? '' },
    intervalHours: value === null ? null : hours(value, unit),
    technicians: numberValue(technicians.number),
    qualification: textValue(technicians.qualification),
    workHours: hours(numberValue(work.value), textValue(work.unit)),
    steps: part(inside, 'maintenance.steps', 'ListMaintenanceSteps').map((step) => {
      const found = readFields(childrenOf(step), stepFields, scope);
      return {
        id: textValue(found.id),
        name: textValue(found.name),
        instruction: textValue(found.instruction),
      };
    }),
    pointer: placed.pointer,
  };
}

/** Words for times in data sheets, with UCUM codes. */
const timeWords: Readonly<Record<string, string>> = {
  hour: 'h',
  hours: 'h',
  hrs: 'h',
  'operating hours': 'h',
  minute: 'min',
  minutes: 'min',
  day: 'd',
  days: 'd',
  week: 'wk',
  weeks: 'wk',
  month: 'mo',
  months: 'mo',
  year: 'a',
  years: 'a',
};

/** A time in hours; `null` when there is none, or its unit is not one of time. */
export function hours(value: number | null, unit: string | null): number | null {
  if (value === null || unit === null) return null;
  const text = unit.trim();
  const word = text.toLowerCase();
  const code =
    (Object.hasOwn(timeWords, word) ? timeWords[word] : null) ?? ucumOfUnece(text) ?? ucumOfSymbol(text);
  return code && isKnownUnit(code) && areConvertible(code, 'h') ? convert(value, code, 'h') : null;
}
