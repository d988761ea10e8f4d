import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Env } from '#kernel/config.ts';
import { HubError } from '#kernel/errors.ts';

/** The first file of this name on PATH that can be run, or `undefined`. */
export function findProgram(name: string, env: Env): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface RunOptions {
  readonly env: Env;
  readonly cwd?: string;
  /** Standard output and error are appended here; its end becomes part of the error. */
  readonly logFile: string;
  /** Standard output goes to this file instead. */
  readonly outputFile?: string;
  readonly timeoutMs: number;
}

/**
 * Runs a program to its end.
 *
 * @throws {HubError} INTERNAL - it failed or took longer than `timeoutMs`; the message has the end of its log.
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<void> {
  const log = openSync(options.logFile, 'a');
  const output = options.outputFile === undefined ? log : openSync(options.outputFile, 'w');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // A group of its own, so that a program that hangs is ended with all it started.
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', output, log],
    detached: true,
  });
  const fail = (what: string) =>
    reject(new HubError('INTERNAL', `${[command, ...args].join(' ')} ${what}.\n${tailOf(options.logFile)}`));
  const timer = setTimeout(() => {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
    fail(`took longer than ${options.timeoutMs} ms`);
  }, options.timeoutMs);
  child.once('error', (error) => fail(`could not be started: ${error.message}`));
  child.once('exit', (code, signal) =>
    code === 0 ? resolve() : fail(code === null ? `was ended by ${signal}` : `ended with code ${code}`),
  );
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    closeSync(log);
    if (output !== log) closeSync(output);
  }
}

/** The last lines of a log file, for an error message. */
export function tailOf(file: string, lines = 25): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
}
