import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { Counterpart, Fields } from '../common/counterpart.ts';
import * as jobs from './jobs.ts';
import type { Job } from './jobs.ts';
import type { Plant } from './plant.ts';

export interface TechnicianOptions {
  readonly plant: Plant | null;
  /** Equipment number -> twin. */
  readonly equipment: ReadonlyMap<string, string>;
  /** Real milliseconds of one plant hour. */
  readonly plantHourMs: number;
}

const lookEveryMs = 100;

/** How long the line to the plant may be down before a job that needs it is given up, at least; real ms. */
const lineDownMs = 120_000;

/**
 * Does the jobs that are under way: takes the asset out of service in the plant, waits until it has stopped and runs
 * again, reports. What was under way before a restart is taken up again; the plant takes the same job twice as one.
 */
export class Technician {
  readonly #counterpart: Counterpart;
  readonly #options: TechnicianOptions;
  readonly #log: Logger;
  readonly #abort = new AbortController();
  readonly #busy = new Map<string, Promise<void>>();
  readonly #looking: Promise<void>;

  constructor(counterpart: Counterpart, options: TechnicianOptions, log: Logger) {
    this.#counterpart = counterpart;
    this.#options = options;
    this.#log = log;
    this.#looking = this.#look();
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await Promise.all([this.#looking, ...this.#busy.values()]);
    await this.#options.plant?.close();
  }

  async #look(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      for (const job of jobs.running(this.#counterpart.store)) {
        if (this.#busy.has(job.JobOrderID)) continue;
        const work = this.#do(job).finally(() => this.#busy.delete(job.JobOrderID));
        this.#busy.set(job.JobOrderID, work);
      }
      await this.#pause(lookEveryMs);
    }
  }

  async #do(job: Job): Promise<void> {
    const id = job.JobOrderID;
    try {
      const text = await (this.#options.plant
        ? this.#repair(job, this.#options.plant)
        : this.#pretendWork(job));
      if (this.#abort.signal.aborted) return;
      const hours = (Date.now() - Date.parse(String(job.StartTime))) / this.#options.plantHourMs;
      this.#counterpart.step((step) => jobs.end(step, id, Math.round(hours * 100) / 100, text));
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#log.warn('A job was aborted', { job: id, error });
      this.#counterpart.step((step) => jobs.abort(step, id, messageOf(error)));
    }
  }

  /** Without a plant the job takes half a plant hour. */
  async #pretendWork(job: Job): Promise<string> {
    const end = Date.parse(String(job.StartTime)) + this.#options.plantHourMs / 2;
    await this.#pause(Math.max(0, end - Date.now()));
    return String(job.order['Description']);
  }

  async #repair(job: Job, plant: Plant): Promise<string> {
    const number = String((job.order['EquipmentRequirement'] as Fields[])[0]?.['EquipmentID']);
    const twin = (this.#options.equipment.get(number) ?? '').split('.')[0] ?? '';
    const { store } = this.#counterpart;
    const id = job.JobOrderID;
    if (!store.get('stopped', id)) {
      const called = store.get<number>('called', id);
      if (called === undefined) await this.#callPlant(plant, job, number);
      // After a restart, of this system or of the plant, the stop may be over already: it is not waited for again.
      const stop = await this.#until(plant, twin, false, 0.25);
      if (stop === 'never' && called === undefined) throw new Error(`${twin} did not stop.`);
      this.#counterpart.step((step) => step.store.put('stopped', id, true));
    }
    if ((await this.#until(plant, twin, true, 4)) !== 'seen') throw new Error(`${twin} did not start again.`);
    return `${String(job.order['Description'])}. ${twin} runs again.`;
  }

  /** The line to the plant may be down for a while. */
  async #callPlant(plant: Plant, job: Job, equipment: string): Promise<void> {
    const deadline = Date.now() + Math.max(2 * this.#options.plantHourMs, lineDownMs);
    for (;;) {
      const answer = await plant
        .performMaintenance(equipment, String(job.order['WorkMasterID']))
        .catch((error: unknown) => {
          if (Date.now() > deadline || this.#abort.signal.aborted) throw error;
          return null;
        });
      if (answer && !answer.accepted) throw new Error(`The plant refused: ${answer.text}`);
      if (answer)
        return this.#counterpart.step((step) => step.store.put('called', job.JobOrderID, Date.now()));
      await this.#pause(1_000);
    }
  }

  /**
   * Whether the asset came to be so within `plantHours` of a plant that answers; `missed` when it did not answer for a
   * part of the time.
   */
  async #until(
    plant: Plant,
    twin: string,
    running: boolean,
    plantHours: number,
  ): Promise<'seen' | 'missed' | 'never'> {
    const lookMs = Math.min(200, this.#options.plantHourMs / 50);
    let watchedMs = 0;
    let silentMs = 0;
    for (let lookedAt = Date.now(); ;) {
      const answer = await plant.isRunning(twin).catch(() => null);
      if (answer === running) return 'seen';
      const now = Date.now();
      if (answer === null) silentMs += now - lookedAt;
      else watchedMs += now - lookedAt;
      lookedAt = now;
      this.#abort.signal.throwIfAborted();
      const givenUp = silentMs > lineDownMs || watchedMs > plantHours * this.#options.plantHourMs + 10_000;
      if (givenUp) return silentMs ? 'missed' : 'never';
      await this.#pause(lookMs);
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#abort.signal }).catch(() => {});
  }
}
