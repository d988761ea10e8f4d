import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Env } from '#kernel/config.ts';
import { HubError } from '#kernel/errors.ts';
import { tailOf } from './command.ts';

/** A server to start. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Env;
  /** The server's working folder, with `server.log` in it; removed when the server has ended. */
  readonly folder: string;
  /** Run after the server was ended, for what a signal to its process group does not reach. */
  readonly endCommand?: readonly string[];
  /** How to take it away for a while, where ending its process group would lose its data. */
  readonly outage?: OutageCommands;
}

/** Programs that end a server as abruptly as SIGKILL does, and that run it again, in the foreground, on the same data. */
export interface OutageCommands {
  readonly kill: readonly string[];
  readonly start: readonly string[];
}

/** A server that does not outlive this process. */
export interface SupervisedServer {
  /** How it ended, or `undefined` while it runs. */
  ended(): string | undefined;
  logTail(): string;
  /** SIGKILL to the server alone: its data and its ports stay for `restart`. */
  kill(): Promise<void>;
  /** Runs a killed server again on the same data and ports. The caller waits until it answers. */
  restart(): void;
  /** Ends it and removes its folder. Calling twice is harmless. */
  close(): Promise<void>;
}

// Both scripts read standard input, a pipe from this process, which ends however this process ends. The server waits
// for one line, so that it never runs without its guard.
const serverScript = 'read -r go && exec "$@" </dev/null';

// Each line names the server's process group from now on. `kill -s`, since dash does not take `kill -KILL -- -GROUP`.
// SIGKILL, since the data goes away with the server. Its last writes may race with the removal: hence the second try.
const guardScript = `
trap '' INT TERM HUP
folder=$1; shift
while read -r next; do group=$next; done
[ -n "$group" ] && kill -s KILL -- "-$group"
[ $# -gt 0 ] && "$@"
rm -rf "$folder" || { sleep 1; rm -rf "$folder"; }
`;

/** Starts a server in a process group of its own, under a guard that ends the group when this process is gone. */
export function supervise(server: ServerCommand): SupervisedServer {
  const logFile = join(server.folder, 'server.log');
  const guard = startShell(server, guardScript, [server.folder, ...(server.endCommand ?? [])], '/');
  const guardEnded = once(guard, 'exit');
  unref(guard);
  const start = (command: readonly string[]): Run => {
    const run = startRun(server, command);
    guard.stdin?.write(`${run.child.pid}\n`);
    run.child.stdin?.end('go\n');
    return run;
  };
  let run = start([server.command, ...server.args]);
  return {
    ended: () => run.ended(),
    logTail: () => tailOf(logFile),
    kill: async () => {
      if (run.ended()) return;
      const gone = once(run.child, 'exit');
      run.child.ref();
      if (server.outage) startShell(server, 'exec "$@"', server.outage.kill, '/').unref();
      else process.kill(-(run.child.pid ?? 0), 'SIGKILL');
      await gone;
    },
    restart: () => {
      if (!run.ended())
        throw new HubError('STEP_NOT_ALLOWED', 'The server runs: kill it before starting it again.');
      run = start(server.outage?.start ?? [server.command, ...server.args]);
    },
    close: async () => {
      run.child.ref();
      guard.ref();
      guard.stdin?.end();
      await guardEnded;
      if (!run.ended()) await once(run.child, 'exit');
    },
  };
}

interface Run {
  readonly child: ChildProcess;
  ended(): string | undefined;
}

function startRun(server: ServerCommand, command: readonly string[]): Run {
  const child = startShell(server, serverScript, command, server.folder);
  let ended: string | undefined;
  child.once(
    'exit',
    (code, signal) => (ended = code === null ? `ended by ${signal}` : `ended with code ${code}`),
  );
  unref(child);
  return { child, ended: () => ended };
}

function startShell(
  server: ServerCommand,
  script: string,
  args: readonly string[],
  cwd: string,
): ChildProcess {
  const log = openSync(join(server.folder, 'server.log'), 'a');
  try {
    return spawn('sh', ['-c', script, 'twinhub-service', ...args], {
      cwd,
      env: server.env,
      stdio: ['pipe', log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

/** A test file that forgets to close still ends; the guard then does the rest. */
function unref(child: ChildProcess): void {
  child.unref();
  (child.stdin as Socket | null)?.unref();
}
