/**
 * Common codes of UNECE Recommendation 20 with their UCUM codes. OPC UA packs the code into the `unitId` of EUInformation.
 *
 * All codes of revision 17 that are valid or deprecated are here (those marked as deleted are not, but for a few that
 * devices still send): with a UCUM code, or with the reason why there is none.
 *
 * @see UNECE Recommendation 20, Codes for Units of Measure; OPC 10000-8, 5.6.3 (EUInformation)
 */
import { mechanicsCodes } from './unece-mechanics.ts';
import { physicsCodes } from './unece-physics.ts';
import { tradeCodes, withoutUcum } from './unece-trade.ts';

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word);

function* pairs(groups: Readonly<Record<string, string>>): Generator<[code: string, ucum: string]> {
  for (const text of Object.values(groups)) {
    const all = words(text);
    for (let i = 0; i < all.length; i += 2) yield [all[i] ?? '', all[i + 1] ?? ''];
  }
}

/** Every common code with its UCUM code, in the order of the tables; a code stands once. */
export const uneceCodes: readonly (readonly [code: string, ucum: string])[] = [
  ...pairs(mechanicsCodes),
  ...pairs(physicsCodes),
  ...pairs(tradeCodes),
];

const ucumByCode: ReadonlyMap<string, string> = new Map(uneceCodes);

/** Why a common code has no UCUM code, by code. */
export const uneceWithoutUcum: ReadonlyMap<string, string> = new Map(
  Object.entries(withoutUcum).flatMap(([reason, codes]) => words(codes).map((code) => [code, reason])),
);

/** UCUM code of a UNECE common code such as `CEL`; `null` for one that has none or is not known. */
export function ucumOfUnece(commonCode: string): string | null {
  return ucumByCode.get(commonCode) ?? null;
}

/** The UNECE common code in the `unitId` of an EUInformation: up to three characters, one a byte. */
export function uneceOfUnitId(unitId: number): string {
  return [16, 8, 0]
    .map((shift) => (unitId >> shift) & 0xff)
    .filter((code) => code > 0)
    .map((code) => String.fromCharCode(code))
    .join('');
}
