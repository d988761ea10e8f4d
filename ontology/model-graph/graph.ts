/**
 * Questions about models that extend one another, answered from what was worked out once: what a model is a kind of,
 * what extends it, and everything it has with inheritance. Pure; models are immutable, so nothing gets out of date.
 */
import type { ModelId } from '../ids.ts';
import type { Model, ModelContent } from '../model.ts';

/**
 * A set of models. Building it takes time linear in the models and in the pairs of model and base, direct and
 * indirect; a lattice with many ways to the same base costs no more than one with a single way.
 */
export class ModelGraph {
  readonly #models: ReadonlyMap<string, Model>;
  readonly #ancestors = new Map<string, ReadonlySet<string>>();
  readonly #derived = new Map<string, ModelId[]>();
  readonly #lineages = new Map<string, readonly Model[]>();
  readonly #contents = new Map<string, ReadonlyMap<string, ModelContent>>();

  /** @param models - of one id the last counts. Bases that are not among them are known by their id alone. */
  constructor(models: Iterable<Model>) {
    this.#models = new Map([...models].map((model) => [model.id, model]));
    for (const model of this.#models.values())
      for (const base of model.extends) {
        const derived = this.#derived.get(base) ?? [];
        if (!derived.includes(model.id)) derived.push(model.id);
        this.#derived.set(base, derived);
      }
    for (const id of this.#models.keys()) this.#addAncestors(id);
  }

  get size(): number {
    return this.#models.size;
  }

  model(id: string): Model | null {
    return this.#models.get(id) ?? null;
  }

  models(): IterableIterator<Model> {
    return this.#models.values();
  }

  /** Whether a model is `of` or extends it, directly or not; two look-ups. A model that is not known is a subtype of itself alone. */
  isSubtype(id: string, of: string): boolean {
    return id === of || (this.#ancestors.get(id)?.has(of) ?? false);
  }

  /** Ids of all bases, direct and indirect, without the model itself. */
  ancestors(id: string): ReadonlySet<string> {
    return this.#ancestors.get(id) ?? new Set();
  }

  /** Models that extend it directly, in the order given. */
  derived(id: string): readonly ModelId[] {
    return this.#derived.get(id) ?? [];
  }

  /** All models that extend it, directly or not, each once, nearest first. */
  subtypes(id: string): readonly ModelId[] {
    const found = new Set<ModelId>(this.derived(id));
    for (const next of found) for (const derived of this.derived(next)) found.add(derived);
    found.delete(id as ModelId);
    return [...found];
  }

  /** A model and all its bases that are known, breadth first in the order declared, each once; empty when it is not known. */
  lineage(id: string): readonly Model[] {
    const made = this.#lineages.get(id);
    if (made) return made;
    const first = this.#models.get(id);
    const found = new Map<string, Model>(first ? [[id, first]] : []);
    for (const model of found.values())
      for (const base of model.extends) {
        const next = this.#models.get(base);
        if (next && !found.has(base)) found.set(base, next);
      }
    const lineage = [...found.values()];
    if (first) this.#lineages.set(id, lineage);
    return lineage;
  }

  /** All contents, own and inherited, by name; the nearest declaration counts. */
  contents(id: string): ReadonlyMap<string, ModelContent> {
    const made = this.#contents.get(id);
    if (made) return made;
    const found = new Map<string, ModelContent>();
    for (const model of this.lineage(id))
      for (const content of model.contents) if (!found.has(content.name)) found.set(content.name, content);
    if (this.#models.has(id)) this.#contents.set(id, found);
    return found;
  }

  /** Without recursion, for a chain of bases can be long; a base that leads back to the model is passed over. */
  #addAncestors(start: string): void {
    const way = [start];
    const open = new Set<string>();
    while (way.length) {
      const id = way.at(-1) ?? '';
      const bases = this.#models.get(id)?.extends ?? [];
      const waiting = open.has(id)
        ? []
        : bases.filter((base) => this.#models.has(base) && !this.#ancestors.has(base) && !open.has(base));
      open.add(id);
      if (waiting.length) {
        way.push(...waiting);
        continue;
      }
      way.pop();
      if (!this.#ancestors.has(id)) this.#ancestors.set(id, this.#union(id, bases));
    }
  }

  #union(id: string, bases: readonly string[]): ReadonlySet<string> {
    const all = new Set<string>();
    for (const base of bases) {
      all.add(base);
      for (const further of this.#ancestors.get(base) ?? []) all.add(further);
    }
    all.delete(id);
    return all;
  }
}
