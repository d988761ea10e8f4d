/** One value that breaks its schema or model. */
export interface InstanceViolation {
  /** Names and list positions from the checked value down. */
  readonly path: readonly string[];
  /**
   * The rule: `wrongType`, `outOfRange`, `notInEnumeration`, `unknownField`, `geometry`, `tooDeep`, and for whole twins
   * and relationships those of `twin.ts`.
   */
  readonly rule: string;
  readonly message: string;
}

/** Levels of nesting looked into; deeper values are refused, so that no check can run out of stack. */
export const maxValueDepth = 256;

/** Violations lists, however long the value is. */
const maxViolations = 100;

/** The way through a value while it is checked, and what was found. */
export class Walk {
  readonly found: InstanceViolation[] = [];
  readonly #path: string[];

  constructor(path: readonly string[] = []) {
    this.#path = [...path];
  }

  /** Records a violation at the present place; after 100 no more are kept. */
  report(rule: string, message: string): void {
    if (this.found.length < maxViolations) this.found.push({ path: [...this.#path], rule, message });
  }

  /** Checks one member or item: `step` stands in the path meanwhile. */
  into(step: string, check: Check, value: unknown): void {
    this.#path.push(step);
    if (this.#path.length > maxValueDepth)
      this.report('tooDeep', `The value is nested deeper than ${maxValueDepth} levels.`);
    else check(value, this);
    this.#path.pop();
  }
}

/** Reports everything about a value that breaks one schema. */
export type Check = (value: unknown, walk: Walk) => void;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
