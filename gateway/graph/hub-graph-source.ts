import { canonicalJson } from '#kernel/canonical.ts';
import type { Env } from '#kernel/config.ts';
import type { SubgraphExecutor } from '../engine/types.ts';
import type { SubgraphDefinition } from '../compose.ts';
import { createRemoteExecutor, defaultRemoteLimits } from '../remote/remote-executor.ts';
import { composeExtended, type ExtendedComposition } from './compose-extended.ts';
import { composeInWorker } from './compose-in-worker.ts';
import type { ExecutorPool } from './executor-pool.ts';
import { underRules } from './external-executor.ts';
import type { IdentityTokens } from './identity-tokens.ts';
import type { GraphDefinition, GraphSource, PeerStatus } from './live-graph.ts';
import { peersOf, type Used } from './peers.ts';
import { listSubgraphs, readSubgraphs, type ExternalSubgraph } from './subgraph-file.ts';
import { versionsOf, type FileVersions } from './watch-files.ts';

/** A subgraph of this process, and what engines get of it. */
export interface OwnSubgraph extends SubgraphDefinition {
  readonly executor: SubgraphExecutor;
}

export interface HubGraphOptions {
  readonly own: readonly OwnSubgraph[];
  /** Lists subgraphs of others; `null`: there are none. */
  readonly file: string | null;
  readonly env: Env;
  readonly pool: ExecutorPool;
  readonly identity: IdentityTokens | null;
}

/** The hub's graph: its own subgraphs, and those of the file as it is at each load. */
export class HubGraphSource implements GraphSource {
  readonly #options: HubGraphOptions;
  #versions: FileVersions = new Map();
  /** Executors of the definition that serves, and of the one loaded last. */
  #serving: Used = new Map();
  #loaded: Used = new Map();
  #ownComposed: ExtendedComposition | undefined;
  /** What composed last, by its schemas: what is the same needs no composing. */
  #composed: { readonly key: string; readonly composition: ExtendedComposition } | undefined;

  constructor(options: HubGraphOptions) {
    this.#options = options;
  }

  get versions(): FileVersions {
    return this.#versions;
  }

  async load(signal: AbortSignal): Promise<GraphDefinition> {
    const { own } = this.#options;
    const external = await this.#read();
    const composed = await this.#compose(external, signal);
    const used = new Map<string, string>();
    const executors: Record<string, SubgraphExecutor> = {};
    for (const { name, executor } of own) executors[name] = executor;
    for (const subgraph of external) executors[subgraph.name] = this.#executorOf(subgraph, used);
    this.#loaded = used;
    return { ...composed, executors };
  }

  settled(outcome: 'serves' | 'refused'): void {
    if (outcome === 'serves') this.#serving = this.#loaded;
    this.#options.pool.keepOnly(this.#serving);
  }

  peers(): readonly PeerStatus[] {
    return peersOf(this.#serving, this.#options.pool);
  }

  close(): Promise<void> {
    return this.#options.pool.close();
  }

  /** The hub's own part stays as it is, and is composed before anything is served. */
  async #compose(external: readonly ExternalSubgraph[], signal: AbortSignal): Promise<ExtendedComposition> {
    const own = this.#options.own.map(({ executor: _executor, ...definition }) => definition);
    if (own.length) this.#ownComposed ??= composeExtended(own, []);
    if (this.#ownComposed && !external.length) return this.#ownComposed;
    const schemas = external.map(({ name, sdl, url }): SubgraphDefinition => ({ name, sdl, url }));
    const ownSupergraph = this.#ownComposed?.supergraphSdl ?? null;
    const key = canonicalJson(schemas);
    if (this.#composed?.key === key) return this.#composed.composition;
    const composition = await composeInWorker({ own, external: schemas, ownSupergraph }, signal);
    this.#composed = { key, composition };
    return composition;
  }

  async #read(): Promise<readonly ExternalSubgraph[]> {
    const { file, env } = this.#options;
    if (file === null) return [];
    // Of a file that cannot be read the schemas are those it had named before.
    this.#versions = new Map([...this.#versions, ...(await versionsOf([file]))]);
    const list = this.#versions.get(file) ?? '';
    const listed = await listSubgraphs(file);
    // Before they are read: a fault in one of them is mended in that file.
    this.#versions = new Map([...(await versionsOf(listed.files)), [file, list]]);
    return readSubgraphs(listed, env);
  }

  #executorOf(subgraph: ExternalSubgraph, used: Map<string, string>): SubgraphExecutor {
    const { pool, identity } = this.#options;
    const { sdl: _sdl, ...settings } = subgraph;
    const key = canonicalJson(settings);
    used.set(key, settings.name);
    return pool.get(key, () => {
      const { name, tenants, identity: named, timeoutMs, ...remote } = settings;
      const limits = { ...defaultRemoteLimits, ...(timeoutMs === null ? {} : { timeoutMs }) };
      return underRules(createRemoteExecutor({ name, ...remote, limits }), {
        name,
        tenants,
        identity: named ? identity : null,
      });
    });
  }
}
