import { sha256Hex } from '#kernel/canonical.ts';
import type { CompleteOrder, CreateNotification, CreateOrder } from '#ontology/maintenance.ts';
import type { Severity } from '#ontology/recommendation.ts';
import { toSapUnit } from '../counterpart/units.ts';
import type { SapPmConfig } from './config.ts';

const priorities: Readonly<Record<Severity, string>> = { URGENT: '1', HIGH: '2', MEDIUM: '3', LOW: '4' };

/**
 * The hub's reference in a notification: SAP has no idempotency key, so what is created carries a hash of the workflow
 * and is looked up by it first. 20 characters, the field's length.
 */
export function toExternalReference(workflowId: string): string {
  return `TH${sha256Hex(workflowId).slice(0, 18).toUpperCase()}`;
}

/** @see API_MAINTNOTIFICATION, MaintenanceNotification with its item */
export function toNotification(command: CreateNotification, config: SapPmConfig) {
  return {
    NotificationType: 'M2',
    NotificationText: short(command.text),
    MaintNotifLongTextForEdit: command.longText.slice(0, 1333),
    MaintPriority: priorities[command.priority],
    TechnicalObject: command.equipment,
    TechObjIsEquipOrFuncnlLoc: 'EAMS_EQUI',
    FunctionalLocation: command.functionalLocation.slice(0, 30),
    MalfunctionStartDate: toDate(command.malfunctionStart),
    MalfunctionStartTime: toTime(command.malfunctionStart),
    RequiredEndDate: toDate(command.requiredEnd),
    RequiredEndTime: toTime(command.requiredEnd),
    MaintenanceObjectIsDown: false,
    ReportedByUser: toUser(command.reportedBy, config),
    MaintenancePlanningPlant: config.planningPlant,
    MainWorkCenter: config.mainWorkCenter,
    MaintNotifExtReferenceNumber: toExternalReference(command.workflowId),
    to_Item: [
      {
        MaintNotifDamageCodeGroup: command.codes.damageGroup,
        MaintNotificationDamageCode: command.codes.damage,
        MaintNotifObjPrtCodeGroup: command.codes.objectPartGroup,
        MaintNotifObjPrtCode: command.codes.objectPart,
        MaintNotificationCauseCode: command.codes.cause,
      },
    ],
  };
}

/** @see API_MAINTENANCEORDER, MaintenanceOrder with operation and components */
export function toOrder(command: CreateOrder, config: SapPmConfig) {
  return {
    MaintenanceOrderType: config.orderType,
    MaintenanceOrderDesc: short(command.text),
    Equipment: command.equipment,
    FunctionalLocation: command.functionalLocation.slice(0, 30),
    MaintPriority: priorities[command.priority],
    MaintenanceNotification: command.notification,
    MaintenancePlanningPlant: config.planningPlant,
    MainWorkCenter: config.mainWorkCenter,
    MaintOrdBasicStartDateTime: command.basicStart,
    MaintOrdBasicEndDateTime: command.basicEnd,
    to_MaintenanceOrderOperation: [
      {
        MaintenanceOrderOperation: '0010',
        OperationDescription: short(command.text),
        OperationPlannedWorkQuantity: command.workHours,
        OperationPlannedWorkQtyUnit: 'H',
        WorkCenter: config.mainWorkCenter,
      },
    ],
    to_MaintOrderComponent: command.parts.map((part) => ({
      Product: part.product,
      MaintOrdOpCompRequiredQuantity: part.quantity,
      BaseUnit: toSapUnit(part.unit),
      Plant: config.planningPlant,
      StorageLocation: config.storageLocation,
      RequirementDate: toDate(command.basicStart),
      GoodsMovementType: '261',
    })),
  };
}

/** @see API_MAINTORDERCONFIRMATION */
export function toConfirmation(command: CompleteOrder, config: SapPmConfig) {
  return {
    MaintenanceOrder: command.order,
    MaintenanceOrderOperation: '0010',
    PersonnelNumber: config.personnelNumber,
    ActualWorkQuantity: command.actualWorkHours,
    ActualWorkQuantityUnit: 'H',
    OperationConfirmedStartDate: toDate(command.actualStart),
    OperationConfirmedStartTime: toTime(command.actualStart),
    OperationConfirmedEndDate: toDate(command.actualEnd),
    OperationConfirmedEndTime: toTime(command.actualEnd),
    IsFinalConfirmation: true,
    NoFurtherWorkQuantityIsExpd: true,
    RemainingWorkQuantity: 0,
    PostingDate: toDate(command.actualEnd),
    ActivityType: config.activityType,
    ConfirmationText: short(command.text),
  };
}

/** How far an order is, by the words of its SystemStatusText. @see SAP status profile: CRTD, REL, PCNF, CNF, TECO, CLSD */
export type OrderProgress = 'created' | 'released' | 'confirmed' | 'completed';

export function toOrderProgress(systemStatusText: string): OrderProgress | null {
  const words = new Set(systemStatusText.split(/\s+/));
  if (words.has('TECO') || words.has('CLSD')) return 'completed';
  if (words.has('CNF')) return 'confirmed';
  if (words.has('REL') || words.has('PCNF')) return 'released';
  return words.has('CRTD') ? 'created' : null;
}

const short = (text: string) => text.slice(0, 40);
const toDate = (instant: string) => new Date(instant).toISOString().slice(0, 10);
const toTime = (instant: string) => new Date(instant).toISOString().slice(11, 19);
const toUser = (name: string, config: SapPmConfig) =>
  /^[A-Za-z0-9_.-]{1,12}$/.test(name) ? name.toUpperCase() : config.user;
