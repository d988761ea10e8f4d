import { setImmediate } from 'node:timers/promises';
import type { Clock } from '#kernel/clock.ts';
import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { createEngine, type FederationEngine } from '../engine/engine.ts';
import type { PlanningBudget } from '../engine/metered-planner.ts';
import type { EngineObserver } from '../engine/observer.ts';
import type { OverridePolicy } from '../engine/overrides.ts';
import type { SubgraphExecutor } from '../engine/types.ts';
import { createAccessRules, type AuthPort } from '../guards/auth/index.ts';
import { createPlanner, type PlannerChoice } from '../planner.ts';
import type { CoalesceRules } from '../realtime/coalesce-key.ts';
import { EngineSwitch, type SwitchReport } from './engine-switch.ts';
import type { FileVersions } from './watch-files.ts';

/** All that a graph is made of. */
export interface GraphDefinition {
  readonly supergraphSdl: string;
  /** By the subgraph's name in the supergraph. */
  readonly executors: Readonly<Record<string, SubgraphExecutor>>;
  /** Which events may replace one another for a reader that lags behind. */
  readonly coalesce: CoalesceRules;
  /** What composes but deserves a look. */
  readonly hints: readonly string[];
}

/** Where the definition comes from, and comes from again. */
export interface GraphSource {
  /** The files that were read last, and how they were. */
  readonly versions: FileVersions;
  /** @param signal - nobody waits for it any more. @throws {HubError} why there is none. */
  load(signal: AbortSignal): Promise<GraphDefinition>;
  /** What was loaded last serves now, or was refused and the one before serves on. */
  settled(outcome: 'serves' | 'refused'): void;
  /** The subgraphs in other processes of what serves, and how they are now. */
  peers(): readonly PeerStatus[];
  close(): Promise<void>;
}

/** A subgraph in another process. */
export interface PeerStatus {
  readonly name: string;
  /** `closed`: it takes connections; `open`: it did not, and requests fail at once; `half-open`: it is being tried. */
  readonly circuit: string | null;
}

export interface GraphOptions {
  readonly auth: AuthPort;
  readonly planCacheSize: number;
  readonly planner: PlannerChoice;
  readonly introspection?: boolean;
  readonly overrides?: OverridePolicy;
  readonly observer?: EngineObserver | undefined;
  readonly planning?: PlanningBudget | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How the graph is. */
export interface GraphStatus {
  /** Counts the graphs there have been, from 1. */
  readonly generation: number;
  /** Since when it serves; epoch milliseconds. */
  readonly since: number;
  readonly subgraphs: readonly string[];
  readonly hints: readonly string[];
  /** Why the last definition was refused; `null` when it serves. */
  readonly refused: { readonly at: number; readonly code: string; readonly reason: string } | null;
}

/** What a reload did. */
export type Reloaded =
  | { readonly changed: true; readonly generation: number; readonly streams: SwitchReport }
  /** `error` is why the graph stays as it was; absent when there was nothing to change. */
  | { readonly changed: false; readonly error?: HubError };

/**
 * A graph that can be exchanged while it serves. A definition that cannot serve changes nothing: the graph before it serves on,
 * and the status says why.
 */
export class LiveGraph {
  readonly #source: GraphSource;
  readonly #options: GraphOptions;
  readonly #switch: EngineSwitch;
  #definition: GraphDefinition;
  #status: GraphStatus;
  /** One reload after another. */
  #reloading: Promise<unknown> = Promise.resolve();
  /** The one that has been asked for and has not begun: it reads what is there when it begins. */
  #next: Promise<Reloaded> | null = null;
  readonly #closed = new AbortController();

  private constructor(
    source: GraphSource,
    options: GraphOptions,
    first: { readonly definition: GraphDefinition; readonly engine: FederationEngine },
  ) {
    this.#source = source;
    this.#options = options;
    this.#definition = first.definition;
    this.#switch = new EngineSwitch(first.engine);
    this.#status = statusOf(first.definition, 1, options.clock.now());
  }

