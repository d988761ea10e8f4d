import { HubError } from '#kernel/errors.ts';

// SAP's internal units of measure (T006) for the UCUM codes of spare parts.
const sapUnits: Readonly<Record<string, string>> = {
  '1': 'EA',
  '{pc}': 'EA',
  '{pcs}': 'EA',
  '{each}': 'EA',
  L: 'L',
  l: 'L',
  mL: 'ML',
  kg: 'KG',
  g: 'G',
  m: 'M',
  h: 'H',
};

/** The ERP's unit code for a UCUM code. @throws {HubError} MESSAGE_INVALID - there is none. */
export function toSapUnit(ucum: string): string {
  const unit = sapUnits[ucum];
  if (!unit)
    throw new HubError(
      'MESSAGE_INVALID',
      `There is no SAP unit for ${ucum}; known are ${Object.keys(sapUnits).join(', ')}.`,
    );
  return unit;
}
