import type { ReserveParts } from '#ontology/maintenance.ts';
import { toSapUnit } from '../counterpart/units.ts';
import type { WmsConfig } from './config.ts';

/** One item of a reservation as read. */
export interface ReservationItem {
  readonly ReservationItem: string;
  readonly Product: string;
  readonly ResvnItmRequiredQtyInEntryUnit: number;
  readonly ConfirmedAvailableQuantity: number;
  readonly EntryUnit: string;
  readonly ExpectedAvailabilityDateTime: string | null;
  readonly ReservationItemIsFinallyIssued: boolean;
  readonly ReservationItmIsMarkedForDeltn: boolean;
}

/** @see API_RESERVATION_DOCUMENT */
export function toReservation(command: ReserveParts, config: WmsConfig) {
  const date = new Date(command.requiredAt).toISOString().slice(0, 10);
  return {
    OrderID: command.order,
    GoodsMovementType: '261',
    ReservationDate: date,
    to_ReservationDocumentItem: command.parts.map((part) => ({
      Product: part.product,
      Plant: config.plant,
      StorageLocation: config.storageLocation,
      ResvnItmRequiredQtyInEntryUnit: part.quantity,
      EntryUnit: toSapUnit(part.unit),
      MatlCompRequirementDate: date,
      GoodsMovementIsAllowed: true,
    })),
  };
}

/** Goods issue of all that is not issued yet. @see API_MATERIAL_DOCUMENT, GoodsMovementCode 03, movement type 261 */
export function toGoodsIssue(reservation: string, items: readonly ReservationItem[], postingDate: string) {
  return {
    GoodsMovementCode: '03',
    PostingDate: postingDate,
    to_MaterialDocumentItem: items
      .filter((item) => !item.ReservationItemIsFinallyIssued)
      .map((item) => ({
        GoodsMovementType: '261',
        Reservation: reservation,
        ReservationItem: item.ReservationItem,
        QuantityInEntryUnit: item.ResvnItmRequiredQtyInEntryUnit,
        EntryUnit: item.EntryUnit,
      })),
  };
}

/** What is missing of an item, in its entry unit. */
export function missingOf(item: ReservationItem): number {
  return Math.max(0, item.ResvnItmRequiredQtyInEntryUnit - item.ConfirmedAvailableQuantity);
}
