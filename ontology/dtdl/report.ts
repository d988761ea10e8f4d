import type { FindingSink } from '../import-finding.ts';

/** Ends the reading of one document: what was found leaves nothing to go on with. */
export class Stop extends Error {
  override readonly name = 'Stop';
}

/** Where findings of one document go. */
export class Report {
  readonly sink: FindingSink;
  #errors = 0;

  constructor(sink: FindingSink) {
    this.sink = sink;
  }

  /** Errors so far. */
  get errors(): number {
    return this.#errors;
  }

  /** An error after which reading goes on. */
  error(code: string, pointer: string, message: string): void {
    this.#errors++;
    this.sink.error(code, pointer, message);
  }

  /** An error after which nothing more of the document is read. @throws {Stop} always */
  stop(code: string, pointer: string, message: string): never {
    this.error(code, pointer, message);
    throw new Stop(code);
  }
}
