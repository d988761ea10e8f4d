import type { ConfigReader } from '#kernel/config.ts';

/** How the hub speaks to the MES. */
export interface MesConfig {
  /** Name of this hub as the sender of business object documents. */
  readonly logicalId: string;
  /** Waits between deliveries that fail, ms. */
  readonly retryDelaysMs?: readonly number[];
}

export const defaultMesConfig: MesConfig = { logicalId: 'TWINHUB' };

/** Reads TWINHUB_MES_*; faults are kept by the reader. */
export function readMesConfig(reader: ConfigReader): MesConfig {
  const logicalId = reader.string('TWINHUB_MES_LOGICAL_ID', {
    default: defaultMesConfig.logicalId,
    pattern: /^[A-Za-z0-9_-]{1,20}$/,
    allowed: '1 to 20 letters, digits, _ and -',
  });
  return Object.freeze({ logicalId });
}
