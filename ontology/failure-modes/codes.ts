/** Failure mechanisms used by the library. @see ISO 14224:2016, Table B.2 */
export const mechanisms = {
  '1.1': 'Leakage',
  '1.2': 'Vibration',
  '1.3': 'Clearance/alignment failure',
  '1.5': 'Looseness',
  '1.6': 'Sticking',
  '2.1': 'Cavitation',
  '2.3': 'Erosion',
  '2.4': 'Wear',
  '2.5': 'Breakage',
  '2.6': 'Fatigue',
  '2.7': 'Overheating',
  '3.1': 'Control failure',
  '3.3': 'Faulty signal/indication/alarm',
  '3.4': 'Out of adjustment',
  '4.0': 'Electrical failure - general',
  '4.5': 'Earth/isolation fault',
  '5.1': 'Blockage/plugged',
  '5.2': 'Contamination',
} as const;
export type MechanismCode = keyof typeof mechanisms;

/** Failure causes used by the library. @see ISO 14224:2016, Table B.3 */
export const causes = {
  '2.2': 'Installation error',
  '3.1': 'Off-design service',
  '3.2': 'Operating error',
  '3.3': 'Maintenance error',
  '3.4': 'Expected wear and tear',
  '5.3': 'Miscellaneous external influence',
} as const;
export type CauseCode = keyof typeof causes;

/** Failure modes (what one observes) used by the library. @see ISO 14224:2016, Tables B.6 to B.15 */
export const observedModes = {
  VIB: 'Vibration',
  ELP: 'External leakage - process medium',
  ELU: 'External leakage - utility medium',
  INL: 'Internal leakage',
  LOO: 'Low output',
  ERO: 'Erratic output',
  OHE: 'Overheating',
  AIR: 'Abnormal instrument reading',
  NOI: 'Noise',
  PDE: 'Parameter deviation',
  PLU: 'Plugged/choked',
  BRD: 'Breakdown',
  SER: 'Minor in-service problems',
  POW: 'Insufficient power',
  UST: 'Spurious stop',
} as const;
export type ObservedModeCode = keyof typeof observedModes;

/**
 * SAP PM catalogue codes by what is damaged: code groups of catalogue C (damage) and B (object part), at most 8 and
 * 4 characters; causes of catalogue 5.
 */
export const sapCauses: Readonly<Record<CauseCode, string>> = {
  '2.2': 'INST',
  '3.1': 'OFFD',
  '3.2': 'OPER',
  '3.3': 'MAIN',
  '3.4': 'WEAR',
  '5.3': 'EXTN',
};
