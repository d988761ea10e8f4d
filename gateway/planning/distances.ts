/**
 * How many jumps from subgraph to subgraph, one after another, it takes at least to get at something of an object.
 *
 * A jump is an entity fetch. To jump one needs the key, the key may need other jumps first, a required field as well:
 * so the question "can it be had within k jumps" is answered by the same question with fewer jumps, and ends. Answers
 * are kept for all operations.
 */
import type { FieldSet, FieldSetPart } from './field-sets.ts';
import type { Spot, SubgraphField, SubgraphKey, SupergraphModel } from './supergraph-model.ts';

/** More jumps in a row than this are not planned. */
const maxJumps = 12;

export class Distances {
  readonly #model: SupergraphModel;
  readonly #within = new Map<string, boolean>();
  readonly #fewest = new Map<string, number>();
  readonly #jumps = new Map<Spot, Map<Spot, Map<string, number>>>();

  constructor(model: SupergraphModel) {
    this.#model = model;
  }

  /** From an object at one spot to the same object at another; `Infinity` when there is no way. */
  jumps(type: string, from: Spot, to: Spot): number {
    if (from === to) return 0;
    const known = this.#jumps.get(from)?.get(to)?.get(type);
    if (known !== undefined) return known;
    const jumps = this.#least(`j ${type} ${from.id} ${to.id}`, (within) =>
      this.#reaches(type, from, to, within),
    );
    const ofFrom = this.#jumps.get(from) ?? new Map<Spot, Map<string, number>>();
    this.#jumps.set(from, ofFrom);
    ofFrom.set(to, (ofFrom.get(to) ?? new Map<string, number>()).set(type, jumps));
    return jumps;
  }

  /** From an object at one spot to a field of it that another spot (or the same) answers. */
  fieldAt(type: string, from: Spot, to: Spot, name: string, field: SubgraphField): number {
    if (!field.requires) return this.jumps(type, from, to);
    const question = `f ${type} ${from.id} ${to.id} ${name}`;
    return this.#least(question, (jumps) => this.#answers(type, from, to, field, jumps));
  }

  /** The key to look an object up by at `to` that is the nearest for one at `from`. */
  nearestKey(type: string, from: Spot, to: Spot): SubgraphKey | null {
    let best: { key: SubgraphKey; jumps: number } | null = null;
    for (const [index, key] of to.type.keys.entries()) {
      if (!key.resolvable || !this.#canLookUp(type, from, to)) continue;
      const question = `k ${type} ${from.id} ${to.id} ${index}`;
      const jumps = this.#least(question, (within) => this.#hasAll(type, from, key.fields, within));
      if (jumps < (best?.jumps ?? Infinity)) best = { key, jumps };
    }
    return best?.key ?? null;
  }

  #least(question: string, isWithin: (jumps: number) => boolean): number {
    const known = this.#fewest.get(question);
    if (known !== undefined) return known;
    let jumps = 0;
    while (jumps <= maxJumps && !isWithin(jumps)) jumps += 1;
    const answer = jumps > maxJumps ? Infinity : jumps;
    this.#fewest.set(question, answer);
    return answer;
  }

  #remembered(question: string, answer: () => boolean): boolean {
    let known = this.#within.get(question);
    if (known === undefined) this.#within.set(question, (known = answer()));
    return known;
  }

  #reaches(type: string, from: Spot, to: Spot, jumps: number): boolean {
    return from === to || (jumps > 0 && this.#hasKey(type, from, to, jumps - 1));
  }

  #hasKey(type: string, from: Spot, to: Spot, jumps: number): boolean {
    return this.#remembered(
      `key ${type} ${from.id} ${to.id} ${jumps}`,
      () =>
        this.#canLookUp(type, from, to) &&
        to.type.keys.some((key) => key.resolvable && this.#hasAll(type, from, key.fields, jumps)),
    );
  }

  /** A real interface can only be asked for objects whose types its subgraph knows. */
  #canLookUp(type: string, from: Spot, to: Spot): boolean {
    if (to.type.kind !== 'interface' || to.type.isInterfaceObject || from.type.isInterfaceObject) return true;
    return [...from.type.possible].every(
      (name) => to.type.possible.has(name) || !this.#model.satisfies(name, type),
    );
  }

  #hasAll(type: string, from: Spot, set: FieldSet, jumps: number): boolean {
    return set.every((part) => this.#has(type, from, part, jumps));
  }

  #has(type: string, from: Spot, part: FieldSetPart, jumps: number): boolean {
    if (part.kind === 'on') return this.#hasNarrowed(type, from, part, jumps);
    if (part.below?.length)
      return part.below.every((below) => this.#hasBelow(type, from, part.call.name, below, jumps));
    return this.#hasField(type, from, part.call.name, jumps);
  }

  #hasField(type: string, from: Spot, name: string, jumps: number): boolean {
    return this.#remembered(`field ${type} ${from.id} ${name} ${jumps}`, () => {
      for (const to of this.#spots(type, from)) {
        const field = this.#model.answers(to, name);
        if (field && this.#answers(type, from, to, field, jumps)) return true;
      }
      return this.#hasOfEach(
        type,
        from,
        [{ kind: 'field', call: { name, suffix: '', variables: [] }, below: null }],
        jumps,
      );
    });
  }

  /** What an interface as a whole does not answer, each of its types may. */
  #hasOfEach(type: string, from: Spot, set: FieldSet, jumps: number): boolean {
    if (
      this.#model.type(type).kind === 'object' ||
      from.type.isInterfaceObject ||
      from.type.kind === 'object'
    )
      return false;
    const names = [...from.type.possible].filter((name) => this.#model.satisfies(name, type));
    return names.every((name) => {
      const narrowed = this.#model.spot(from.graph, name);
      return narrowed !== undefined && this.#hasAll(name, narrowed, set, jumps);
    });
  }

  #answers(type: string, from: Spot, to: Spot, field: SubgraphField, jumps: number): boolean {
    if (!field.requires) return this.#reaches(type, from, to, jumps);
    return (
      jumps > 0 &&
      this.#hasKey(type, from, to, jumps - 1) &&
      this.#hasAll(type, from, field.requires, jumps - 1)
    );
  }

  #hasBelow(type: string, from: Spot, name: string, below: FieldSetPart, jumps: number): boolean {
    for (const to of this.#spots(type, from)) {
      const field = this.#model.answers(to, name);
      const child = field && this.#model.spot(to.graph, field.type.named);
      if (!child) continue;
      const childType = this.#model.type(type).fields.get(name)?.named ?? field.type.named;
      for (let used = 0; used <= jumps; used += 1) {
        if (!this.#answers(type, from, to, field, used)) continue;
        if (this.#has(childType, child, below, jumps - used)) return true;
        break;
      }
    }
    return this.#hasOfEach(
      type,
      from,
      [{ kind: 'field', call: { name, suffix: '', variables: [] }, below: [below] }],
      jumps,
    );
  }

  #hasNarrowed(type: string, from: Spot, part: FieldSetPart & { kind: 'on' }, jumps: number): boolean {
    if (this.#model.satisfies(type, part.type)) return this.#hasAll(type, from, part.below, jumps);
    if (!from.type.isInterfaceObject) return this.#hasOfSome(type, from, part, jumps);
    return this.#model.spotsOf(type).some((real) => {
      if (real.type.isInterfaceObject) return false;
      const used = this.jumps(type, from, real);
      return used <= jumps && this.#hasOfSome(type, real, part, jumps - used);
    });
  }

  #hasOfSome(type: string, from: Spot, part: FieldSetPart & { kind: 'on' }, jumps: number): boolean {
    return [...from.type.possible].every((name) => {
      if (!this.#model.satisfies(name, part.type) || !this.#model.satisfies(name, type)) return true;
      const narrowed = this.#model.spot(from.graph, name);
      return narrowed !== undefined && this.#hasAll(name, narrowed, part.below, jumps);
    });
  }

  #spots(type: string, from: Spot): readonly Spot[] {
    const spots = this.#model.spotsOf(type);
    return spots.includes(from) ? spots : [from, ...spots];
  }
}
