import type { ConfigReader } from '#kernel/config.ts';

/** Settings of live streams. */
export interface RealtimeConfig {
  /** Operations one WebSocket connection may run at a time. @default 100 */
  readonly maxOperationsPerConnection: number;
  /** Subscriptions one tenant may run at a time, over all its connections. @default 50_000 */
  readonly maxSubscriptionsPerTenant: number;
  /** WebSockets and HTTP streams one tenant may have open at a time. @default 20_000 */
  readonly maxConnectionsPerTenant: number;
  /**
   * Bytes that may wait for one slow reader; above, it gets the latest values only, where a stream allows that, or its
   * subscription ends with an error. @default 1 MiB
   */
  readonly maxBufferedBytes: number;
  /** Events of a stream kept for readers that come back. @default 1_000 */
  readonly retainedEvents: number;
  /** Bytes of a stream kept for readers that come back. @default 1 MiB */
  readonly retainedBytes: number;
  /** Bytes that all streams of one tenant keep together. @default 256 MiB */
  readonly retainedBytesPerTenant: number;
  /** How long a stream goes on after the connection of its last reader was lost, milliseconds. @default 15_000 */
  readonly lingerMs: number;
  /** Time between two signs of life on a stream, milliseconds. @default 15_000 */
  readonly keepAliveMs: number;
  /** Time for `connection_init` on a WebSocket, milliseconds. @default 5_000 */
  readonly initTimeoutMs: number;
}

const MiB = 1024 * 1024;

/**
 * Reads the settings of live streams; faults are reported by the reader's `finish`.
 *
 * TWINHUB_MAX_OPERATIONS_PER_CONNECTION, TWINHUB_MAX_SUBSCRIPTIONS_PER_TENANT, TWINHUB_MAX_CONNECTIONS_PER_TENANT,
 * TWINHUB_MAX_BUFFERED_BYTES, TWINHUB_STREAM_RETAINED_EVENTS, TWINHUB_STREAM_RETAINED_BYTES,
 * TWINHUB_STREAM_RETAINED_BYTES_PER_TENANT, TWINHUB_STREAM_LINGER_MS, TWINHUB_KEEP_ALIVE_MS, TWINHUB_INIT_TIMEOUT_MS.
 */
export function readRealtimeConfig(env: ConfigReader): RealtimeConfig {
  const count = { min: 1, max: 10_000_000 };
  return Object.freeze({
    maxOperationsPerConnection: env.integer('TWINHUB_MAX_OPERATIONS_PER_CONNECTION', {
      default: 100,
      min: 1,
      max: 100_000,
    }),
    maxSubscriptionsPerTenant: env.integer('TWINHUB_MAX_SUBSCRIPTIONS_PER_TENANT', {
      default: 50_000,
      ...count,
    }),
    maxConnectionsPerTenant: env.integer('TWINHUB_MAX_CONNECTIONS_PER_TENANT', { default: 20_000, ...count }),
    maxBufferedBytes: env.integer('TWINHUB_MAX_BUFFERED_BYTES', {
      default: MiB,
      min: 1024,
      max: 1024 * MiB,
    }),
    retainedEvents: env.integer('TWINHUB_STREAM_RETAINED_EVENTS', { default: 1_000, min: 0, max: 1_000_000 }),
    retainedBytes: env.integer('TWINHUB_STREAM_RETAINED_BYTES', { default: MiB, min: 0, max: 1024 * MiB }),
    retainedBytesPerTenant: env.integer('TWINHUB_STREAM_RETAINED_BYTES_PER_TENANT', {
      default: 256 * MiB,
      min: 0,
      max: 1024 * 1024 * MiB,
    }),
    lingerMs: env.integer('TWINHUB_STREAM_LINGER_MS', { default: 15_000, min: 0, max: 3_600_000 }),
    keepAliveMs: env.integer('TWINHUB_KEEP_ALIVE_MS', { default: 15_000, min: 100, max: 3_600_000 }),
    initTimeoutMs: env.integer('TWINHUB_INIT_TIMEOUT_MS', { default: 5_000, min: 100, max: 600_000 }),
  });
}
