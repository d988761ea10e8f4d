import type { ModelId, TwinId } from '#ontology/ids.ts';
import type { ImportLookups } from '#ontology/import.ts';
import type { Model } from '#ontology/model.ts';
import { lineageIn } from '#ontology/twin-graph.ts';
import type { Relationship, Twin } from '#ontology/twin.ts';
import type { AnswerOf, PlanCalls, PlanMethod } from './messages.ts';

/** Asks the hub something. */
export type Call = <M extends PlanMethod>(method: M, argument: PlanCalls[M]) => Promise<AnswerOf<M>>;

/** Ids of one question: small enough that the hub answers others in between. */
const askedAtOnce = 200;

/**
 * What is stored, asked of the hub and remembered: each thing is asked for once, so that the whole plan is made of one
 * state, and the revisions it was made of are known.
 */
export class WorkerLookups implements ImportLookups {
  readonly #call: Call;
  readonly #models = new Map<ModelId, Model | null>();
  readonly #twins = new Map<TwinId, Twin | null>();
  readonly #links = new Map<TwinId, readonly Relationship[]>();

  constructor(call: Call) {
    this.#call = call;
  }

  /** Revision of a twin when it was asked for, 0 for none; `undefined` when it was not asked for. */
  revisionOf(id: TwinId): number | undefined {
    const twin = this.#twins.get(id);
    return twin === undefined ? undefined : (twin?.revision ?? 0);
  }

  async models(ids: readonly ModelId[]): Promise<readonly (Model | null)[]> {
    await this.#load(this.#models, ids, (some) => this.#call('models', some));
    return ids.map((id) => this.#models.get(id) ?? null);
  }

  async twins(ids: readonly TwinId[]): Promise<readonly (Twin | null)[]> {
    await this.#load(this.#twins, ids, (some) => this.#call('twins', some));
    return ids.map((id) => this.#twins.get(id) ?? null);
  }

  async relationshipsFrom(ids: readonly TwinId[]): Promise<readonly (readonly Relationship[])[]> {
    await this.#load(this.#links, ids, (some) => this.#call('relationshipsFrom', some));
    return ids.map((id) => this.#links.get(id) ?? []);
  }

  /** Level by level, so that a base of many is sent once. */
  async lineageOf(ids: readonly ModelId[]): Promise<readonly (readonly Model[] | null)[]> {
    let level: readonly ModelId[] = ids;
    while (level.length) {
      const found = await this.models(level);
      level = [...new Set(found.flatMap((model) => model?.extends ?? []))].filter(
        (id) => !this.#models.has(id),
      );
    }
    const known = new Map<string, Model>();
    for (const [id, model] of this.#models) if (model) known.set(id, model);
    return ids.map((id) => lineageIn(id, known));
  }

  async #load<K, V>(
    known: Map<K, V>,
    ids: readonly K[],
    ask: (ids: readonly K[]) => Promise<readonly V[]>,
  ): Promise<void> {
    const wanted = [...new Set(ids)].filter((id) => !known.has(id));
    for (let start = 0; start < wanted.length; start += askedAtOnce) {
      const some = wanted.slice(start, start + askedAtOnce);
      const found = await ask(some);
      for (const [i, id] of some.entries()) known.set(id, found[i] as V);
    }
  }
}
