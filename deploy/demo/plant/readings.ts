import { bearingFrequencies } from './physics/bearing.ts';
import { conveyorCurrent } from './physics/line.ts';
import {
  accelerationPeak,
  envelopeSpectrum,
  velocityRms,
  type VibrationSource,
} from './physics/vibration.ts';
import { pumpData, type OperatingPoint } from './physics/pump.ts';
import { isRunning, pumpPoint } from './plant.ts';
import { wornBearing, type PlantState } from './plant-state.ts';
import type { Prng } from './prng.ts';

/** What a transmitter shows, in the unit of its tag. */
export type Reading = number | boolean | readonly number[];

/** One reading of every tag, by the tag's name; each with its transmitter's noise. */
export function readPlant(state: PlantState, prng: Prng): ReadonlyMap<string, Reading> {
  const point = pumpPoint(state);
  return new Map<string, Reading>([
    ...pumpReadings(state, point, prng),
    ...lineReadings(state, prng),
    ...utilityReadings(state, prng),
  ]);
}

/** The envelope spectrum of the pump now, m/s2. */
export function readSpectrum(state: PlantState, prng: Prng): readonly number[] {
  return envelopeSpectrum(vibrationSource(state, pumpPoint(state)), prng);
}

function vibrationSource(state: PlantState, point: OperatingPoint): VibrationSource {
  const ratio = state.drive.frequency / 50;
  return {
    frequencies: bearingFrequencies(wornBearing, point.speed, point.load),
    load: point.load,
    flowShare: ratio > 0.05 ? point.flow / (pumpData.bestFlow * ratio) : 1,
    wear: state.bearingWear,
    cavitation: point.cavitation,
  };
}

function pumpReadings(state: PlantState, point: OperatingPoint, prng: Prng): [string, Reading][] {
  const source = vibrationSource(state, point);
  const noisy = (value: number, sigma: number) => value + sigma * prng.gaussian();
  const unrest = 1 + 8 * point.cavitation;
  const shownCelsius = noisy(state.bearingTemperature + state.sensorDrift, 0.15);
  const current = noisy(point.current, 0.004 * point.current * (1 + 2 * point.cavitation));
  return [
    ['P-101.flow', Math.max(0, noisy(point.flow, 0.005 * point.flow * unrest))],
    ['P-101.suctionPressure', noisy(point.suctionPressure, 0.006 * (1 + 3 * point.cavitation))],
    ['P-101.dischargePressure', noisy(point.dischargePressure, 0.012 * unrest)],
    ['P-101.speed', Math.max(0, point.speed > 0 ? noisy(point.speed, 1.2) : 0)],
    ['P-101.motorCurrent', Math.max(0, current)],
    // The old controller of the utilities reads the same transformer with its own, coarser card.
    ['UTL_P101_MTR_AMPS', Math.round(Math.max(0, noisy(point.current, 0.05)) * 10) / 10],
    ['P-101.power', Math.max(0, noisy(point.power, 0.004 * point.power * (1 + 2 * point.cavitation)))],
    ['P-101.bearingTemperature', shownCelsius * 1.8 + 32],
    ['P-101.velocityRms', Math.max(0, velocityRms(source) * (1 + 0.03 * prng.gaussian()))],
    ['P-101.accelerationPeak', accelerationPeak(source, prng)],
    ['P-101.running', isRunning(state, 'P-101')],
    ['P-101.motor.current', Math.max(0, noisy(point.current, 0.004 * point.current))],
    ['P-101.motor.windingTemperature', noisy(state.windingTemperature, 0.2)],
  ];
}

function lineReadings(state: PlantState, prng: Prng): [string, Reading][] {
  const { line } = state;
  const turning = line.fillerRate > 60;
  const counted = (rate: number) => Math.max(0, Math.round(rate * (1 + 0.002 * prng.gaussian())));
  return [
    ['FL-101.bottleRate', counted(line.fillerRate)],
    ['FL-101.fillVolume', turning ? 500 + line.fillVolumeDrift + 0.45 * prng.gaussian() : 0],
    ['FL-101.running', isRunning(state, 'FL-101')],
    ['CP-101.bottleRate', counted(line.capperRate)],
    ['CP-101.torque', line.capperRate > 60 ? 1.8 + line.torqueDrift + 0.04 * prng.gaussian() : 0],
    ['CP-101.running', isRunning(state, 'CP-101')],
    ['CV-101.beltSpeed', Math.max(0, line.beltSpeed * (1 + 0.004 * prng.gaussian()))],
    ['CV-101.motorCurrent', Math.max(0, conveyorCurrent(line) * (1 + 0.008 * prng.gaussian()))],
    ['CV-101.running', isRunning(state, 'CV-101')],
  ];
}

function utilityReadings(state: PlantState, prng: Prng): [string, Reading][] {
  const { compressor, chiller } = state;
  const noisy = (value: number, sigma: number) => value + sigma * prng.gaussian();
  return [
    // The compressor's own controller speaks kPa.
    ['AC-101.dischargePressure', noisy(compressor.pressure, 0.008) * 100],
    ['AC-101.power', Math.max(0, compressor.power * (1 + 0.006 * prng.gaussian()))],
    ['AC-101.dischargeTemperature', noisy(compressor.temperature, 0.25)],
    ['AC-101.running', isRunning(state, 'AC-101')],
    ['CH-101.supplyTemperature', noisy(chiller.supply, 0.05)],
    ['CH-101.returnTemperature', noisy(chiller.return, 0.05)],
    ['CH-101.power', Math.max(0, chiller.power * (1 + 0.006 * prng.gaussian()))],
    ['CH-101.running', isRunning(state, 'CH-101')],
  ];
}
