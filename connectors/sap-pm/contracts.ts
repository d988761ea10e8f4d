import type { MaintenanceCommand } from '#ontology/maintenance.ts';
import {
  anyText,
  commandSchema,
  dateTime,
  equipment,
  number,
  orderNumber,
  parts,
  severity,
  text,
} from '../counterpart/command-schemas.ts';
import { contractsOf } from '../counterpart/contract-parts.ts';
import type { MessageContracts } from '../counterpart/contracts.ts';
import { boolean, closed, date, list, nullable, oneOf, open, time } from '../counterpart/schema.ts';
import type { JsonSchema } from '../counterpart/schema.ts';

/** The commands this connector takes. */
export type ErpCommand = Extract<MaintenanceCommand, { type: `erp.${string}` }>;

const codes = closed({
  damageGroup: text(8),
  damage: text(4),
  objectPartGroup: text(8),
  objectPart: text(4),
  cause: text(40),
});

/** Schemas of the hub's own commands. */
export const erpCommandSchemas: Readonly<Record<ErpCommand['type'], JsonSchema>> = {
  'erp.createNotification': commandSchema('erp.createNotification', {
    equipment,
    functionalLocation: anyText(40),
    text: text(200),
    longText: anyText(20_000),
    priority: severity,
    codes,
    malfunctionStart: dateTime,
    requiredEnd: dateTime,
    reportedBy: text(200),
  }),
  'erp.createOrder': commandSchema('erp.createOrder', {
    notification: orderNumber,
    equipment,
    functionalLocation: anyText(40),
    text: text(200),
    priority: severity,
    workHours: number(),
    parts,
    basicStart: dateTime,
    basicEnd: dateTime,
  }),
  'erp.releaseOrder': commandSchema('erp.releaseOrder', { order: orderNumber }),
  'erp.completeOrder': commandSchema('erp.completeOrder', {
    order: orderNumber,
    notification: orderNumber,
    actualWorkHours: number(),
    actualStart: dateTime,
    actualEnd: dateTime,
    text: anyText(4_000),
  }),
};

const notificationKey = { MaintenanceNotification: text(12) };
const orderKey = { MaintenanceOrder: text(12) };
const component = {
  Product: text(40),
  MaintOrdOpCompRequiredQuantity: number(),
  BaseUnit: text(3),
  Plant: text(4),
  StorageLocation: text(4),
  RequirementDate: date,
  GoodsMovementType: text(3),
};
const notification = open({
  ...notificationKey,
  MaintNotifExtReferenceNumber: anyText(20),
  LastChangeDateTime: dateTime,
});
const order = open(
  {
    ...orderKey,
    MaintenanceOrderType: text(4),
    MaintenanceNotification: anyText(12),
    SystemStatusText: text(40),
    Reservation: nullable(text(10)),
    LastChangeDateTime: dateTime,
  },
  { optional: ['Reservation'] },
);

const { request, answer, event: anyEvent } = contractsOf('sap-pm');
const event = (
  object: string,
  name: string,
  description: string,
  key: Readonly<Record<string, JsonSchema>>,
) =>
  anyEvent(
    `sap.s4.beh.${object.toLowerCase()}.v1.${object}.${name}.v1`,
    `${object}.${name}`,
    description,
    key,
  );
const orderEventKey = { ...orderKey, MaintenanceOrderType: text(4) };

