import { resolve } from 'node:path';
import { readGatewayConfig, type GatewayConfig } from '#gateway/config.ts';
import { defaultRemoteLimits } from '#gateway/remote/remote-executor.ts';
import { supergraphOfFile } from '#gateway/graph/supergraph-source.ts';
import { createOpenGateway } from '#gateway/supergraph/open-gateway.ts';
import { ConfigReader, type Env } from '#kernel/config.ts';
import { createJsonLogger } from '#kernel/log.ts';
import { exitCodes, readArguments, UsageError, type ExitCode } from '../arguments.ts';
import { onHangUp } from '../hang-up.ts';
import type { CommandDeps } from './command.ts';

export const gatewayHelp = `twinhub gateway --supergraph FILE [OPTIONS]
Serves a Federation 2 supergraph, of any composer, over subgraphs that run elsewhere: queries and mutations over HTTP,
subscriptions over graphql-transport-ws. It asks nobody to sign in: keep it on this machine, or behind something that
does. Fields with @authenticated, @requiresScopes or @policy are kept from everybody.
A supergraph that needs what it does not support (@context and @fromContext, connectors to REST services, the join
specification of Federation 1) is refused at start by name.
  --supergraph FILE      the composed supergraph (SDL with the join specification)
  --port N               port (default 4000, or TWINHUB_PORT; 0 takes a free one)
  --host ADDRESS         address to listen on (default 127.0.0.1, this machine only, or TWINHUB_HOST)
  --path PATH            where GraphQL is answered (default /graphql)
  --health PATH          where it says that it is ready (default /health)
  --no-introspection     refuses __schema and __type
  --subgraph NAME=URL    another address of a subgraph than the supergraph has; may be given several times
  --forward HEADER       sends this header of clients on to subgraphs; may be given several times. traceparent,
                         tracestate and baggage always go on
  --override-label NAME  switches a label of progressive @override on; may be given several times
  --timeout MS           time for one answer of a subgraph (default 30000)
The file is watched: another supergraph in it takes the place of the one before without a failed request; running
subscriptions go on where their types still exist. One that cannot serve changes nothing and is reported. SIGHUP reads
the file at once.
Limits and times of the gateway itself are environment variables TWINHUB_*: see docs/configuration.md.
SIGTERM and Ctrl-C end it when running requests are answered.`;

const options = {
  supergraph: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  path: { type: 'string', default: '/graphql' },
  health: { type: 'string', default: '/health' },
  'no-introspection': { type: 'boolean', default: false },
  subgraph: { type: 'string', multiple: true, default: [] as string[] },
  forward: { type: 'string', multiple: true, default: [] as string[] },
  'override-label': { type: 'string', multiple: true, default: [] as string[] },
  timeout: { type: 'string' },
} as const;

/** `twinhub gateway`: serves until stopped, then lets running requests end. */
export async function gatewayCommand(
  args: readonly string[],
  { terminal, signal }: CommandDeps,
): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, options);
  if (positionals.length) throw new UsageError(`Unexpected: ${positionals.join(' ')}`);
  if (!values.supergraph) throw new UsageError('Say which supergraph: --supergraph FILE.');
  const config = openGatewayConfig(terminal.env, values);
  const gateway = await createOpenGateway({
    supergraph: supergraphOfFile(resolve(terminal.cwd, values.supergraph)),
    config,
    path: pathOf('--path', values.path),
    healthPath: pathOf('--health', values.health),
    introspection: !values['no-introspection'],
    urls: Object.fromEntries(values.subgraph.map(addressOf)),
    overrideLabels: values['override-label'],
    forwardHeaders: values.forward.map((name) => name.toLowerCase()),
    limits: { ...defaultRemoteLimits, timeoutMs: timeoutOf(values.timeout) },
    log: createJsonLogger({ level: 'info' }),
  });
  using _hangUp = onHangUp(() => gateway.graph.reload());
  try {
    const { url } = await gateway.listen();
    terminal.out(`GraphQL at ${url}${values.path}, health at ${url}${values.health}`);
    await untilAborted(signal);
    terminal.err('Stopping: finishing what is running...');
  } finally {
    await gateway.close();
  }
  terminal.err('Stopped.');
  return exitCodes.fine;
}

/**
 * What differs from the hub: all callers are one to it, so that counting them would count everybody together, and what
 * a graph of somebody else's should cost nobody can know. Settings of the environment go first.
 */
const openDefaults: Env = {
  TWINHUB_INTROSPECTION: 'everyone',
  TWINHUB_SHOW_COST: 'false',
  TWINHUB_MAX_COST: '0',
  TWINHUB_MAX_COST_PER_TENANT: '0',
  TWINHUB_MAX_REQUESTS_PER_PRINCIPAL: '0',
  TWINHUB_MAX_REQUESTS_PER_TENANT: '0',
  TWINHUB_MAX_QUERY_DEPTH: '64',
};

/** The gateway's settings for this command. @throws {HubError} CONFIG_INVALID - a setting is not as it should be. */
export function openGatewayConfig(
  env: Env,
  { port, host }: { readonly port?: string; readonly host?: string },
): GatewayConfig {
  const reader = new ConfigReader({
    ...openDefaults,
    ...env,
    ...(port === undefined ? {} : { TWINHUB_PORT: port }),
    ...(host === undefined ? {} : { TWINHUB_HOST: host }),
  });
  const config = readGatewayConfig(reader);
  // Settings of the hub's other parts may stand in the same environment.
  reader.finish();
  return config;
}

function pathOf(flag: string, path: string): string {
  if (/^\/[\w./~-]*$/.test(path)) return path;
  throw new UsageError(
    `${flag} is a path that starts with /, like /graphql; it was ${JSON.stringify(path)}.`,
  );
}

function addressOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(`--subgraph is NAME=URL; it was ${JSON.stringify(text)}.`);
}

function timeoutOf(text: string | undefined): number {
  if (text === undefined) return defaultRemoteLimits.timeoutMs;
  if (/^\d{1,7}$/.test(text) && Number(text) > 0) return Number(text);
  throw new UsageError(`--timeout is milliseconds, above 0; it was ${JSON.stringify(text)}.`);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    // The listening server keeps the process alive.
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
