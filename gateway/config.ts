import type { KeyObject } from 'node:crypto';
import type { ConfigReader } from '#kernel/config.ts';
import { readSigningKey } from '#kernel/signing-key.ts';
import { readGuardsConfig, type GuardsConfig } from './guards/config.ts';
import type { OperationLimits } from './limits.ts';
import { plannerChoices, type PlannerChoice } from './planner.ts';
import { readRealtimeConfig, type RealtimeConfig } from './realtime/config.ts';
import { readTelemetryConfig, type TelemetryConfig } from './telemetry/config.ts';
import { readUploadRates, type UploadRates } from './uploads/rates.ts';

/** Settings of the gateway. */
export interface GatewayConfig extends RealtimeConfig {
  /** TCP port; 0 takes a free one. @default 4000 */
  readonly port: number;
  /** Address to listen on. @default 127.0.0.1, this machine only */
  readonly host: string;
  /** Names in the Host header that are answered, without port. @default localhost, 127.0.0.1, [::1] and `host` */
  readonly allowedHosts: readonly string[];
  /** Further origins (`https://console.example`) whose pages may open streams. @default none but the gateway's own */
  readonly allowedOrigins: readonly string[];
  /** Deadline of one request or one event, milliseconds. @default 30_000 */
  readonly requestTimeoutMs: number;
  /** How long closing waits for running requests, milliseconds. @default 10_000 */
  readonly drainTimeoutMs: number;
  /** Largest request body, bytes. @default 4 MiB */
  readonly maxBodyBytes: number;
  /** Largest head of a request, bytes. @default 16 KiB */
  readonly maxHeaderBytes: number;
  /** Operations one HTTP request may have; 1 stands for no batches. @default 10 */
  readonly maxBatch: number;
  readonly limits: OperationLimits;
  readonly guards: GuardsConfig;
  /** How fast files for imports may come in. */
  readonly uploads: UploadRates;
  readonly telemetry: TelemetryConfig;
  /** Compiled operations kept. @default 1_000 */
  readonly planCacheSize: number;
  /** Which planner plans operations. @default own */
  readonly planner: PlannerChoice;
  /** Lists subgraphs of others that join the graph; `null`: there are none. */
  readonly subgraphsFile: string | null;
  /** Signs who asks for subgraphs of others; `null`: a key of the data folder. */
  readonly subgraphIdentityKey: KeyObject | null;
}

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Reads the gateway's settings; faults are reported by the reader's `finish`.
 *
 * TWINHUB_PORT, TWINHUB_HOST, TWINHUB_ALLOWED_HOSTS and TWINHUB_ALLOWED_ORIGINS (comma-separated),
 * TWINHUB_REQUEST_TIMEOUT_MS, TWINHUB_DRAIN_TIMEOUT_MS, TWINHUB_MAX_BODY_BYTES, TWINHUB_MAX_HEADER_BYTES,
 * TWINHUB_MAX_BATCH, TWINHUB_MAX_QUERY_{CHARACTERS,TOKENS,DEPTH,FIELDS,ROOT_FIELDS,ALIASES,DIRECTIVES},
 * TWINHUB_PLAN_CACHE_SIZE, TWINHUB_PLANNER, TWINHUB_SUBGRAPHS_FILE, TWINHUB_SUBGRAPH_IDENTITY_KEY; and those of streams
 * (realtime/config.ts), uploads (uploads/rates.ts), guards (guards/config.ts), traces and metrics (telemetry/config.ts).
 */
export function readGatewayConfig(env: ConfigReader): GatewayConfig {
  const host = env.string('TWINHUB_HOST', { default: '127.0.0.1' });
  const guards = readGuardsConfig(env);
  return Object.freeze({
    port: env.integer('TWINHUB_PORT', { default: 4000, min: 0, max: 65_535 }),
    host,
    allowedHosts: readHosts(env, host),
    allowedOrigins: readOrigins(env),
    requestTimeoutMs: env.integer('TWINHUB_REQUEST_TIMEOUT_MS', { default: 30_000, min: 100, max: 600_000 }),
    drainTimeoutMs: env.integer('TWINHUB_DRAIN_TIMEOUT_MS', { default: 10_000, min: 0, max: 600_000 }),
    maxBodyBytes: env.integer('TWINHUB_MAX_BODY_BYTES', {
      default: 4 * 1024 * 1024,
      min: 1024,
      max: 1024 * 1024 * 1024,
    }),
    maxHeaderBytes: env.integer('TWINHUB_MAX_HEADER_BYTES', {
      default: 16 * 1024,
      min: 1024,
      max: 1024 * 1024,
    }),
    maxBatch: env.integer('TWINHUB_MAX_BATCH', { default: 10, min: 1, max: 1_000 }),
    limits: readLimits(env),
    guards,
    uploads: readUploadRates(env, guards.rates.perTenant.windowMs),
    telemetry: readTelemetryConfig(env),
    ...readRealtimeConfig(env),
    subgraphsFile: env.optional('TWINHUB_SUBGRAPHS_FILE') ?? null,
    subgraphIdentityKey: readIdentityKey(env),
    planCacheSize: env.integer('TWINHUB_PLAN_CACHE_SIZE', { default: 1_000, min: 1, max: 1_000_000 }),
    planner: env.oneOf('TWINHUB_PLANNER', { default: 'own', values: plannerChoices }),
  });
}

function readLimits(env: ConfigReader): OperationLimits {
  return Object.freeze({
    depth: env.integer('TWINHUB_MAX_QUERY_DEPTH', { default: 16, min: 1, max: 1_000 }),
    characters: env.integer('TWINHUB_MAX_QUERY_CHARACTERS', { default: 131_072, min: 100, max: 100_000_000 }),
    tokens: env.integer('TWINHUB_MAX_QUERY_TOKENS', { default: 10_000, min: 10, max: 1_000_000 }),
    aliases: env.integer('TWINHUB_MAX_QUERY_ALIASES', { default: 200, min: 0, max: 100_000 }),
    rootFields: env.integer('TWINHUB_MAX_QUERY_ROOT_FIELDS', { default: 50, min: 1, max: 100_000 }),
    directives: env.integer('TWINHUB_MAX_QUERY_DIRECTIVES', { default: 200, min: 0, max: 100_000 }),
    fields: env.integer('TWINHUB_MAX_QUERY_FIELDS', { default: 3_000, min: 1, max: 1_000_000 }),
  });
}

function readIdentityKey(env: ConfigReader): KeyObject | null {
  const name = 'TWINHUB_SUBGRAPH_IDENTITY_KEY';
  const pem = env.secret(name);
  if (pem === undefined) return null;
  try {
    return readSigningKey(pem);
  } catch {
    env.fault(name, '[a secret]', 'an Ed25519 private key (PKCS #8, PEM)');
    return null;
  }
}

function readHosts(env: ConfigReader, host: string): readonly string[] {
  const own = host.includes(':') ? `[${host}]` : host;
  const configured = list(env.string('TWINHUB_ALLOWED_HOSTS', { default: '' }));
  return Object.freeze([...new Set([...loopback, own, ...configured])].map((name) => name.toLowerCase()));
}

function readOrigins(env: ConfigReader): readonly string[] {
  const origins = list(env.string('TWINHUB_ALLOWED_ORIGINS', { default: '' }));
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      env.fault(
        'TWINHUB_ALLOWED_ORIGINS',
        origin,
        'origins as a browser sends them, like https://console.example:8443',
      );
    }
  }
  return Object.freeze(origins);
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}
