import type { ConfigReader } from '#kernel/config.ts';

/** How to reach RabbitMQ. Times in ms. */
export interface AmqpConfig {
  /** amqp:// or amqps:// with user, password and virtual host. */
  readonly url: string;
  /** Longest wait for a connection or a publisher confirm. @default 10_000 */
  readonly timeoutMs?: number;
  /** Longest wait between two tries to connect. @default 5_000 */
  readonly maxReconnectDelayMs?: number;
  /** AMQP heartbeat, seconds. @default 15 */
  readonly heartbeatSeconds?: number;
}

/** Reads TWINHUB_AMQP_URL (or TWINHUB_AMQP_URL_FILE), TWINHUB_AMQP_TIMEOUT_MS; `null` when no address is set. */
export function readAmqpConfig(reader: ConfigReader): AmqpConfig | null {
  const url = reader.url('TWINHUB_AMQP_URL', { protocols: ['amqp', 'amqps'] });
  const timeoutMs = reader.integer('TWINHUB_AMQP_TIMEOUT_MS', { default: 10_000, min: 100, max: 600_000 });
  return url === undefined ? null : Object.freeze({ url, timeoutMs });
}
