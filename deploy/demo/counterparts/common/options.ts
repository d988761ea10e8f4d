import { parseArgs } from 'node:util';
import type { Env } from '#kernel/config.ts';
import { HubError, messageOf } from '#kernel/errors.ts';

/** What every counterpart is told at its start. */
export interface CounterpartOptions {
  /** `sqlite:PATH` or `amqp://...`. */
  readonly bus: string;
  /** Folder of its own state. */
  readonly data: string;
  /** One plant hour takes 3600 / speed seconds. */
  readonly speed: number;
  readonly tenant: string;
  /** Seed of everything that looks like chance. */
  readonly seed: string;
  /** The flags of this counterpart alone. */
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/**
 * Reads the flags `--bus`, `--data`, `--speed`, `--tenant`, `--seed` and those named in `extraFlags` (each may be repeated).
 * `--bus env:NAME` takes the address from the environment, where others on the machine do not see its password.
 * @throws {HubError} INVALID_INPUT - names the flag.
 */
export function readCounterpartOptions(
  args: readonly string[],
  extraFlags: readonly string[] = [],
  env: Env = {},
): CounterpartOptions {
  const string = { type: 'string' } as const;
  const many = Object.fromEntries(
    extraFlags.map((name) => [name, { type: 'string', multiple: true } as const]),
  );
  let values: Record<string, unknown>;
  try {
    const options = { bus: string, data: string, speed: string, tenant: string, seed: string, ...many };
    values = parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new HubError('INVALID_INPUT', messageOf(error), { cause: error });
  }
  const {
    bus: given,
    data,
    speed = '60',
    tenant = 'demo',
    seed = '1',
  } = values as Record<string, string | undefined>;
  const bus = given?.startsWith('env:') ? env[given.slice('env:'.length)] : given;
  if (!bus || !/^(sqlite:.|amqps?:\/\/.)/.test(bus))
    throw wrong('--bus', given, 'sqlite:PATH, amqp://... or env:NAME');
  if (!data) throw wrong('--data', data, 'a folder');
  if (!(Number(speed) > 0)) throw wrong('--speed', speed, 'a number above 0');
  const extra = Object.fromEntries(extraFlags.map((name) => [name, (values[name] ?? []) as string[]]));
  return { bus, data, speed: Number(speed), tenant, seed, extra };
}

/** A number from 0 to 1 in a flag, or `fallback`. @throws {HubError} INVALID_INPUT */
export function readShare(options: CounterpartOptions, name: string, fallback: number): number {
  const raw = options.extra[name]?.at(-1);
  const value = raw === undefined ? fallback : Number(raw);
  if (!(value >= 0 && value <= 1)) throw wrong(`--${name}`, raw, 'a number from 0 to 1');
  return value;
}

export function wrong(flag: string, got: string | undefined, allowed: string): HubError {
  return new HubError(
    'INVALID_INPUT',
    `${flag} is ${got === undefined ? 'missing' : JSON.stringify(got)}; allowed is ${allowed}.`,
  );
}
