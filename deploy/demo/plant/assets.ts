/** An object of the plant's address space, from the outside in; its node id is `ns=1;s=<id>`. */
export interface PlantObject {
  readonly id: string;
  readonly parent: string | null;
  readonly description: string;
  /** SAP equipment number and class, of assets and components. */
  readonly equipment?: string;
  readonly assetClass?: string;
}

/** The equipment hierarchy as the server shows it. @see IEC 62264-1, role based equipment hierarchy */
export const plantObjects: readonly PlantObject[] = [
  { id: 'PLANT-1', parent: null, description: 'Bottling plant 1' },
  { id: 'PACKAGING', parent: 'PLANT-1', description: 'Packaging' },
  { id: 'UTILITIES', parent: 'PLANT-1', description: 'Utilities' },
  { id: 'LINE-1', parent: 'PACKAGING', description: 'Bottling line 1' },
  { id: 'FILLING', parent: 'LINE-1', description: 'Filling' },
  { id: 'CAPPING', parent: 'LINE-1', description: 'Capping' },
  { id: 'CONVEYING', parent: 'LINE-1', description: 'Conveying' },
  { id: 'UTIL-CELL', parent: 'UTILITIES', description: 'Cooling water and compressed air' },
  asset('FL-101', 'FILLING', 'Bottle filler', '10000201', 'filler'),
  asset('CP-101', 'CAPPING', 'Bottle capper', '10000301', 'capper'),
  asset('CV-101', 'CONVEYING', 'Bottle conveyor', '10000401', 'conveyor'),
  asset('P-101', 'UTIL-CELL', 'Cooling water pump', '10000101', 'pump'),
  asset('P-101.motor', 'P-101', 'Motor of the cooling water pump', '10000102', 'motor'),
  asset('P-101.bearing-de', 'P-101', 'Bearing, drive end', '10000103', 'bearing'),
  asset('P-101.bearing-nde', 'P-101', 'Bearing, non-drive end', '10000104', 'bearing'),
  asset('AC-101', 'UTIL-CELL', 'Air compressor', '10000501', 'compressor'),
  asset('CH-101', 'UTIL-CELL', 'Chiller', '10000601', 'chiller'),
];

function asset(
  id: string,
  parent: string,
  description: string,
  equipment: string,
  assetClass: string,
): PlantObject {
  return { id, parent, description, equipment, assetClass };
}
