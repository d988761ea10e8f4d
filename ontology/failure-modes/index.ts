import type { FailureMode } from '../failure-mode.ts';
import { bearingEntries, motorEntries } from './drives.ts';
import { toFailureMode } from './entry.ts';
import { capperEntries, conveyorEntries, fillerEntries } from './line.ts';
import { pumpEntries } from './pump.ts';
import { fanEntries, gearboxEntries, spindleEntries } from './rotating.ts';
import { chillerEntries, compressorEntries } from './utilities.ts';

export { progressionOf, type Progression } from './progression.ts';

/** Every failure mode the hub knows, by class. @see ISO 14224:2016 Annex B for the codes */
export const failureModeLibrary: readonly FailureMode[] = Object.freeze(
  [
    pumpEntries,
    motorEntries,
    bearingEntries,
    compressorEntries,
    chillerEntries,
    conveyorEntries,
    fillerEntries,
    capperEntries,
    fanEntries,
    gearboxEntries,
    spindleEntries,
  ]
    .flat()
    .map(toFailureMode),
);

const byId = new Map(failureModeLibrary.map((mode) => [mode.id, mode]));

/** Failure modes of an asset class (`pump`, `motor`, ...), empty for a class the library does not have. */
export function failureModesOf(assetClass: string): readonly FailureMode[] {
  return failureModeLibrary.filter((mode) => mode.assetClass === assetClass);
}

/** A failure mode by id, e.g. `pump.bearing-wear`; `null` when there is none. */
export function findFailureMode(id: string): FailureMode | null {
  return byId.get(id) ?? null;
}
