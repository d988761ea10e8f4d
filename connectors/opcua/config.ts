import type { ConfigReader } from '#kernel/config.ts';

/** Message protection. @see OPC 10000-4, MessageSecurityMode */
export const securityModes = ['None', 'Sign', 'SignAndEncrypt'] as const;
export type SecurityModeName = (typeof securityModes)[number];

/** Names at the end of the policy URIs. @see OPC 10000-7, Security policies */
export const securityPolicies = [
  'None',
  'Basic256Sha256',
  'Aes128_Sha256_RsaOaep',
  'Aes256_Sha256_RsaPss',
] as const;
export type SecurityPolicyName = (typeof securityPolicies)[number];

/** How to reach one OPC UA server and what to take from it. Times in ms. */
export interface OpcUaConfig {
  /** Shown in statuses and logs. */
  readonly name: string;
  /** `null`: the mapping file says it. */
  readonly endpoint: string | null;
  readonly mappingFile: string;
  readonly securityMode: SecurityModeName;
  readonly securityPolicy: SecurityPolicyName;
  /** `null`: anonymous. */
  readonly user: string | null;
  readonly password: string | null;
  /** Accept a server certificate nobody has put into the trusted folder. */
  readonly trustUnknownServers: boolean;
  readonly publishingIntervalMs: number;
  readonly samplingIntervalMs: number;
  /** Values a node may collect between two publishings before the server drops the oldest and says so. */
  readonly queueSize: number;
  /** The longest silence of the server, not even a keep-alive, before the link counts as interrupted. */
  readonly livenessTimeoutMs: number;
  /** First and longest pause between attempts to connect. */
  readonly reconnectMinMs: number;
  readonly reconnectMaxMs: number;
}

/** Everything but the addresses. Protected by default: no security is a word one has to write. */
export const opcUaDefaults = {
  name: 'opcua',
  endpoint: null,
  securityMode: 'SignAndEncrypt',
  securityPolicy: 'Basic256Sha256',
  user: null,
  password: null,
  trustUnknownServers: false,
  publishingIntervalMs: 100,
  samplingIntervalMs: 100,
  queueSize: 10,
  livenessTimeoutMs: 5000,
  reconnectMinMs: 500,
  reconnectMaxMs: 10_000,
} as const satisfies Omit<OpcUaConfig, 'mappingFile'>;

/**
 * Settings `TWINHUB_OPCUA_*`: ENDPOINT, MAPPING (file), SECURITY_MODE, SECURITY_POLICY, USER, PASSWORD (or
 * PASSWORD_FILE), TRUST_UNKNOWN_SERVERS, PUBLISHING_MS, SAMPLING_MS, QUEUE_SIZE, LIVENESS_TIMEOUT_MS.
 *
 * @returns `null` when neither ENDPOINT nor MAPPING is set. Faults go to the reader.
 */
export function readOpcUaConfig(reader: ConfigReader): OpcUaConfig | null {
  const endpoint = reader.url('TWINHUB_OPCUA_ENDPOINT', { protocols: ['opc.tcp'] });
  const mappingFile = reader.optional('TWINHUB_OPCUA_MAPPING');
  const config = {
    ...opcUaDefaults,
    endpoint: endpoint ?? null,
    mappingFile: mappingFile ?? '',
    ...readSecurity(reader),
    publishingIntervalMs: integer(reader, 'PUBLISHING_MS', opcUaDefaults.publishingIntervalMs, 10, 60_000),
    samplingIntervalMs: integer(reader, 'SAMPLING_MS', opcUaDefaults.samplingIntervalMs, 0, 3_600_000),
    queueSize: integer(reader, 'QUEUE_SIZE', opcUaDefaults.queueSize, 1, 100_000),
    livenessTimeoutMs: integer(reader, 'LIVENESS_TIMEOUT_MS', opcUaDefaults.livenessTimeoutMs, 1000, 600_000),
  };
  if (!endpoint && !mappingFile) return null;
  if (!mappingFile)
    reader.fault(
      'TWINHUB_OPCUA_MAPPING',
      undefined,
      'a mapping file; `twinhub opcua propose ENDPOINT` drafts one',
    );
  return Object.freeze(config);
}

function readSecurity(reader: ConfigReader) {
  const securityMode = reader.oneOf('TWINHUB_OPCUA_SECURITY_MODE', {
    default: opcUaDefaults.securityMode,
    values: securityModes,
  });
  const securityPolicy = reader.oneOf('TWINHUB_OPCUA_SECURITY_POLICY', {
    default: securityMode === 'None' ? 'None' : opcUaDefaults.securityPolicy,
    values: securityPolicies,
  });
  const user = reader.optional('TWINHUB_OPCUA_USER') ?? null;
  const password = reader.secret('TWINHUB_OPCUA_PASSWORD') ?? null;
  if ((securityMode === 'None') !== (securityPolicy === 'None'))
    reader.fault(
      'TWINHUB_OPCUA_SECURITY_POLICY',
      securityPolicy,
      'None with mode None, another policy with the other modes',
    );
  if (user !== null && password === null)
    reader.fault('TWINHUB_OPCUA_PASSWORD', undefined, 'the password of TWINHUB_OPCUA_USER');
  if (user !== null && securityMode !== 'SignAndEncrypt')
    reader.fault('TWINHUB_OPCUA_SECURITY_MODE', securityMode, 'SignAndEncrypt when a password is sent');
  const trustUnknownServers = reader.boolean('TWINHUB_OPCUA_TRUST_UNKNOWN_SERVERS', { default: false });
  return { securityMode, securityPolicy, user, password, trustUnknownServers };
}

function integer(reader: ConfigReader, name: string, fallback: number, min: number, max: number): number {
  return reader.integer(`TWINHUB_OPCUA_${name}`, { default: fallback, min, max });
}
