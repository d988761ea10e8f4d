import { parseArgs, type ParseArgsConfig } from 'node:util';
import { HubError, messageOf } from '#kernel/errors.ts';

/** Exit codes of every command. */
export const exitCodes = { fine: 0, findings: 1, usage: 2, cannotRun: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Marks a call whose words are off; the command's help goes with it. */
export class UsageError extends HubError {
  constructor(message: string, cause?: unknown) {
    super('INVALID_INPUT', message, { cause });
  }
}

/** Takes the words of a call apart. @throws {UsageError} an unknown option or one without its value. */
export function readArguments<const T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Its second sentence is about words after `--`, which no command takes.
    throw new UsageError(`${messageOf(error).split('. ')[0]}.`.replace(/\.\.$/, '.'), error);
  }
}
