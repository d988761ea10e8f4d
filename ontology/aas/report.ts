import type { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';

/**
 * How to read: `strict` refuses what the standard does not allow; `import` takes in what can be understood and reports
 * the rest as warnings, since official templates break rules themselves.
 */
export type AasMode = 'strict' | 'import';

/** Where something stands: a way back to the root, made a pointer only when somebody asks. */
export interface Place {
  readonly up: Place | null;
  readonly step: string | number;
}

/** A place one step below another. */
export function below(up: Place | null, step: string | number): Place {
  return { up, step };
}

/** The JSON pointer of a place. */
export function pointerOf(place: Place | null): string {
  const steps: (string | number)[] = [];
  for (let at = place; at; at = at.up) steps.push(at.step);
  return steps.reduceRight<string>((pointer, step) => pointerTo(pointer, step), '');
}

/** Notes deviations, as errors or as warnings depending on the mode. */
export class Report {
  readonly mode: AasMode;
  readonly #sink: FindingSink;
  #count = 0;

  constructor(sink: FindingSink, mode: AasMode) {
    this.mode = mode;
    this.#sink = sink;
  }

  /** How many deviations there were. */
  get count(): number {
    return this.#count;
  }

  get isImport(): boolean {
    return this.mode === 'import';
  }

  /** Something the standard does not allow. */
  deviation(code: string, place: Place | null, message: string): void {
    this.#count++;
    if (this.isImport) this.#sink.warn(code, pointerOf(place), message);
    else this.#sink.error(code, pointerOf(place), message);
  }

  /** Something that cannot be taken in at all. */
  refusal(code: string, place: Place | null, message: string): void {
    this.#count++;
    this.#sink.error(code, pointerOf(place), message);
  }
}
