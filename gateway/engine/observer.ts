import type { Principal } from '#ontology/principal.ts';
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
  /** Starting a subscription. @param start - gets what looks on at its events. */
  subscription<T extends object>(
    asked: StartedSubscription,
    start: (events: EventObserver) => Promise<T>,
  ): Promise<T>;
}

export interface StartedSubscription {
  /** The operation's own name. */
  readonly name: string | null;
  readonly principal: Principal;
}

/** Looks on at the events of one subscription. */
export interface EventObserver {
  /** Completing one event, its joins included. */
  event<T extends object>(event: ObservedEvent, run: () => Promise<T>): Promise<T>;
}

export interface ObservedEvent {
  readonly principal: Principal;
  /** When its source made it, epoch ms; `null` where that is not known. */
  readonly sourceTime: number | null;
}
