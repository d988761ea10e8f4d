import type { Clock } from '#kernel/clock.ts';
import { HubError, isHubError } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import type { MessageBus } from '#ontology/ports/message-bus.ts';
import type { Outbox } from '#ontology/ports/outbox.ts';

export interface OutboxRelayConfig {
  /** Wait after the first failure, ms; doubled each time. @default 100 */
  readonly firstDelayMs?: number;
  /** The longest wait between tries, ms. @default 10_000 */
  readonly maxDelayMs?: number;
  /** How often the outbox is looked at without being told, ms (another process may have written). @default 1_000 */
  readonly sweepMs?: number;
}

export interface OutboxRelayDeps {
  readonly outbox: Outbox;
  readonly bus: MessageBus;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Publishes what an outbox holds, oldest first, one after another, each until the bus has confirmed it. A crash between
 * confirm and mark publishes a message again under the same id.
 *
 * A message the bus refuses for good (LIMIT_EXCEEDED, INVALID_INPUT) holds back those behind it, which is said in the
 * log each time: skipping it would lose it and break the order.
 */
export function createOutboxRelay(config: OutboxRelayConfig, deps: OutboxRelayDeps): Closable {
  const { firstDelayMs = 100, maxDelayMs = 10_000, sweepMs = 1_000 } = config;
  const { outbox, bus, clock, log } = deps;
  const abort = new AbortController();
  let added = Promise.withResolvers<void>();
  const stopListening = outbox.onAdded(() => added.resolve());

  async function drain(): Promise<void> {
    for (;;) {
      const batch = outbox.pending(100);
      if (!batch.length) return;
      for (const { position, outgoing } of batch) {
        if (abort.signal.aborted) return;
        await bus.publish(outgoing);
        outbox.markPublished(position, clock.now());
      }
    }
  }

  async function sleepUnlessAdded(delayMs: number): Promise<void> {
    const wake = new AbortController();
    const signal = AbortSignal.any([abort.signal, wake.signal]);
    await Promise.race([added.promise, clock.sleep(delayMs, signal).catch(() => {})]);
    wake.abort();
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!abort.signal.aborted) {
      added = Promise.withResolvers<void>();
      try {
        await drain();
        failures = 0;
        await sleepUnlessAdded(sweepMs);
      } catch (error) {
        if (abort.signal.aborted) return;
        failures += 1;
        const delayMs = Math.min(firstDelayMs * 2 ** (failures - 1), maxDelayMs);
        const forGood = isHubError(error) && !error.retryable;
        log[forGood ? 'error' : 'warn']('A message could not be published and holds back those behind it', {
          failures,
          delayMs,
          error,
        });
        await clock.sleep(delayMs, abort.signal).catch(() => {});
      }
    }
  }

  const running = run();
  return {
    close: async () => {
      stopListening();
      abort.abort(new HubError('CANCELLED', 'The hub is closing.'));
      await running;
    },
  };
}
