import { withoutRepeats } from './log-repeats.ts';

/** Severity of a log line, most severe first. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Structured facts beside a message. Values under names like `password`, `token`, `secret` are redacted. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where log lines go. `child` adds fields to every line below it. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  child(fields: LogFields): Logger;
}

/** One written line: time (RFC 3339), level, message, fields. */
export interface LogLine extends LogFields {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
}

const secretName = /password|secret|token|authorization|cookie|credential/i;

function plain(name: string, value: unknown): unknown {
  if (secretName.test(name) && value !== undefined && value !== null) return '[redacted]';
  if (value instanceof Error) {
    const code = 'code' in value ? { code: value.code } : {};
    const cause = value.cause === undefined ? {} : { cause: plain('cause', value.cause) };
    return { name: value.name, message: value.message, ...code, stack: value.stack, ...cause };
  }
  return value;
}

/** A logger that hands every line at or above `level` to `write`. */
export function createLogger(
  write: (line: LogLine) => void,
  options: { level?: LogLevel; fields?: LogFields; now?: () => number } = {},
): Logger {
  const { level = 'info', fields = {}, now = Date.now } = options;
  const threshold = logLevels.indexOf(level);
  const line =
    (at: LogLevel) =>
    (message: string, more: LogFields = {}) => {
      if (logLevels.indexOf(at) > threshold) return;
      const all = Object.entries({ ...fields, ...more }).map(([name, value]) => [name, plain(name, value)]);
      write({ time: new Date(now()).toISOString(), level: at, message, ...Object.fromEntries(all) });
    };
  return {
    error: line('error'),
    warn: line('warn'),
    info: line('info'),
    debug: line('debug'),
    child: (more) => createLogger(write, { level, fields: { ...fields, ...more }, now }),
  };
}

/** JSON lines on standard error; the same line again at most once a minute, see `withoutRepeats`. */
export function createJsonLogger(options: { level?: LogLevel; fields?: LogFields } = {}): Logger {
  const write = (line: LogLine) => void process.stderr.write(`${JSON.stringify(line)}\n`);
  return createLogger(withoutRepeats(write, { now: () => performance.now() }), options);
}

/** Keeps every line in memory, for tests. */
export function createMemoryLogger(level: LogLevel = 'debug'): Logger & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  return Object.assign(
    createLogger((line) => lines.push(line), { level }),
    { lines },
  );
}
