import type { Clock } from '#kernel/clock.ts';
import type { Closable } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import type { EvidenceLog } from '#ontology/ports/evidence-log.ts';

/** What the checkpoint loop needs. */
export interface CheckpointLoopDeps {
  readonly evidence: EvidenceLog;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Signs the end of each tenant's evidence log at the start, from time to time, and when closing, so that what was
 * written last is signed too.
 * @param config.everyMs - milliseconds between two rounds. @default 60_000
 */
export function startCheckpointLoop(
  config: { readonly everyMs?: number },
  deps: CheckpointLoopDeps,
): Closable {
  const closing = new AbortController();
  const sign = () =>
    deps.evidence
      .checkpoint()
      .catch((error: unknown) => deps.log.error('The evidence could not be signed; tried again', { error }));
  const run = async () => {
    while (!closing.signal.aborted) {
      await sign();
      await deps.clock.sleep(config.everyMs ?? 60_000, closing.signal).catch(() => {});
    }
    await sign();
  };
  const running = run();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}
