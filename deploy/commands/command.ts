import type { ExitCode } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';

/** What every command gets. */
export interface CommandDeps {
  readonly terminal: Terminal;
  /** Aborted when the command is to end. */
  readonly signal: AbortSignal;
}

export interface Command {
  readonly summary: string;
  readonly help: string;
  run(args: readonly string[], deps: CommandDeps): Promise<ExitCode>;
}
