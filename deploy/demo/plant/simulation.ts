import type { PlantMethods, MethodAnswer } from './methods.ts';
import { performMaintenance, startScenario, stopScenario, type Outcome } from './maintenance.ts';
import { advancePlant, isRunning, pumpPoint } from './plant.ts';
import type { PlantState } from './plant-state.ts';
import { createPrng } from './prng.ts';
import { readPlant, readSpectrum } from './readings.ts';
import { createTransmitters, type Published } from './transmitters.ts';

/** The plant in motion: advances with real time and publishes what its transmitters show. */
export interface Simulation extends PlantMethods {
  /** Lets `elapsedMs` of real time pass and publishes one sample of each tag. */
  tick(elapsedMs: number): void;
  state(): PlantState;
}

export interface SimulationDeps {
  publish(tag: string, published: Published): void;
  /** The scenario communication-loss was asked for. */
  loseCommunication(): void;
  /** The state changed by a request and should be stored now. */
  onChanged(state: PlantState): void;
}

/** @param options.speed - plant time per real time. */
export function createSimulation(
  initial: PlantState,
  options: { speed: number; seed: number; faultFactor: number },
  deps: SimulationDeps,
): Simulation {
  const physics = createPrng(options.seed);
  const noise = createPrng(options.seed + 1);
  const transmitters = createTransmitters(createPrng(options.seed + 2), options);
  let state = initial;
  let ticks = 0;

  const publish = (tag: string, reading: Parameters<typeof transmitters.publish>[1]): void => {
    const published = transmitters.publish(tag, reading);
    if (published) deps.publish(tag, published);
  };
  const settle = (outcome: Outcome): MethodAnswer => {
    state = outcome.state;
    if (outcome.accepted) deps.onChanged(state);
    return { accepted: outcome.accepted, text: outcome.text };
  };

  return {
    tick: (elapsedMs) => {
      state = advancePlant(state, (elapsedMs / 3_600_000) * options.speed, physics);
      for (const [tag, reading] of readPlant(state, noise)) publish(tag, reading);
      if (ticks % 2 === 0) publish('P-101.envelopeSpectrum', readSpectrum(state, noise));
      ticks += 1;
    },
    state: () => state,
    startScenario: (name) => {
      if (name !== 'communication-loss') return settle(startScenario(state, name));
      deps.loseCommunication();
      return {
        accepted: true,
        text: 'communication-loss: the server stops answering and comes back by itself.',
      };
    },
    stopScenario: (name) => settle(stopScenario(state, name)),
    performMaintenance: (equipment, failureModeId) =>
      settle(performMaintenance(state, equipment, failureModeId)),
    describe: () => ({ accepted: true, text: JSON.stringify(describe(state, options.speed)) }),
  };
}

function describe(state: PlantState, speed: number) {
  const round = (value: number) => Math.round(value * 1000) / 1000;
  return {
    speed,
    plantHours: round(state.plantHours),
    scenarios: state.scenarios,
    jobs: state.jobs,
    pump: {
      running: isRunning(state, 'P-101'),
      bearingWear: round(state.bearingWear),
      strainerClog: round(state.strainerClog),
      cavitation: round(pumpPoint(state).cavitation),
      sensorDriftKelvin: round(state.sensorDrift),
      impellerWear: round(state.impellerWear),
    },
  };
}
