import { formatInstant } from '#kernel/clock.ts';
import type { Step } from '../common/counterpart.ts';

/** How much lies there at first, and what is short for how long. */
export interface WmsWorld {
  /** Pieces of every product that is not short. */
  readonly initialStock: number;
  /** Products that are out of stock at first: plant hours until they come, from the first time they are asked for. */
  readonly short: ReadonlyMap<string, number>;
}

/** One item of a reservation. */
export interface Item {
  readonly ReservationItem: string;
  readonly Product: string;
  readonly EntryUnit: string;
  readonly ResvnItmRequiredQtyInEntryUnit: number;
  readonly ConfirmedAvailableQuantity: number;
  readonly ExpectedAvailabilityDateTime: string | null;
  readonly GoodsMovementIsAllowed: boolean;
  readonly ReservationItemIsFinallyIssued: boolean;
  readonly ReservationItmIsMarkedForDeltn: boolean;
}

export interface Reservation {
  readonly Reservation: string;
  readonly OrderID: string;
  readonly GoodsMovementType: string;
  readonly to_ReservationDocumentItem: readonly Item[];
}

interface Stock {
  readonly free: number;
  readonly deliveryAt: number | null;
}

const usualDeliveryHours = 6;
const deliveredQuantity = 20;

/** Gives an item what is free, and orders the rest. */
export function allocate(step: Step, item: Item, world: WmsWorld): Item {
  const initial = world.short.has(item.Product) ? 0 : world.initialStock;
  const stock = step.store.get<Stock>('stock', item.Product) ?? { free: initial, deliveryAt: null };
  const missing = item.ResvnItmRequiredQtyInEntryUnit - item.ConfirmedAvailableQuantity;
  const given = Math.min(stock.free, missing);
  const short = given < missing;
  const deliveryAt = short ? (stock.deliveryAt ?? orderMore(step, item.Product, world)) : stock.deliveryAt;
  step.store.put('stock', item.Product, { free: stock.free - given, deliveryAt });
  return {
    ...item,
    ConfirmedAvailableQuantity: item.ConfirmedAvailableQuantity + given,
    ExpectedAvailabilityDateTime: short && deliveryAt !== null ? formatInstant(deliveryAt) : null,
  };
}

/** Puts pieces back or in. */
export function inStock(step: Step, product: string, quantity: number): void {
  const stock = step.store.get<Stock>('stock', product) ?? { free: 0, deliveryAt: null };
  step.store.put('stock', product, { ...stock, free: stock.free + quantity });
}

/** A delivery has come: what waits is served in the order of the reservations. */
export function replenish(step: Step, product: string): void {
  const stock = step.store.get<Stock>('stock', product) ?? { free: 0, deliveryAt: null };
  step.store.put('stock', product, { free: stock.free + deliveredQuantity, deliveryAt: null });
  const world: WmsWorld = { initialStock: 0, short: new Map() };
  for (const reservation of step.store.all<Reservation>('reservation')) {
    const waits = (item: Item) =>
      item.Product === product &&
      !item.ReservationItmIsMarkedForDeltn &&
      item.ConfirmedAvailableQuantity < item.ResvnItmRequiredQtyInEntryUnit;
    if (!reservation.to_ReservationDocumentItem.some(waits)) continue;
    const items = reservation.to_ReservationDocumentItem.map((item) =>
      waits(item) ? allocate(step, item, world) : item,
    );
    step.store.put('reservation', reservation.Reservation, {
      ...reservation,
      to_ReservationDocumentItem: items,
    });
    step.emit('sap.s4.beh.reservationdocument.v1.ReservationDocument.Changed.v1', 'Reservation.Changed', {
      Reservation: reservation.Reservation,
    });
  }
}

function orderMore(step: Step, product: string, world: WmsWorld): number {
  const hours = world.short.get(product) ?? usualDeliveryHours;
  step.schedule('delivery', { product }, hours * 3600);
  return step.now + step.plant(hours * 3600);
}
