/**
 * The ways to get at the objects of a node, with what each would cost the plan as it is so far: along the parent (whose
 * field a subgraph answers) or with a jump from somewhere the objects already are.
 */
import type { Distances } from './distances.ts';
import type { Effort } from './effort.ts';
import { fieldIn, type FieldSet } from './field-sets.ts';
import type { FetchGroup, Place } from './fetch-groups.ts';
import type { ObjectNode } from './nodes.ts';
import type { Spot, SubgraphField, SupergraphModel } from './supergraph-model.ts';

/** What a way costs: the step it ends in, and the requests it adds. */
export interface Cost {
  readonly step: number;
  readonly fetches: number;
}

/** A way that needs no jump at the node itself. */
export interface Arrival extends Cost {
  readonly spot: Spot;
  readonly provided: FieldSet | null;
  readonly how:
    | { readonly kind: 'placed'; readonly place: Place }
    | { readonly kind: 'root' }
    | { readonly kind: 'narrowed'; readonly parent: Route }
    | { readonly kind: 'field'; readonly parent: Route; readonly field: SubgraphField }
    | {
        readonly kind: 'computed';
        readonly parent: Arrival;
        readonly spot: Spot;
        readonly field: SubgraphField;
      };
}

/** A way to a spot: an arrival, and jumps from there if it is elsewhere. */
export interface Route extends Cost {
  readonly spot: Spot;
  readonly from: Arrival;
}

interface Kept<T> {
  readonly value: T;
  readonly epoch: number;
  readonly revision: number;
}

/** What ways depend on besides the nodes. */
export interface RouteScope {
  readonly model: SupergraphModel;
  readonly distances: Distances;
  readonly effort: Effort;
  /** Root requests there are, by subgraph. */
  readonly roots: ReadonlyMap<string, FetchGroup>;
  /** Whether all root fields must come from one request: those of mutations and subscriptions run once. */
  readonly isSingleRoot: boolean;
  /** Grows whenever the steps that requests run in change. */
  readonly epoch: number;
  /** The steps the plan has anyway. */
  readonly horizon: number;
}

export class Routes {
  readonly #scope: RouteScope;
  readonly #arrivals = new Map<ObjectNode, Kept<readonly Arrival[]>>();
  readonly #routes = new Map<ObjectNode, Kept<readonly Route[]>>();

  constructor(scope: RouteScope) {
    this.#scope = scope;
  }

  /** The cheapest way to each spot of a node, and the earliest when that is another. */
  to(node: ObjectNode): readonly Route[] {
    return this.#kept(this.#routes, node, () => this.#find(node));
  }

  /** The ways to a node without a jump at the node itself. */
  arrivals(node: ObjectNode): readonly Arrival[] {
    return this.#kept(this.#arrivals, node, () => this.#arrive(node));
  }

  /** Whether the first costs the plan less: steps beyond those it has, then requests, then the earlier step. */
  isCheaper(one: Cost, other: Cost, later = 0): boolean {
    const beyond = ({ step }: Cost) => Math.max(0, step + later - this.#scope.horizon);
    return (beyond(one) - beyond(other) || one.fetches - other.fetches || one.step - other.step) < 0;
  }

  /** The object types that can be met at a node: where it is fetched already, only those known there. */
  typesOf(node: ObjectNode): readonly string[] {
    const { model } = this.#scope;
    if (node.link.kind === 'narrowed' && node.parent)
      return this.typesOf(node.parent).filter((name) => model.satisfies(name, node.type));
    const known = node.places.filter(({ spot }) => !spot.type.isInterfaceObject);
    const types = new Set<string>();
    for (const { spot } of this.arrivals(node))
      for (const { type } of spot.type.isInterfaceObject ? model.spotsOf(node.type) : [spot])
        if (!type.isInterfaceObject)
          for (const name of type.possible)
            if (known.every((place) => place.spot.type.possible.has(name))) types.add(name);
    return [...types].filter((name) => model.satisfies(name, node.type));
  }

  /** What was found stays true until the requests, or the places of the node and those above it, change. */
  #kept<T extends readonly unknown[]>(all: Map<ObjectNode, Kept<T>>, node: ObjectNode, find: () => T): T {
    const { epoch } = this.#scope;
    const { revision } = node;
    const known = all.get(node);
    if (known && known.epoch === epoch && known.revision === revision) return known.value;
    const value = find();
    this.#scope.effort.take(1);
    this.#scope.effort.glance(value.length);
    all.set(node, { value, epoch, revision });
    return value;
  }

