import { readFile } from 'node:fs/promises';
import { canonicalJson } from '#kernel/canonical.ts';
import { HubError, messageOf } from '#kernel/errors.ts';
import type { SubgraphExecutor } from '../engine/types.ts';
import { createRemoteExecutor, type RemoteLimits } from '../remote/remote-executor.ts';
import { joinGraphs, parseSupergraph, type JoinGraph } from '../supergraph/join-graphs.ts';
import type { ExecutorPool } from './executor-pool.ts';
import type { GraphDefinition, GraphSource, PeerStatus } from './live-graph.ts';
import { peersOf, type Used } from './peers.ts';
import { versionsOf, type FileVersions } from './watch-files.ts';

/** Where a supergraph comes from: a text that is read at each load, and the files to watch for another one. */
export interface SupergraphInput {
  /** @throws {HubError} CONFIG_INVALID - it cannot be read. */
  read(): Promise<string>;
  readonly files: readonly string[];
}

/** The supergraph of a file. */
export function supergraphOfFile(file: string): SupergraphInput {
  return { read: () => readText(file), files: [file] };
}

/** A supergraph that stays as it is. */
export function supergraphOfText(sdl: string): SupergraphInput {
  return { read: () => Promise.resolve(sdl), files: [] };
}

export interface SupergraphSourceOptions {
  readonly supergraph: SupergraphInput;
  /** Addresses that replace those of the supergraph, by subgraph. */
  readonly urls: Readonly<Record<string, string>>;
  readonly limits: RemoteLimits;
  readonly pool: ExecutorPool;
}

/** A supergraph that somebody else has composed, as it is at each load, over remote subgraphs. */
export class SupergraphSource implements GraphSource {
  readonly #options: SupergraphSourceOptions;
  /** Executors of the definition that serves, and of the one loaded last. */
  #serving: Used = new Map();
  #loaded: Used = new Map();

  #versions: FileVersions = new Map();

  constructor(options: SupergraphSourceOptions) {
    this.#options = options;
  }

  get versions(): FileVersions {
    return this.#versions;
  }

  async load(): Promise<GraphDefinition> {
    const { supergraph, urls } = this.#options;
    this.#versions = await versionsOf(supergraph.files);
    const supergraphSdl = await supergraph.read();
    const graphs = joinGraphs(parseSupergraph(supergraphSdl));
    assertKnown(urls, graphs);
    const used = new Map<string, string>();
    const executors: Record<string, SubgraphExecutor> = {};
    for (const graph of graphs) executors[graph.name] = this.#executorOf(graph, used);
    this.#loaded = used;
    return { supergraphSdl, executors, coalesce: new Map(), hints: [] };
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

  #executorOf({ name, url }: JoinGraph, used: Map<string, string>): SubgraphExecutor {
    const { urls, limits, pool } = this.#options;
    const settings = { name, url: urls[name] ?? url, passErrors: true };
    const key = canonicalJson(settings);
    used.set(key, settings.name);
    return pool.get(key, () => createRemoteExecutor({ ...settings, limits }));
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new HubError('CONFIG_INVALID', `The supergraph cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function assertKnown(urls: Readonly<Record<string, string>>, graphs: readonly JoinGraph[]): void {
  const unknown = Object.keys(urls).filter((name) => !graphs.some((graph) => graph.name === name));
  if (unknown.length)
    throw new HubError(
      'CONFIG_INVALID',
      `The supergraph has no subgraph ${unknown.join(', ')}; it has ${graphs.map(({ name }) => name).join(', ')}.`,
    );
}
