import { link, type TestSubgraph } from '../support.ts';

/** One thing a federated graph does, shown by subgraphs and what they answer together. */
export interface Behaviour {
  readonly name: string;
  /** With the link of the tests, unless the SDL says otherwise. */
  readonly subgraphs: readonly TestSubgraph[];
  readonly asks: readonly Ask[];
}

export interface Ask {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  /** The whole of it. */
  readonly data?: unknown;
  /** Whether nothing runs, for reasons that are told. @default false */
  readonly refused?: boolean;
  /** The places of the errors, in any order. @default none */
  readonly errors?: readonly (readonly (string | number)[])[];
  /** The subgraphs that are asked, each as often as it stands here, in any order. @default not looked at */
  readonly fetches?: readonly string[];
}

/** A reference resolver over a list of records with these keys. */
export function byKey<T extends object>(records: readonly T[], ...keys: readonly (keyof T)[]) {
  return async (reference: Partial<T>) =>
    records.find((record) => keys.some((key) => key in reference && reference[key] === record[key])) ?? null;
}

/** A reference resolver of an entity that has nothing but what its fields compute. */
export const asGiven = async (reference: object) => reference;

/** The subgraphs of a behaviour, each with a link to Federation 2 unless it has one or says that it speaks Federation 1. */
export function linked({ subgraphs }: Behaviour): TestSubgraph[] {
  const isComplete = (sdl: string) => /@link|@extends|extend type|^# Federation 1/.test(sdl);
  return subgraphs.map((one) => ({ ...one, sdl: isComplete(one.sdl) ? one.sdl : link + one.sdl }));
}
