/**
 * What of an object goes into its representation: for each field of the subgraph's, the key of the answer it is read
 * from. The two differ where a client uses the field's name for something else.
 */
import type { PlanRewrite, RequiresSelection, RewriteSegment } from '../plan-nodes.ts';

interface Input {
  readonly key: string;
  readonly below: InputSet | null;
}

export class InputSet {
  needsTypeName = false;
  readonly #fields = new Map<string, Input>();
  readonly #fragments = new Map<string, InputSet>();

  /** Reads a leaf. */
  leaf(name: string, key: string): void {
    this.#fields.set(name, { key, below: null });
  }

  /** Reads objects below a field. */
  below(name: string, key: string): InputSet {
    const known = this.#fields.get(name)?.below;
    if (known) return known;
    const below = new InputSet();
    this.#fields.set(name, { key, below });
    return below;
  }

  /** Reads something of objects of one type only. */
  fragment(type: string): InputSet {
    let inner = this.#fragments.get(type);
    if (!inner) this.#fragments.set(type, (inner = new InputSet()));
    return inner;
  }

  /** The same text stands for the same fields, read from the same keys. */
  text(): string {
    return JSON.stringify([this.toSelections(), this.toRewrites()]);
  }

  /** As a plan says it. */
  toSelections(): RequiresSelection[] {
    const fields = [...this.#fields.values()].map(({ key, below }): RequiresSelection => {
      const selections = below?.toSelections();
      return { kind: 'Field', name: key, ...(selections ? { selections } : {}) };
    });
    const fragments = [...this.#fragments].map(([typeCondition, inner]): RequiresSelection => ({
      kind: 'InlineFragment',
      typeCondition,
      selections: inner.toSelections(),
    }));
    const typeName: RequiresSelection[] = this.needsTypeName ? [{ kind: 'Field', name: '__typename' }] : [];
    return [...typeName, ...fields, ...fragments];
  }

  /** Gives the fields their names; what is below first, since its path has the old ones. */
  toRewrites(path: readonly RewriteSegment[] = []): PlanRewrite[] {
    const fields = [...this.#fields].flatMap(([name, { key, below }]): PlanRewrite[] => {
      const at = [...path, { Key: key }];
      const inner = below?.toRewrites(at) ?? [];
      return key === name ? inner : [...inner, { KeyRenamer: { path: at, renameKeyTo: name } }];
    });
    const fragments = [...this.#fragments].flatMap(([type, inner]) =>
      inner.toRewrites([...path, { TypenameEquals: [type] }]),
    );
    return [...fields, ...fragments];
  }
}
