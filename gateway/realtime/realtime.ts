import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import { hubClosing, type NewScope, type OnSignOut } from '../context.ts';
import type { FederationEngine } from '../engine/engine.ts';
import type { Guard } from '../guards/index.ts';
import type { HostRules } from '../http/guard.ts';
import type { Telemetry } from '../telemetry/index.ts';
import type { CoalesceRules } from './coalesce-key.ts';
import type { RealtimeConfig } from './config.ts';
import { HttpStreams } from './http-streams.ts';
import type { RetentionBudget } from './retention.ts';
import { OperationRunner } from './operation-runner.ts';
import { Quota } from './quota.ts';
import { SubscriptionHub, type HubDeps, type HubStats } from './subscription-hub.ts';
import { Heartbeat } from './timing.ts';
import type { ConnectionDeps } from './websocket-connection.ts';
import { WebSocketServer } from './websocket-server.ts';

export interface RealtimeOptions extends RealtimeConfig {
  readonly rules: HostRules;
  readonly requestTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** Path of the endpoint. */
  readonly path: string;
  readonly coalesce: () => CoalesceRules;
}

export interface RealtimeDeps {
  readonly engine: FederationEngine;
  readonly guard: Guard;
  readonly telemetry?: Telemetry | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly newId: () => string;
  readonly newScope: NewScope;
  readonly scopeKey: HubDeps['scopeKey'];
  readonly batcher?: HubDeps['batcher'];
  readonly onSignOut: OnSignOut;
  readonly authenticateSocket: ConnectionDeps['authenticate'];
}

/** Counters of the live side. */
export interface RealtimeStats extends HubStats {
  /** Open WebSocket connections. */
  readonly webSockets: number;
  /** Open HTTP streams: server-sent events and multipart. */
  readonly eventStreams: number;
}

/** The streaming transports and the hub they share. */
export interface Realtime {
  readonly streams: HttpStreams;
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends all streams with a reason and takes no more. */
  close(): void;
  /** Ends WebSockets that have not closed by themselves. */
  terminate(): void;
  stats(): RealtimeStats;
}

export function createRealtime(options: RealtimeOptions, deps: RealtimeDeps): Realtime {
  const { clock, log, newId, onSignOut } = deps;
  const hub = new SubscriptionHub({
    ...deps,
    coalesce: options.coalesce,
    maxSubscriptionsPerTenant: options.maxSubscriptionsPerTenant,
    startTimeoutMs: options.requestTimeoutMs,
    maxBufferedBytes: options.maxBufferedBytes,
    retention: { events: options.retainedEvents, bytes: options.retainedBytes },
    retentionBudgetOf: createBudgets(options.retainedBytesPerTenant),
    lingerMs: options.lingerMs,
  });
  const shared = {
    runner: new OperationRunner({ ...deps, hub }),
    heartbeat: new Heartbeat(clock, options.keepAliveMs),
    connections: new Quota(options.maxConnectionsPerTenant),
    clock,
    log,
    newId,
    onSignOut,
  };
  const streams = new HttpStreams({ ...shared, maxBodyBytes: options.maxBodyBytes });
  const webSockets = new WebSocketServer({
    ...shared,
    rules: options.rules,
    path: options.path,
    authenticate: deps.authenticateSocket,
    initTimeoutMs: options.initTimeoutMs,
    maxOperations: options.maxOperationsPerConnection,
    maxMessageBytes: options.maxBodyBytes,
  });
  return {
    streams,
    upgrade: (req, socket, head) => webSockets.upgrade(req, socket, head),
    close() {
      webSockets.close();
      streams.close(hubClosing());
      hub.close();
    },
    terminate: () => webSockets.terminate(),
    stats: () => ({
      ...hub.stats(),
      webSockets: webSockets.connections,
      eventStreams: streams.connections,
    }),
  };
}

/** One budget a tenant, for as long as the gateway lives: there are as many as there are tenants. */
function createBudgets(max: number): (tenant: string) => RetentionBudget {
  const budgets = new Map<string, RetentionBudget>();
  return (tenant) => {
    const budget = budgets.get(tenant) ?? { used: 0, max };
    budgets.set(tenant, budget);
    return budget;
  };
}
