import type { MaintenanceCommand } from '#ontology/maintenance.ts';
import { commandSchema, dateTime, number, orderNumber, parts, text } from '../counterpart/command-schemas.ts';
import { contractsOf } from '../counterpart/contract-parts.ts';
import type { MessageContracts } from '../counterpart/contracts.ts';
import { boolean, closed, date, list, nullable, open } from '../counterpart/schema.ts';
import type { JsonSchema } from '../counterpart/schema.ts';

/** The commands this connector takes. */
export type WmsCommand = Extract<MaintenanceCommand, { type: `wms.${string}` }>;

/** Schemas of the hub's own commands. */
export const wmsCommandSchemas: Readonly<Record<WmsCommand['type'], JsonSchema>> = {
  'wms.reserveParts': commandSchema('wms.reserveParts', { order: orderNumber, parts, requiredAt: dateTime }),
  'wms.issueParts': commandSchema('wms.issueParts', { order: orderNumber, reservation: text(10) }),
  'wms.cancelReservation': commandSchema('wms.cancelReservation', { reservation: text(10) }),
};

const { request, answer, event } = contractsOf('wms');
const reservationKey = { Reservation: text(10) };
const materialDocumentKey = { MaterialDocument: text(10), MaterialDocumentYear: text(4) };
const reservation = open({
  ...reservationKey,
  OrderID: text(12),
  GoodsMovementType: text(3),
  to_ReservationDocumentItem: list(
    open({
      ReservationItem: text(4),
      Product: text(40),
      ResvnItmRequiredQtyInEntryUnit: number(),
      ConfirmedAvailableQuantity: number(),
      EntryUnit: text(3),
      ExpectedAvailabilityDateTime: nullable(dateTime),
      GoodsMovementIsAllowed: boolean,
      ReservationItemIsFinallyIssued: boolean,
      ReservationItmIsMarkedForDeltn: boolean,
    }),
  ),
});
const materialDocument = open({
  ...materialDocumentKey,
  to_MaterialDocumentItem: list(open({ ...reservationKey, GoodsMovementType: text(3) })),
});
const s4 = (object: string, name: string) => `sap.s4.beh.${object.toLowerCase()}.v1.${object}.${name}.v1`;

/** Messages exchanged with the warehouse. Field names: API_RESERVATION_DOCUMENT, API_MATERIAL_DOCUMENT. */
export const wmsContracts: MessageContracts = Object.fromEntries([
  request('Reservation', 'Query', 'Look up the reservation of an order.', closed({ OrderID: text(12) })),
  request('Reservation', 'Read', 'Read one reservation with its items.', closed(reservationKey)),
  request(
    'Reservation',
    'Create',
    'Reserve the parts of an order.',
    closed({
      OrderID: text(12),
      GoodsMovementType: text(3),
      ReservationDate: date,
      to_ReservationDocumentItem: list(
        closed({
          Product: text(40),
          Plant: text(4),
          StorageLocation: text(4),
          ResvnItmRequiredQtyInEntryUnit: number(),
          EntryUnit: text(3),
          MatlCompRequirementDate: date,
          GoodsMovementIsAllowed: boolean,
        }),
      ),
    }),
  ),
  request('Reservation', 'Delete', 'Give a reservation up.', closed(reservationKey)),
  request('MaterialDocument', 'Query', 'Look up the goods issue of a reservation.', closed(reservationKey)),
  request('MaterialDocument', 'Read', 'Read one material document.', closed(materialDocumentKey)),
  request(
    'MaterialDocument',
    'Create',
    'Goods issue against a reservation (movement type 261).',
    closed({
      GoodsMovementCode: text(2),
      PostingDate: date,
      to_MaterialDocumentItem: list(
        closed({
          GoodsMovementType: text(3),
          Reservation: text(10),
          ReservationItem: text(4),
          QuantityInEntryUnit: number(),
          EntryUnit: text(3),
        }),
      ),
    }),
  ),
  answer('Reservation', 'Query', open({ results: list(reservation) })),
  answer('Reservation', 'Read', reservation),
  answer('Reservation', 'Create', open(reservationKey)),
  answer('Reservation', 'Delete', open(reservationKey)),
  answer('MaterialDocument', 'Query', open({ results: list(materialDocument) })),
  answer('MaterialDocument', 'Read', materialDocument),
  answer('MaterialDocument', 'Create', open(materialDocumentKey)),
  event(
    s4('ReservationDocument', 'Created'),
    'Reservation.Created',
    'A reservation was created.',
    reservationKey,
  ),
  event(
    s4('ReservationDocument', 'Changed'),
    'Reservation.Changed',
    'Availability or items changed.',
    reservationKey,
  ),
  event(
    s4('ReservationDocument', 'Deleted'),
    'Reservation.Deleted',
    'A reservation was given up.',
    reservationKey,
  ),
  event(
    s4('MaterialDocument', 'Created'),
    'MaterialDocument.Created',
    'Goods were moved.',
    materialDocumentKey,
  ),
]);
