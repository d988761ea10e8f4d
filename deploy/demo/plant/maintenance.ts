import { plantObjects } from './assets.ts';
import { scenarioNames, type PlantState, type ScenarioName } from './plant-state.ts';

/** How long a job keeps an asset out of service, plant hours. */
export const jobHours = 0.5;

/** Whether the plant took a request, why, and what it is like afterwards. */
export interface Outcome {
  readonly accepted: boolean;
  readonly text: string;
  readonly state: PlantState;
}

/** Starts a scenario; one that runs already goes on. */
export function startScenario(state: PlantState, name: string): Outcome {
  const scenario = scenarioNames.find((known) => known === name);
  if (!scenario)
    return refuse(
      state,
      `There is no scenario ${JSON.stringify(name)}; known are ${scenarioNames.join(', ')}.`,
    );
  if (state.scenarios.includes(scenario)) return accept(state, `${scenario} runs already.`);
  return accept({ ...state, scenarios: [...state.scenarios, scenario] }, `${scenario} has started.`);
}

/** Ends a scenario: damage stops growing but stays until maintenance. */
export function stopScenario(state: PlantState, name: string): Outcome {
  const scenario = scenarioNames.find((known) => known === name);
  if (!scenario)
    return refuse(
      state,
      `There is no scenario ${JSON.stringify(name)}; known are ${scenarioNames.join(', ')}.`,
    );
  if (!state.scenarios.includes(scenario)) return accept(state, `${scenario} does not run.`);
  return accept(
    without(state, scenario),
    `${scenario} has stopped; what it damaged stays so until maintenance.`,
  );
}

/**
 * Takes an asset out of service for half a plant hour and removes the cause of one failure mode. Asked again while
 * that very job is under way, it accepts without starting a second one, so that a repeated message is harmless.
 *
 * @param equipment - SAP equipment number, of a component too; the asset it belongs to stands still.
 * @param failureModeId - e.g. `pump.bearing-wear`; of the class of the asset or of one of its components.
 */
export function performMaintenance(state: PlantState, equipment: string, failureModeId: string): Outcome {
  const object = plantObjects.find((known) => known.equipment === equipment);
  if (!object) return refuse(state, `There is no equipment ${JSON.stringify(equipment)} in this plant.`);
  const twin = object.parent && isAsset(object.parent) ? object.parent : object.id;
  if (!/^[a-z]+\.[a-z0-9-]+$/.test(failureModeId) || !classesOf(twin).has(failureModeId.split('.')[0] ?? ''))
    return refuse(
      state,
      `${JSON.stringify(failureModeId)} is no failure mode of ${twin} (${[...classesOf(twin)].join(', ')}).`,
    );
  const job = state.jobs.find((running) => running.twin === twin);
  if (job?.failureModeId === failureModeId) return accept(state, `This job at ${twin} is under way already.`);
  if (job) return refuse(state, `${twin} is out of service for another job (${job.failureModeId}).`);
  const jobs = [...state.jobs, { twin, failureModeId, leftHours: jobHours }];
  return accept(
    { ...repaired(state, failureModeId), jobs },
    `${twin} is out of service for ${jobHours} plant hours.`,
  );
}

/** What a job changes: each removes its own cause and nothing else. */
function repaired(state: PlantState, failureModeId: string): PlantState {
  switch (failureModeId) {
    case 'pump.bearing-wear':
    case 'bearing.outer-race-fatigue':
      return { ...without(state, 'bearing-wear'), bearingWear: 0 };
    case 'pump.cavitation':
      return { ...without(state, 'cavitation'), strainerClog: 0 };
    case 'pump.sensor-drift':
      return { ...without(state, 'sensor-drift'), sensorDrift: 0 };
    case 'pump.impeller-wear':
      return { ...state, impellerWear: 0 };
    default:
      return state;
  }
}

function without(state: PlantState, scenario: ScenarioName): PlantState {
  return { ...state, scenarios: state.scenarios.filter((name) => name !== scenario) };
}

function isAsset(id: string): boolean {
  return plantObjects.some((object) => object.id === id && object.equipment !== undefined);
}

function classesOf(twin: string): Set<string> {
  const own = plantObjects.filter((object) => object.id === twin || object.parent === twin);
  return new Set(own.flatMap((object) => object.assetClass ?? []));
}

function accept(state: PlantState, text: string): Outcome {
  return { accepted: true, text, state };
}

function refuse(state: PlantState, text: string): Outcome {
  return { accepted: false, text, state };
}
