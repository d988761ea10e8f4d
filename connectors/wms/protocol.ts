import type { Clock } from '#kernel/clock.ts';
import { formatInstant } from '#kernel/clock.ts';
import { unreachable } from '#kernel/errors.ts';
import type { Fact, Fields, Progress, Step, SystemProtocol } from '../counterpart/protocol.ts';
import type { WmsConfig } from './config.ts';
import { wmsCommandSchemas, wmsContracts } from './contracts.ts';
import type { WmsCommand } from './contracts.ts';
import { missingOf, toGoodsIssue, toReservation } from './map.ts';
import type { ReservationItem } from './map.ts';

/** How the warehouse is spoken to: look first, write, wait for the thin event, read back, tell. */
export function createWmsProtocol(config: WmsConfig, clock: Clock): SystemProtocol<WmsCommand> {
  return {
    system: 'wms',
    commandTopic: 'wms.#',
    refusedType: 'wms.refused',
    commandSchemas: wmsCommandSchemas,
    contracts: wmsContracts,
    references,
    begin: (command) => ({ next: look(command) }),
    reply: (command, _commandId, step, result) => onReply(command, step, result, config, clock),
    readBack: (_type, body) => {
      const { Reservation, MaterialDocument, MaterialDocumentYear } = body;
      if (MaterialDocument === undefined)
        return {
          request: ask('Reservation', 'Read', { Reservation }),
          references: [reservationRef(Reservation)],
        };
      return {
        request: ask('MaterialDocument', 'Read', { MaterialDocument, MaterialDocumentYear }),
        references: [documentRef(MaterialDocument, MaterialDocumentYear)],
      };
    },
    facts: (replyType, result) => {
      if (replyType === 'wms.MaterialDocument.Read.Reply') return issueFacts(result);
      return replyType === 'wms.Reservation.Read.Reply' ? reservationFacts(result) : [];
    },
  };
}

const reservationRef = (number: unknown) => `Reservation/${String(number)}`;
const documentRef = (number: unknown, year: unknown) => `MaterialDocument/${String(year)}/${String(number)}`;
const orderRef = (order: unknown) => `Order/${String(order)}`;
const ask = (object: string, action: string, body: unknown) => ({ object, action, body });

function references(command: WmsCommand): string[] {
  switch (command.type) {
    case 'wms.reserveParts':
      return [`${orderRef(command.order)}/reserved`];
    case 'wms.issueParts':
      return [`${reservationRef(command.reservation)}/issued`];
    case 'wms.cancelReservation':
      return [`${reservationRef(command.reservation)}/cancelled`];
    default:
      return unreachable(command);
  }
}

function look(command: WmsCommand): Step {
  if (command.type === 'wms.reserveParts')
    return { step: 'look', request: ask('Reservation', 'Query', { OrderID: command.order }) };
  return { step: 'look', request: ask('Reservation', 'Read', { Reservation: command.reservation }) };
}

function onReply(
  command: WmsCommand,
  step: string,
  result: Fields,
  config: WmsConfig,
  clock: Clock,
): Progress {
  switch (command.type) {
    case 'wms.reserveParts': {
      if (step !== 'look') return { links: [reservationRef(result['Reservation'])] };
      const found = (result['results'] as Fields[]).find((reservation) => !isDeleted(reservation));
      if (found) return { facts: reservationFacts(found) };
      return {
        next: { step: 'create', request: ask('Reservation', 'Create', toReservation(command, config)) },
      };
    }
    case 'wms.issueParts':
      return issue(command.reservation, step, result, clock);
    case 'wms.cancelReservation': {
      if (step !== 'look') return {};
      if (isDeleted(result)) return { facts: reservationFacts(result) };
      return {
        next: { step: 'delete', request: ask('Reservation', 'Delete', { Reservation: command.reservation }) },
      };
    }
    default:
      return unreachable(command);
  }
}

function issue(reservation: string, step: string, result: Fields, clock: Clock): Progress {
  if (step === 'create')
    return { links: [documentRef(result['MaterialDocument'], result['MaterialDocumentYear'])] };
  if (step === 'find') return { facts: (result['results'] as Fields[]).flatMap(issueFacts) };
  const items = itemsOf(result);
  if (items.every((item) => item.ReservationItemIsFinallyIssued))
    return {
      next: { step: 'find', request: ask('MaterialDocument', 'Query', { Reservation: reservation }) },
    };
  const body = toGoodsIssue(reservation, items, formatInstant(clock.now()).slice(0, 10));
  return { next: { step: 'create', request: ask('MaterialDocument', 'Create', body) } };
}

/** Reserved when all items are confirmed, short for each that is not, given up when it is marked so. */
function reservationFacts(result: Fields): Fact[] {
  const reservation = String(result['Reservation']);
  const refs = [reservationRef(reservation), orderRef(result['OrderID'])];
  const about = `${orderRef(result['OrderID'])}/reserved`;
  if (isDeleted(result))
    return [
      {
        kind: 'cancelled',
        about: `${reservationRef(reservation)}/cancelled`,
        references: refs,
        event: (workflowId) => ({ type: 'wms.reservationCancelled', workflowId, reservation }),
      },
    ];
  const short = itemsOf(result).filter((item) => !item.ReservationItemIsFinallyIssued && missingOf(item) > 0);
  if (!short.length)
    return [
      {
        kind: 'reserved',
        about,
        references: refs,
        event: (workflowId) => ({ type: 'wms.partsReserved', workflowId, reservation }),
      },
    ];
  return short.map((item) => ({
    kind: `short-${item.ReservationItem}-${missingOf(item)}`,
    about,
    references: refs,
    event: (workflowId) => ({
      type: 'wms.partsShort',
      workflowId,
      product: item.Product,
      missing: missingOf(item),
      expectedAt: item.ExpectedAvailabilityDateTime,
    }),
  }));
}

function issueFacts(result: Fields): Fact[] {
  const materialDocument = String(result['MaterialDocument']);
  const item = (result['to_MaterialDocumentItem'] as Fields[]).find(
    (each) => each['GoodsMovementType'] === '261',
  );
  if (!item) return [];
  return [
    {
      kind: 'issued',
      about: `${reservationRef(item['Reservation'])}/issued`,
      references: [
        documentRef(materialDocument, result['MaterialDocumentYear']),
        reservationRef(item['Reservation']),
      ],
      event: (workflowId) => ({ type: 'wms.partsIssued', workflowId, materialDocument }),
    },
  ];
}

const itemsOf = (result: Fields) => result['to_ReservationDocumentItem'] as readonly ReservationItem[];
const isDeleted = (result: Fields) => itemsOf(result).every((item) => item.ReservationItmIsMarkedForDeltn);
