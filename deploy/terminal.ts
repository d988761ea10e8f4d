/** Where a command writes, and what it knows of its caller. */
export interface Terminal {
  /** Results, to standard output. */
  out(line: string): void;
  /** Everything else, to standard error. */
  err(line: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}
