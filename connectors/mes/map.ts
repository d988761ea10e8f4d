import { sha256Hex } from '#kernel/canonical.ts';
import type { DispatchJob, RequestWindow } from '#ontology/maintenance.ts';
import type { MesConfig } from './config.ts';

/** Name of the job order parameter that carries the ERP's order. */
export const orderParameter = 'MaintenanceOrder';

/** One request a command: asking anew after a refusal is another request. */
export function toRequestId(commandId: string): string {
  return `OR-${sha256Hex(commandId).slice(0, 16)}`;
}

/** One job a command, readable by its order. */
export function toJobOrderId(order: string, commandId: string): string {
  return `JO-${order}-${sha256Hex(commandId).slice(0, 8)}`;
}

/** ISO 8601 duration of hours, to the second. */
export function toDuration(hours: number): string {
  return `PT${Math.max(1, Math.round(hours * 3600))}S`;
}

/** @see B2MML V0700 ProcessOperationsSchedule, OperationsRequest */
export function toOperationsRequest(command: RequestWindow, commandId: string, config: MesConfig) {
  const id = toRequestId(commandId);
  return {
    BODID: `${config.logicalId}-${id}`,
    OperationsRequest: {
      ID: id,
      Description: `Maintenance window for order ${command.order}`,
      OperationsType: 'Maintenance',
      StartTime: command.earliestStart,
      EndTime: command.latestEnd,
      SegmentRequirement: [
        {
          ID: `${id}-1`,
          Duration: toDuration(command.durationHours),
          EquipmentRequirement: [
            { EquipmentID: command.equipment, EquipmentUse: command.needsStop ? 'Stopped' : 'Running' },
          ],
          SegmentParameter: [{ ID: orderParameter, Value: command.order }],
        },
      ],
    },
  };
}

/** @see OPC 10031-4 ISA-95 Job Control, StoreAndStart */
export function toJobOrder(command: DispatchJob, commandId: string, config: MesConfig) {
  const id = toJobOrderId(command.order, commandId);
  return {
    BODID: `${config.logicalId}-${id}`,
    JobOrder: {
      ID: id,
      WorkType: 'Maintenance',
      WorkMasterID: command.failureModeId,
      Description: command.action,
      StartTime: command.start,
      EndTime: command.end,
      Command: 'StoreAndStart',
      DispatchStatus: 'Dispatched',
      JobOrderParameter: [{ ID: orderParameter, Value: command.order }],
      EquipmentRequirement: [{ EquipmentID: command.equipment }],
    },
  };
}
