import { formatInstant } from '#kernel/clock.ts';
import { Refusal } from '../common/counterpart.ts';
import type { Fields, Step } from '../common/counterpart.ts';

/** Life of an order: CRTD -> REL -> PCNF/CNF -> TECO. @see SAP system status, object type ORI */
export const all = (step: Step) => step.store.all<Fields>('order');

export function read(step: Step, number: string): Fields {
  const found = step.store.get<Fields>('order', number);
  if (!found) throw new Refusal('IW/005', `Order ${number} does not exist.`);
  return found;
}

/** Components that move stock get a reservation with the order; it can be withdrawn from once the order is released. */
export function create(step: Step, body: Fields): Fields {
  const components = (body['to_MaintOrderComponent'] ?? []) as Fields[];
  const number = String(step.store.next('order', 4_000_001));
  const reservation = components.length ? String(step.store.next('reservation', 70_001)) : null;
  save(
    step,
    { ...body, MaintenanceOrder: number, Reservation: reservation },
    components.length ? 'CRTD MANC NMAT' : 'CRTD MANC',
  );
  emit(step, number, body, 'SetToInPlanning');
  return { MaintenanceOrder: number };
}

export function release(step: Step, number: string): Fields {
  const order = read(step, number);
  assertStatus(order, 'CRTD', 'IW/114', `Order ${number} cannot be released`);
  save(step, order, 'REL  MANC PRC');
  emit(step, number, order, 'SetToInPreparation');
  return { MaintenanceOrder: number };
}

export function confirm(step: Step, body: Fields): Fields {
  const order = read(step, String(body['MaintenanceOrder']));
  assertStatus(
    order,
    'REL',
    'RU/028',
    `Order ${String(body['MaintenanceOrder'])} is not released: confirmation`,
  );
  const number = String(step.store.next('confirmation', 500_001));
  step.store.put('confirmation', number, { ...body, MaintOrderConf: number });
  save(step, order, body['IsFinalConfirmation'] === true ? 'REL CNF  MANC PRC' : 'REL PCNF MANC PRC');
  emit(step, String(order['MaintenanceOrder']), order, 'Changed');
  return { MaintOrderConf: number };
}

export function completeTechnically(step: Step, number: string): Fields {
  const order = read(step, number);
  assertStatus(order, 'CNF', 'IW/161', `Order ${number} cannot be completed technically`);
  save(step, order, 'TECO CNF MANC PRC');
  emit(step, number, order, 'SetToTechCompleted');
  return { MaintenanceOrder: number };
}

function assertStatus(order: Fields, status: string, code: string, what: string): void {
  const text = String(order['SystemStatusText']);
  if (!text.split(/\s+/).includes(status) || text.startsWith('TECO'))
    throw new Refusal(code, `${what} with status ${text}.`);
}

function save(step: Step, order: Fields, status: string): void {
  const at = formatInstant(step.now);
  const value = { CreationDateTime: at, ...order, SystemStatusText: status, LastChangeDateTime: at };
  step.store.put('order', String(order['MaintenanceOrder']), value);
}

function emit(step: Step, number: string, order: Fields, event: string): void {
  const type = `sap.s4.beh.maintenanceorder.v1.MaintenanceOrder.${event}.v1`;
  const key = { MaintenanceOrder: number, MaintenanceOrderType: order['MaintenanceOrderType'] };
  step.emit(type, `MaintenanceOrder.${event}`, key);
}
