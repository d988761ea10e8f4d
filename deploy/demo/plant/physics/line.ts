import type { Prng } from '../prng.ts';
import { approach, wander } from './dynamics.ts';

/** The bottling line: filler, capper and the conveyor between them. Rates bottles/h, volume mL, torque N.m, speed m/s, current A. */
export interface LineState {
  readonly fillerRate: number;
  readonly capperRate: number;
  readonly beltSpeed: number;
  readonly fillVolumeDrift: number;
  readonly torqueDrift: number;
}

/** Which machines may run; false while one is under maintenance. */
export interface LineInput {
  readonly demand: number;
  readonly filler: boolean;
  readonly capper: boolean;
  readonly conveyor: boolean;
}

export const nominalRate = 12_000;
/** Distance between bottles on the belt, m. */
const bottlePitch = 0.11;

export const initialLine: LineState = {
  fillerRate: nominalRate,
  capperRate: nominalRate,
  beltSpeed: (nominalRate * bottlePitch) / 3600,
  fillVolumeDrift: 0,
  torqueDrift: 0,
};

/** The belt carries what the filler gives; the capper follows half a minute later; a standing belt or capper stops the filler. */
export function stepLine(state: LineState, input: LineInput, dtHours: number, prng: Prng): LineState {
  const free = input.filler && input.capper && input.conveyor;
  const fillerRate = approach(state.fillerRate, free ? nominalRate * input.demand : 0, 0.006, dtHours);
  const beltTarget = input.conveyor ? (fillerRate * bottlePitch) / 3600 : 0;
  return {
    fillerRate,
    capperRate: approach(state.capperRate, input.capper ? fillerRate : 0, 0.008, dtHours),
    beltSpeed: approach(state.beltSpeed, beltTarget, 0.003, dtHours),
    fillVolumeDrift: wander(state.fillVolumeDrift, 0.35, 3, dtHours, prng),
    torqueDrift: wander(state.torqueDrift, 0.03, 4, dtHours, prng),
  };
}

/** Current of the belt's motor, A: friction of the empty belt plus the bottles on it. */
export function conveyorCurrent({ beltSpeed, fillerRate }: LineState): number {
  return beltSpeed < 0.02 ? 0 : 1.5 + 1.9 * (fillerRate / nominalRate) + 0.8 * beltSpeed;
}
