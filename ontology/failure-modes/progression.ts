/** How a failure mode develops from where it can be noticed (P) to where the function is lost (F). */
export interface Progression {
  /** P-F interval, hours of operation: shortest and longest that is usual. */
  readonly pfIntervalHours: { readonly low: number; readonly high: number };
  /** `GRADUAL`: evenly; `ACCELERATING`: slowly, then fast; `SUDDEN`: hardly any warning. */
  readonly course: 'GRADUAL' | 'ACCELERATING' | 'SUDDEN';
}

const gradual = (low: number, high: number): Progression => ({
  pfIntervalHours: { low, high },
  course: 'GRADUAL',
});
const accelerating = (low: number, high: number): Progression => ({
  ...gradual(low, high),
  course: 'ACCELERATING',
});
const sudden = (low: number, high: number): Progression => ({ ...gradual(low, high), course: 'SUDDEN' });

/**
 * Usual intervals for machines in continuous operation, estimates of this project to plan with; a plant's own experience
 * replaces them.
 */
const byMode: Readonly<Record<string, Progression>> = {
  'pump.bearing-wear': accelerating(300, 2000),
  'pump.cavitation': gradual(200, 3000),
  'pump.seal-leak': accelerating(50, 1000),
  'pump.impeller-wear': gradual(2000, 15_000),
  'pump.sensor-drift': gradual(200, 5000),
  'motor.winding-overheating': accelerating(24, 1000),
  'motor.insulation-degradation': accelerating(500, 8000),
  'bearing.outer-race-fatigue': accelerating(300, 2000),
  'bearing.lubrication-failure': accelerating(50, 700),
  'compressor.fouled-cooler': gradual(500, 4000),
  'compressor.internal-leak': gradual(1000, 8000),
  'compressor.air-filter-clogged': gradual(500, 4000),
  'chiller.refrigerant-loss': gradual(200, 4000),
  'chiller.condenser-fouling': gradual(500, 5000),
  'conveyor.belt-slip': gradual(50, 1000),
  'conveyor.roller-seizure': accelerating(50, 700),
  'filler.valve-leak': gradual(100, 2000),
  'filler.nozzle-blockage': sudden(1, 100),
  'capper.clutch-wear': gradual(200, 2000),
  'capper.feed-jam': sudden(0.1, 10),
  'fan.imbalance': gradual(200, 4000),
  'fan.bearing-wear': accelerating(300, 2000),
  'fan.fouling': gradual(500, 5000),
  'fan.belt-slip': accelerating(50, 1000),
  'gearbox.tooth-wear': accelerating(500, 6000),
  'gearbox.bearing-wear': accelerating(300, 3000),
  'gearbox.oil-leak': gradual(24, 1000),
  'gearbox.oil-degradation': gradual(500, 4000),
  'spindle.bearing-wear': accelerating(100, 1000),
  'spindle.clamping-force-loss': gradual(500, 4000),
  'spindle.cooling-loss': gradual(50, 1000),
  'spindle.tool-imbalance': sudden(0.1, 10),
};

/** How a failure mode of the library develops; `null` for one that is not in it. */
export function progressionOf(failureModeId: string): Progression | null {
  return Object.hasOwn(byMode, failureModeId) ? (byMode[failureModeId] ?? null) : null;
}
