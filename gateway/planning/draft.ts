/**
 * A plan while it is made. Each demand (a field of a node) is met where that costs the plan least: in a request that is
 * there, else by a new one, for which its key is demanded first in the same way.
 */
import { HubError } from '#kernel/errors.ts';
import type { Distances } from './distances.ts';
import type { Effort } from './effort.ts';
import { FetchGroup, type Place } from './fetch-groups.ts';
import type { FieldCall, FieldSet, FieldSetPart } from './field-sets.ts';
import { InputSet } from './input-set.ts';
import { ObjectNode, Position } from './nodes.ts';
import { Routes, type Arrival, type Cost, type Route, type RouteScope } from './routes.ts';
import type { Spot, SubgraphField, SubgraphKey, SupergraphModel } from './supergraph-model.ts';

/** A way to a field of a node. */
interface Choice extends Cost {
  readonly field: SubgraphField;
  /** Whether the objects themselves are looked up for it, rather than asked for again from above. */
  readonly isLookup: boolean;
  readonly get: () => Place;
}

/** Lookups whose keys need lookups whose keys need lookups... */
const maxNested = 50;

export interface DraftOptions {
  readonly model: SupergraphModel;
  readonly distances: Distances;
  readonly effort: Effort;
  readonly rootType: string;
  readonly isSingleRoot: boolean;
  /** Steps that cost nothing, since an earlier draft needed them. */
  readonly horizon: number;
}

export class Draft implements RouteScope {
  readonly model: SupergraphModel;
  readonly distances: Distances;
  readonly effort: Effort;
  readonly isSingleRoot: boolean;
  readonly root: ObjectNode;
  readonly roots = new Map<string, FetchGroup>();
  readonly routes: Routes;
  readonly entityGroups: FetchGroup[] = [];
  epoch = 0;
  horizon: number;
  /**
   * Places in requests that carry required fields. They are no places of their nodes: where what is required cannot be
   * had, the request goes without the object, and nothing may be lost with it that does not require the same.
   */
  readonly #computing: Place[] = [];
  #nested = 0;

  constructor({ model, distances, effort, rootType, isSingleRoot, horizon }: DraftOptions) {
    this.model = model;
    this.distances = distances;
    this.effort = effort;
    this.isSingleRoot = isSingleRoot;
    this.root = new ObjectNode(rootType, null, { kind: 'root' }, new Position());
    this.horizon = horizon;
    this.routes = new Routes(this);
  }

  get groups(): readonly FetchGroup[] {
    return [...this.roots.values(), ...this.entityGroups];
  }

