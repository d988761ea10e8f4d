import { ucumOfUnece } from '../../units/unece.ts';
import type { Submodel } from '../environment.ts';
import { ucumOfSymbol } from '../units.ts';
import { property, type CanonicalProperty } from './canonical.ts';
import { childrenOf, elementsOf, pick, type ReadScope } from './elements.ts';
import { numberValue, readFields, textValue, type Fields } from './fields.ts';
import { hours } from './maintenance.ts';

/** A partner's prediction of how long an asset still serves. */
export interface RemainingUsefulLife {
  readonly indicationType: string | null;
  readonly value: number | null;
  /** UCUM code when there is one, else as the submodel says. */
  readonly unit: string | null;
  /** `value` in hours, when the unit is one of time. */
  readonly hours: number | null;
  /** RFC 3339; when the life is expected to end. */
  readonly endOfLife: string | null;
  /** In the unit of `value`. */
  readonly confidence: { readonly low: number; readonly high: number } | null;
}

export interface PredictiveMaintenance {
  readonly remainingUsefulLife: RemainingUsefulLife | null;
  readonly properties: readonly CanonicalProperty[];
}

const lifeFields = {
  indicationType: { term: 'predictive.indicationType', names: ['IndicationType'], as: 'text' },
  value: { term: 'predictive.durationValue', names: ['DurationValue'] },
  unit: { term: 'predictive.engineeringUnit', names: ['EngineeringUnit'], as: 'text' },
} as const satisfies Fields;

const predictionFields = {
  endOfLife: {
    term: 'predictive.endOfLife',
    names: ['RemainingUsfulLifeDateTime', 'RemainingUsefulLifeDateTime'],
    as: 'text',
  },
} as const satisfies Fields;

/**
 * Reads Predictive Maintenance (02048 1.0): the remaining useful life; conditions of the prediction stay in the source.
 * @see IDTA 02048-1-0
 */
export function readPredictiveMaintenance(
  submodel: Submodel,
  pointer: string,
  scope: ReadScope,
): PredictiveMaintenance {
  const prediction = pick(
    elementsOf(submodel, pointer),
    'predictive.prediction',
    'RemainingUsefulLifePrediction',
  );
  if (!prediction) {
    scope.report('hub:predictionMissing', pointer, 'There is no RemainingUsefulLifePrediction.');
    return { remainingUsefulLife: null, properties: [] };
  }
  const inside = childrenOf(prediction);
  const entity = pick(inside, 'predictive.remainingUsefulLife', 'RemainingUsefulLifetime');
  const life = readFields(entity ? childrenOf(entity) : [], lifeFields, scope);
  const interval = pick(inside, 'predictive.confidenceInterval', 'ConfidenceInterval');
  const [low, high] = [
    Number(interval?.element.min ?? Number.NaN),
    Number(interval?.element.max ?? Number.NaN),
  ];
  const [value, unit] = [numberValue(life.value), textValue(life.unit)];
  const found: RemainingUsefulLife = {
    indicationType: textValue(life.indicationType),
    value,
    unit: unit === null ? null : (ucumOfUnece(unit) ?? ucumOfSymbol(unit) ?? unit),
    hours: hours(value, unit),
    endOfLife: textValue(readFields(inside, predictionFields, scope).endOfLife),
    confidence: Number.isFinite(low) && Number.isFinite(high) ? { low, high } : null,
  };
  return { remainingUsefulLife: found, properties: canonical(found) };
}

function canonical(life: RemainingUsefulLife): CanonicalProperty[] {
  return [
    ...(life.hours === null
      ? []
      : [property('predictiveMaintenance.remainingHours', 'number', life.hours, 'h')]),
    property('predictiveMaintenance.remainingUsefulLife', 'object', life),
  ];
}
