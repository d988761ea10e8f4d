import { formatInstant } from '#kernel/clock.ts';
import { Refusal } from '../common/counterpart.ts';
import type { Behaviour, Fields, Step } from '../common/counterpart.ts';
import * as jobs from './jobs.ts';

/** What this MES knows and how busy its line is. */
export interface MesWorld {
  /** Equipment number -> twin. */
  readonly equipment: ReadonlyMap<string, string>;
  /** Share of orders whose first request for a window is refused because the line is busy, 0 to 1. */
  readonly busyShare: number;
}

interface WindowRequest {
  readonly ID: string;
  readonly Order: string;
  readonly RequestState: 'Pending' | 'Accepted' | 'Rejected';
  readonly StartTime: string | null;
  readonly EndTime: string | null;
  readonly NextPossibleStart: string | null;
  readonly Reason: string;
}

/** Windows for maintenance and the jobs in them. */
export function createMesBehaviour(world: MesWorld): Behaviour {
  return {
    system: 'mes',
    task: (step, { kind, body }) => {
      const id = String((body as Fields)['id']);
      if (kind === 'decide') decide(step, body as { id: string; request: Fields }, world);
      else if (kind === 'start-job') jobs.start(step, id);
    },
    request: (step, action, body) => {
      switch (action) {
        case 'OperationsRequest.Get':
          return { results: [step.store.get<WindowRequest>('window', String(body['ID']))].filter(Boolean) };
        case 'OperationsRequest.Process':
          return process(step, body['OperationsRequest'] as Fields, world);
        case 'JobOrder.Get':
          return { results: jobs.find(step, String(body['JobOrderID'])) };
        case 'JobOrder.Query':
          return { results: jobs.query(step, body['JobOrderParameter'] as Fields[]) };
        case 'JobOrder.StoreAndStart':
          return jobs.store(step, body['JobOrder'] as Fields, world.equipment);
        case 'JobOrder.Cancel':
          return jobs.cancel(step, String(body['JobOrderID']));
        default:
          throw new Refusal('MES/UNKNOWN_ACTION', `The action ${action} is not known.`);
      }
    },
  };
}

function process(step: Step, request: Fields, world: MesWorld): Fields {
  const id = String(request['ID']);
  const segment = segmentOf(request);
  const equipment = String((segment['EquipmentRequirement'] as Fields[])[0]?.['EquipmentID']);
  if (!world.equipment.has(equipment))
    throw new Refusal('MES/UNKNOWN_EQUIPMENT', `Equipment ${equipment} is not known here.`);
  if (step.store.get('window', id)) return { ID: id };
  save(step, {
    ID: id,
    Order: orderOf(segment),
    RequestState: 'Pending',
    StartTime: null,
    EndTime: null,
    NextPossibleStart: null,
    Reason: '',
  });
  // The shift leader looks at the schedule some minutes later.
  step.schedule('decide', { id, request }, 120);
  return { ID: id };
}

function decide(step: Step, { id, request }: { id: string; request: Fields }, world: MesWorld): void {
  const pending = step.store.get<WindowRequest>('window', id);
  if (!pending || pending.RequestState !== 'Pending') return;
  const segment = segmentOf(request);
  const durationMs = step.plant(Number(/^PT(\d+)S$/.exec(String(segment['Duration']))?.[1] ?? 3600));
  const earliest = Math.max(Date.parse(String(request['StartTime'])), step.now);
  const start = earliest + step.plant(600 + 900 * step.store.chance('window', id));
  const tooLate = start + durationMs > Date.parse(String(request['EndTime']));
  const stops = (segment['EquipmentRequirement'] as Fields[]).some(
    (each) => each['EquipmentUse'] === 'Stopped',
  );
  const busy = stops && isFirst(step, pending) && step.store.chance('busy', pending.Order) < world.busyShare;
  if (busy || tooLate) {
    const next = step.now + step.plant(1800);
    const Reason = busy
      ? 'LINE-1 runs a batch that cannot be interrupted.'
      : 'No window of this length before the latest end.';
    const NextPossibleStart = busy ? formatInstant(next) : null;
    save(step, { ...pending, RequestState: 'Rejected', Reason, NextPossibleStart });
  } else {
    const [StartTime, EndTime] = [formatInstant(start), formatInstant(start + durationMs)];
    save(step, { ...pending, RequestState: 'Accepted', StartTime, EndTime });
  }
  step.emit('mes.OperationsRequest.Decided', 'OperationsRequest.Decided', { ID: id });
}

/** Whether no other request of the same order was refused before. */
function isFirst(step: Step, request: WindowRequest): boolean {
  return !step.store
    .all<WindowRequest>('window')
    .some((other) => other.Order === request.Order && other.RequestState === 'Rejected');
}

const save = (step: Step, request: WindowRequest) => step.store.put('window', request.ID, request);
const segmentOf = (request: Fields) => (request['SegmentRequirement'] as Fields[])[0] ?? {};
const orderOf = (segment: Fields) => String((segment['SegmentParameter'] as Fields[])[0]?.['Value']);
