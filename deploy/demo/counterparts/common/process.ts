import type { Env } from '#kernel/config.ts';
import { isHubError, messageOf } from '#kernel/errors.ts';
import { createJsonLogger } from '#kernel/log.ts';
import { Lifecycle } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';
import { openBus } from './bus.ts';
import { Counterpart } from './counterpart.ts';
import type { Behaviour } from './counterpart.ts';
import { readCounterpartOptions } from './options.ts';
import type { CounterpartOptions } from './options.ts';

export interface CounterpartProgram {
  readonly flags: readonly string[];
  readonly behaviour: (options: CounterpartOptions) => Behaviour;
  /** Starts what works beside the messages; it is closed first. */
  readonly beside?: (
    counterpart: Counterpart,
    options: CounterpartOptions,
    log: Logger,
  ) => { close(): Promise<void> };
}

/**
 * Runs a simulated system as a process: says {"ready":true} once it takes messages, ends on SIGTERM, SIGINT and when
 * the process that started it is gone. Exit code 2 for wrong flags, 3 when it cannot run.
 */
export async function runCounterpart(
  program: CounterpartProgram,
  args: readonly string[],
  env: Env,
): Promise<void> {
  const log = createJsonLogger({ level: 'warn' });
  const lifecycle = new Lifecycle(log);
  const end = () => void lifecycle.close().then(() => process.exit());
  process.once('SIGTERM', end).once('SIGINT', end);
  if (process.channel) process.once('disconnect', end);
  try {
    const options = readCounterpartOptions(args, program.flags, env);
    const behaviour = program.behaviour(options);
    const bus = lifecycle.add('bus', await openBus(options.bus, log));
    const counterpart = lifecycle.add(behaviour.system, new Counterpart(behaviour, options, bus, log));
    await counterpart.start();
    if (program.beside) lifecycle.add('beside', program.beside(counterpart, options, log));
    process.stdout.write(`${JSON.stringify({ ready: true, system: behaviour.system })}\n`);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    await lifecycle.close();
    process.exit(isHubError(error, 'INVALID_INPUT') ? 2 : 3);
  }
}
