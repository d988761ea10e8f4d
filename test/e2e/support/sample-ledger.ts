import type { HubClient } from './client.ts';
import { pause } from './dice.ts';

const batchSize = 20;
/** Times of the recorded samples: this instant and one millisecond more each. */
const firstTime = Date.parse('2026-01-01T00:00:00Z');

interface Batch {
  /** Value of its first sample; the others count on. */
  readonly first: number;
  /** Whether the hub answered that it is stored. */
  acknowledged: boolean;
}

/** What a reader found of one ledger. */
export interface LedgerFindings {
  readonly acknowledged: number;
  readonly unanswered: number;
  /** Acknowledged batches of which a sample is missing or differs. */
  readonly lost: readonly number[];
  /** Unanswered batches that are there in part. */
  readonly torn: readonly number[];
}

/** Records batches of samples one after another until stopped, and keeps book of which were acknowledged. */
export class SampleLedger {
  readonly #client: HubClient;
  readonly #signalId: string;
  readonly #batches: Batch[] = [];
  #stopped = false;
  readonly #running: Promise<void>;

  constructor(client: HubClient, signalId: string) {
    this.#client = client;
    this.#signalId = signalId;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  /** Reads everything back and compares. */
  async check(): Promise<LedgerFindings> {
    const findings = { acknowledged: 0, unanswered: 0, lost: [] as number[], torn: [] as number[] };
    for (let from = 0; from < this.#batches.length; from += 400) {
      const batches = this.#batches.slice(from, from + 400);
      const stored = await this.#read(batches);
      for (const { first, acknowledged } of batches) {
        const there = valuesOf(first).filter((value) => stored.get(firstTime + value) === value).length;
        findings[acknowledged ? 'acknowledged' : 'unanswered'] += 1;
        if (acknowledged && there < batchSize) findings.lost.push(first);
        if (!acknowledged && there > 0 && there < batchSize) findings.torn.push(first);
      }
    }
    return findings;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const batch: Batch = { first: this.#batches.length * batchSize, acknowledged: false };
      this.#batches.push(batch);
      // The hub is away again and again; a batch without an answer is not sent anew, so that it shows what became of it.
      batch.acknowledged = await this.#record(batch.first).catch(() => false);
      await pause(100);
    }
  }

  async #record(first: number): Promise<boolean> {
    const samples = valuesOf(first).map((value) => ({
      signalId: this.#signalId,
      value,
      sourceTime: new Date(firstTime + value).toISOString(),
    }));
    const { recordSamples } = await this.#client.get<{
      recordSamples: { stored: number; errors: unknown[] };
    }>(
      'mutation($samples: [SampleInput!]!) { recordSamples(input: { samples: $samples }) { stored errors { code message } } }',
      { samples },
    );
    return recordSamples.errors.length === 0 && recordSamples.stored === batchSize;
  }

  async #read(batches: readonly Batch[]): Promise<ReadonlyMap<number, number>> {
    const [from, to] = [
      firstTime + (batches[0]?.first ?? 0),
      firstTime + (batches.at(-1)?.first ?? 0) + batchSize,
    ];
    const answer = await this.#client.get<{
      node: { samples: { truncated: boolean; samples: { number: number; sourceTime: string }[] } };
    }>(
      'query($id: ID!, $range: TimeRangeInput!) { node(id: $id) { ... on Signal { samples(range: $range, limit: 10000) { truncated samples { number sourceTime } } } } }',
      { id: this.#signalId, range: { from: new Date(from).toISOString(), to: new Date(to).toISOString() } },
    );
    return new Map(
      answer.node.samples.samples.map(({ number, sourceTime }) => [Date.parse(sourceTime), number]),
    );
  }
}

const valuesOf = (first: number) => Array.from({ length: batchSize }, (_, index) => first + index);
