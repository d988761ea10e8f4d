import { formatInstant } from '#kernel/clock.ts';
import { Refusal } from '../common/counterpart.ts';
import type { Behaviour, Fields, Step } from '../common/counterpart.ts';
import { allocate, inStock, replenish } from './stock.ts';
import type { Item, Reservation, WmsWorld } from './stock.ts';

/** Reservations and goods issues of a warehouse. */
export function createWmsBehaviour(world: WmsWorld): Behaviour {
  return {
    system: 'wms',
    task: (step, task) => replenish(step, String((task.body as Fields)['product'])),
    request: (step, action, body) => {
      switch (action) {
        case 'Reservation.Query':
          return {
            results: step.store.all<Reservation>('reservation').filter((r) => r.OrderID === body['OrderID']),
          };
        case 'Reservation.Read':
          return { ...read(step, body) };
        case 'Reservation.Create':
          return create(step, body, world);
        case 'Reservation.Delete':
          return remove(step, body);
        case 'MaterialDocument.Query':
          return {
            results: step.store
              .all<Fields>('document')
              .filter((d) => d['Reservation'] === body['Reservation']),
          };
        case 'MaterialDocument.Read': {
          const document = step.store.get<Fields>('document', String(body['MaterialDocument']));
          if (!document)
            throw new Refusal(
              'M7/001',
              `Material document ${String(body['MaterialDocument'])} does not exist.`,
            );
          return document;
        }
        case 'MaterialDocument.Create':
          return issue(step, body);
        default:
          throw new Refusal('/IWFND/CM_MGW/096', `The action ${action} is not supported.`);
      }
    },
  };
}

const s4 = (object: string, event: string) => `sap.s4.beh.${object.toLowerCase()}.v1.${object}.${event}.v1`;

function read(step: Step, body: Fields): Reservation {
  const number = String(body['Reservation']);
  const found = step.store.get<Reservation>('reservation', number);
  if (!found) throw new Refusal('M7/022', `Reservation ${number} does not exist.`);
  return found;
}

function create(step: Step, body: Fields, world: WmsWorld): Fields {
  const wanted = (body['to_ReservationDocumentItem'] ?? []) as Fields[];
  if (!wanted.length) throw new Refusal('M7/018', 'A reservation needs at least one item.');
  const number = String(step.store.next('reservation', 90_001));
  const items = wanted.map((item, index): Item => ({
    ...item,
    ReservationItem: String(index + 1).padStart(4, '0'),
    Product: String(item['Product']),
    EntryUnit: String(item['EntryUnit']),
    ResvnItmRequiredQtyInEntryUnit: Number(item['ResvnItmRequiredQtyInEntryUnit']),
    ConfirmedAvailableQuantity: 0,
    ExpectedAvailabilityDateTime: null,
    GoodsMovementIsAllowed: true,
    ReservationItemIsFinallyIssued: false,
    ReservationItmIsMarkedForDeltn: false,
  }));
  const reservation = {
    Reservation: number,
    OrderID: String(body['OrderID']),
    GoodsMovementType: '261',
    to_ReservationDocumentItem: items,
  };
  const to_ReservationDocumentItem = items.map((item) => allocate(step, item, world));
  step.store.put('reservation', number, { ...reservation, to_ReservationDocumentItem });
  step.emit(s4('ReservationDocument', 'Created'), 'Reservation.Created', { Reservation: number });
  return { Reservation: number };
}

function remove(step: Step, body: Fields): Fields {
  const reservation = read(step, body);
  if (reservation.to_ReservationDocumentItem.some((item) => item.ReservationItemIsFinallyIssued))
    throw new Refusal('M7/120', `Goods of reservation ${reservation.Reservation} were issued already.`);
  for (const item of reservation.to_ReservationDocumentItem)
    if (!item.ReservationItmIsMarkedForDeltn) inStock(step, item.Product, item.ConfirmedAvailableQuantity);
  const to_ReservationDocumentItem = reservation.to_ReservationDocumentItem.map((item) => ({
    ...item,
    ConfirmedAvailableQuantity: 0,
    ReservationItmIsMarkedForDeltn: true,
  }));
  step.store.put('reservation', reservation.Reservation, { ...reservation, to_ReservationDocumentItem });
  step.emit(s4('ReservationDocument', 'Deleted'), 'Reservation.Deleted', {
    Reservation: reservation.Reservation,
  });
  return { Reservation: reservation.Reservation };
}

/** @see movement type 261: goods issue for an order */
function issue(step: Step, body: Fields): Fields {
  const lines = (body['to_MaterialDocumentItem'] ?? []) as Fields[];
  const reservation = read(step, lines[0] ?? {});
  for (const item of reservation.to_ReservationDocumentItem) {
    if (item.ReservationItmIsMarkedForDeltn || item.ReservationItemIsFinallyIssued)
      throw new Refusal(
        'M7/053',
        `Item ${item.ReservationItem} of reservation ${reservation.Reservation} is closed.`,
      );
    if (item.ConfirmedAvailableQuantity < item.ResvnItmRequiredQtyInEntryUnit)
      throw new Refusal('M7/021', `Deficit of ${item.Product} in the storage location.`);
  }
  const to_ReservationDocumentItem = reservation.to_ReservationDocumentItem.map((item) => ({
    ...item,
    ReservationItemIsFinallyIssued: true,
  }));
  step.store.put('reservation', reservation.Reservation, { ...reservation, to_ReservationDocumentItem });
  const number = String(step.store.next('document', 4_900_000_001));
  const key = { MaterialDocument: number, MaterialDocumentYear: formatInstant(step.now).slice(0, 4) };
  step.store.put('document', number, {
    ...key,
    Reservation: reservation.Reservation,
    PostingDate: body['PostingDate'],
    to_MaterialDocumentItem: lines,
  });
  step.emit(s4('MaterialDocument', 'Created'), 'MaterialDocument.Created', key);
  return key;
}
