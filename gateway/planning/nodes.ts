/**
 * The places of an operation's answer that hold objects. A node is the object (or objects) below a field, or those of
 * them that have a type. A position is what nodes of one place have in common: its response keys.
 */
import type { PlanPathSegment } from '../plan-nodes.ts';
import type { FieldCall } from './field-sets.ts';
import type { Place } from './fetch-groups.ts';

/** A place of the answer with the response keys that are taken there. */
export class Position {
  readonly #asked = new Map<string, Set<string>>();
  readonly #internal = new Map<string, string>();
  readonly #below = new Map<string, Position>();

  /** The place below a response key. */
  below(key: string): Position {
    let position = this.#below.get(key);
    if (!position) this.#below.set(key, (position = new Position()));
    return position;
  }

  /** Says what stands under a key because somebody asked for it. */
  take(key: string, call: FieldCall): void {
    const calls = this.#asked.get(key) ?? new Set();
    this.#asked.set(key, calls.add(textOf(call)));
  }

  /** The key for a field that is needed on the way: its name, unless something else stands there. */
  internalKey(call: FieldCall): string {
    const text = textOf(call);
    const known = this.#internal.get(text);
    if (known !== undefined) return known;
    const asked = this.#asked.get(call.name);
    const isFree = !asked || (asked.size === 1 && asked.has(text));
    // Clients cannot have such aliases, and no field is named so.
    const key = isFree ? call.name : `__${call.name}_${this.#internal.size}`;
    this.#internal.set(text, key);
    this.take(key, call);
    return key;
  }
}

function textOf({ name, suffix }: FieldCall): string {
  return name + suffix;
}

/** How a node hangs below its parent. */
export type Link =
  | { readonly kind: 'root' }
  | { readonly kind: 'field'; readonly key: string; readonly call: FieldCall; readonly lists: number }
  | { readonly kind: 'narrowed' };

export class ObjectNode {
  /** The named type, as the whole graph has it. */
  readonly type: string;
  readonly parent: ObjectNode | null;
  readonly link: Link;
  readonly position: Position;
  readonly #places: Place[] = [];
  readonly #fields = new Map<string, ObjectNode>();
  readonly #narrowed = new Map<string, ObjectNode>();

  constructor(type: string, parent: ObjectNode | null, link: Link, position: Position) {
    this.type = type;
    this.parent = parent;
    this.link = link;
    this.position = position;
  }

  /** Where it is fetched. */
  get places(): readonly Place[] {
    return this.#places;
  }

  addPlace(place: Place): void {
    this.#places.push(place);
  }

  /** Grows whenever it or a node above gets a place. */
  get revision(): number {
    return this.#places.length + (this.parent?.revision ?? 0);
  }

  /** What is below a field. */
  child(key: string, call: FieldCall, type: string, lists: number): ObjectNode {
    let node = this.#fields.get(key);
    if (!node) {
      node = new ObjectNode(type, this, { kind: 'field', key, call, lists }, this.position.below(key));
      this.#fields.set(key, node);
    }
    return node;
  }

  /** The same objects, only those of a type. A narrowed node narrows to object types of its own only. */
  narrow(type: string): ObjectNode {
    if (type === this.type) return this;
    if (this.link.kind === 'narrowed' && this.parent) return this.parent.narrow(type);
    let node = this.#narrowed.get(type);
    if (!node) {
      node = new ObjectNode(type, this, { kind: 'narrowed' }, this.position);
      this.#narrowed.set(type, node);
    }
    return node;
  }

  /** Where a plan finds the objects. */
  path(): PlanPathSegment[] {
    const above = this.parent?.path() ?? [];
    if (this.link.kind === 'narrowed') return [...above, { TypeCondition: [this.type] }];
    if (this.link.kind === 'root') return above;
    return [...above, { Field: this.link.key }, ...Array<'@'>(this.link.lists).fill('@')];
  }

  /** For messages: `query.machine.parts`. */
  describe(): string {
    if (!this.parent) return this.type;
    const above = this.parent.describe();
    return this.link.kind === 'field' ? `${above}.${this.link.key}` : above;
  }
}
