import type { ConfigReader } from '#kernel/config.ts';

/** Where the telemetry database is. */
export interface InfluxConfig {
  /** `https://HOST:8086`; `http://` only within one machine or a closed network. */
  readonly url: string;
  /** A token that may read and write the bucket. */
  readonly token: string;
  readonly org: string;
  readonly bucket: string;
  /** How long a write may stay without an answer, ms. @default 5_000 */
  readonly writeTimeoutMs?: number;
  /** How long a query may stay without an answer, ms. @default 15_000 */
  readonly queryTimeoutMs?: number;
}

/**
 * Reads TWINHUB_INFLUX_URL, _TOKEN (or _TOKEN_FILE), _ORG (default `twinhub`) and _BUCKET (default `twinhub`).
 *
 * @returns `null` when TWINHUB_INFLUX_URL is not set: the embedded store is used.
 */
export function readInfluxConfig(reader: ConfigReader): InfluxConfig | null {
  const url = reader.url('TWINHUB_INFLUX_URL', { protocols: ['https', 'http'] });
  const token = reader.secret('TWINHUB_INFLUX_TOKEN');
  const org = reader.string('TWINHUB_INFLUX_ORG', { default: 'twinhub' });
  const bucket = reader.string('TWINHUB_INFLUX_BUCKET', { default: 'twinhub' });
  if (url === undefined) return null;
  if (token === undefined)
    reader.fault(
      'TWINHUB_INFLUX_TOKEN',
      undefined,
      'a token for the bucket, since TWINHUB_INFLUX_URL is set',
    );
  return Object.freeze({ url, token: token ?? '', org, bucket });
}