/** Messages exchanged with SAP PM. Field names: API_MAINTNOTIFICATION, API_MAINTENANCEORDER, API_MAINTORDERCONFIRMATION. */
export const sapPmContracts: MessageContracts = Object.fromEntries([
  request(
    'MaintenanceNotification',
    'Query',
    'Look up by the hub’s reference.',
    closed({ MaintNotifExtReferenceNumber: text(20) }),
  ),
  request('MaintenanceNotification', 'Read', 'Read one notification.', closed(notificationKey)),
  request(
    'MaintenanceNotification',
    'Create',
    'Create a malfunction notification (M2).',
    closed({
      NotificationType: oneOf('M1', 'M2', 'M3'),
      NotificationText: text(40),
      MaintNotifLongTextForEdit: anyText(1333),
      MaintPriority: oneOf('1', '2', '3', '4'),
      TechnicalObject: text(40),
      TechObjIsEquipOrFuncnlLoc: oneOf('EAMS_EQUI', 'EAMS_FL'),
      FunctionalLocation: anyText(30),
      MalfunctionStartDate: date,
      MalfunctionStartTime: time,
      RequiredEndDate: date,
      RequiredEndTime: time,
      MaintenanceObjectIsDown: boolean,
      ReportedByUser: text(12),
      MaintenancePlanningPlant: text(4),
      MainWorkCenter: text(8),
      MaintNotifExtReferenceNumber: text(20),
      to_Item: list(
        closed({
          MaintNotifDamageCodeGroup: text(8),
          MaintNotificationDamageCode: text(4),
          MaintNotifObjPrtCodeGroup: text(8),
          MaintNotifObjPrtCode: text(4),
          MaintNotificationCauseCode: text(40),
        }),
      ),
    }),
  ),
  request('MaintenanceOrder', 'Query', 'Look up the order of a notification.', closed(notificationKey)),
  request('MaintenanceOrder', 'Read', 'Read one order with status and reservation.', closed(orderKey)),
  request(
    'MaintenanceOrder',
    'Create',
    'Create an order (PM01) with operation and components.',
    closed({
      MaintenanceOrderType: text(4),
      MaintenanceOrderDesc: text(40),
      Equipment: text(18),
      FunctionalLocation: anyText(30),
      MaintPriority: oneOf('1', '2', '3', '4'),
      MaintenanceNotification: text(12),
      MaintenancePlanningPlant: text(4),
      MainWorkCenter: text(8),
      MaintOrdBasicStartDateTime: dateTime,
      MaintOrdBasicEndDateTime: dateTime,
      to_MaintenanceOrderOperation: list(
        closed({
          MaintenanceOrderOperation: text(4),
          OperationDescription: text(40),
          OperationPlannedWorkQuantity: number(),
          OperationPlannedWorkQtyUnit: text(3),
          WorkCenter: text(8),
        }),
      ),
      to_MaintOrderComponent: list(closed(component)),
    }),
  ),
  request('MaintenanceOrder', 'Release', 'Release a created order.', closed(orderKey)),
  request(
    'MaintenanceOrder',
    'TechnicallyComplete',
    'Set a confirmed order to technically completed.',
    closed(orderKey),
  ),
  request(
    'MaintenanceOrderConfirmation',
    'Create',
    'Final confirmation of the work.',
    closed({
      ...orderKey,
      MaintenanceOrderOperation: text(4),
      PersonnelNumber: text(8),
      ActualWorkQuantity: number(),
      ActualWorkQuantityUnit: text(3),
      OperationConfirmedStartDate: date,
      OperationConfirmedStartTime: time,
      OperationConfirmedEndDate: date,
      OperationConfirmedEndTime: time,
      IsFinalConfirmation: boolean,
      NoFurtherWorkQuantityIsExpd: boolean,
      RemainingWorkQuantity: number(),
      PostingDate: date,
      ActivityType: text(6),
      ConfirmationText: anyText(40),
    }),
  ),
  answer('MaintenanceNotification', 'Query', open({ results: list(notification) })),
  answer('MaintenanceNotification', 'Read', notification),
  answer('MaintenanceNotification', 'Create', open(notificationKey)),
  answer('MaintenanceOrder', 'Query', open({ results: list(order) })),
  answer('MaintenanceOrder', 'Read', order),
  answer('MaintenanceOrder', 'Create', open(orderKey)),
  answer('MaintenanceOrder', 'Release', open(orderKey)),
  answer('MaintenanceOrder', 'TechnicallyComplete', open(orderKey)),
  answer('MaintenanceOrderConfirmation', 'Create', open({ MaintOrderConf: text(10) })),
  event('MaintenanceNotification', 'Created', 'A notification was created.', notificationKey),
  event('MaintenanceNotification', 'Changed', 'A notification was changed.', notificationKey),
  event('MaintenanceOrder', 'SetToInPlanning', 'An order was created (CRTD).', orderEventKey),
  event('MaintenanceOrder', 'SetToInPreparation', 'An order was released (REL).', orderEventKey),
  event('MaintenanceOrder', 'Changed', 'An order was changed.', orderEventKey),
  event(
    'MaintenanceOrder',
    'SetToTechCompleted',
    'An order was technically completed (TECO).',
    orderEventKey,
  ),
  event('MaintenanceOrder', 'Closed', 'An order was closed (CLSD).', orderEventKey),
]);
