/**
 * What a supergraph says, as the planner asks for it: the types of the whole graph, and for each subgraph which of
 * their fields it has, by which keys it looks objects up, and which object types hide behind its abstract ones.
 * Progressive overrides are decided: there is one model for each outcome.
 */
import type { FieldSet } from './field-sets.ts';

/** A type as the whole graph has it. */
export interface GraphType {
  readonly name: string;
  readonly kind: 'object' | 'interface' | 'union';
  /** The object types it can be. */
  readonly possible: ReadonlySet<string>;
  /** The interfaces it implements. */
  readonly interfaces: ReadonlySet<string>;
  readonly fields: ReadonlyMap<string, FieldType>;
}

/** The type of a field: as it is written, and the named type within. */
export interface FieldType {
  readonly text: string;
  readonly named: string;
}

/** A type as one subgraph has it. */
export interface SubgraphType {
  readonly name: string;
  readonly kind: GraphType['kind'];
  /** It stands for all objects of an interface, whose types this subgraph does not know. */
  readonly isInterfaceObject: boolean;
  readonly keys: readonly SubgraphKey[];
  readonly fields: ReadonlyMap<string, SubgraphField>;
  /** The object types that can come out of this subgraph where it declares this type. */
  readonly possible: ReadonlySet<string>;
}

export interface SubgraphKey {
  readonly fields: FieldSet;
  /** Whether the subgraph looks objects up by it. */
  readonly resolvable: boolean;
}

export interface SubgraphField {
  readonly type: FieldType;
  /** Whether the subgraph answers it: not `@external`, not taken over by another. */
  readonly resolvable: boolean;
  readonly requires: FieldSet | null;
  readonly provides: FieldSet | null;
}

/** A type of a subgraph: where an object is, or is to be looked up. */
export interface Spot {
  readonly graph: string;
  readonly type: SubgraphType;
  readonly id: string;
}

/** One supergraph with its progressive overrides decided. */
export class SupergraphModel {
  readonly types: ReadonlyMap<string, GraphType>;
  readonly roots: Readonly<Partial<Record<'query' | 'mutation' | 'subscription', string>>>;
  readonly #subgraphs: ReadonlyMap<string, ReadonlyMap<string, SubgraphType>>;
  readonly #spots = new Map<string, Spot>();
  readonly #spotsByType = new Map<string, readonly Spot[]>();
  readonly #answers = new Map<string, SubgraphField | null>();

  constructor(
    types: ReadonlyMap<string, GraphType>,
    roots: SupergraphModel['roots'],
    subgraphs: ReadonlyMap<string, ReadonlyMap<string, SubgraphType>>,
  ) {
    this.types = types;
    this.roots = roots;
    this.#subgraphs = subgraphs;
  }

  get graphs(): readonly string[] {
    return [...this.#subgraphs.keys()];
  }

  type(name: string): GraphType {
    const type = this.types.get(name);
    if (!type) throw new Error(`The supergraph has no composite type ${name}.`);
    return type;
  }

  /** The place a type has in a subgraph, `undefined` when the subgraph does not have it. */
  spot(graph: string, typeName: string): Spot | undefined {
    const id = `${graph}/${typeName}`;
    const known = this.#spots.get(id);
    if (known) return known;
    const type = this.#subgraphs.get(graph)?.get(typeName);
    if (!type) return undefined;
    const spot = { graph, type, id };
    this.#spots.set(id, spot);
    return spot;
  }

  /** Wherever objects of a type can be: where it is itself, and where an interface object stands for it. */
  spotsOf(typeName: string): readonly Spot[] {
    const known = this.#spotsByType.get(typeName);
    if (known) return known;
    const names = [typeName, ...this.type(typeName).interfaces];
    const spots = this.graphs.flatMap((graph) =>
      names.flatMap((name) => {
        const spot = this.spot(graph, name);
        return spot && (name === typeName || spot.type.isInterfaceObject) ? [spot] : [];
      }),
    );
    this.#spotsByType.set(typeName, spots);
    return spots;
  }

  /** Whether an object of (or below) type `actual` satisfies a type condition. */
  satisfies(actual: string, condition: string): boolean {
    if (actual === condition) return true;
    const type = this.types.get(actual);
    return (
      type !== undefined &&
      (type.interfaces.has(condition) || (this.types.get(condition)?.possible.has(actual) ?? false))
    );
  }

  /**
   * The field of a type of a subgraph when that subgraph answers it for every object that can come there. An interface
   * that has a field which one of its types gets from elsewhere does not answer it.
   */
  answers({ graph, type, id }: Spot, fieldName: string): SubgraphField | null {
    const question = `${id}.${fieldName}`;
    let answer = this.#answers.get(question);
    if (answer === undefined) this.#answers.set(question, (answer = this.#answer(graph, type, fieldName)));
    return answer;
  }

  #answer(graph: string, type: SubgraphType, fieldName: string): SubgraphField | null {
    const field = type.fields.get(fieldName);
    if (!field?.resolvable) return null;
    if (type.kind !== 'interface' || type.isInterfaceObject) return field;
    for (const name of type.possible) {
      const own = this.#subgraphs.get(graph)?.get(name)?.fields.get(fieldName);
      if (!own?.resolvable || own.requires) return null;
    }
    return field;
  }
}
