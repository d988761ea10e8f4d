import type { ConfigReader } from '#kernel/config.ts';

/** Where the warehouse takes the parts from. */
export interface WmsConfig {
  readonly plant: string;
  readonly storageLocation: string;
  /** Waits between deliveries that fail, ms. */
  readonly retryDelaysMs?: readonly number[];
}

/** Values for a plant BP01. */
export const defaultWmsConfig: WmsConfig = { plant: 'BP01', storageLocation: '0001' };

/** Reads TWINHUB_WMS_*; faults are kept by the reader. */
export function readWmsConfig(reader: ConfigReader): WmsConfig {
  const pattern = /^[A-Za-z0-9]{1,4}$/;
  const allowed = '1 to 4 letters and digits';
  return Object.freeze({
    plant: reader.string('TWINHUB_WMS_PLANT', { default: defaultWmsConfig.plant, pattern, allowed }),
    storageLocation: reader.string('TWINHUB_WMS_STORAGE_LOCATION', {
      default: defaultWmsConfig.storageLocation,
      pattern,
      allowed,
    }),
  });
}