  #find(node: ObjectNode): readonly Route[] {
    const { model } = this.#scope;
    const arrivals = this.arrivals(node);
    const bySpot = new Map<Spot, Arrival[]>();
    for (const arrival of arrivals) {
      const there = bySpot.get(arrival.spot);
      if (there) there.push(arrival);
      else bySpot.set(arrival.spot, [arrival]);
    }
    const spots = new Set([...bySpot.keys(), ...model.spotsOf(node.type)]);
    const routes: Route[] = [];
    this.#scope.effort.glance(spots.size * arrivals.length);
    for (const spot of spots) routes.push(...this.#routesTo(spot, node, arrivals, bySpot.get(spot) ?? []));
    return routes;
  }

  /** Where both cost the same, looking the very objects up goes before asking for them again from above. */
  #routesTo(
    spot: Spot,
    node: ObjectNode,
    arrivals: readonly Arrival[],
    there: readonly Arrival[],
  ): readonly Route[] {
    let cheapest: Route | null = null;
    let earliest: Route | null = null;
    const offer = (from: Arrival, jumps: number) => {
      const route: Route = { spot, from, step: from.step + jumps, fetches: from.fetches + jumps };
      if (!cheapest || this.isCheaper(route, cheapest)) cheapest = route;
      if (!earliest || route.step < earliest.step) earliest = route;
    };
    const isWorse = ({ step, fetches }: Arrival) =>
      earliest !== null && step + 1 >= earliest.step && cheapest !== null && fetches + 1 >= cheapest.fetches;
    for (const from of there) if (from.how.kind === 'placed') offer(from, 0);
    for (const from of arrivals) {
      if (isWorse(from)) continue;
      const jumps = this.#scope.distances.jumps(node.type, from.spot, spot);
      if (jumps > 0 && jumps < Infinity) offer(from, jumps);
    }
    for (const from of there) if (from.how.kind !== 'placed') offer(from, 0);
    const routes = [cheapest, earliest].filter((route) => route !== null);
    return cheapest === earliest ? routes.slice(1) : routes;
  }

  #arrive(node: ObjectNode): readonly Arrival[] {
    const placed = node.places.map((place): Arrival => {
      const { spot, provided, group } = place;
      return { spot, provided, step: group.step, fetches: 0, how: { kind: 'placed', place } };
    });
    return [...placed, ...this.#furtherArrivals(node)];
  }

  #furtherArrivals(node: ObjectNode): readonly Arrival[] {
    if (!node.parent) return this.#rootArrivals(node);
    const { parent, link } = node;
    if (link.kind === 'narrowed')
      return this.to(parent).flatMap((route) => this.#narrowedArrival(route, node.type));
    if (link.kind !== 'field') return [];
    const { name } = link.call;
    return [
      ...this.to(parent).flatMap((route) => this.#fieldArrival(route, name, parent.type)),
      ...this.#providedArrivals(parent, name),
      ...this.#computedArrivals(parent, name),
    ];
  }

  #rootArrivals(node: ObjectNode): readonly Arrival[] {
    const { model, roots, isSingleRoot } = this.#scope;
    if (isSingleRoot && roots.size) return [];
    return model
      .spotsOf(node.type)
      .filter(({ graph }) => !roots.has(graph))
      .map((spot) => ({ spot, provided: null, step: 1, fetches: 1, how: { kind: 'root' } }));
  }

  #narrowedArrival(parent: Route, type: string): Arrival[] {
    const spot = this.narrowedSpot(parent.spot, type);
    if (!spot) return [];
    const { step, fetches, from } = parent;
    const provided = parent.spot === from.spot ? from.provided : null;
    return [{ spot, provided, step, fetches, how: { kind: 'narrowed', parent } }];
  }

  /** Where objects of a type are in a selection on another type; `undefined` when its subgraph cannot tell. */
  narrowedSpot(spot: Spot, type: string): Spot | undefined {
    const { model } = this.#scope;
    if (spot.type.isInterfaceObject) return undefined;
    const wanted = [...spot.type.possible].filter((name) => model.satisfies(name, type));
    if (wanted.length === spot.type.possible.size && !spot.type.possible.has(type)) return spot;
    if (!wanted.length) return undefined;
    const narrowed = model.spot(spot.graph, type);
    if (!narrowed || narrowed.type.isInterfaceObject) return undefined;
    return wanted.every((name) => narrowed.type.possible.has(name)) ? narrowed : undefined;
  }

  #fieldArrival(parent: Route, name: string, type: string): Arrival[] {
    const { model } = this.#scope;
    const field = model.answers(parent.spot, name);
    if (!field || field.requires) return [];
    const spot = model.spot(parent.spot.graph, field.type.named);
    if (!spot) return [];
    const { step, fetches, from } = parent;
    const below =
      parent.spot === from.spot
        ? fieldIn(from.provided, name, (condition) => model.satisfies(type, condition))?.below
        : undefined;
    const provided = [...(below ?? []), ...(field.provides ?? [])];
    return [
      {
        spot,
        provided: provided.length ? provided : null,
        step,
        fetches,
        how: { kind: 'field', parent, field },
      },
    ];
  }

  #providedArrivals(parent: ObjectNode, name: string): readonly Arrival[] {
    const { model } = this.#scope;
    return this.arrivals(parent).flatMap((from): Arrival[] => {
      const provided = this.providedField(from, parent.type, name);
      const spot = provided && model.spot(from.spot.graph, provided.field.type.named);
      if (!spot) return [];
      const { step, fetches } = from;
      const route: Route = { spot: from.spot, from, step, fetches };
      const how = { kind: 'field', parent: route, field: provided.field } as const;
      return [{ spot, provided: provided.below, step, fetches, how }];
    });
  }

  /** A field that a spot does not answer as such, but does here. */
  providedField(
    { provided, spot }: Pick<Arrival, 'provided' | 'spot'>,
    type: string,
    name: string,
  ): { readonly field: SubgraphField; readonly below: FieldSet } | null {
    const { model } = this.#scope;
    const field = spot.type.fields.get(name);
    if (!provided || !field || model.answers(spot, name)) return null;
    const found = fieldIn(provided, name, (condition) => model.satisfies(type, condition));
    return found && { field, below: found.below };
  }

  /** A field that requires others comes from an entity request of its own subgraph. */
  #computedArrivals(parent: ObjectNode, name: string): readonly Arrival[] {
    const { model, distances } = this.#scope;
    return model.spotsOf(parent.type).flatMap((at): Arrival[] => {
      const field = model.answers(at, name);
      const spot = field?.requires ? model.spot(at.graph, field.type.named) : undefined;
      if (!field || !spot) return [];
      return this.arrivals(parent).flatMap((from): Arrival[] => {
        const jumps = distances.fieldAt(parent.type, from.spot, at, name, field);
        if (jumps === Infinity) return [];
        const how = { kind: 'computed', parent: from, spot: at, field } as const;
        return [
          { spot, provided: field.provides, step: from.step + jumps, fetches: from.fetches + jumps, how },
        ];
      });
    });
  }
}
