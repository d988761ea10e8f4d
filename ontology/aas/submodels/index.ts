/**
 * Submodels the hub understands: recognised by semantic id in any notation and version, read into a structure, and mapped
 * to the hub's own names.
 */
import type { Submodel } from '../environment.ts';
import { termOf, type MatchLevel } from '../../vocabulary/index.ts';
import { readBillOfMaterial, type BillOfMaterial } from './bom.ts';
import type { CanonicalProperty } from './canonical.ts';
import { readCarbonFootprint } from './carbon-footprint.ts';
import { idsOf, type ReadScope } from './elements.ts';
import { readMaintenance } from './maintenance.ts';
import { readNameplate } from './nameplate.ts';
import { readPredictiveMaintenance } from './predictive-maintenance.ts';
import { readReliability } from './reliability.ts';
import { readTechnicalData } from './technical-data.ts';
import { readTimeSeries, type TimeSeries } from './time-series.ts';

export type { ReadScope } from './elements.ts';
export type { CanonicalProperty } from './canonical.ts';
export type { BillOfMaterial, BomNode } from './bom.ts';
export type { TimeSeries } from './time-series.ts';

export const knownKinds = [
  'nameplate',
  'technicalData',
  'bom',
  'timeSeries',
  'carbonFootprint',
  'maintenance',
  'reliability',
  'predictiveMaintenance',
] as const;
export type KnownKind = (typeof knownKinds)[number];

/** A submodel of a known kind, read. */
export interface KnownSubmodel {
  readonly kind: KnownKind;
  /** How its semantic id matched. */
  readonly match: MatchLevel;
  readonly properties: readonly CanonicalProperty[];
  /** Of kind `bom`. */
  readonly bom: BillOfMaterial | null;
  /** Of kind `timeSeries`. */
  readonly timeSeries: TimeSeries | null;
}

interface Reading {
  readonly properties?: readonly CanonicalProperty[];
  readonly bom?: BillOfMaterial | null;
  readonly timeSeries?: TimeSeries;
}

const readers: Readonly<
  Record<KnownKind, (submodel: Submodel, pointer: string, scope: ReadScope) => Reading>
> = {
  nameplate: readNameplate,
  technicalData: readTechnicalData,
  bom: (submodel, pointer, scope) => ({ bom: readBillOfMaterial(submodel, pointer, scope) }),
  timeSeries: (submodel, pointer, scope) => ({ timeSeries: readTimeSeries(submodel, pointer, scope) }),
  carbonFootprint: readCarbonFootprint,
  maintenance: readMaintenance,
  reliability: readReliability,
  predictiveMaintenance: readPredictiveMaintenance,
};

/** The kind of a submodel, by its semantic ids; `null` for one the hub does not know. */
export function recognise(submodel: Submodel): { kind: KnownKind; match: MatchLevel } | null {
  const found = termOf(idsOf(submodel));
  const kind = knownKinds.find((known) => found?.term === `submodel.${known}`);
  return found && kind ? { kind, match: found.match } : null;
}

/** Reads a submodel of a known kind; `null` for one of another kind. Never throws on what it says. */
export function readKnownSubmodel(
  submodel: Submodel,
  pointer: string,
  scope: ReadScope,
): KnownSubmodel | null {
  const found = recognise(submodel);
  if (!found) return null;
  const reading = readers[found.kind](submodel, pointer, scope);
  return {
    ...found,
    properties: unique(reading.properties ?? [], pointer, scope),
    bom: reading.bom ?? null,
    timeSeries: reading.timeSeries ?? null,
  };
}

/** Each name once: a second value of a name is reported and stays in the source. */
function unique(
  properties: readonly CanonicalProperty[],
  pointer: string,
  { report }: ReadScope,
): CanonicalProperty[] {
  const seen = new Set<string>();
  return properties.filter(({ name }) => {
    if (!seen.has(name)) return seen.add(name);
    report('hub:duplicateName', pointer, `There are two values for ${name}; the first is taken.`);
    return false;
  });
}
