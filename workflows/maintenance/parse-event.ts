import { HubError } from '#kernel/errors.ts';
import type { MaintenanceEvent } from '#ontology/maintenance.ts';

type Kind = 'string' | 'text' | 'text?' | 'number' | 'boolean' | 'instant' | 'instant?' | 'list';
type Fields = Readonly<Record<string, Kind>>;
const refused: Fields = { command: 'text', code: 'text', reason: 'text' };

/** The fields of each event, beside `type` and `workflowId`; `?` marks those that may be null. */
const contracts: Readonly<Record<MaintenanceEvent['type'], Fields>> = {
  'erp.notificationCreated': { notification: 'text' },
  'erp.orderCreated': { order: 'text', reservation: 'text?', systemStatus: 'text' },
  'erp.orderReleased': { order: 'text', systemStatus: 'text' },
  'erp.orderCompleted': { order: 'text', systemStatus: 'text' },
  'erp.refused': refused,
  'wms.partsReserved': { reservation: 'text' },
  'wms.partsShort': { product: 'text', missing: 'number', expectedAt: 'instant?' },
  'wms.partsIssued': { materialDocument: 'text' },
  'wms.reservationCancelled': { reservation: 'text' },
  'wms.refused': refused,
  'mes.windowGranted': { start: 'instant', end: 'instant' },
  'mes.windowRefused': { reason: 'text', nextPossibleStart: 'instant?' },
  'mes.jobStarted': { jobOrderId: 'text', startedAt: 'instant' },
  'mes.jobEnded': {
    jobOrderId: 'text',
    startedAt: 'instant',
    endedAt: 'instant',
    workHours: 'number',
    performedBy: 'text',
    text: 'string',
  },
  'mes.jobAborted': { jobOrderId: 'text', reason: 'text' },
  'mes.jobCancelled': { order: 'text' },
  'mes.refused': refused,
  'analytics.repairVerified': {
    passed: 'boolean',
    text: 'text',
    findings: 'list',
    observedFrom: 'instant',
    observedTo: 'instant',
  },
};

const holds: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && value.length > 0 && value.length <= 4_000,
  string: (value) => typeof value === 'string' && value.length <= 4_000,
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  instant: (value) =>
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value)),
  list: (value) => Array.isArray(value),
};

/** Types of the events a maintenance workflow takes from other systems. */
export const maintenanceEventTypes = Object.keys(contracts) as readonly MaintenanceEvent['type'][];

/**
 * The body of a message as event. Only fields of the contract are taken over, so nothing else reaches the machine.
 * @throws {HubError} MESSAGE_INVALID - naming the field; also for the machine's own `xstate.*` events, which nobody
 *   outside may send.
 */
export function parseMaintenanceEvent(body: unknown): MaintenanceEvent {
  const fields = isRecord(body) ? body : {};
  const type = fields['type'];
  const contract =
    typeof type === 'string' && Object.hasOwn(contracts, type)
      ? contracts[type as MaintenanceEvent['type']]
      : undefined;
  if (!contract)
    throw invalid('type', `Not an event of a maintenance workflow: ${JSON.stringify(type)?.slice(0, 80)}`);
  if (!holds['text']?.(fields['workflowId']))
    throw invalid('workflowId', `${String(type)} names no workflow`);
  const taken = Object.entries(contract).map(([name, kind]) => [
    name,
    checkedField(String(type), name, kind, fields[name]),
  ]);
  return { type, workflowId: fields['workflowId'], ...Object.fromEntries(taken) } as MaintenanceEvent;
}

function checkedField(type: string, name: string, kind: Kind, value: unknown): unknown {
  if (kind.endsWith('?') && (value === null || value === undefined)) return null;
  if (!holds[kind.replace('?', '')]?.(value))
    throw invalid(
      name,
      `${type}.${name} is ${JSON.stringify(value)?.slice(0, 80) ?? 'missing'}; expected is ${kind}`,
    );
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(field: string, message: string): HubError {
  return new HubError('MESSAGE_INVALID', `${message}.`, { details: { path: ['body', field] } });
}
