import { approach, clamp } from './dynamics.ts';

/** Geometry of a rolling bearing. Diameters mm, angle degrees. */
export interface BearingGeometry {
  readonly rollingElements: number;
  readonly ballDiameter: number;
  readonly pitchDiameter: number;
  readonly contactAngle: number;
}

/** Drive-end bearing of P-101. */
export const driveEndBearing: BearingGeometry = {
  rollingElements: 8,
  ballDiameter: 20.6,
  pitchDiameter: 87.5,
  contactAngle: 0,
};

/** Kinematic frequencies, Hz: outer race, cage, shaft. */
export interface BearingFrequencies {
  readonly bpfo: number;
  readonly ftf: number;
  readonly shaft: number;
}

/**
 * Frequencies at a speed. Rolling elements slip a little, more when lightly loaded: 1 to 2 % below kinematic.
 * @param speed - 1/min. @param load - share of rated load.
 */
export function bearingFrequencies(
  geometry: BearingGeometry,
  speed: number,
  load: number,
): BearingFrequencies {
  const shaft = speed / 60;
  const k =
    (geometry.ballDiameter / geometry.pitchDiameter) * Math.cos((geometry.contactAngle * Math.PI) / 180);
  const slip = 0.02 - 0.01 * clamp(load, 0, 1);
  return {
    shaft,
    bpfo: (geometry.rollingElements / 2) * shaft * (1 - k) * (1 - slip),
    ftf: (shaft / 2) * (1 - k) * (1 - slip),
  };
}

/** Wear at which a damage is first seen, and growth until severe (1) in 6 hours. */
export const firstDamage = 0.02;
const growthPerHour = Math.log(1 / firstDamage) / 6;
/** Ordinary ageing: tens of thousands of hours until a damage begins. */
const ageingPerHour = firstDamage / 30_000;

/** A spalled race grows in proportion to its size; a sound one ages evenly. Only a turning bearing wears. */
export function stepWear(wear: number, spreading: boolean, turning: boolean, dtHours: number): number {
  if (!turning) return wear;
  if (!spreading) return Math.min(1, wear + ageingPerHour * dtHours);
  return Math.min(1, Math.max(wear, firstDamage) * Math.exp(growthPerHour * dtHours));
}

/** Bearing temperature, Celsius: towards ambient plus friction from speed, load and wear; time constant 20 minutes. */
export function stepBearingTemperature(
  celsius: number,
  input: { ambientCelsius: number; speed: number; load: number; wear: number },
  dtHours: number,
): number {
  const friction = 19 * (input.speed / 1480) * (0.6 + 0.4 * input.load) * (1 + 2.1 * input.wear ** 1.5);
  return approach(celsius, input.ambientCelsius + friction, 0.33, dtHours);
}

/** Winding temperature of the motor, Celsius: towards ambient plus copper loss (rated rise 60 K); time constant 30 minutes. */
export function stepWindingTemperature(
  celsius: number,
  ambientCelsius: number,
  currentShare: number,
  dtHours: number,
): number {
  return approach(celsius, ambientCelsius + 60 * currentShare ** 2, 0.5, dtHours);
}
