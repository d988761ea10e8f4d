import { driveEndBearing } from './physics/bearing.ts';
import { initialLine, type LineState } from './physics/line.ts';
import { initialProduction, type ProductionState } from './physics/production.ts';
import { initialDrive, type PumpDrive } from './physics/pump.ts';
import {
  initialChiller,
  initialCompressor,
  type ChillerState,
  type CompressorState,
} from './physics/utilities.ts';

/** What can be made to happen. */
export const scenarioNames = ['bearing-wear', 'cavitation', 'sensor-drift', 'communication-loss'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** A job under way at one asset, which stands still until it is over. */
export interface MaintenanceJob {
  readonly twin: string;
  readonly failureModeId: string;
  readonly leftHours: number;
}

/** Everything the plant remembers; plain JSON. Times in plant hours, shares 0 to 1, temperatures Celsius. */
export interface PlantState {
  /** Hour of the plant's own calendar, from midnight of its first day. */
  readonly plantHours: number;
  readonly production: ProductionState;
  readonly drive: PumpDrive;
  readonly bearingWear: number;
  readonly impellerWear: number;
  readonly strainerClog: number;
  /** How far the bearing temperature sensor is off, K. */
  readonly sensorDrift: number;
  readonly bearingTemperature: number;
  readonly windingTemperature: number;
  readonly line: LineState;
  readonly compressor: CompressorState;
  readonly chiller: ChillerState;
  readonly scenarios: readonly ScenarioName[];
  readonly jobs: readonly MaintenanceJob[];
}

/** A warm plant in full production on its first day, 07:00; nothing worn. */
export const initialPlant: PlantState = {
  plantHours: 7,
  production: initialProduction,
  drive: initialDrive,
  bearingWear: 0,
  impellerWear: 0.02,
  strainerClog: 0,
  sensorDrift: 0,
  bearingTemperature: 39,
  windingTemperature: 48,
  line: initialLine,
  compressor: initialCompressor,
  chiller: initialChiller,
  scenarios: [],
  jobs: [],
};

/** The bearing whose damage the plant plays. */
export const wornBearing = driveEndBearing;
