/**
 * The requests of a plan while it is made: what each selects, what its entity lookup is fed with, and which others
 * must have answered before.
 */
import type { FieldCall, FieldSet } from './field-sets.ts';
import { InputSet } from './input-set.ts';
import type { ObjectNode } from './nodes.ts';
import type { FieldType, Spot } from './supergraph-model.ts';

/** A selection set of a request, growing. */
export class Selection {
  /** The type it is written for, as the subgraph names it. */
  readonly spot: Spot;
  asksTypeName = false;
  readonly fields = new Map<string, SelectedField>();
  readonly fragments = new Map<string, Selection>();

  constructor(spot: Spot) {
    this.spot = spot;
  }

  /** The part for objects of a type. */
  fragment(spot: Spot): Selection {
    let inner = this.fragments.get(spot.type.name);
    if (!inner) this.fragments.set(spot.type.name, (inner = new Selection(spot)));
    return inner;
  }

  /** Selects a field; `spot` is the type below it. */
  select(key: string, call: FieldCall, type: FieldType, spot: Spot | null): SelectedField {
    let field = this.fields.get(key);
    if (!field) this.fields.set(key, (field = { call, type, below: spot && new Selection(spot) }));
    return field;
  }
}

export interface SelectedField {
  readonly call: FieldCall;
  readonly type: FieldType;
  readonly below: Selection | null;
}

/** A node in a request. */
export interface Place {
  readonly node: ObjectNode;
  readonly group: FetchGroup;
  readonly selection: Selection;
  readonly spot: Spot;
  /** External fields that the subgraph answers here nevertheless. */
  readonly provided: FieldSet | null;
}

/** One request. Entity lookups have inputs. */
export class FetchGroup {
  readonly node: ObjectNode;
  readonly spot: Spot;
  readonly selection: Selection;
  readonly inputs: InputSet | null;
  /** The fields whose required fields are among the inputs. */
  readonly computed = new Set<string>();
  /** The required fields, as a text to compare by; empty where there are none. */
  needs = '';
  readonly #before = new Set<FetchGroup>();
  readonly #after = new Set<FetchGroup>();
  #step = 1;

  constructor(node: ObjectNode, spot: Spot, inputs: InputSet | null) {
    this.node = node;
    this.spot = spot;
    this.selection = new Selection(spot);
    this.inputs = inputs;
  }

  /** The earliest step of the plan in which it can run, from 1. */
  get step(): number {
    return this.#step;
  }

  /** The requests that must have answered before. */
  get before(): ReadonlySet<FetchGroup> {
    return this.#before;
  }

  /** The requests that wait for it. */
  get after(): ReadonlySet<FetchGroup> {
    return this.#after;
  }

  /** How many steps wait for it, one after another. */
  followed(known = new Map<FetchGroup, number>()): number {
    const answer = known.get(this);
    if (answer !== undefined) return answer;
    const steps = Math.max(0, ...[...this.#after].map((group) => group.followed(known) + 1));
    known.set(this, steps);
    return steps;
  }

  waitFor(groups: Iterable<FetchGroup>): void {
    for (const group of groups) {
      this.#before.add(group);
      group.#after.add(this);
      this.#moveBehind(group.#step);
    }
  }

  /** Whether it is `other`, or has to wait for it. */
  isBehind(other: FetchGroup, seen = new Set<FetchGroup>()): boolean {
    if (this === other) return true;
    if (this.#step <= other.#step || seen.has(this)) return false;
    seen.add(this);
    for (const group of this.#before) if (group.isBehind(other, seen)) return true;
    return false;
  }

  #moveBehind(step: number): void {
    if (this.#step > step) return;
    this.#step = step + 1;
    for (const group of this.#after) group.#moveBehind(this.#step);
  }
}
