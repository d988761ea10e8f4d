/** Turns a JSON pointer into a place in the document it came from, whatever form that has. */
export interface Places {
  /** Line and column, from 1, of the value a pointer names, or of the nearest one above it that exists. */
  placeOf(pointer: string): { line: number; column: number };
}

export const findingSeverities = ['ERROR', 'WARNING'] as const;
export type FindingSeverity = (typeof findingSeverities)[number];

/** One thing noticed in an imported document. */
export interface ImportFinding {
  /** The document's name as given. */
  readonly document: string;
  /** JSON pointer to the place, empty for the whole document. @see RFC 6901 */
  readonly pointer: string;
  /** From 1; 1 and 1 for the whole document. */
  readonly line: number;
  readonly column: number;
  /**
   * The rule: a published name of a DTDL parsing error (`nonUniquePropertyValue`), an AAS constraint (`AASd-117`), a
   * rule of the AAS metamodel or its forms that has no published name (`aas:...`), or a rule of the hub (`hub:...`).
   */
  readonly code: string;
  /** What is wrong and what to do, in one or two sentences. */
  readonly message: string;
  readonly severity: FindingSeverity;
}

/** Collects findings of one document; places are given as JSON pointers. */
export class FindingSink {
  readonly #document: string;
  readonly #text: Places | null;
  readonly #found: ImportFinding[] = [];
  readonly #maxFindings: number;

  /** @param text - the document, to turn pointers into lines (a `JsonText`, for one); `null` when it has no places. @param maxFindings - more are counted in one last finding. */
  constructor(document: string, text: Places | null, maxFindings = 1000) {
    this.#document = document;
    this.#text = text;
    this.#maxFindings = maxFindings;
  }

  error(code: string, pointer: string, message: string): void {
    this.#add('ERROR', code, pointer, message);
  }

  warn(code: string, pointer: string, message: string): void {
    this.#add('WARNING', code, pointer, message);
  }

  /** The document's name. */
  get document(): string {
    return this.#document;
  }

  /** Takes over findings of the same document that were noticed elsewhere. */
  addAll(findings: readonly ImportFinding[]): void {
    this.#found.push(...findings);
  }

  /** All findings so far, in the order noticed. */
  get findings(): readonly ImportFinding[] {
    return this.#found;
  }

  get hasErrors(): boolean {
    return this.#found.some((finding) => finding.severity === 'ERROR');
  }

  #add(severity: FindingSeverity, code: string, pointer: string, message: string): void {
    if (this.#found.length > this.#maxFindings) return this.#addToLast(severity);
    const full = this.#found.length === this.#maxFindings;
    const place = full ? '' : pointer;
    this.#found.push({
      document: this.#document,
      pointer: place,
      ...(this.#text?.placeOf(place) ?? { line: 1, column: 1 }),
      ...(full
        ? {
            code: 'hub:tooManyFindings',
            message: `More than ${this.#maxFindings} findings; the others are left out.`,
            severity,
          }
        : { code, message, severity }),
    });
  }

  /** The last finding stands for all left out; it is an error as soon as one of them is. */
  #addToLast(severity: FindingSeverity): void {
    const last = this.#found.at(-1);
    if (last && severity === 'ERROR') this.#found[this.#found.length - 1] = { ...last, severity };
  }
}
