/**
 * Zones of vibration severity: A newly commissioned, B unrestricted long-term operation, C not for long, D damaging.
 * @see ISO 10816-1:1995 Annex B (velocity, mm/s RMS, 10 to 1,000 Hz, on non-rotating parts)
 */
export type VibrationZone = 'A' | 'B' | 'C' | 'D';

/** I: up to 15 kW; II: 15 to 75 kW; III: large, rigid foundation; IV: large, soft foundation. */
export const vibrationClasses = ['I', 'II', 'III', 'IV'] as const;
export type VibrationClass = (typeof vibrationClasses)[number];

/** Upper limits of zones A, B and C, mm/s RMS. */
export const zoneLimits: Readonly<Record<VibrationClass, readonly [number, number, number]>> = {
  I: [0.71, 1.8, 4.5],
  II: [1.12, 2.8, 7.1],
  III: [1.8, 4.5, 11.2],
  IV: [2.8, 7.1, 18],
};

/** The zone of a velocity in mm/s RMS. */
export function vibrationZone(velocityRms: number, machine: VibrationClass): VibrationZone {
  const [a, b, c] = zoneLimits[machine];
  if (velocityRms <= a) return 'A';
  if (velocityRms <= b) return 'B';
  return velocityRms <= c ? 'C' : 'D';
}

/** The class of a machine by its rated power in kW; large ones count as on a rigid foundation. */
export function vibrationClassOf(ratedPowerKw: number): VibrationClass {
  if (ratedPowerKw <= 15) return 'I';
  return ratedPowerKw <= 75 ? 'II' : 'III';
}
