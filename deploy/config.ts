import { resolve } from 'node:path';
import { ConfigReader, type Env, type Setting } from '#kernel/config.ts';
import { logLevels, type LogLevel } from '#kernel/log.ts';
import { parseTenantId, type TenantId } from '#ontology/ids.ts';
import { readOidcConfig, type OidcConfig } from '#connectors/oidc/config.ts';
import { readAmqpConfig, type AmqpConfig } from '#connectors/amqp/config.ts';
import { readFileStoreConfig, type FileStoreConfig } from '#connectors/file-store/index.ts';
import { readInfluxConfig, type InfluxConfig } from '#connectors/influx/config.ts';
import { readNeo4jConfig, type Neo4jConfig } from '#connectors/neo4j/config.ts';
import { readOpcUaConfig, type OpcUaConfig } from '#connectors/opcua/config.ts';
import { readWorkflowsConfig, type WorkflowsConfig } from '#workflows/index.ts';
import { readMesConfig, type MesConfig } from '#connectors/mes/index.ts';
import { readSapPmConfig, type SapPmConfig } from '#connectors/sap-pm/index.ts';
import { readWmsConfig, type WmsConfig } from '#connectors/wms/index.ts';
import { readAnalyticsConfig, type AnalyticsConfig } from '#subgraphs/analytics/config.ts';
import { readImportsConfig, type ImportsConfig } from '#subgraphs/assets/imports/config.ts';
import { readIngestConfig, type IngestConfig } from '#subgraphs/telemetry/ingest.ts';
import { readGatewayConfig, type GatewayConfig } from '#gateway/config.ts';

/** The demo plant and its counterparts. */
export interface DemoConfig {
  /** How much faster than real time the plant lives, 1 to 1,000. */
  readonly speed: number;
  /** Time between two samples of a signal, ms. @default 500 */
  readonly samplePeriodMs: number;
  /** Port of the plant's OPC UA server; 0 takes a free one. */
  readonly plantPort: number;
  readonly seed: number;
}

/** All settings of a hub. */
export interface HubConfig {
  readonly tenant: TenantId;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly gateway: GatewayConfig;
  /** `null`: no demo plant. */
  readonly demo: DemoConfig | null;
  /** `null`: the embedded engine. */
  readonly neo4j: Neo4jConfig | null;
  readonly influx: InfluxConfig | null;
  readonly amqp: AmqpConfig | null;
  readonly oidc: OidcConfig | null;
  readonly files: FileStoreConfig;
  /** The plant's own OPC UA server; `null` with the demo plant or none. */
  readonly opcua: OpcUaConfig | null;
  readonly workflows: WorkflowsConfig;
  readonly ingest: IngestConfig;
  readonly analytics: AnalyticsConfig;
  readonly imports: ImportsConfig;
  readonly sapPm: SapPmConfig;
  readonly mes: MesConfig;
  readonly wms: WmsConfig;
  /** Address under which browsers reach the hub, when it is not the one it listens on (a proxy with TLS). */
  readonly publicUrl: string | null;
  /** Where the file of subgraphs looks up what it does not hold itself. */
  readonly env: Env;
}

/** The data folder: the flag, else TWINHUB_DATA_DIR, else `.twinhub` here. */
export function dataPath(env: Env, flag: string | undefined, cwd: string): string {
  return resolve(cwd, flag ?? env['TWINHUB_DATA_DIR'] ?? '.twinhub');
}

/**
 * Reads all settings at once.
 * @throws {HubError} CONFIG_INVALID - naming every fault.
 */
export function readHubConfig(env: Env, cwd: string): HubConfig {
  const reader = new ConfigReader(env);
  const config = readAll(reader, cwd);
  // Addresses of servers that the tests use.
  reader.ignorePrefix('TWINHUB_TEST_');
  // Read by commands: those that talk to a running hub, and those that look models up in a repository.
  for (const name of ['TWINHUB_TOKEN', 'TWINHUB_URL', 'TWINHUB_MODELS_']) reader.ignorePrefix(name);
  reader.finish('TWINHUB_');
  const { subgraphsFile: file, telemetry } = config.gateway;
  const gateway = {
    ...config.gateway,
    subgraphsFile: file === null ? null : resolve(cwd, file),
    telemetry: { ...telemetry, operatorTenants: operatorsOf(config) },
  };
  return Object.freeze({ ...config, gateway, env });
}

