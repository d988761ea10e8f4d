import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Env } from '#kernel/config.ts';
import { messageOf } from '#kernel/errors.ts';
import { isServiceName, serviceNames, withServices } from './launcher.ts';

const usage = `Usage: node test/services/main.ts NAME... [-- COMMAND ARGUMENT...]

Starts real servers (${serviceNames.join(', ')}), runs COMMAND with their addresses as TWINHUB_TEST_* in its environment,
and ends them afterwards. Without COMMAND it prints the addresses as shell exports and runs until Ctrl-C.
Ends with COMMAND's exit code; 2 for wrong usage, 3 when a server does not come up.
`;

/** Ends with the command; a signal to us goes to it, and the servers end after it. */
function runCommand(command: readonly string[], env: Env): Promise<number> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${program} cannot be started: ${error.message}\n`);
      resolve(3);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

async function printAndWait(env: Env): Promise<number> {
  const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;
  const settings = Object.entries(env).filter(([name]) => name.startsWith('TWINHUB_TEST_'));
  for (const [name, value = ''] of settings) process.stdout.write(`export ${name}=${quoted(value)}\n`);
  // A pending promise does not keep a process alive; a timer does.
  const alive = setInterval(() => {}, 2 ** 30);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
  clearInterval(alive);
  return 0;
}

async function main(args: readonly string[]): Promise<number> {
  const separator = args.indexOf('--');
  const names = separator < 0 ? args : args.slice(0, separator);
  const command = separator < 0 ? [] : args.slice(separator + 1);
  if (names.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  if (!names.length || !names.every(isServiceName) || (separator >= 0 && !command.length)) {
    process.stderr.write(usage);
    return 2;
  }
  try {
    return await withServices(names, (env) =>
      command.length ? runCommand(command, env) : printAndWait(env),
    );
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 3;
  }
}

process.exitCode = await main(process.argv.slice(2));
