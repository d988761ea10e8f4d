import type { MaintenanceCommand } from '#ontology/maintenance.ts';
import {
  anyText,
  commandSchema,
  dateTime,
  equipment,
  number,
  orderNumber,
  text,
} from '../counterpart/command-schemas.ts';
import { contractsOf } from '../counterpart/contract-parts.ts';
import type { MessageContracts } from '../counterpart/contracts.ts';
import { boolean, closed, list, nullable, oneOf, open } from '../counterpart/schema.ts';
import type { JsonSchema } from '../counterpart/schema.ts';

/** The commands this connector takes. */
export type MesCommand = Extract<MaintenanceCommand, { type: `mes.${string}` }>;

/** Schemas of the hub's own commands. */
export const mesCommandSchemas: Readonly<Record<MesCommand['type'], JsonSchema>> = {
  'mes.requestWindow': commandSchema('mes.requestWindow', {
    equipment,
    order: orderNumber,
    durationHours: number(),
    needsStop: boolean,
    earliestStart: dateTime,
    latestEnd: dateTime,
  }),
  'mes.dispatchJob': commandSchema('mes.dispatchJob', {
    equipment,
    order: orderNumber,
    failureModeId: text(100),
    action: text(500),
    start: dateTime,
    end: dateTime,
  }),
  'mes.cancelJob': commandSchema('mes.cancelJob', { order: orderNumber }),
};

const { request, answer, event } = contractsOf('mes');
const parameter = closed({ ID: text(60), Value: anyText(500) });
const jobKey = { JobOrderID: text(60) };

/** JobState of ISA-95 Job Control. @see OPC 10031-4, ISA95JobOrderStatus */
export const jobStates = [
  'NotAllowedToStart',
  'AllowedToStart',
  'Running',
  'Interrupted',
  'Ended',
  'Aborted',
] as const;

const jobResponse = open(
  {
    ...jobKey,
    JobState: oneOf(...jobStates),
    DispatchStatus: text(20),
    StartTime: nullable(dateTime),
    EndTime: nullable(dateTime),
    JobOrderParameter: list(open({ ID: text(60), Value: anyText(500) })),
    JobResponseData: list(open({ ID: text(60), Value: { anyOf: [anyText(2_000), { type: 'number' }] } })),
    PersonnelActual: list(open({ PersonID: text(60) })),
  },
  { optional: ['StartTime', 'EndTime'] },
);
const operationsRequest = open({
  ID: text(60),
  RequestState: oneOf('Pending', 'Accepted', 'Rejected'),
  StartTime: nullable(dateTime),
  EndTime: nullable(dateTime),
  NextPossibleStart: nullable(dateTime),
  Reason: anyText(500),
});

/** Messages exchanged with the MES. Words: B2MML V0700 OperationsSchedule, ISA-95 Job Control (OPC 10031-4). */
export const mesContracts: MessageContracts = Object.fromEntries([
  request(
    'OperationsRequest',
    'Get',
    'Look up a request for a maintenance window.',
    closed({ ID: text(60) }),
  ),
  request(
    'OperationsRequest',
    'Process',
    'Ask for a window in which the equipment can be worked on.',
    closed({
      BODID: text(255),
      OperationsRequest: closed({
        ID: text(60),
        Description: text(200),
        OperationsType: oneOf('Maintenance'),
        StartTime: dateTime,
        EndTime: dateTime,
        SegmentRequirement: list(
          closed({
            ID: text(60),
            Duration: text(40),
            EquipmentRequirement: list(
              closed({ EquipmentID: text(60), EquipmentUse: oneOf('Stopped', 'Running') }),
            ),
            SegmentParameter: list(parameter),
          }),
        ),
      }),
    }),
  ),
  request('JobOrder', 'Get', 'Read the response of a job order.', closed(jobKey)),
  request(
    'JobOrder',
    'Query',
    'Look up job orders by a parameter.',
    closed({ JobOrderParameter: list(parameter) }),
  ),
  request(
    'JobOrder',
    'StoreAndStart',
    'Dispatch a job; it starts at its StartTime.',
    closed({
      BODID: text(255),
      JobOrder: closed({
        ID: text(60),
        WorkType: oneOf('Maintenance'),
        WorkMasterID: text(100),
        Description: text(500),
        StartTime: dateTime,
        EndTime: dateTime,
        Command: oneOf('StoreAndStart'),
        DispatchStatus: oneOf('Dispatched'),
        JobOrderParameter: list(parameter),
        EquipmentRequirement: list(closed({ EquipmentID: text(60) })),
      }),
    }),
  ),
  request('JobOrder', 'Cancel', 'Cancel a job that has not started.', closed(jobKey)),
  answer('OperationsRequest', 'Get', open({ results: list(operationsRequest) })),
  answer('OperationsRequest', 'Process', open({ ID: text(60) })),
  answer('JobOrder', 'Get', open({ results: list(jobResponse) })),
  answer('JobOrder', 'Query', open({ results: list(jobResponse) })),
  answer('JobOrder', 'StoreAndStart', open(jobKey)),
  answer('JobOrder', 'Cancel', open(jobKey)),
  event('mes.OperationsRequest.Decided', 'OperationsRequest.Decided', 'A window was granted or refused.', {
    ID: text(60),
  }),
  event('mes.JobOrder.StateChanged', 'JobOrder.StateChanged', 'A job order changed its state.', jobKey),
]);
