import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import { timeOf, type Sample, type SignalSample } from '#ontology/sample.ts';
import type { RawValue } from './driver.ts';
import { noCommunication, toSample } from './map.ts';
import type { KnownSignal, SignalRoute, Tag } from './mapping.ts';
import { TagSelector } from './tag-selector.ts';

/** A node counts as silent when another one of its signal speaks and it has not for this long. */
const silentAfterMs = 5000;

interface Input {
  readonly signal: KnownSignal;
  readonly tags: readonly Tag[];
  readonly selector: TagSelector;
  /** Time of the newest sample passed on, epoch ms. */
  newest: number;
}

/** Where values of nodes become samples of signals: one node of each signal at a time. */
export class SignalInputs {
  readonly nodeIds: readonly string[];
  readonly #inputs: readonly Input[];
  /** For each node its input and its place among the input's tags. */
  readonly #nodes: readonly { input: Input; tag: Tag; place: number }[];
  readonly #clock: Clock;
  readonly #emit: (sample: SignalSample) => void;
  readonly #log: Logger;

  constructor(
    routes: readonly SignalRoute[],
    deps: { clock: Clock; log: Logger },
    emit: (sample: SignalSample) => void,
  ) {
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#emit = emit;
    this.#inputs = routes.map((route) => ({
      ...route,
      selector: this.#selectorOf(route),
      newest: -Infinity,
    }));
    this.#nodes = this.#inputs.flatMap((input) => input.tags.map((tag, place) => ({ input, tag, place })));
    this.nodeIds = this.#nodes.map(({ tag }) => tag.nodeId);
  }

  get signalCount(): number {
    return this.#inputs.length;
  }

  /** A value of the node at this position of `nodeIds`. */
  take(index: number, raw: RawValue): void {
    const node = this.#nodes[index];
    if (!node) return;
    const now = this.#clock.now();
    this.#offer(node, toSample(raw, node.input.signal, node.tag, now), now);
  }

  /** The node at this position cannot be watched. */
  fail(index: number, status: string): void {
    const node = this.#nodes[index];
    if (!node) return;
    const { signal } = node.input;
    this.#log.warn('An OPC UA node cannot be watched', {
      nodeId: node.tag.nodeId,
      twin: signal.twinId,
      signal: signal.signal,
      status,
    });
    const now = this.#clock.now();
    this.#offer(node, noCommunication(signal, status, this.#after(node.input, now), now), now);
  }

  /** Says of every signal that nothing is known of it now. */
  interrupt(status: string): void {
    const now = this.#clock.now();
    for (const input of this.#inputs)
      this.#pass(input, noCommunication(input.signal, status, this.#after(input, now), now));
  }

  /** A new session: what was heard before proves nothing about the nodes now. */
  reset(): void {
    for (const input of this.#inputs) input.selector.reset(this.#clock.now());
  }

  #offer({ input, place }: { input: Input; place: number }, sample: Sample, now: number): void {
    const passed = input.selector.offer(place, sample, now);
    if (passed) this.#pass(input, passed);
  }

  #pass(input: Input, sample: Sample): void {
    input.newest = Math.max(input.newest, timeOf(sample));
    this.#emit({ twinId: input.signal.twinId, signal: input.signal.signal, sample });
  }

  /** A device clock that runs ahead must not let its last value stand as the newest: just after it, else `null`. */
  #after(input: Input, now: number): number | null {
    return input.newest >= now ? input.newest + 1 : null;
  }

  #selectorOf(route: SignalRoute): TagSelector {
    return new TagSelector(route.tags.length, silentAfterMs, this.#clock.now(), (from, to, reason) =>
      this.#log.warn('A signal is taken from another node', {
        twin: route.signal.twinId,
        signal: route.signal.signal,
        from: route.tags[from]?.nodeId,
        to: route.tags[to]?.nodeId,
        reason,
      }),
    );
  }
}
