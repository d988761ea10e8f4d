import { unreachable } from '#kernel/errors.ts';
import type { Fact, Fields, Progress, Step, SystemProtocol } from '../counterpart/protocol.ts';
import type { MesConfig } from './config.ts';
import { mesCommandSchemas, mesContracts } from './contracts.ts';
import type { MesCommand } from './contracts.ts';
import { orderParameter, toJobOrder, toJobOrderId, toOperationsRequest, toRequestId } from './map.ts';

/** How the MES is spoken to: look first, ask, wait for the thin event, read back, tell. */
export function createMesProtocol(config: MesConfig): SystemProtocol<MesCommand> {
  return {
    system: 'mes',
    commandTopic: 'mes.#',
    refusedType: 'mes.refused',
    commandSchemas: mesCommandSchemas,
    contracts: mesContracts,
    references,
    begin: (command, commandId) => ({ next: look(command, commandId) }),
    reply: (command, commandId, step, result) => onReply(command, commandId, step, result, config),
    readBack: (_type, body) => {
      const { ID, JobOrderID } = body;
      if (JobOrderID === undefined)
        return { request: ask('OperationsRequest', 'Get', { ID }), references: [requestRef(ID)] };
      return { request: ask('JobOrder', 'Get', { JobOrderID }), references: [jobRef(JobOrderID)] };
    },
    facts: (replyType, result) => {
      const found = resultsOf(result);
      if (replyType === 'mes.OperationsRequest.Get.Reply') return found.flatMap(windowFacts);
      return replyType === 'mes.JobOrder.Get.Reply' ? found.flatMap(jobFacts) : [];
    },
  };
}

const requestRef = (id: unknown) => `OperationsRequest/${String(id)}`;
const jobRef = (id: unknown) => `JobOrder/${String(id)}`;
const cancelRef = (order: unknown) => `Order/${String(order)}/cancelled`;
const ask = (object: string, action: string, body: unknown) => ({ object, action, body });
const resultsOf = (result: Fields) => result['results'] as readonly Fields[];

function references(command: MesCommand, commandId: string): string[] {
  switch (command.type) {
    case 'mes.requestWindow':
      return [requestRef(toRequestId(commandId))];
    case 'mes.dispatchJob':
      return [jobRef(toJobOrderId(command.order, commandId))];
    case 'mes.cancelJob':
      return [cancelRef(command.order)];
    default:
      return unreachable(command);
  }
}

function look(command: MesCommand, commandId: string): Step {
  switch (command.type) {
    case 'mes.requestWindow':
      return { step: 'look', request: ask('OperationsRequest', 'Get', { ID: toRequestId(commandId) }) };
    case 'mes.dispatchJob':
      return {
        step: 'look',
        request: ask('JobOrder', 'Get', { JobOrderID: toJobOrderId(command.order, commandId) }),
      };
    case 'mes.cancelJob': {
      const body = { JobOrderParameter: [{ ID: orderParameter, Value: command.order }] };
      return { step: 'look', request: ask('JobOrder', 'Query', body) };
    }
    default:
      return unreachable(command);
  }
}

function onReply(
  command: MesCommand,
  commandId: string,
  step: string,
  result: Fields,
  config: MesConfig,
): Progress {
  if (step !== 'look')
    return command.type === 'mes.dispatchJob' ? { links: [jobRef(result['JobOrderID'])] } : {};
  const found = resultsOf(result);
  switch (command.type) {
    case 'mes.requestWindow':
      if (found.length) return { facts: found.flatMap(windowFacts) };
      return {
        next: {
          step: 'process',
          request: ask('OperationsRequest', 'Process', toOperationsRequest(command, commandId, config)),
        },
      };
    case 'mes.dispatchJob':
      if (found.length) return { facts: found.flatMap(jobFacts) };
      return {
        next: {
          step: 'dispatch',
          request: ask('JobOrder', 'StoreAndStart', toJobOrder(command, commandId, config)),
        },
      };
    case 'mes.cancelJob':
      return cancel(command.order, found);
    default:
      return unreachable(command);
  }
}

/** A job that is over or was never dispatched needs no cancelling; one under way is for the MES to refuse. */
function cancel(order: string, found: readonly Fields[]): Progress {
  const open = found.find((job) => job['JobState'] !== 'Ended' && job['JobState'] !== 'Aborted');
  if (!open)
    return {
      facts: [
        cancelFact(
          order,
          found.map((job) => jobRef(job['JobOrderID'])),
        ),
      ],
    };
  const body = { JobOrderID: open['JobOrderID'] };
  return { next: { step: 'cancel', request: ask('JobOrder', 'Cancel', body) } };
}

function cancelFact(order: string, refs: readonly string[]): Fact {
  return {
    kind: 'cancelled',
    about: cancelRef(order),
    references: refs,
    event: (workflowId) => ({ type: 'mes.jobCancelled', workflowId, order }),
  };
}

function windowFacts(request: Fields): Fact[] {
  const about = requestRef(request['ID']);
  const fact = (kind: string, event: Fact['event']): Fact => ({ kind, about, references: [about], event });
  if (request['RequestState'] === 'Accepted') {
    const [start, end] = [String(request['StartTime']), String(request['EndTime'])];
    return [fact('granted', (workflowId) => ({ type: 'mes.windowGranted', workflowId, start, end }))];
  }
  if (request['RequestState'] !== 'Rejected') return [];
  const reason = String(request['Reason']);
  const nextPossibleStart = (request['NextPossibleStart'] ?? null) as string | null;
  return [
    fact('window-refused', (workflowId) => ({
      type: 'mes.windowRefused',
      workflowId,
      reason,
      nextPossibleStart,
    })),
  ];
}

/** All that is so about a job, first things first. */
function jobFacts(job: Fields): Fact[] {
  const jobOrderId = String(job['JobOrderID']);
  const about = jobRef(jobOrderId);
  const fact = (kind: string, event: Fact['event']): Fact => ({ kind, about, references: [about], event });
  const data = (id: string) =>
    (job['JobResponseData'] as Fields[]).find((each) => each['ID'] === id)?.['Value'];
  const startedAt = String(job['StartTime']);
  const started = fact('started', (workflowId) => ({
    type: 'mes.jobStarted',
    workflowId,
    jobOrderId,
    startedAt,
  }));
  switch (job['JobState']) {
    case 'Running':
    case 'Interrupted':
      return [started];
    case 'Ended': {
      const result = {
        startedAt,
        endedAt: String(job['EndTime']),
        workHours: Number(data('WorkHours') ?? 0),
        performedBy: String((job['PersonnelActual'] as Fields[])[0]?.['PersonID'] ?? 'unknown'),
        text: String(data('Text') ?? ''),
      };
      return [
        started,
        fact('ended', (workflowId) => ({ type: 'mes.jobEnded', workflowId, jobOrderId, ...result })),
      ];
    }
    case 'Aborted': {
      if (job['DispatchStatus'] === 'Canceled') return [cancelFact(orderOf(job), [about])];
      const reason = String(data('Text') ?? 'The MES gave no reason.');
      return [fact('aborted', (workflowId) => ({ type: 'mes.jobAborted', workflowId, jobOrderId, reason }))];
    }
    default:
      return [];
  }
}

function orderOf(job: Fields): string {
  return String(
    (job['JobOrderParameter'] as Fields[]).find((each) => each['ID'] === orderParameter)?.['Value'] ?? '',
  );
}
