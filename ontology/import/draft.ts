import type { FindingSink } from '../import-finding.ts';
import type { ModelId, TwinId } from '../ids.ts';
import type { Model } from '../model.ts';
import { lineageIn } from '../twin-graph.ts';
import type { RelationshipInput, Twin, TwinInput, TwinKind } from '../twin.ts';
import type { ImportLookups } from './lookups.ts';
import type { PlannedSample } from './series.ts';

/** A twin while an import is being planned. */
export interface TwinDraft {
  readonly id: TwinId;
  kind: TwinKind;
  name: string;
  readonly modelId: ModelId;
  parentId: TwinId | null;
  properties: Record<string, unknown>;
  /** Values of a twin graph with the texts of their numbers; `null` when no graph of this import has the twin. */
  readonly lexical: Readonly<Record<string, unknown>> | null;
  /** Whether the import changes anything about it. */
  touched: boolean;
  /** Whether its parent was named in this import. */
  parentNamed: boolean;
  /** Where it stands, for findings. */
  readonly sink: FindingSink;
  readonly pointer: string;
}

/** A file that a twin gets: what a `File` element or the picture of a shell refers to. */
export interface PlannedFile {
  readonly twinId: TwinId;
  /** Property of the twin that has the path, or `$thumbnail`. */
  readonly element: string;
  /** Path in the package, or an address, as the model has it. */
  readonly path: string;
  /** `null` when the model says none. */
  readonly contentType: string | null;
  /** The document that says so. */
  readonly document: string;
}

/** Models by id, with each one's lineage worked out once until the models change: there are many twins of one model. */
class ModelMap extends Map<string, Model> {
  readonly #lineages = new Map<string, readonly Model[]>();

  override set(id: string, model: Model): this {
    this.#lineages.clear();
    return super.set(id, model);
  }

  lineage(id: ModelId): readonly Model[] {
    const made = this.#lineages.get(id) ?? lineageIn(id, this) ?? [];
    this.#lineages.set(id, made);
    return made;
  }
}

/** Everything an import plans. */
export class ImportDraft {
  /** All models at hand, new and stored, by id. */
  readonly models = new ModelMap();
  readonly newModels = new Map<string, Model>();
  readonly twins = new Map<string, TwinDraft>();
  readonly files: PlannedFile[] = [];
  /** Relationships that bills of material say. */
  readonly relationships: RelationshipInput[] = [];
  /** Values that came with time series. */
  readonly samples: PlannedSample[] = [];
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
      lexical: null,
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
    return this.models.lineage(id);
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
