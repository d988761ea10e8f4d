import type { ExecutorPool } from './executor-pool.ts';
import type { PeerStatus } from './live-graph.ts';

/** Names of subgraphs in other processes, by their executor in the pool. */
export type Used = ReadonlyMap<string, string>;

/** How they are now. */
export function peersOf(used: Used, pool: ExecutorPool): readonly PeerStatus[] {
  return [...used].map(([key, name]) => ({ name, circuit: pool.stateOf(key) }));
}
