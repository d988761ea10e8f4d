import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { HubError } from '#kernel/errors.ts';
import type { Closable } from '#kernel/lifecycle.ts';
import { withDeadline } from '#kernel/lifecycle.ts';
import type { Logger } from '#kernel/log.ts';

/** A program of this repository to run beside the hub. */
export interface ChildProgram {
  readonly name: string;
  /** Script as absolute path; it prints one JSON line with `"ready": true` when it is up. */
  readonly script: string;
  readonly args: readonly string[];
  /** Added to the environment: for secrets, which other users could read among the arguments. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A program that runs, and runs again after it ended by itself. */
export interface SupervisedChild extends Closable {
  readonly name: string;
  /** What it said with its ready line. */
  readonly ready: Readonly<Record<string, unknown>>;
  pid(): number | undefined;
}

const readyTimeoutMs = 60_000;
const stopTimeoutMs = 5_000;
const restartDelayMs = 1_000;
/** Lines of its standard error that go into the error. */
const keptLines = 4;

/**
 * Starts a program and keeps it running. It gets an IPC channel, so that it notices when the hub is gone.
 * @throws {HubError} CONNECTOR_UNREACHABLE - it ended, or was not ready within 60 s, at its first start.
 */
export async function superviseChild(program: ChildProgram, log: Logger): Promise<SupervisedChild> {
  let closing = false;
  let current = launch(program, log);
  const ready = await current.ready;

  const watch = (child: ChildProcess): void => {
    child.once('exit', (code, signal) => {
      if (closing) return;
      log.warn('A program beside the hub ended and is started again', {
        program: program.name,
        code,
        signal,
      });
      setTimeout(() => {
        if (closing) return;
        current = launch(program, log);
        current.ready.catch((error: unknown) =>
          log.error('A program beside the hub does not start', { program: program.name, error }),
        );
        watch(current.child);
      }, restartDelayMs);
    });
  };
  watch(current.child);

  return {
    name: program.name,
    ready,
    pid: () => current.child.pid,
    close: async () => {
      closing = true;
      await stop(current.child);
    },
  };
}

function launch(
  program: ChildProgram,
  log: Logger,
): { child: ChildProcess; ready: Promise<Readonly<Record<string, unknown>>> } {
  const child = fork(program.script, [...program.args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...withoutSettings(process.env), ...program.env },
  });
  const said: string[] = [];
  if (child.stderr)
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.info('stderr', { program: program.name, line });
      said.splice(0, said.length - keptLines + 1);
      said.push(line);
    });
  const ready = readyLine(child, program, { log, lastWords: () => said.join(' ') });
  return { child, ready: withDeadline(ready, readyTimeoutMs, `starting ${program.name}`) };
}

/** The hub's own settings hold secrets of other systems, which a program beside it has no business with. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TWINHUB_')));
}

function readyLine(
  child: ChildProcess,
  program: ChildProgram,
  { log, lastWords }: { log: Logger; lastWords: () => string },
): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // `close` comes after `exit`, when all it wrote has been read.
    child.once('close', (code, signal) =>
      reject(
        new HubError(
          'CONNECTOR_UNREACHABLE',
          `${program.name} ended before it was ready (${signal ?? `exit code ${code}`}). ${lastWords()}`.trim(),
        ),
      ),
    );
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = parseJson(line);
      if (said?.['ready'] === true) resolve(said);
      else log.info('stdout', { program: program.name, line });
    });
  });
}

function parseJson(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await gone;
  clearTimeout(timer);
}
