import type { Closable } from '#kernel/lifecycle.ts';
import type { MessageBus, QueueSpec } from '#ontology/ports/message-bus.ts';
import { maintenanceEventTypes } from './maintenance/parse-event.ts';
import type { WorkflowRuntime } from './runtime.ts';

/**
 * The queue the workflows listen on. Not ordered: each workflow is guarded by its inbox and version, and a message of
 * one workflow must not wait for another's retry.
 */
export const workflowsQueue: QueueSpec = {
  name: 'hub.workflows',
  bindings: [
    { exchange: 'hub.evt', pattern: 'erp.#' },
    { exchange: 'hub.evt', pattern: 'wms.#' },
    { exchange: 'hub.evt', pattern: 'mes.#' },
    { exchange: 'hub.evt', pattern: 'analytics.recommendationRaised' },
    ...maintenanceEventTypes
      .filter((type) => type.startsWith('analytics.'))
      .map((pattern) => ({ exchange: 'hub.evt' as const, pattern })),
  ],
  ordered: false,
  // An hour of tries: a store may be away for longer than a person takes to get up.
  deliveryLimit: 120,
};

/**
 * Declares `hub.workflows` and hands its messages to the runtime until closed.
 * @throws {HubError} STORE_UNAVAILABLE, CONNECTOR_UNREACHABLE
 */
export async function startWorkflowConsumer(deps: {
  readonly bus: MessageBus;
  readonly runtime: WorkflowRuntime;
}): Promise<Closable> {
  await deps.bus.declareQueue(workflowsQueue);
  return deps.bus.consume(
    workflowsQueue.name,
    async ({ message }) => void (await deps.runtime.handleMessage(message)),
  );
}
