/** A rolling bearing's geometry; lengths in one unit, angle in degrees. */
export interface BearingGeometry {
  readonly rollingElements: number;
  readonly ballDiameter: number;
  readonly pitchDiameter: number;
  readonly contactAngle: number;
}

/** A frequency at which damage of one part of a bearing shows, Hz. */
export interface BearingLine {
  readonly label: string;
  readonly meaning: string;
  readonly frequency: number;
}

interface Property {
  readonly name: string;
  readonly value: unknown;
}

/** The geometry out of a twin's properties; null when it has none. */
export function bearingGeometry(properties: readonly Property[]): BearingGeometry | null {
  const number = (name: string) => {
    const value = properties.find((property) => property.name === name)?.value;
    return typeof value === 'number' ? value : null;
  };
  const rollingElements = number('rollingElements');
  const ballDiameter = number('ballDiameter');
  const pitchDiameter = number('pitchDiameter');
  if (!rollingElements || !ballDiameter || !pitchDiameter) return null;
  return { rollingElements, ballDiameter, pitchDiameter, contactAngle: number('contactAngle') ?? 0 };
}

/**
 * Where damage shows in the envelope spectrum at a shaft speed, lowest first.
 * @param speed - rev/min.
 * @see ISO 15243 for the parts; the formulas hold for a fixed outer ring and no slip.
 */
export function bearingLines(geometry: BearingGeometry, speed: number): readonly BearingLine[] {
  const shaft = speed / 60;
  if (!(shaft > 0)) return [];
  const { rollingElements: n, ballDiameter, pitchDiameter, contactAngle } = geometry;
  const ratio = (ballDiameter / pitchDiameter) * Math.cos((contactAngle * Math.PI) / 180);
  return [
    { label: 'FTF', meaning: 'cage', frequency: (shaft / 2) * (1 - ratio) },
    {
      label: 'BSF',
      meaning: 'ball',
      frequency: ((shaft * pitchDiameter) / (2 * ballDiameter)) * (1 - ratio ** 2),
    },
    { label: 'BPFO', meaning: 'outer race', frequency: (n / 2) * shaft * (1 - ratio) },
    { label: 'BPFI', meaning: 'inner race', frequency: (n / 2) * shaft * (1 + ratio) },
  ];
}
