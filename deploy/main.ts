import { readFileSync } from 'node:fs';
import { createJsonLogger } from '#kernel/log.ts';
import { HubError, isHubError, messageOf } from '#kernel/errors.ts';
import { exitCodes, UsageError, type ExitCode } from './arguments.ts';
import type { CommandEntry } from './commands/command.ts';
import { commands } from './commands/index.ts';
import type { Terminal } from './terminal.ts';

/** Names of files and of other systems may hold control characters, which a terminal would obey. */
const printable = (line: string) => line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');

const terminal: Terminal = {
  out: (line) => void process.stdout.write(`${printable(line)}\n`),
  err: (line) => void process.stderr.write(`${printable(line)}\n`),
  env: process.env,
  cwd: process.cwd(),
};

/** Aborted by Ctrl-C, SIGTERM, or when the process that started this one is gone. */
function untilStopped(): AbortSignal {
  const controller = new AbortController();
  const stop = (why: string) => controller.abort(new HubError('CANCELLED', why));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  if (process.channel) {
    process.on('disconnect', () => stop('The starting process is gone.'));
    process.channel.unref();
  }
  return controller.signal;
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, command]) => `  ${name.padEnd(10)} ${command.summary}`);
  return `twinhub COMMAND [OPTIONS]\n${lines.join('\n')}\ntwinhub COMMAND --help tells more. Exit codes: 0 fine, 1 findings, 2 usage, 3 cannot run.`;
}

async function run(name: string | undefined, args: readonly string[]): Promise<ExitCode> {
  if (name === '--version') {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    terminal.out(version);
    return exitCodes.fine;
  }
  const entry: CommandEntry | undefined =
    name === undefined ? undefined : Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) {
    const asked = name === undefined || ['help', '--help', '-h'].includes(name);
    if (!asked) terminal.err(`There is no command ${JSON.stringify(name)}.`);
    terminal[asked ? 'out' : 'err'](overview());
    return asked ? exitCodes.fine : exitCodes.usage;
  }
  const command = await entry.load();
  if (args.includes('--help') || args.includes('-h')) {
    terminal.out(command.help);
    return exitCodes.fine;
  }
  try {
    return await command.run(args, { terminal, signal: untilStopped() });
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`${error.message}\n\n${command.help}`);
      return exitCodes.usage;
    }
    terminal.err(isHubError(error) ? `${error.code}: ${error.message}\n${error.advice}` : messageOf(error));
    if (!isHubError(error)) createJsonLogger().error('A command failed', { command: name, error });
    return exitCodes.cannotRun;
  }
}

const [name, ...args] = process.argv.slice(2);
process.exitCode = await run(name, args);
// A store's native threads or a broken peer must not keep a finished command alive.
setTimeout(() => process.exit(), 3_000).unref();
