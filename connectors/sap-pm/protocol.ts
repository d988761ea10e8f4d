import { HubError, unreachable } from '#kernel/errors.ts';
import type { Fact, Fields, Progress, Step, SystemProtocol } from '../counterpart/protocol.ts';
import type { SapPmConfig } from './config.ts';
import { erpCommandSchemas, sapPmContracts } from './contracts.ts';
import type { ErpCommand } from './contracts.ts';
import { toConfirmation, toExternalReference, toNotification, toOrder, toOrderProgress } from './map.ts';

/** How SAP PM is spoken to: look first, write, wait for the thin event, read back, tell. */
export function createSapPmProtocol(config: SapPmConfig): SystemProtocol<ErpCommand> {
  return {
    system: 'sap-pm',
    commandTopic: 'erp.#',
    refusedType: 'erp.refused',
    commandSchemas: erpCommandSchemas,
    contracts: sapPmContracts,
    references,
    begin: (command) => ({ next: look(command) }),
    reply: (command, _commandId, step, result) => onReply(command, step, result, config),
    readBack: (_type, body) => {
      const { MaintenanceOrder, MaintenanceNotification } = body;
      if (MaintenanceOrder !== undefined)
        return {
          request: readOrder(String(MaintenanceOrder)).request,
          references: [orderRef(MaintenanceOrder)],
        };
      return {
        request: { object: 'MaintenanceNotification', action: 'Read', body: { MaintenanceNotification } },
        references: [notificationRef(MaintenanceNotification)],
      };
    },
    facts: (replyType, result) => {
      if (replyType === 'sap-pm.MaintenanceNotification.Read.Reply') return [notificationFact(result)];
      return replyType === 'sap-pm.MaintenanceOrder.Read.Reply' ? orderFacts(result) : [];
    },
  };
}

const notificationRef = (number: unknown) => `MaintenanceNotification/${String(number)}`;
const orderRef = (number: unknown) => `MaintenanceOrder/${String(number)}`;

function references(command: ErpCommand): string[] {
  switch (command.type) {
    case 'erp.createNotification':
      return [`ExtReference/${toExternalReference(command.workflowId)}`];
    case 'erp.createOrder':
      return [`${notificationRef(command.notification)}/order`];
    case 'erp.releaseOrder':
      return [`${orderRef(command.order)}/released`];
    case 'erp.completeOrder':
      return [`${orderRef(command.order)}/completed`];
    default:
      return unreachable(command);
  }
}

function readOrder(order: string, step = 'look'): Step {
  return { step, request: { object: 'MaintenanceOrder', action: 'Read', body: { MaintenanceOrder: order } } };
}

function look(command: ErpCommand): Step {
  switch (command.type) {
    case 'erp.createNotification': {
      const body = { MaintNotifExtReferenceNumber: toExternalReference(command.workflowId) };
      return { step: 'look', request: { object: 'MaintenanceNotification', action: 'Query', body } };
    }
    case 'erp.createOrder': {
      const body = { MaintenanceNotification: command.notification };
      return { step: 'look', request: { object: 'MaintenanceOrder', action: 'Query', body } };
    }
    case 'erp.releaseOrder':
    case 'erp.completeOrder':
      return readOrder(command.order);
    default:
      return unreachable(command);
  }
}

function onReply(command: ErpCommand, step: string, result: Fields, config: SapPmConfig): Progress {
  switch (command.type) {
    case 'erp.createNotification': {
      if (step !== 'look') return { links: [notificationRef(result['MaintenanceNotification'])] };
      const found = (result['results'] as Fields[])[0];
      if (found) return { facts: [notificationFact(found)] };
      return { next: create('MaintenanceNotification', toNotification(command, config)) };
    }
    case 'erp.createOrder': {
      if (step !== 'look') return { links: [orderRef(result['MaintenanceOrder'])] };
      const found = (result['results'] as Fields[])[0];
      if (found) return { facts: orderFacts(found) };
      return { next: create('MaintenanceOrder', toOrder(command, config)) };
    }
    case 'erp.releaseOrder':
      return step === 'look' ? release(command.order, result) : {};
    case 'erp.completeOrder':
      return complete(command, step, result, config);
    default:
      return unreachable(command);
  }
}

function create(object: string, body: unknown): Step {
  return { step: 'create', request: { object, action: 'Create', body } };
}

function release(order: string, result: Fields): Progress {
  if (progressOf(result) !== 'created') return { facts: orderFacts(result) };
  const body = { MaintenanceOrder: order };
  return { next: { step: 'release', request: { object: 'MaintenanceOrder', action: 'Release', body } } };
}

/** Confirm, read the status again, complete technically: each only when the status says it is still to be done. */
function complete(
  command: Extract<ErpCommand, { type: 'erp.completeOrder' }>,
  step: string,
  result: Fields,
  config: SapPmConfig,
): Progress {
  if (step === 'confirm') return { next: readOrder(command.order, 'check') };
  if (step === 'teco') return {};
  const progress = progressOf(result);
  if (progress === 'completed') return { facts: orderFacts(result) };
  if (progress === 'confirmed') {
    const body = { MaintenanceOrder: command.order };
    return {
      next: { step: 'teco', request: { object: 'MaintenanceOrder', action: 'TechnicallyComplete', body } },
    };
  }
  if (step === 'look') {
    const body = toConfirmation(command, config);
    return {
      next: { step: 'confirm', request: { object: 'MaintenanceOrderConfirmation', action: 'Create', body } },
    };
  }
  const reason = `Order ${command.order} is ${String(result['SystemStatusText'])} after its final confirmation, not CNF.`;
  return { refused: { code: 'TWINHUB/NOT_CONFIRMED', reason } };
}

function notificationFact(result: Fields): Fact {
  const notification = String(result['MaintenanceNotification']);
  const reference = `ExtReference/${String(result['MaintNotifExtReferenceNumber'])}`;
  return {
    kind: 'created',
    about: reference,
    references: [notificationRef(notification)],
    event: (workflowId) => ({ type: 'erp.notificationCreated', workflowId, notification }),
  };
}

/** All that is so about an order, first things first: a status that was passed without notice is told as well. */
function orderFacts(result: Fields): Fact[] {
  const order = String(result['MaintenanceOrder']);
  const systemStatus = String(result['SystemStatusText']);
  const reservation = (result['Reservation'] ?? null) as string | null;
  const notification = result['MaintenanceNotification'];
  const refs = [orderRef(order), ...(notification ? [notificationRef(notification)] : [])];
  const progress = progressOf(result);
  const fact = (kind: string, about: string, event: Fact['event']): Fact => ({
    kind,
    about,
    references: refs,
    event,
  });
  return [
    fact('created', `${notificationRef(notification)}/order`, (workflowId) => ({
      type: 'erp.orderCreated',
      workflowId,
      order,
      reservation,
      systemStatus,
    })),
    ...(progress === 'created'
      ? []
      : [
          fact('released', `${orderRef(order)}/released`, (workflowId) => ({
            type: 'erp.orderReleased',
            workflowId,
            order,
            systemStatus,
          })),
        ]),
    ...(progress === 'completed'
      ? [
          fact('completed', `${orderRef(order)}/completed`, (workflowId) => ({
            type: 'erp.orderCompleted',
            workflowId,
            order,
            systemStatus,
          })),
        ]
      : []),
  ];
}

function progressOf(result: Fields) {
  const text = String(result['SystemStatusText']);
  const progress = toOrderProgress(text);
  if (!progress)
    throw new HubError('MESSAGE_INVALID', `The status ${text} of an order is none of CRTD, REL, CNF, TECO.`);
  return progress;
}
