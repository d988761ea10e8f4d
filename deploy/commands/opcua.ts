import { join } from 'node:path';
import { browseVariables, type BrowsedVariable } from '#connectors/opcua/browse.ts';
import {
  offeredSecurity,
  openCertificateStore,
  openSession,
  routeDriverMessages,
} from '#connectors/opcua/client.ts';
import type { CertificateStore } from '#connectors/opcua/driver.ts';
import { securityModes, securityPolicies } from '#connectors/opcua/config.ts';
import { mappingSchema } from '#connectors/opcua/mapping-schema.ts';
import type { KnownSignal } from '#connectors/opcua/mapping.ts';
import { proposeMapping } from '#connectors/opcua/propose.ts';
import { createLogger } from '#kernel/log.ts';
import { exitCodes, readArguments, UsageError, type ExitCode } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';
import { hubOptions, hubOptionsHelp, type HubAccess } from './hub-client.ts';

export const opcuaHelp = `twinhub opcua browse ENDPOINT     lists the variables of a server, one JSON object a line
twinhub opcua propose ENDPOINT    drafts a mapping of its variables to the signals of the twins
twinhub opcua schema              prints the JSON Schema of a mapping file
  --security-mode MODE       None, Sign or SignAndEncrypt (default SignAndEncrypt)
  --security-policy POLICY   ${securityPolicies.slice(1).join(', ')} (default Basic256Sha256)
  --user NAME                sign in; the password comes from TWINHUB_OPCUA_PASSWORD
  --trust-unknown            accept a server certificate that is not in DIR/opcua/trusted/certs
  --data DIR                 the hub's data folder (default .twinhub, or TWINHUB_DATA_DIR)
propose asks the running hub for the signals:
${hubOptionsHelp.split('\n').slice(0, 2).join('\n')}`;

/** What the command needs besides its words. */
export interface OpcUaCommandDeps {
  readonly terminal: Terminal;
  /** The data folder for what `--data` says, `undefined` when it is not given. */
  readonly dataPath: (flag: string | undefined) => string;
  /** All signals of the tenant's twins; asked for by `propose` only. */
  readonly signals: (access: HubAccess) => Promise<readonly KnownSignal[]>;
}

/** `twinhub opcua`: results on standard output, remarks on standard error; exit code 1 when signals found no variable. */
export async function opcuaCommand(args: readonly string[], deps: OpcUaCommandDeps): Promise<ExitCode> {
  const call = readCall(args, deps);
  if (call.what === 'schema') {
    deps.terminal.out(JSON.stringify(mappingSchema, null, 2));
    return exitCodes.fine;
  }
  const variables = await browse(call, deps.terminal);
  if (call.what === 'propose') return propose(call, variables, deps);
  for (const variable of variables) deps.terminal.out(JSON.stringify(variable));
  return exitCodes.fine;
}

interface Call {
  readonly what: 'browse' | 'propose' | 'schema';
  readonly endpoint: string;
  readonly securityMode: (typeof securityModes)[number];
  readonly securityPolicy: string;
  readonly user: string | null;
  readonly password: string | null;
  readonly trustUnknown: boolean;
  readonly certificateFolder: string;
  readonly hub: HubAccess;
}

function readCall(args: readonly string[], { terminal, dataPath }: OpcUaCommandDeps): Call {
  const { values, positionals } = readArguments(args, {
    'security-mode': { type: 'string', default: 'SignAndEncrypt' },
    'security-policy': { type: 'string', default: 'Basic256Sha256' },
    user: { type: 'string' },
    'trust-unknown': { type: 'boolean', default: false },
    ...hubOptions,
  });
  const [what, endpoint, ...rest] = positionals;
  if ((what !== 'browse' && what !== 'propose' && what !== 'schema') || rest.length)
    throw new UsageError('Say what: browse ENDPOINT, propose ENDPOINT, or schema.');
  if (what !== 'schema' && !/^opc\.tcp:\/\/[^/]+/.test(endpoint ?? ''))
    throw new UsageError(`${what} needs the address of a server, such as opc.tcp://host:4840.`);
  const securityMode = securityModes.find((mode) => mode === values['security-mode']);
  if (!securityMode)
    throw new UsageError(
      `--security-mode is ${values['security-mode']}; allowed is ${securityModes.join(', ')}.`,
    );
  const policy = securityMode === 'None' ? 'None' : values['security-policy'];
  if (
    !securityPolicies.some((known) => known === policy) ||
    (policy === 'None') !== (securityMode === 'None')
  )
    throw new UsageError(
      `--security-policy is ${policy}; allowed is ${securityPolicies.slice(1).join(', ')}.`,
    );
  if (values.user !== undefined && securityMode !== 'SignAndEncrypt')
    throw new UsageError('--user needs --security-mode SignAndEncrypt.');
  return {
    what,
    endpoint: endpoint ?? '',
    securityMode,
    securityPolicy: policy,
    user: values.user ?? null,
    password: terminal.env['TWINHUB_OPCUA_PASSWORD'] ?? null,
    trustUnknown: values['trust-unknown'],
    certificateFolder: join(dataPath(values.data), 'opcua'),
    hub: values,
  };
}

async function browse(call: Call, terminal: Terminal): Promise<readonly BrowsedVariable[]> {
  routeDriverMessages(createLogger(({ message }) => terminal.err(message), { level: 'warn' }));
  const certificates = openCertificateStore(call.certificateFolder, call.trustUnknown);
  const open = await openSession({ ...call, certificates }).catch(async (error: unknown) => {
    await sayWhatIsOffered(call, certificates, terminal);
    await certificates.close();
    throw error;
  });
  try {
    const { variables, truncated } = await browseVariables(open.session);
    terminal.err(`${variables.length} variables${truncated ? ', and more that were not read' : ''}.`);
    return variables;
  } finally {
    await open.close(2000);
    await certificates.close();
  }
}

/** A wrong security mode is the usual reason for no session; the server says which ones it has. */
async function sayWhatIsOffered(
  { endpoint, securityMode, securityPolicy }: Call,
  certificates: CertificateStore,
  terminal: Terminal,
): Promise<void> {
  const offers = await offeredSecurity(endpoint, certificates);
  if (offers.length && !offers.includes(`${securityMode} with ${securityPolicy}`))
    terminal.err(
      `The server offers ${offers.join(', ')}; asked for was ${securityMode} with ${securityPolicy} (--security-mode, --security-policy).`,
    );
}

async function propose(
  { endpoint, hub }: Call,
  variables: readonly BrowsedVariable[],
  deps: OpcUaCommandDeps,
): Promise<ExitCode> {
  const signals = await deps.signals(hub);
  const { nodes, withoutNode, unusedNodes } = proposeMapping(variables, signals);
  deps.terminal.out(JSON.stringify({ endpoint, nodes }, null, 2));
  deps.terminal.err(
    `${signals.length - withoutNode.length} of ${signals.length} signals have a variable. Check each line before use.`,
  );
  if (withoutNode.length) deps.terminal.err(`Without one: ${withoutNode.join(', ')}`);
  if (unusedNodes.length) deps.terminal.err(`Variables not used: ${unusedNodes.join(', ')}`);
  return withoutNode.length ? exitCodes.findings : exitCodes.fine;
}
