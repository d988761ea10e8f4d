import { approach, clamp } from './dynamics.ts';

/** Screw compressor with a receiver: loads and unloads between two pressures. Pressure bar gauge, power kW, temperature Celsius. */
export interface CompressorState {
  readonly pressure: number;
  readonly loaded: boolean;
  readonly temperature: number;
  readonly power: number;
}

export const initialCompressor: CompressorState = { pressure: 7.1, loaded: true, temperature: 78, power: 36 };

/**
 * One step of at most a minute of plant time.
 * @param airDemand - share of the compressor's capacity that the line draws.
 */
export function stepCompressor(
  state: CompressorState,
  input: { running: boolean; airDemand: number; ambientCelsius: number },
  dtHours: number,
): CompressorState {
  const loaded = input.running && (state.pressure < 6.8 || (state.loaded && state.pressure < 7.5));
  // The receiver gains 0.7 bar in about 2.5 minutes without consumers.
  const pressure = clamp(state.pressure + 17 * ((loaded ? 1 : 0) - input.airDemand) * dtHours, 4, 8);
  const powerTarget = input.running ? (loaded ? 33 + 0.5 * pressure : 11.5) : 0;
  const heat = input.running ? (loaded ? 58 : 46) : 0;
  return {
    pressure,
    loaded,
    temperature: approach(state.temperature, input.ambientCelsius + heat, 0.12, dtHours),
    power: approach(state.power, powerTarget, 0.001, dtHours),
  };
}

/** Water chiller of 320 kW: holds the supply temperature; the return follows from load and flow. Celsius, kW. */
export interface ChillerState {
  readonly supply: number;
  readonly return: number;
  readonly power: number;
}

export const initialChiller: ChillerState = { supply: 6, return: 8.2, power: 48 };

/**
 * One step.
 * @param flow - of pump P-101, m3/h; a standby pump keeps 40 m3/h.
 */
export function stepChiller(
  state: ChillerState,
  input: { running: boolean; lineDemand: number; flow: number; ambientCelsius: number },
  dtHours: number,
): ChillerState {
  const heat = 70 + 140 * input.lineDemand;
  const massFlow = (Math.max(40, input.flow) * 1000) / 3600;
  const rise = heat / (massFlow * 4.19);
  const supplyTarget = input.running ? 6 + Math.max(0, rise - 3) * 0.35 : input.ambientCelsius - 4;
  const supply = approach(state.supply, supplyTarget, input.running ? 0.1 : 0.8, dtHours);
  const performance = 5.4 - 0.05 * (input.ambientCelsius - 10);
  return {
    supply,
    return: approach(state.return, supply + rise, 0.05, dtHours),
    power: approach(state.power, input.running ? heat / performance : 0, 0.05, dtHours),
  };
}
