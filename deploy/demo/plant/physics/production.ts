import type { Prng } from '../prng.ts';
import { approach, clamp, wander } from './dynamics.ts';

/** How hard the plant works. */
export interface ProductionState {
  /** Wanted rate of the line as a share of nominal, 0 to about 1.05, without stops. */
  readonly lineDemand: number;
  /** Slow deviation from the shift plan. */
  readonly deviation: number;
  /** Plant hours left of a short stop of the line; 0 when it runs. */
  readonly stopLeftHours: number;
  /** Cooling water wanted, share of nominal flow. */
  readonly coolingDemand: number;
  readonly ambientCelsius: number;
}

export const initialProduction: ProductionState = {
  lineDemand: 1,
  deviation: 0,
  stopLeftHours: 0,
  coolingDemand: 0.97,
  ambientCelsius: 23,
};

/** Short stops of the line per plant hour. */
const stopsPerHour = 0.35;

/** Planned share of nominal rate: two full shifts 06-22 with a slower half hour each, a reduced one at night. */
export function plannedRate(plantHours: number): number {
  const hour = plantHours % 24;
  if (hour < 6 || hour >= 22) return 0.68;
  if ((hour >= 10 && hour < 10.5) || (hour >= 18 && hour < 18.5)) return 0.84;
  return 1;
}

/** The next state after `dtHours`. The line follows the plan with some deviation and short stops; cooling follows the line. */
export function stepProduction(
  state: ProductionState,
  plantHours: number,
  dtHours: number,
  prng: Prng,
): ProductionState {
  const deviation = wander(state.deviation, 0.018, 0.4, dtHours, prng);
  const wanted = clamp(plannedRate(plantHours) + deviation, 0.4, 1.05);
  const lineDemand = approach(state.lineDemand, wanted, 0.08, dtHours);
  const starts = state.stopLeftHours <= 0 && prng.uniform() < 1 - Math.exp(-stopsPerHour * dtHours);
  const stopLeftHours = starts ? 0.03 + 0.07 * prng.uniform() : Math.max(0, state.stopLeftHours - dtHours);
  return {
    lineDemand,
    deviation,
    stopLeftHours,
    // Tanks and pipes buffer: short stops of the line hardly reach the cooling water.
    coolingDemand: approach(state.coolingDemand, 0.55 + 0.42 * lineDemand, 0.3, dtHours),
    ambientCelsius: 22 + 4 * Math.sin(((plantHours - 9) / 24) * 2 * Math.PI),
  };
}
