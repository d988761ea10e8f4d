import { stepBearingTemperature, stepWear, stepWindingTemperature } from './physics/bearing.ts';
import { clamp } from './physics/dynamics.ts';
import { stepLine } from './physics/line.ts';
import { stepProduction } from './physics/production.ts';
import { operatingPoint, stepDrive, type OperatingPoint, type PumpLoad } from './physics/pump.ts';
import { stepChiller, stepCompressor } from './physics/utilities.ts';
import type { PlantState } from './plant-state.ts';
import type { Prng } from './prng.ts';

/** Longest step that still follows the compressor's duty cycle: 10 s of plant time. */
const longestStepHours = 10 / 3600;
/** Current at rated power, A. */
const ratedCurrent = 21;
const strainerBlocksInHours = 1.5;
const driftPerHour = 4;

/** The plant `hours` later, in steps short enough for its fastest part. */
export function advancePlant(state: PlantState, hours: number, prng: Prng): PlantState {
  const steps = Math.max(1, Math.ceil(hours / longestStepHours));
  let next = state;
  for (let step = 0; step < steps; step += 1) next = stepPlant(next, hours / steps, prng);
  return next;
}

/** Where the pump works now. */
export function pumpPoint(state: PlantState): OperatingPoint {
  return operatingPoint(state.drive, pumpLoad(state));
}

/** Whether an asset is in service; the line also stands during its short stops. */
export function isRunning(state: PlantState, twin: string): boolean {
  const stopped = lineTwins.has(twin) && state.production.stopLeftHours > 0;
  return !stopped && !state.jobs.some((job) => job.twin === twin);
}

const lineTwins = new Set(['FL-101', 'CP-101', 'CV-101']);

function pumpLoad(state: PlantState): PumpLoad {
  return {
    running: isRunning(state, 'P-101'),
    demand: state.production.coolingDemand,
    bearingWear: state.bearingWear,
    impellerWear: state.impellerWear,
    strainerClog: state.strainerClog,
  };
}

function stepPlant(state: PlantState, dtHours: number, prng: Prng): PlantState {
  const production = stepProduction(state.production, state.plantHours, dtHours, prng);
  const drive = stepDrive(state.drive, pumpLoad(state), dtHours);
  const point = operatingPoint(drive, pumpLoad(state));
  return {
    ...state,
    plantHours: state.plantHours + dtHours,
    production,
    drive,
    ...stepPumpHealth(state, point, dtHours),
    ...stepMachines(state, point, dtHours, prng),
    jobs: state.jobs
      .map((job) => ({ ...job, leftHours: job.leftHours - dtHours }))
      .filter((job) => job.leftHours > 0),
  };
}

function stepPumpHealth(state: PlantState, point: OperatingPoint, dtHours: number) {
  const turning = point.speed > 60;
  const active = new Set(state.scenarios);
  const ambientCelsius = state.production.ambientCelsius;
  return {
    bearingWear: stepWear(state.bearingWear, active.has('bearing-wear'), turning, dtHours),
    strainerClog: clamp(
      state.strainerClog + (turning && active.has('cavitation') ? dtHours / strainerBlocksInHours : 0),
      0,
      1,
    ),
    sensorDrift: clamp(state.sensorDrift + (active.has('sensor-drift') ? driftPerHour * dtHours : 0), 0, 30),
    bearingTemperature: stepBearingTemperature(
      state.bearingTemperature,
      { ambientCelsius, speed: point.speed, load: point.load, wear: state.bearingWear },
      dtHours,
    ),
    windingTemperature: stepWindingTemperature(
      state.windingTemperature,
      ambientCelsius,
      point.current / ratedCurrent,
      dtHours,
    ),
  };
}

function stepMachines(state: PlantState, point: OperatingPoint, dtHours: number, prng: Prng) {
  const { lineDemand, ambientCelsius } = state.production;
  const running = (twin: string) => isRunning(state, twin);
  const lineRate = state.line.fillerRate / 12_000;
  return {
    line: stepLine(
      state.line,
      {
        demand: lineDemand,
        filler: running('FL-101'),
        capper: running('CP-101'),
        conveyor: running('CV-101'),
      },
      dtHours,
      prng,
    ),
    compressor: stepCompressor(
      state.compressor,
      { running: running('AC-101'), airDemand: 0.12 + 0.5 * lineRate, ambientCelsius },
      dtHours,
    ),
    chiller: stepChiller(
      state.chiller,
      { running: running('CH-101'), lineDemand, flow: point.flow, ambientCelsius },
      dtHours,
    ),
  };
}
