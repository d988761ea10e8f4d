import type { ConfigReader } from '#kernel/config.ts';

/** How the hub appears in SAP PM. */
export interface SapPmConfig {
  /** Maintenance planning plant. */
  readonly planningPlant: string;
  readonly mainWorkCenter: string;
  readonly storageLocation: string;
  readonly orderType: string;
  /** User in ReportedByUser when the reporter's name does not fit, at most 12 characters. */
  readonly user: string;
  readonly personnelNumber: string;
  readonly activityType: string;
  /** Waits between deliveries that fail, ms. */
  readonly retryDelaysMs?: readonly number[];
}

/** Values for a plant BP01. */
export const defaultSapPmConfig: SapPmConfig = {
  planningPlant: 'BP01',
  mainWorkCenter: 'MECH',
  storageLocation: '0001',
  orderType: 'PM01',
  user: 'TWINHUB',
  personnelNumber: '00000001',
  activityType: 'LABOR',
};

/** Reads TWINHUB_SAP_PM_*; faults are kept by the reader. */
export function readSapPmConfig(reader: ConfigReader): SapPmConfig {
  const text = (name: string, value: string, max: number) =>
    reader.string(`TWINHUB_SAP_PM_${name}`, {
      default: value,
      pattern: new RegExp(`^[A-Za-z0-9_-]{1,${max}}$`),
      allowed: `1 to ${max} letters, digits, _ and -`,
    });
  return Object.freeze({
    planningPlant: text('PLANNING_PLANT', defaultSapPmConfig.planningPlant, 4),
    mainWorkCenter: text('MAIN_WORK_CENTER', defaultSapPmConfig.mainWorkCenter, 8),
    storageLocation: text('STORAGE_LOCATION', defaultSapPmConfig.storageLocation, 4),
    orderType: text('ORDER_TYPE', defaultSapPmConfig.orderType, 4),
    user: text('USER', defaultSapPmConfig.user, 12),
    personnelNumber: text('PERSONNEL_NUMBER', defaultSapPmConfig.personnelNumber, 8),
    activityType: text('ACTIVITY_TYPE', defaultSapPmConfig.activityType, 6),
  });
}
