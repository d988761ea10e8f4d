import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Submodel } from '#ontology/aas/environment.ts';
import { knownKinds, readKnownSubmodel, recognise } from '#ontology/aas/submodels/index.ts';
import { entity, list, mlp, prop, relation, scope, smc, submodel } from './submodels-support.ts';

const idta = 'https://admin-shell.io/idta';
/** One submodel of each kind, with something in every part that is read. */
const seeds: readonly Submodel[] = [
  submodel('urn:1', 'Nameplate', `${idta}/nameplate/3/0/Nameplate`, [
    mlp('ManufacturerName', '0112/2///61987#ABA565#009', { en: 'a' }),
    smc(
      'AddressInformation',
      'https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/AddressInformation',
      [mlp('Street', null, { de: 'b' })],
    ),
    list('Markings', '0112/2///61360_7#AAS006#001', 'SubmodelElementCollection', [
      smc(null, null, [prop('MarkingName', null, 'CE')]),
    ]),
  ]),
  submodel('urn:2', 'TechnicalData', '0173-1#01-AHX837#002', [
    smc('GeneralInformation', null, [prop('ManufacturerName', null, 'a')]),
    smc('TechnicalProperties', null, [prop('A', 'urn:a', '1', 'xs:double')]),
  ]),
  submodel('urn:3', 'Bom', `${idta}/HierarchicalStructures/1/1/Submodel`, [
    entity(
      'A',
      'urn:a',
      [entity('B', null), relation('HasPart', 'B', ['urn:3', 'A'], ['urn:3', 'A', 'B'])],
      'EntryNode',
    ),
  ]),
  submodel('urn:4', 'TimeSeries', `${idta}/TimeSeries/1/1`, [
    smc('Metadata', null, [
      smc('Record', null, [prop('Time', `${idta}/TimeSeries/UtcTime/1/1`), prop('a', 'urn:a')]),
    ]),
    smc('Segments', null, [
      smc('InternalSegment', null, [
        smc('Records', null, [
          smc('Record0', null, [
            prop('Time', `${idta}/TimeSeries/UtcTime/1/1`, '2026-01-01T00:00:00Z'),
            prop('a', 'urn:a', '1'),
          ]),
        ]),
      ]),
    ]),
  ]),
  submodel('urn:5', 'CarbonFootprint', `${idta}/CarbonFootprint/CarbonFootprint/1/0`, [
    list('ProductCarbonFootprints', null, 'SubmodelElementCollection', [
      smc(null, null, [prop('PcfCO2eq', '0173-1#02-ABG855#003', '1', 'xs:decimal')]),
    ]),
  ]),
  submodel('urn:6', 'Maintenance', `${idta}/SubmodelTemplate/MaintenanceInstructions/1/0`, [
    smc('MaintenanceInstructionsForSpecificInterval01', null, [
      smc('BasicMaintenanceInformation', null, [prop('MaintenanceID', null, '1')]),
    ]),
  ]),
  submodel('urn:7', 'Reliability', `${idta}/iec62683/1/0/Reliability`, [
    smc('ReliabilityCharacteristics', null, [prop('MTBF', null, '1', 'xs:int')]),
  ]),
  submodel('urn:8', 'Predictive', `${idta}/SubmodelTemplate/PredictiveMaintenance/1/0`, [
    smc('RemainingUsefulLifePrediction', null, [
      entity('RemainingUsefulLifetime', null, [prop('DurationValue', null, '1')]),
    ]),
  ]),
];

/** Every place in a value, as the way to it. */
function placesOf(value: unknown, way: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [way];
  const inside = Object.entries(value).flatMap(([name, inner]) => placesOf(inner, [...way, name]));
  return [way, ...inside];
}

function replaced(value: unknown, [first, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (first === undefined) return by;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const held = copy as Record<string | number, unknown>;
  if (rest.length === 0 && by === undefined) delete held[first];
  else held[first] = replaced(held[first], rest, by);
  return copy;
}

/** What an import in tolerant mode may let through: any text where another belongs, and members left out. */
const surprise = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom<unknown>('', ' ', '-1', '1e999', 'NaN', 'P1Y', '9'.repeat(400), '__proto__'),
  fc.string({ maxLength: 12 }),
);

test('there is a seed of each kind', () => {
  assert.deepEqual(
    seeds.map((seed) => recognise(seed)?.kind),
    knownKinds,
  );
});

test('no change to a submodel makes its reader throw', () => {
  const places = new Map(seeds.map((seed) => [seed, placesOf(seed.submodelElements, ['submodelElements'])]));
  const change = fc.tuple(fc.nat(), surprise);
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (seed, changes) => {
        let changed: unknown = seed;
        for (const [at, by] of changes) {
          const all = places.get(seed) ?? [];
          const way = all[at % all.length] ?? [];
          // Elements stay objects and lists stay lists: the tolerant reader sees to that.
          const target = way.reduce<unknown>(
            (value, step) => (value as Record<string | number, unknown> | undefined)?.[step],
            changed,
          );
          const isMember = typeof way.at(-1) === 'string' && !/^\d+$/.test(String(way.at(-1)));
          if (target !== undefined && isMember && (typeof target === 'string' || by === undefined))
            changed = replaced(changed, way, by);
        }
        const known = readKnownSubmodel(changed as Submodel, '/submodels/0', scope());
        for (const { name } of known?.properties ?? []) assert.match(name, /^[a-zA-Z]+\./);
      },
    ),
    { numRuns: 5000 },
  );
});
