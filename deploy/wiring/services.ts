import { Broadcast } from '#kernel/broadcast.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Lifecycle } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import { createMesConnector } from '#connectors/mes/index.ts';
import { createOutboxRelay } from '#connectors/outbox-relay.ts';
import { createSapPmConnector } from '#connectors/sap-pm/index.ts';
import { createWmsConnector } from '#connectors/wms/index.ts';
import { findFailureMode } from '#ontology/failure-modes/index.ts';
import type { LiveSample } from '#ontology/live-sample.ts';
import { createAnalyticsService, type AnalyticsService } from '#subgraphs/analytics/service.ts';
import { createIngest, type Ingest } from '#subgraphs/telemetry/ingest.ts';
import {
  createWorkflowRuntime,
  MachineRegistry,
  startCheckpointLoop,
  startTimerLoop,
  startWorkflowConsumer,
  workflowsQueue,
  type WorkflowRuntime,
  type WorkflowsConfig,
} from '#workflows/index.ts';
import type { HubConfig } from '../config.ts';
import type { Stores } from './stores.ts';

/** What runs between the stores and the subgraphs. */
export interface Services {
  readonly live: Broadcast<LiveSample>;
  readonly ingest: Ingest;
  readonly analytics: AnalyticsService;
  readonly workflows: WorkflowRuntime;
}

export interface ServicesDeps {
  readonly stores: Stores;
  readonly lifecycle: Lifecycle;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Starts ingest, analytics, workflows and the connectors of the business systems. All queues are declared before the
 * outbox is published, so that no message of an earlier run finds no queue.
 */
export async function startServices(
  config: HubConfig,
  { stores, lifecycle, clock, log }: ServicesDeps,
): Promise<Services> {
  const { bus, twins, recommendations } = stores;
  lifecycle.add('evidence checkpoints', startCheckpointLoop({}, { evidence: stores.evidence, clock, log }));
  const live = new Broadcast<LiveSample>();
  const ingest = lifecycle.add(
    'ingest',
    createIngest({ store: stores.series, clock, log, live }, config.ingest),
  );
  const workflows = createWorkflowRuntime(workflowsConfig(config), {
    store: stores.workflows,
    recommendations,
    twins,
    failureMode: findFailureMode,
    evidence: stores.evidence,
    machines: new MachineRegistry(),
    clock,
    log,
  });
  await bus.declareQueue(workflowsQueue);
  await startBusinessSystems(config, { stores, lifecycle, clock, log });
  const analytics = createAnalyticsService(config.analytics, {
    live,
    twins,
    state: stores.analytics,
    recommendations,
    bus,
    clock,
    log,
  });
  await analytics.start();
  lifecycle.add('analytics', analytics);
  lifecycle.add('workflow consumer', await startWorkflowConsumer({ bus, runtime: workflows }));
  lifecycle.add(
    'workflow timers',
    startTimerLoop({ store: stores.workflows, runtime: workflows, clock, log }),
  );
  lifecycle.add('outbox relay', createOutboxRelay({}, { outbox: stores.outbox, bus, clock, log }));
  return { live, ingest, analytics, workflows };
}

/** The waits of workflows; in the demo those for parts and windows go with the plant's time. */
function workflowsConfig({ workflows, demo }: HubConfig): WorkflowsConfig {
  const { settings } = workflows;
  return demo
    ? {
        ...workflows,
        settings: { ...settings, retryMs: Math.max(1_000, Math.round(settings.retryMs / demo.speed)) },
      }
    : workflows;
}

async function startBusinessSystems(
  config: HubConfig,
  { stores, lifecycle, clock, log }: ServicesDeps,
): Promise<void> {
  const { bus, journal } = stores;
  const deps = { bus, journal, correlations: journal, commands: journal, clock, log, tenant: config.tenant };
  const connectors = {
    'sap-pm': createSapPmConnector(config.sapPm, deps),
    mes: createMesConnector(config.mes, deps),
    wms: createWmsConnector(config.wms, deps),
  };
  for (const [name, connector] of Object.entries(connectors)) {
    await connector.start();
    lifecycle.add(name, connector);
  }
}
