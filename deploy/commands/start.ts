import type { Env } from '#kernel/config.ts';
import { isHubError } from '#kernel/errors.ts';
import { createJsonLogger } from '#kernel/log.ts';
import { exitCodes, readArguments, UsageError, type ExitCode } from '../arguments.ts';
import { banner } from '../banner.ts';
import { readHubConfig } from '../config.ts';
import { onHangUp } from '../hang-up.ts';
import { startHub } from '../hub.ts';
import type { CommandDeps } from './command.ts';

export const startHelp = `twinhub start [--port N] [--data DIR] [--speed N] [--no-demo]
Starts the hub: gateway, subgraphs, stores, connectors and, unless told otherwise, the demo plant.
  --port N      port of console and GraphQL (default 4000, or TWINHUB_PORT)
  --data DIR    folder for everything it keeps (default .twinhub, or TWINHUB_DATA_DIR)
  --speed N     how much faster than real time the demo plant lives, 1 to 1000 (default 60, or TWINHUB_DEMO_SPEED)
  --no-demo     without the demo plant and its counterparts (or TWINHUB_DEMO=false)
All settings are environment variables TWINHUB_*: see docs/configuration.md. With TWINHUB_SUBGRAPHS_FILE (docs/subgraphs.md)
SIGHUP reads that file at once.`;

/** Flags win over the environment. */
function withFlags(env: Env, args: readonly string[]): Env {
  const { values, positionals } = readArguments(args, {
    port: { type: 'string' },
    data: { type: 'string' },
    speed: { type: 'string' },
    'no-demo': { type: 'boolean' },
  });
  if (positionals.length) throw new UsageError(`Unexpected: ${positionals.join(' ')}`);
  return {
    ...env,
    ...(values.port === undefined ? {} : { TWINHUB_PORT: values.port }),
    ...(values.data === undefined ? {} : { TWINHUB_DATA_DIR: values.data }),
    ...(values.speed === undefined ? {} : { TWINHUB_DEMO_SPEED: values.speed }),
    ...(values['no-demo'] ? { TWINHUB_DEMO: 'false' } : {}),
  };
}

/** `twinhub start`: runs until stopped, then drains and closes. */
export async function startCommand(
  args: readonly string[],
  { terminal, signal }: CommandDeps,
): Promise<ExitCode> {
  const begun = performance.now();
  const config = readHubConfig(withFlags(terminal.env, args), terminal.cwd);
  const log = createJsonLogger({ level: config.logLevel });
  await using hub = await startHub(config, { log, signal }).catch((error: unknown) => {
    if (signal.aborted && isHubError(error, 'CANCELLED')) return null;
    throw error;
  });
  if (!hub) {
    terminal.err('Stopped before it was ready.');
    return exitCodes.fine;
  }
  terminal.out(banner(config, hub, performance.now() - begun));
  using _hangUp = config.gateway.subgraphsFile === null ? null : onHangUp(() => hub.gateway.graph.reload());
  await new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    // The promise alone would not keep the process alive.
    const alive = setInterval(() => {}, 2 ** 30);
    signal.addEventListener('abort', () => clearInterval(alive), { once: true });
  });
  terminal.err('Stopping: finishing what is running...');
  await hub.close();
  terminal.err('Stopped.');
  return exitCodes.fine;
}
