import type { FindingSink } from '../import-finding.ts';
import type { ModelId, TwinId } from '../ids.ts';
import type { Model } from '../model.ts';
import { lineageIn } from '../twin-graph.ts';
import type { Twin, TwinInput, TwinKind } from '../twin.ts';
import type { ImportLookups } from './lookups.ts';

/** A twin while an import is being planned. */
export interface TwinDraft {
  readonly id: TwinId;
  kind: TwinKind;
  name: string;
  readonly modelId: ModelId;
  parentId: TwinId | null;
  properties: Record<string, unknown>;
  /** Whether the import changes anything about it. */
  touched: boolean;
  /** Whether its parent was named in this import. */
  parentNamed: boolean;
  /** Where it stands, for findings. */
  readonly sink: FindingSink;
  readonly pointer: string;
}

/** Everything an import plans. */
export class ImportDraft {
  /** All models at hand, new and stored, by id. */
  readonly models = new Map<string, Model>();
  readonly newModels = new Map<string, Model>();
  readonly twins = new Map<string, TwinDraft>();
  readonly #stored = new Map<string, Twin | null>();
  readonly #lookups: ImportLookups;

  constructor(lookups: ImportLookups) {
    this.#lookups = lookups;
  }

  /** Stored twins by id, each asked for once. */
  async load(ids: readonly string[]): Promise<void> {
    const wanted = [...new Set(ids)].filter((id) => !this.#stored.has(id)) as TwinId[];
    const found = wanted.length ? await this.#lookups.twins(wanted) : [];
    for (const [i, id] of wanted.entries()) this.#stored.set(id, found[i] ?? null);
  }

  stored(id: string): Twin | null {
    return this.#stored.get(id) ?? null;
  }

  /** The draft of a twin of this import, or one made from the stored twin (after `load`); `null` when there is neither. */
  draftOf(id: string, sink: FindingSink, pointer: string): TwinDraft | null {
    const draft = this.twins.get(id);
    if (draft) return draft;
    const stored = this.stored(id);
    if (!stored) return null;
    const { kind, name, modelId, parentId } = stored;
    const made: TwinDraft = {
      id: stored.id,
      kind,
      name,
      modelId,
      parentId,
      properties: { ...stored.properties },
      touched: false,
      parentNamed: false,
      sink,
      pointer,
    };
    this.twins.set(id, made);
    return made;
  }

  /** A model with its bases; empty when it is not known. */
  lineage(id: ModelId): readonly Model[] {
    return lineageIn(id, this.models) ?? [];
  }

  /** The twins that change, as the store takes them. */
  inputs(): TwinInput[] {
    return [...this.twins.values()]
      .filter((draft) => draft.touched)
      .map(({ id, kind, name, modelId, parentId, properties }) => ({
        id,
        kind,
        name,
        modelId,
        parentId,
        properties,
      }));
  }
}
