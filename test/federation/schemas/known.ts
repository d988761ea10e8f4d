/** An operation the native planner (router-query-planner 0.0.38) plans wrongly or not at all. */
export interface KnownCase {
  /** Of the generated schema. */
  readonly seed: number;
  /** Of the operation. */
  readonly index: number;
  /** What the native planner does. */
  readonly native: string;
  /** Whether it takes its process along, so that it cannot be asked here. */
  readonly isFatal?: boolean;
}

/**
 * One for each way of failing that random operations have met. When the generator changes, its seeds mean other schemas:
 * `fuzz.ts --planner native` finds new ones.
 */
export const knownCases: readonly KnownCase[] = [
  { seed: 7, index: 0, native: 'gives up (path cannot be found in a selection set)' },
  { seed: 10, index: 19, native: 'gives up (a single parent is expected)' },
  { seed: 12, index: 4, native: 'gives up (no paths found)' },
  { seed: 48, index: 0, native: 'gives up (no field found in an entity interface)' },
  {
    seed: 27,
    index: 18,
    native: 'looks up one of the types only, where an interface object has fields asked of several',
  },
  { seed: 4, index: 12, native: 'takes a nested provided field for provided one level above' },
  { seed: 12, index: 5, native: 'puts a fragment where its type is impossible' },
  { seed: 43, index: 12, native: 'asks for an object without any field of it' },
  { seed: 26, index: 6, native: 'ends the process', isFatal: true },
  { seed: 37, index: 1, native: 'ends the process', isFatal: true },
];