  /** @throws {HubError} the source has no definition, or it cannot serve. */
  static async open(source: GraphSource, options: GraphOptions): Promise<LiveGraph> {
    try {
      const definition = await source.load(new AbortController().signal);
      const engine = await buildEngine(definition, options);
      source.settled('serves');
      tellHints(definition, [], options.log);
      return new LiveGraph(source, options, { definition, engine });
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /** Goes over to the present graph with each call; stays the same object. */
  get engine(): FederationEngine {
    return this.#switch;
  }

  get status(): GraphStatus {
    return this.#status;
  }

  get peers(): readonly PeerStatus[] {
    return this.#source.peers();
  }

  get coalesce(): CoalesceRules {
    return this.#definition.coalesce;
  }

  /** Loads the definition anew and exchanges the graph when it differs. Never rejects. Many calls make few reloads. */
  reload(): Promise<Reloaded> {
    if (this.#next) return this.#next;
    const reloaded = this.#reloading.then(() => {
      this.#next = null;
      return this.#reload();
    });
    this.#next = reloaded;
    this.#reloading = reloaded;
    return reloaded;
  }

  async close(): Promise<void> {
    this.#closed.abort(new HubError('CANCELLED', 'The gateway closes.'));
    await this.#reloading;
    await this.#source.close();
  }

  async #reload(): Promise<Reloaded> {
    const { signal } = this.#closed;
    if (signal.aborted) return { changed: false };
    try {
      const definition = await this.#source.load(signal);
      signal.throwIfAborted();
      if (isSame(definition, this.#definition)) return this.#unchanged();
      const engine = await buildEngine(definition, this.#options);
      return await this.#exchange(definition, engine);
    } catch (error) {
      return signal.aborted ? { changed: false } : this.#refuse(error);
    }
  }

  #unchanged(): Reloaded {
    this.#source.settled('serves');
    if (this.#status.refused)
      this.#options.log.warn('The graph that serves is the one that is asked for again');
    this.#status = { ...this.#status, refused: null };
    return { changed: false };
  }

  async #exchange(definition: GraphDefinition, engine: FederationEngine): Promise<Reloaded> {
    const { log, clock } = this.#options;
    const generation = this.#status.generation + 1;
    tellHints(definition, this.#definition.hints, log);
    const wasRefused = this.#status.refused !== null;
    this.#definition = definition;
    this.#status = statusOf(definition, generation, clock.now());
    const streams = await this.#switch.to(engine);
    this.#source.settled('serves');
    // Whoever reads the log only from warnings on has read of the refusal, and must read that it is over.
    const say = wasRefused ? log.warn : log.info;
    say.call(log, 'The graph has been exchanged', { generation, subgraphs: this.#status.subgraphs, streams });
    return { changed: true, generation, streams };
  }

  #refuse(cause: unknown): Reloaded {
    const { log, clock } = this.#options;
    const error = isHubError(cause) ? cause : new HubError('INTERNAL', messageOf(cause), { cause });
    this.#source.settled('refused');
    this.#status = {
      ...this.#status,
      refused: { at: clock.now(), code: error.code, reason: error.message },
    };
    log.error('The graph stays as it is: what was to replace it cannot serve', {
      code: error.code,
      reason: error.message,
    });
    return { changed: false, error };
  }
}

async function buildEngine(definition: GraphDefinition, options: GraphOptions): Promise<FederationEngine> {
  const { supergraphSdl, executors } = definition;
  const { auth, planCacheSize, introspection, overrides, observer, planning } = options;
  const access = createAccessRules(supergraphSdl, auth);
  // Each step takes its time: requests get their turn in between.
  await setImmediate();
  const planner = await createPlanner(supergraphSdl, options.planner);
  await setImmediate();
  return createEngine({
    supergraphSdl,
    executors,
    planner,
    planCacheSize,
    observer,
    planning,
    ...(access ? { access } : {}),
    ...(introspection === undefined ? {} : { introspection }),
    ...(overrides ? { overrides } : {}),
  });
}

function isSame(one: GraphDefinition, other: GraphDefinition): boolean {
  const names = Object.keys(one.executors);
  return (
    one.supergraphSdl === other.supergraphSdl &&
    names.length === Object.keys(other.executors).length &&
    names.every((name) => one.executors[name] === other.executors[name])
  );
}

function statusOf({ executors, hints }: GraphDefinition, generation: number, since: number): GraphStatus {
  return { generation, since, subgraphs: Object.keys(executors), hints, refused: null };
}

function tellHints({ hints }: GraphDefinition, told: readonly string[], log: Logger): void {
  for (const hint of hints) if (!told.includes(hint)) log.warn('A hint of the composition', { hint });
}