  /** What a request waits for has changed: it may run later, and all that wait for it. */
  #stepsChanged(): void {
    this.epoch += 1;
    this.effort.glance(this.roots.size + this.entityGroups.length);
    for (const { step } of this.groups) if (step > this.horizon) this.horizon = step;
  }

  #reachesTo(step: number): void {
    if (step <= this.horizon) return;
    this.horizon = step;
    this.epoch += 1;
  }

  /** Below a field of a node. */
  childOf(node: ObjectNode, key: string, call: FieldCall): ObjectNode {
    const type = this.model.type(node.type).fields.get(call.name);
    if (!type) throw this.#unplannable(node, call.name);
    return node.child(key, call, type.named, type.text.split('[').length - 1);
  }

  /**
   * Selects a leaf where it costs least.
   * @param later - steps that will have to follow.
   * @throws {HubError} INTERNAL - no subgraph that can be reached answers it.
   */
  leaf(node: ObjectNode, key: string, call: FieldCall, later = 0): Place {
    const choice = this.#choose(node, call.name, later);
    if (!choice) throw this.#unplannable(node, call.name);
    const place = choice.get();
    place.selection.select(key, call, choice.field.type, null);
    return place;
  }

  /**
   * Whether to ask all objects of an abstract node for a field alike: not where no subgraph answers for all of their
   * types or each by itself is nearer, nor where asking for the objects again from above costs as much as that.
   */
  answersAsWhole(node: ObjectNode, name: string): boolean {
    const whole = this.#choose(node, name, 0);
    if (!whole) return false;
    if (this.routes.arrivals(node).every(({ step }) => step >= whole.step)) return true;
    return !this.routes.typesOf(node).every((type) => {
      const each = this.#choose(node.narrow(type), name, 0);
      if (!each) return false;
      return this.routes.isCheaper(each, whole) || (!whole.isLookup && !this.routes.isCheaper(whole, each));
    });
  }

  /** Makes sure that a node is fetched at all. */
  exists(node: ObjectNode): Place {
    const place = leastStep(node.places);
    if (place) return place;
    let best: Arrival | null = null;
    for (const arrival of this.routes.arrivals(node))
      if (!best || this.routes.isCheaper(arrival, best)) best = arrival;
    if (!best) throw this.#unplannable(node, '__typename');
    return this.#arrive(node, best, 0);
  }

  /** Makes sure that the objects' own type is known. */
  typeName(node: ObjectNode): void {
    const isReal = ({ spot }: { spot: Spot }) => !spot.type.isInterfaceObject;
    const there = leastStep(node.places.filter(isReal));
    if (there) {
      there.selection.asksTypeName = true;
      return;
    }
    let best: Route | null = null;
    for (const route of this.routes.to(node).filter(isReal))
      if (!best || this.routes.isCheaper(route, best)) best = route;
    if (!best) throw this.#unplannable(node, '__typename');
    this.#reach(node, best, 0).selection.asksTypeName = true;
  }

  #choose(node: ObjectNode, name: string, later: number): Choice | null {
    let best: Choice | null = null;
    const offer = (choice: Choice) => {
      if (!best || this.routes.isCheaper(choice, best, later)) best = choice;
    };
    this.#offerPlaced(node, name, offer);
    const there = best as Choice | null;
    if (there && (!later || there.step + later <= this.horizon)) return there;
    for (const route of this.routes.to(node)) {
      const field = this.model.answers(route.spot, name);
      if (field && !field.requires)
        offer({
          field,
          step: route.step,
          fetches: route.fetches,
          isLookup: route.spot !== route.from.spot,
          get: () => this.#reach(node, route, later),
        });
    }
    this.#offerComputed(node, name, later, offer);
    for (const arrival of this.routes.arrivals(node)) {
      const provided = this.routes.providedField(arrival, node.type, name);
      if (!provided) continue;
      const { step, fetches } = arrival;
      offer({
        field: provided.field,
        step,
        fetches,
        isLookup: false,
        get: () => this.#arrive(node, arrival, later),
      });
    }
    return best;
  }

  #offerPlaced(node: ObjectNode, name: string, offer: (choice: Choice) => void): void {
    for (const place of node.places) {
      const own = this.model.answers(place.spot, name);
      const field =
        own && !own.requires ? own : (this.routes.providedField(place, node.type, name)?.field ?? null);
      if (field) offer({ field, step: place.group.step, fetches: 0, isLookup: true, get: () => place });
    }
  }

  #offerComputed(node: ObjectNode, name: string, later: number, offer: (choice: Choice) => void): void {
    for (const spot of this.model.spotsOf(node.type)) {
      const field = this.model.answers(spot, name);
      if (!field?.requires) continue;
      this.effort.glance(this.#computing.length);
      const placed = this.#computing.find(
        (one) => one.node === node && one.spot === spot && one.group.computed.has(name),
      );
      if (placed) offer({ field, step: placed.group.step, fetches: 0, isLookup: true, get: () => placed });
      for (const from of this.routes.arrivals(node)) {
        const jumps = this.distances.fieldAt(node.type, from.spot, spot, name, field);
        if (jumps === Infinity) continue;
        const get = () => this.#compute(node, from, spot, { name, field }, later);
        offer({ field, step: from.step + jumps, fetches: from.fetches + jumps, isLookup: true, get });
      }
    }
  }

  #reach(node: ObjectNode, route: Route, later: number): Place {
    if (route.spot === route.from.spot) return this.#arrive(node, route.from, later);
    const from = this.#arrive(node, route.from, later + 1);
    return this.#place(this.#jump(node, from, route.spot, new InputSet(), [], later));
  }

  #arrive(node: ObjectNode, { spot, provided, how }: Arrival, later: number): Place {
    if (how.kind === 'placed') return how.place;
    if (how.kind === 'root') return this.#rootPlace(node, spot);
    if (how.kind === 'narrowed') {
      const above = this.#reach(parentOf(node), how.parent, later);
      const selection = spot === above.spot ? above.selection : above.selection.fragment(spot);
      return this.#place({ node, group: above.group, selection, spot, provided });
    }
    const { parent, link } = node;
    if (!parent || link.kind !== 'field') throw new Error('a field below no object');
    const name = link.call.name;
    const above =
      how.kind === 'field'
        ? this.#reach(parent, how.parent, later)
        : this.#compute(parent, how.parent, how.spot, { name, field: how.field }, later);
    const { below } = above.selection.select(link.key, link.call, how.field.type, spot);
    return this.#place({ node, group: above.group, selection: below ?? above.selection, spot, provided });
  }

  #rootPlace(node: ObjectNode, spot: Spot): Place {
    const group = new FetchGroup(node, spot, null);
    this.roots.set(spot.graph, group);
    this.#reachesTo(group.step);
    return this.#place({ node, group, selection: group.selection, spot, provided: null });
  }

  #place(place: Place): Place {
    const known = place.node.places.find(({ selection }) => selection === place.selection);
    if (known) return known;
    place.node.addPlace(place);
    return this.#typed(place);
  }

  #typed(place: Place): Place {
    // Where this subgraph knows one type only, the whole graph may know more.
    if (this.#isAbstract(place.node) && !place.spot.type.isInterfaceObject)
      place.selection.asksTypeName = true;
    return place;
  }

  /** Looks the node's objects up at another spot, by its key, with further inputs if there are any. */
  #jump(
    node: ObjectNode,
    from: Place,
    to: Spot,
    inputs: InputSet,
    deps: readonly FetchGroup[],
    later: number,
  ): Place {
    const key = this.distances.nearestKey(node.type, from.spot, to);
    if (!key || this.#nested > maxNested)
      throw this.#unplannable(node, `__typename (by a key of ${to.graph})`);
    const before = new Set(deps);
    this.#nested += 1;
    this.#collectKey(node, from, key, inputs, before, later + 1);
    this.#nested -= 1;
    const group = new FetchGroup(node, to, inputs);
    this.#askTypeName(node, before);
    group.waitFor(before);
    this.entityGroups.push(group);
    this.#reachesTo(group.step);
    return { node, group, selection: group.selection, spot: to, provided: null };
  }

  #collectKey(
    node: ObjectNode,
    from: Place,
    key: SubgraphKey,
    inputs: InputSet,
    before: Set<FetchGroup>,
    later: number,
  ): void {
    before.add(from.group);
    this.#collect(node, key.fields, inputs, before, later);
  }

  /** A field with requirements, from an entity request that carries what it requires. */
  #compute(
    node: ObjectNode,
    arrival: Arrival,
    to: Spot,
    { name, field }: { readonly name: string; readonly field: SubgraphField },
    later: number,
  ): Place {
    const from = this.#arrive(node, arrival, later + 1);
    const inputs = new InputSet();
    const before = new Set<FetchGroup>();
    this.#collect(node, field.requires ?? [], inputs, before, later + 1);
    const needs = inputs.text();
    const place = this.#joinable(node, to, needs, before, later);
    if (place) {
      place.group.waitFor(before);
      this.#stepsChanged();
    }
    const made = place ?? this.#typed(this.#jump(node, from, to, inputs, [...before], later));
    if (!place) this.#computing.push(made);
    made.group.needs = needs;
    made.group.computed.add(name);
    return made;
  }

  /** A request that carries the very same required fields and may wait for these without the plan getting longer. */
  #joinable(
    node: ObjectNode,
    to: Spot,
    needs: string,
    before: ReadonlySet<FetchGroup>,
    later: number,
  ): Place | undefined {
    this.effort.glance(this.#computing.length);
    const step = 1 + Math.max(0, ...[...before].map((group) => group.step));
    return this.#computing.find(({ group, spot }) => {
      if (group.node !== node || spot !== to || group.needs !== needs) return false;
      if ([...before].some((other) => other.isBehind(group))) return false;
      return (
        step <= group.step || !group.after.size || step + Math.max(later, group.followed()) <= this.horizon
      );
    });
  }

  /** Demands what goes into representations. */
  #collect(node: ObjectNode, set: FieldSet, inputs: InputSet, before: Set<FetchGroup>, later: number): void {
    for (const part of set) {
      if (part.kind === 'on') this.#collectNarrowed(node, part, inputs, before, later);
      else if (!this.#isAbstract(node) || this.answersAsWhole(node, part.call.name))
        this.#collectField(node, part, inputs, before, later);
      else
        for (const type of this.routes.typesOf(node))
          this.#collect(node.narrow(type), [part], inputs.fragment(type), before, later);
    }
  }

  #isAbstract(node: ObjectNode): boolean {
    return this.model.type(node.type).kind !== 'object';
  }

  #collectField(
    node: ObjectNode,
    { call, below }: FieldSetPart & { kind: 'field' },
    inputs: InputSet,
    before: Set<FetchGroup>,
    later: number,
  ): void {
    const key = node.position.internalKey(call);
    if (!below) {
      before.add(this.leaf(node, key, call, later).group);
      inputs.leaf(call.name, key);
      return;
    }
    const child = this.childOf(node, key, call);
    const inner = inputs.below(call.name, key);
    inner.needsTypeName = this.model.type(child.type).kind !== 'object';
    this.#collect(child, below, inner, before, later);
    if (!child.places.some(({ group }) => before.has(group))) before.add(this.exists(child).group);
  }

  #collectNarrowed(
    node: ObjectNode,
    { type, below }: FieldSetPart & { kind: 'on' },
    inputs: InputSet,
    before: Set<FetchGroup>,
    later: number,
  ): void {
    if (this.model.satisfies(node.type, type)) return this.#collect(node, below, inputs, before, later);
    for (const name of this.routes.typesOf(node))
      if (this.model.satisfies(name, type))
        this.#collect(node.narrow(name), below, inputs.fragment(name), before, later);
  }

  /** A representation needs its type: from where the objects are known as they are, if they are by then. */
  #askTypeName(node: ObjectNode, before: ReadonlySet<FetchGroup>): void {
    for (let at: ObjectNode | null = node; at; at = at.link.kind === 'narrowed' ? at.parent : null) {
      const places = at.places.filter(({ group }) => [...before].some((other) => other.isBehind(group)));
      const place = leastStep(places.filter(({ spot }) => !spot.type.isInterfaceObject)) ?? leastStep(places);
      if (!place) continue;
      place.selection.asksTypeName = true;
      return;
    }
  }

  #unplannable(node: ObjectNode, name: string): HubError {
    const spots = this.model.types.has(node.type) ? this.model.spotsOf(node.type) : [];
    const answering = [
      ...new Set(spots.filter((spot) => this.model.answers(spot, name)).map(({ graph }) => graph)),
    ];
    const reached = [...new Set(this.routes.to(node).map(({ spot }) => spot.graph))];
    return new HubError(
      'INTERNAL',
      `The operation could not be planned: ${node.type}.${name} at ${node.describe()} is answered by ` +
        `${answering.join(', ') || 'no subgraph'}, which cannot be reached from ${reached.join(', ') || 'anywhere'}.`,
      { details: { field: `${node.type}.${name}`, subgraphs: answering, reached } },
    );
  }
}

function parentOf(node: ObjectNode): ObjectNode {
  if (!node.parent) throw new Error('a narrowed node below nothing');
  return node.parent;
}

function leastStep(places: readonly Place[]): Place | undefined {
  let least: Place | undefined;
  for (const place of places) if (!least || place.group.step < least.group.step) least = place;
  return least;
}
