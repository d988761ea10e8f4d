/** How a signal moves while a failure mode develops. */
export const symptomTrends = ['rises', 'falls', 'drifts', 'becomes-noisy', 'freezes'] as const;
export type SymptomTrend = (typeof symptomTrends)[number];

/** One sign of a failure mode on one signal of the asset class. */
export interface Symptom {
  /** Signal name in the asset class's model. */
  readonly signal: string;
  readonly trend: SymptomTrend;
  /** How strongly it speaks for this mode, 0 (not at all) to 1 (alone decisive). */
  readonly weight: number;
}

/** What one does about it, in the words of the work order. */
export interface Remedy {
  readonly action: string;
  /** Typical labour, hours. */
  readonly workHours: number;
  /** Material needed: product number and quantity with UCUM unit. */
  readonly parts: readonly {
    readonly product: string;
    readonly description: string;
    readonly quantity: number;
    readonly unit: string;
  }[];
  /** Whether the asset must stand still for it. */
  readonly needsStop: boolean;
}

/** A way in which an asset of a class fails. @see ISO 14224:2016 Annex B (mode, mechanism and cause kept apart) */
export interface FailureMode {
  /** Stable id, e.g. `pump.bearing-wear`. */
  readonly id: string;
  readonly assetClass: string;
  readonly name: string;
  readonly description: string;
  /** ISO 14224 failure mode code, e.g. `VIB`. */
  readonly mode: string;
  /** ISO 14224 failure mechanism code and text. */
  readonly mechanism: { readonly code: string; readonly text: string };
  /** ISO 14224 failure cause code and text. */
  readonly cause: { readonly code: string; readonly text: string };
  readonly symptoms: readonly Symptom[];
  readonly remedies: readonly Remedy[];
  /** SAP PM catalogue codes for the notification item. */
  readonly sapCodes: {
    readonly damageGroup: string;
    readonly damage: string;
    readonly objectPartGroup: string;
    readonly objectPart: string;
    readonly cause: string;
  };
}