/** With the local identity nobody but this machine's own tenant signs in. */
function operatorsOf({ oidc, tenant, gateway }: Omit<HubConfig, 'env'>): readonly string[] {
  const { operatorTenants: named } = gateway.telemetry;
  return oidc || named.length ? named : [tenant];
}

/** Every setting of the hub with its default. */
export function listSettings(): readonly Setting[] {
  const reader = new ConfigReader({});
  readAll(reader, '/');
  return reader.settings();
}

function readAll(reader: ConfigReader, cwd: string): Omit<HubConfig, 'env'> {
  const opcua = readOpcUaConfig(reader);
  const demo = reader.boolean('TWINHUB_DEMO', { default: opcua === null });
  const tenant = readTenant(reader);
  const config = {
    tenant,
    dataDir: resolve(cwd, reader.string('TWINHUB_DATA_DIR', { default: '.twinhub' })),
    logLevel: reader.oneOf('TWINHUB_LOG_LEVEL', { default: 'warn', values: logLevels }),
    gateway: readGatewayConfig(reader),
    demo: readDemo(reader, demo),
    neo4j: readNeo4jConfig(reader),
    influx: readInfluxConfig(reader),
    amqp: readAmqpConfig(reader),
    oidc: readOidcConfig(reader),
    files: readFileStoreConfig(reader),
    opcua,
    workflows: readWorkflowsConfig(reader),
    ingest: readIngestConfig(reader),
    analytics: readAnalyticsConfig(reader, [tenant]),
    imports: readImportsConfig(reader),
    sapPm: readSapPmConfig(reader),
    mes: readMesConfig(reader),
    wms: readWmsConfig(reader),
    publicUrl:
      reader.url('TWINHUB_PUBLIC_URL', { protocols: ['https', 'http'] })?.replace(/\/+$/, '') ?? null,
  };
  assertUploadsFit(reader, config);
  if (config.demo && opcua)
    reader.fault('TWINHUB_DEMO', 'true', 'false together with TWINHUB_OPCUA_ENDPOINT');
  if (!config.oidc && !isLoopback(config.gateway.host))
    reader.fault(
      'TWINHUB_HOST',
      config.gateway.host,
      '127.0.0.1, ::1 or localhost with the local identity; elsewhere set TWINHUB_OIDC_ISSUER',
    );
  return Object.freeze(config);
}

/** A file that is larger than what may come in a whole window would never come in. */
function assertUploadsFit(reader: ConfigReader, { gateway, imports }: Omit<HubConfig, 'env'>): void {
  const { bytesPerPrincipal, bytesPerTenant } = gateway.uploads;
  const limits = {
    TWINHUB_MAX_UPLOAD_BYTES_PER_PRINCIPAL: bytesPerPrincipal.amount,
    TWINHUB_MAX_UPLOAD_BYTES_PER_TENANT: bytesPerTenant.amount,
  };
  for (const [name, amount] of Object.entries(limits))
    if (amount && amount < imports.maxUploadBytes)
      reader.fault(name, String(amount), 'TWINHUB_IMPORT_MAX_UPLOAD_BYTES or more, or 0');
}

function readTenant(reader: ConfigReader): TenantId {
  const text = reader.string('TWINHUB_TENANT', {
    default: 'demo',
    pattern: /^[a-z0-9][a-z0-9-]{0,62}$/,
    allowed: '1 to 63 lower-case letters, digits and hyphens',
  });
  return parseTenantId(/^[a-z0-9][a-z0-9-]{0,62}$/.test(text) ? text : 'demo');
}

function readDemo(reader: ConfigReader, wanted: boolean): DemoConfig | null {
  const demo = {
    speed: reader.number('TWINHUB_DEMO_SPEED', { default: 60, min: 1, max: 1000 }),
    samplePeriodMs: reader.integer('TWINHUB_DEMO_SAMPLE_PERIOD_MS', { default: 500, min: 100, max: 60_000 }),
    plantPort: reader.integer('TWINHUB_DEMO_PLANT_PORT', { default: 4840, min: 0, max: 65_535 }),
    seed: reader.integer('TWINHUB_DEMO_SEED', { default: 1, min: 0, max: 2 ** 31 }),
  };
  return wanted ? demo : null;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
