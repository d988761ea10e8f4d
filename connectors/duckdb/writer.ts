import type { Clock } from '#kernel/clock.ts';
import { HubError, messageOf } from '#kernel/errors.ts';
import { GroupCommit } from '#kernel/group-commit.ts';
import type { Logger } from '#kernel/log.ts';
import type { TenantId } from '#ontology/ids.ts';
import type { SignalSample } from '#ontology/sample.ts';
import { chunkRows, type DuckDbClient } from './client.ts';
import { Group } from './group.ts';
import { checkpoint } from './schema.ts';
import type { Cell } from './map.ts';
import type { SeriesIndex } from './series.ts';

/** Samples that one commit takes at most, unless a single call brings more. */
const groupSamples = 20_000;
/** Samples that may wait; who writes faster than the disk takes them is told. */
const queueSamples = 1_000_000;
/** Lines of spectra in one chunk: more would hold the event loop for too long. */
const chunkLines = 65_536;

interface Call {
  readonly tenant: TenantId;
  readonly samples: readonly SignalSample[];
}

/** When to fold the write-ahead log into the file. */
export interface CheckpointRule {
  readonly samples: number;
  readonly intervalMs: number;
}

/**
 * The one writer of a file. Calls that come while a commit runs are taken together into the next one, so the disk is
 * waited for once per group and not once per call.
 */
export class GroupWriter {
  readonly #client: DuckDbClient;
  readonly #index: SeriesIndex;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #rule: CheckpointRule;
  readonly #calls: GroupCommit<Call>;
  #nextSeq: number;
  #sinceCheckpoint = 0;
  #checkpointAt: number;

  constructor(
    client: DuckDbClient,
    index: SeriesIndex,
    options: { nextSeq: number; clock: Clock; log: Logger; checkpoint: CheckpointRule },
  ) {
    this.#client = client;
    this.#index = index;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#rule = options.checkpoint;
    this.#nextSeq = options.nextSeq;
    this.#checkpointAt = options.clock.now();
    this.#calls = new GroupCommit({
      sizeOf: (call) => call.samples.length,
      groupSize: groupSamples,
      queueSize: queueSamples,
      refuse: behind,
      commit: (calls) => this.#store(calls),
    });
  }

  /**
   * Resolves once the samples are on disk.
   * @throws {HubError} STORE_UNAVAILABLE - nothing of them was stored.
   */
  write(tenant: TenantId, samples: readonly SignalSample[]): Promise<void> {
    return this.#calls.add({ tenant, samples });
  }

  /** Waits for what was written so far and then folds the log into the file. */
  async close(): Promise<void> {
    await this.#calls.idle();
    if (this.#sinceCheckpoint > 0) await this.#checkpoint();
  }

  async #store(calls: readonly Call[]): Promise<void> {
    // Before the group: a commit that is done is acknowledged at once.
    if (this.#isCheckpointDue()) await this.#checkpoint();
    try {
      await this.#commit(calls);
    } catch (error) {
      throw unavailable(this.#client.path, error);
    }
  }

  async #commit(calls: readonly Call[]): Promise<void> {
    const group = new Group(this.#index, this.#nextSeq);
    for (const call of calls) group.add(call.tenant, call.samples);
    this.#nextSeq = group.nextSeq;
    await this.#client.execute('BEGIN');
    try {
      for (const { id, tenant, twin, signal } of group.newSeries)
        await this.#client.execute('INSERT INTO series VALUES (?, ?, ?, ?)', [id, tenant, twin, signal]);
      for (const chunk of chunksOf(group.rows)) {
        await this.#client.append(chunk);
        await nextTurn();
      }
      this.#client.flush();
      await this.#client.execute('COMMIT');
    } catch (error) {
      await this.#client.rollback();
      throw error;
    }
    group.publish();
    this.#sinceCheckpoint += group.rows.length;
  }

  #isCheckpointDue(): boolean {
    if (this.#sinceCheckpoint === 0) return false;
    return (
      this.#sinceCheckpoint >= this.#rule.samples ||
      this.#clock.now() - this.#checkpointAt >= this.#rule.intervalMs
    );
  }

  /** A checkpoint that fails costs nothing that was acknowledged: the log still holds it, and the next one is tried. */
  async #checkpoint(): Promise<void> {
    this.#checkpointAt = this.#clock.now();
    try {
      await checkpoint(this.#client, this.#nextSeq - 1);
      this.#sinceCheckpoint = 0;
    } catch (error) {
      this.#log.warn('The telemetry store could not fold its write-ahead log into the file', {
        path: this.#client.path,
        error,
      });
    }
  }
}

function* chunksOf(rows: readonly Cell[][]): Iterable<Cell[][]> {
  let chunk: Cell[][] = [];
  let lines = 0;
  for (const row of rows) {
    chunk.push(row);
    const spectrum = row[7];
    if (Array.isArray(spectrum)) lines += spectrum.length;
    if (chunk.length < chunkRows && lines < chunkLines) continue;
    yield chunk;
    chunk = [];
    lines = 0;
  }
  if (chunk.length) yield chunk;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function behind(queued: number): HubError {
  return new HubError(
    'STORE_UNAVAILABLE',
    `The telemetry store is behind: ${queued} samples wait for the disk. Write again later.`,
    {
      details: { queued },
    },
  );
}

/** What a call gets when its group could not be stored. */
export function unavailable(path: string, error: unknown): HubError {
  if (error instanceof HubError) return error;
  return new HubError('STORE_UNAVAILABLE', `The telemetry store ${path} failed: ${messageOf(error)}`, {
    cause: error,
    details: { path },
  });
}
