import type { JsonText } from './json-text.ts';

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
   * The rule: a published name of a DTDL parsing error (`nonUniquePropertyValue`), an AAS constraint (`AASd-117`),
   * or a rule of the hub (`hub:...`).
   */
  readonly code: string;
  /** What is wrong and what to do, in one or two sentences. */
  readonly message: string;
  readonly severity: FindingSeverity;
}

/** Collects findings of one document; places are given as JSON pointers. */
export class FindingSink {
  readonly #document: string;
  readonly #text: JsonText | null;
  readonly #found: ImportFinding[] = [];
  readonly #maxFindings: number;

  /** @param text - the document, to turn pointers into lines; `null` when it is not JSON. @param maxFindings - more are counted in one last finding. */
  constructor(document: string, text: JsonText | null, maxFindings = 1000) {
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

  /** All findings so far, in the order noticed. */
  get findings(): readonly ImportFinding[] {
    return this.#found;
  }

  get hasErrors(): boolean {
    return this.#found.some((finding) => finding.severity === 'ERROR');
  }

  #add(severity: FindingSeverity, code: string, pointer: string, message: string): void {
    if (this.#found.length > this.#maxFindings) return;
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
            severity: 'ERROR' as const,
          }
        : { code, message, severity }),
    });
  }
}
