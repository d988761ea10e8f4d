/** One difference between two versions of a model. */
export interface ModelChange {
  /** The model: its id in the new version, or in the old one when it is gone. */
  readonly modelId: string;
  /** What has changed, from the model down: `flow`, `flow.unit`, `settings.schema.limits.high`, `extends`. */
  readonly path: string;
  /** `widened`: everything right before is right still; `narrowed`: some of it no longer is. */
  readonly change: 'added' | 'removed' | 'widened' | 'narrowed' | 'changed';
  /** Whether twins, relationships, writers or readers of the old version are in conflict with the new one. */
  readonly breaking: boolean;
  /** What it is, and why it breaks or does not. */
  readonly message: string;
}

/** The verdict about two versions, with every difference. */
export interface ModelDiff {
  /** `BREAKING` when any of the changes is. */
  readonly verdict: 'COMPATIBLE' | 'BREAKING';
  readonly changes: readonly ModelChange[];
}

/** Collects the changes of one model. */
export class ChangeList {
  readonly found: ModelChange[] = [];
  readonly #modelId: string;

  constructor(modelId: string) {
    this.#modelId = modelId;
  }

  breaking(path: string, change: ModelChange['change'], message: string): void {
    this.found.push({ modelId: this.#modelId, path, change, breaking: true, message });
  }

  compatible(path: string, change: ModelChange['change'], message: string): void {
    this.found.push({ modelId: this.#modelId, path, change, breaking: false, message });
  }
}
