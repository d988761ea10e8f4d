import type { SubgraphRequest, SubgraphResult } from './types.ts';

/** Looks on while the engine works: for traces and metrics. It hands through what `run` gives, failures included. */
export interface EngineObserver {
  /** Planning and compiling one operation. */
  plan<T>(run: () => Promise<T>): Promise<T>;
  /** One request to one subgraph. */
  fetch(
    serviceName: string,
    request: SubgraphRequest,
    run: () => Promise<SubgraphResult>,
  ): Promise<SubgraphResult>;
}
