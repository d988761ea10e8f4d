import type { ExitCode } from '../arguments.ts';
import type { Terminal } from '../terminal.ts';

/** What every command gets. */
export interface CommandDeps {
  readonly terminal: Terminal;
  /** Aborted when the command is to end. */
  readonly signal: AbortSignal;
}

/** A command by its name. */
export interface CommandEntry {
  readonly summary: string;
  load(): Promise<Command>;
}

export interface Command {
  readonly help: string;
  run(args: readonly string[], deps: CommandDeps): Promise<ExitCode>;
}
