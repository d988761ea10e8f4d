import { formatInstant } from '#kernel/clock.ts';
import { Refusal } from '../common/counterpart.ts';
import type { Behaviour, Fields, Step } from '../common/counterpart.ts';
import * as orders from './orders.ts';

/** What this SAP PM knows and how often it is busy. */
export interface SapPmWorld {
  readonly equipment: ReadonlySet<string>;
  /** Share of writes that find their object locked by a user, 0 to 1. */
  readonly lockShare: number;
}

/** Maintenance notifications and orders, as S/4HANA's APIs show them. */
export function createSapPmBehaviour(world: SapPmWorld): Behaviour {
  return {
    system: 'sap-pm',
    task: () => {},
    request: (step, action, body, message) => {
      switch (action) {
        case 'MaintenanceNotification.Query':
          return {
            results: all(step).filter(
              (n) => n['MaintNotifExtReferenceNumber'] === body['MaintNotifExtReferenceNumber'],
            ),
          };
        case 'MaintenanceNotification.Read':
          return read(step, String(body['MaintenanceNotification']));
        case 'MaintenanceNotification.Create':
          return create(step, body, world);
        case 'MaintenanceOrder.Query':
          return {
            results: orders
              .all(step)
              .filter((o) => o['MaintenanceNotification'] === body['MaintenanceNotification']),
          };
        case 'MaintenanceOrder.Read':
          return orders.read(step, String(body['MaintenanceOrder']));
        case 'MaintenanceOrder.Create':
          read(step, String(body['MaintenanceNotification']));
          assertEquipment(world, String(body['Equipment']));
          return orders.create(step, body);
        case 'MaintenanceOrder.Release':
          assertNotLocked(step, world, String(body['MaintenanceOrder']), message.id);
          return orders.release(step, String(body['MaintenanceOrder']));
        case 'MaintenanceOrder.TechnicallyComplete':
          assertNotLocked(step, world, String(body['MaintenanceOrder']), message.id);
          return orders.completeTechnically(step, String(body['MaintenanceOrder']));
        case 'MaintenanceOrderConfirmation.Create':
          return orders.confirm(step, body);
        default:
          throw new Refusal('/IWFND/CM_MGW/096', `The action ${action} is not supported.`);
      }
    },
  };
}

const all = (step: Step) => step.store.all<Fields>('notification');

function read(step: Step, number: string): Fields {
  const found = step.store.get<Fields>('notification', number);
  if (!found) throw new Refusal('IM/001', `Notification ${number} does not exist.`);
  return found;
}

function create(step: Step, body: Fields, world: SapPmWorld): Fields {
  for (const field of ['NotificationText', 'NotificationType', 'TechnicalObject'])
    if (!body[field]) throw new Refusal('00/055', `Fill in all required entry fields: ${field}.`);
  assertEquipment(world, String(body['TechnicalObject']));
  const number = String(step.store.next('notification', 10_000_001));
  const at = formatInstant(step.now);
  step.store.put('notification', number, {
    ...body,
    MaintenanceNotification: number,
    CreationDateTime: at,
    LastChangeDateTime: at,
    NotifProcessingPhase: '1',
  });
  const event = 'sap.s4.beh.maintenancenotification.v1.MaintenanceNotification.Created.v1';
  step.emit(event, 'MaintenanceNotification.Created', { MaintenanceNotification: number });
  return { MaintenanceNotification: number };
}

function assertEquipment(world: SapPmWorld, equipment: string): void {
  if (!world.equipment.has(equipment)) throw new Refusal('IM/035', `Equipment ${equipment} does not exist.`);
}

/** Somebody has the object open in a transaction; a moment later it is free. */
function assertNotLocked(step: Step, world: SapPmWorld, object: string, messageId: string): void {
  if (step.store.get('locked-once', object) || step.store.chance('lock', messageId) >= world.lockShare)
    return;
  step.store.put('locked-once', object, true);
  throw new Refusal('CO/469', `Order ${object} is already being processed by PLANNER1.`, { transient: true });
}
