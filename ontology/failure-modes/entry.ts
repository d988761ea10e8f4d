import type { FailureMode, Remedy, Symptom, SymptomTrend } from '../failure-mode.ts';
import {
  causes,
  mechanisms,
  sapCauses,
  type CauseCode,
  type MechanismCode,
  type ObservedModeCode,
} from './codes.ts';

/** One entry as the class files write it. */
export interface Entry {
  readonly id: `${string}.${string}`;
  readonly name: string;
  readonly description: string;
  readonly mode: ObservedModeCode;
  readonly mechanism: MechanismCode;
  readonly cause: CauseCode;
  /** Signal name, trend, weight; strongest first. */
  readonly symptoms: readonly (readonly [signal: string, trend: SymptomTrend, weight: number])[];
  readonly remedies: readonly Remedy[];
  /** Catalogue C group and code, catalogue B group and code. */
  readonly sap: readonly [damageGroup: string, damage: string, objectPartGroup: string, objectPart: string];
}

/** Completes an entry: the class from its id, the texts of its codes, its SAP cause. */
export function toFailureMode(entry: Entry): FailureMode {
  const [damageGroup, damage, objectPartGroup, objectPart] = entry.sap;
  return {
    id: entry.id,
    assetClass: entry.id.slice(0, entry.id.indexOf('.')),
    name: entry.name,
    description: entry.description,
    mode: entry.mode,
    mechanism: { code: entry.mechanism, text: mechanisms[entry.mechanism] },
    cause: { code: entry.cause, text: causes[entry.cause] },
    symptoms: entry.symptoms.map(([signal, trend, weight]): Symptom => ({ signal, trend, weight })),
    remedies: entry.remedies,
    sapCodes: { damageGroup, damage, objectPartGroup, objectPart, cause: sapCauses[entry.cause] },
  };
}

/** A remedy; parts as product number, description and number of pieces. */
export function remedy(
  action: string,
  workHours: number,
  needsStop: boolean,
  parts: readonly (readonly [product: string, description: string, pieces: number])[] = [],
): Remedy {
  return {
    action,
    workHours,
    needsStop,
    parts: parts.map(([product, description, quantity]) => ({
      product,
      description,
      quantity,
      unit: '{pc}',
    })),
  };
}
