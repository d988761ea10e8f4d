import { formatInstant } from '#kernel/clock.ts';
import { Refusal } from '../common/counterpart.ts';
import type { Fields, Step } from '../common/counterpart.ts';
import type { CounterpartStore } from '../common/store.ts';

/** A job order with its response. @see OPC 10031-4, ISA95JobOrderStatus */
export interface Job {
  readonly JobOrderID: string;
  readonly JobState: 'AllowedToStart' | 'Running' | 'Ended' | 'Aborted';
  readonly DispatchStatus: 'Dispatched' | 'Canceled';
  readonly StartTime: string | null;
  readonly EndTime: string | null;
  readonly JobOrderParameter: readonly Fields[];
  readonly JobResponseData: readonly Fields[];
  readonly PersonnelActual: readonly Fields[];
  /** What is to be done. */
  readonly order: Fields;
}

const get = (store: CounterpartStore, id: string) => store.get<Job>('job', id);

/** The jobs under way, for those who carry them out. */
export function running(store: CounterpartStore): Job[] {
  return store.all<Job>('job').filter((job) => job.JobState === 'Running');
}

export function find(step: Step, id: string): Fields[] {
  const job = get(step.store, id);
  return job ? [response(job)] : [];
}

export function query(step: Step, parameters: readonly Fields[]): Fields[] {
  const matches = (job: Job) =>
    parameters.every(({ ID, Value }) =>
      job.JobOrderParameter.some((has) => has['ID'] === ID && has['Value'] === Value),
    );
  return step.store.all<Job>('job').filter(matches).map(response);
}

/** Stored once by its id, however often it comes; an order has one open job at a time. */
export function store(step: Step, order: Fields, equipment: ReadonlyMap<string, string>): Fields {
  const id = String(order['ID']);
  if (get(step.store, id)) return { JobOrderID: id };
  const number = String((order['EquipmentRequirement'] as Fields[])[0]?.['EquipmentID']);
  if (!equipment.has(number))
    throw new Refusal('MES/UNKNOWN_EQUIPMENT', `Equipment ${number} is not known here.`);
  const parameters = order['JobOrderParameter'] as Fields[];
  const other = query(step, parameters).find(
    (job) => job['JobState'] === 'AllowedToStart' || job['JobState'] === 'Running',
  );
  if (other)
    throw new Refusal('MES/JOB_EXISTS', `Job ${String(other['JobOrderID'])} of the same order is open.`);
  const job: Job = {
    JobOrderID: id,
    JobState: 'AllowedToStart',
    DispatchStatus: 'Dispatched',
    StartTime: null,
    EndTime: null,
    JobOrderParameter: parameters,
    JobResponseData: [],
    PersonnelActual: [],
    order,
  };
  step.store.put('job', id, job);
  step.store.schedule(
    'start-job',
    { id },
    Math.max(step.now + step.plant(60), Date.parse(String(order['StartTime']))),
  );
  return { JobOrderID: id };
}

export function cancel(step: Step, id: string): Fields {
  const job = get(step.store, id);
  if (!job) throw new Refusal('MES/UNKNOWN_JOB', `There is no job ${id}.`);
  if (job.JobState === 'Running')
    throw new Refusal('MES/JOB_RUNNING', `Job ${id} is under way and cannot be cancelled.`);
  if (job.JobState !== 'AllowedToStart') throw new Refusal('MES/JOB_OVER', `Job ${id} is ${job.JobState}.`);
  save(step, { ...job, JobState: 'Aborted', DispatchStatus: 'Canceled' });
  return { JobOrderID: id };
}

export function start(step: Step, id: string): void {
  const job = get(step.store, id);
  if (job?.JobState !== 'AllowedToStart') return;
  save(step, { ...job, JobState: 'Running', StartTime: formatInstant(step.now) });
}

/** @param workHours - plant hours the work took. */
export function end(step: Step, id: string, workHours: number, text: string): void {
  const job = get(step.store, id);
  if (job?.JobState !== 'Running') return;
  save(step, {
    ...job,
    JobState: 'Ended',
    EndTime: formatInstant(step.now),
    JobResponseData: [
      { ID: 'WorkHours', Value: workHours, UnitOfMeasure: 'h' },
      { ID: 'Text', Value: text },
    ],
    PersonnelActual: [{ PersonID: 'TECH-07' }],
  });
}

export function abort(step: Step, id: string, text: string): void {
  const job = get(step.store, id);
  if (job?.JobState !== 'Running') return;
  save(step, {
    ...job,
    JobState: 'Aborted',
    EndTime: formatInstant(step.now),
    JobResponseData: [{ ID: 'Text', Value: text }],
  });
}

function save(step: Step, job: Job): void {
  step.store.put('job', job.JobOrderID, job);
  step.emit('mes.JobOrder.StateChanged', 'JobOrder.StateChanged', { JobOrderID: job.JobOrderID });
}

function response({ order: _, ...job }: Job): Fields {
  return { ...job };
}
