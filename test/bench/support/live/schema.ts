import type { AsyncQueue } from '#kernel/async-queue.ts';
import { Broadcast } from '#kernel/broadcast.ts';

/** One measured value of a topic. */
export interface Reading {
  readonly topic: string;
  readonly value: number;
  readonly at: string;
}

export const readings = new Broadcast<Reading>();

const topicOf = (topic: string): AsyncQueue<Reading> =>
  readings.subscribe({ filter: (reading) => reading.topic === topic });

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
    subscribe: (_: unknown, { topic }: { topic: string }) => topicOf(topic),
    resolve: (reading: Reading) => reading,
  },
};

/** What clients ask for. */
export const operations = {
  plain: 'subscription($topic: ID!) { reading(topic: $topic) { topic value at } }',
  join: 'subscription($topic: ID!) { reading(topic: $topic) { topic value at asset { id name kind health { state score } } } }',
} as const;
export type OperationName = keyof typeof operations;
