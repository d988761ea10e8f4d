import type { OnPlanned } from '../engine/types.ts';

interface WaitingReader {
  readonly charge: OnPlanned;
  readonly refuse: (error: unknown) => void;
}

/**
 * Charges every reader of a shared stream when it starts: the first when the operation is planned, the others by that
 * plan. What an event costs is told to the first one's charge alone, so that it counts once however many read it.
 */
export class ReaderCharges {
  readonly #first: OnPlanned | undefined;
  #planned: Parameters<OnPlanned> | undefined;
  #waiting: WaitingReader[] = [];

  constructor(first: OnPlanned | undefined) {
    this.#first = first;
  }

  /** For the engine. @throws what refuses the first reader, and with it the stream. */
  readonly onPlanned: OnPlanned = (...planned) => {
    const onRan = this.#first?.(...planned);
    this.#planned = planned;
    for (const { charge, refuse } of this.#waiting.splice(0)) {
      try {
        charge(...planned);
      } catch (error) {
        refuse(error);
      }
    }
    return onRan;
  };

  /**
   * Charges a further reader, as soon as the operation is planned.
   * @param refuse - told when it is refused later.
   * @throws what refuses it at once.
   */
  add(charge: OnPlanned | undefined, refuse: (error: unknown) => void): void {
    if (!charge) return;
    if (this.#planned) charge(...this.#planned);
    else this.#waiting.push({ charge, refuse });
  }
}
