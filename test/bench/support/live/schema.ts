import type { AsyncQueue } from '#kernel/async-queue.ts';
import { Broadcast } from '#kernel/broadcast.ts';

/** One measured value of a topic. */
export interface Reading {
  readonly topic: string;
  readonly value: number;
  readonly at: string;
}

/** A broadcast for each topic, as brokers have them: nobody looks at readings of other topics. */
class Readings {
  readonly #topics = new Map<string, Broadcast<Reading>>();

  publish(reading: Reading): void {
    this.#topics.get(reading.topic)?.publish(reading);
  }

  subscribe(topic: string): AsyncQueue<Reading> {
    const broadcast = this.#topics.get(topic) ?? new Broadcast<Reading>();
    this.#topics.set(topic, broadcast);
    return broadcast.subscribe();
  }

  get listenerCount(): number {
    return [...this.#topics.values()].reduce((sum, { listenerCount }) => sum + listenerCount, 0);
  }
}

export const readings = new Readings();

/** What an asset's subgraph answers; asked asynchronously, as from a store. */
export const assetOf = async (id: string) => ({
  id,
  name: `Pump ${id}`,
  kind: 'ASSET',
  health: { state: 'NORMAL', score: 0.02 },
});

export const assetType = `
  type Asset KEY { id: ID! name: String! kind: String! health: Health! }
  type Health { state: String! score: Float! }`;

export const readingFields = 'topic: ID! value: Float! at: String! asset: Asset!';

export const subscription = {
  reading: {
    subscribe: (_: unknown, { topic }: { topic: string }) => readings.subscribe(topic),
    resolve: (reading: Reading) => reading,
  },
};

/** What clients ask for. */
export const operations = {
  plain: 'subscription($topic: ID!) { reading(topic: $topic) { topic value at } }',
  join: 'subscription($topic: ID!) { reading(topic: $topic) { topic value at asset { id name kind health { state score } } } }',
} as const;
export type OperationName = keyof typeof operations;
export const operationNames: readonly OperationName[] = ['plain', 'join'];
