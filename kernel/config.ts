import { readFileSync } from 'node:fs';
import { HubError } from './errors.ts';

/** Settings as they come: the process environment, or a literal in a test. */
export type Env = Readonly<Record<string, string | undefined>>;

/** One fault of the configuration: the setting, what came (never of a secret), what is allowed. */
export interface ConfigFault {
  readonly name: string;
  readonly got: string | undefined;
  readonly allowed: string;
}

/** One setting as the configuration page lists it. */
export interface Setting {
  readonly name: string;
  readonly allowed: string;
  /** `null` when there is none. */
  readonly default: string | null;
}

/**
 * Reads settings one by one and reports all faults together. Every read answers a value of its type even after a
 * fault, so that reading goes on; `finish` throws when there was any.
 *
 * A setting NAME may also come from a file named by NAME_FILE (for secrets).
 */
export class ConfigReader {
  readonly #env: Env;
  readonly #faults: ConfigFault[] = [];
  readonly #known = new Map<string, Setting>();
  readonly #ignored: string[] = [];

  constructor(env: Env) {
    this.#env = env;
  }

  string(name: string, options: { default: string; pattern?: RegExp; allowed?: string }): string {
    const raw = this.#raw(name, options.allowed ?? 'a text', options.default);
    if (raw === undefined) return options.default;
    if (options.pattern && !options.pattern.test(raw))
      this.fault(name, raw, options.allowed ?? String(options.pattern));
    return raw;
  }

  optional(name: string): string | undefined {
    return this.#raw(name, 'a text');
  }

  /** Like `optional`; its value never appears in a fault or a log. */
  secret(name: string): string | undefined {
    return this.#raw(name, 'a secret');
  }

  integer(name: string, options: { default: number; min: number; max: number }): number {
    const allowed = `a whole number from ${options.min} to ${options.max}`;
    const raw = this.#raw(name, allowed, String(options.default));
    if (raw === undefined) return options.default;
    const value = Number(raw);
    if (/^-?\d+$/.test(raw) && value >= options.min && value <= options.max) return value;
    this.fault(name, raw, allowed);
    return options.default;
  }

  number(name: string, options: { default: number; min: number; max: number }): number {
    const allowed = `a number from ${options.min} to ${options.max}`;
    const raw = this.#raw(name, allowed, String(options.default));
    if (raw === undefined) return options.default;
    const value = Number(raw);
    if (raw.trim() !== '' && value >= options.min && value <= options.max) return value;
    this.fault(name, raw, allowed);
    return options.default;
  }

  boolean(name: string, options: { default: boolean }): boolean {
    const raw = this.#raw(name, 'true or false', String(options.default));
    if (raw === undefined) return options.default;
    if (raw === 'true' || raw === 'false') return raw === 'true';
    this.fault(name, raw, 'true or false');
    return options.default;
  }

  oneOf<const T extends string>(name: string, options: { default: T; values: readonly T[] }): T {
    const raw = this.#raw(name, options.values.join(', '), options.default);
    if (raw === undefined) return options.default;
    const found = options.values.find((value) => value === raw);
    if (found === undefined) this.fault(name, raw, options.values.join(', '));
    return found ?? options.default;
  }

  url(name: string, options: { protocols: readonly string[] }): string | undefined {
    const allowed = `an address that starts with ${options.protocols.map((p) => `${p}://`).join(' or ')}`;
    const raw = this.#raw(name, allowed);
    if (raw === undefined) return undefined;
    const protocol = URL.canParse(raw) ? new URL(raw).protocol.slice(0, -1) : undefined;
    if (protocol && options.protocols.includes(protocol)) return raw;
    this.fault(name, redactUrl(raw), allowed);
    return undefined;
  }

  /** Names of the environment that start so are somebody else's and not checked by `finish`. */
  ignorePrefix(prefix: string): void {
    this.#ignored.push(prefix);
  }

  /** Records a fault found by the caller, for instance between two settings. */
  fault(name: string, got: string | undefined, allowed: string): void {
    this.#faults.push({ name, got, allowed });
  }

  /**
   * Ends the reading.
   *
   * @param prefix - names of the environment that start so and were never asked for are faults too.
   * @throws {HubError} CONFIG_INVALID - with every fault in `details.faults`.
   */
  finish(prefix?: string): void {
    if (prefix) this.#reportUnknown(prefix);
    if (!this.#faults.length) return;
    const lines = this.#faults.map(
      (f) =>
        `  ${f.name}: got ${f.got === undefined ? 'nothing' : JSON.stringify(f.got)}, allowed is ${f.allowed}`,
    );
    throw new HubError(
      'CONFIG_INVALID',
      `The configuration has ${this.#faults.length} fault(s):\n${lines.join('\n')}`,
      {
        details: { faults: this.#faults },
      },
    );
  }

  /** Every setting that was asked for so far, by name. */
  settings(): readonly Setting[] {
    return [...this.#known.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #raw(name: string, allowed: string, fallback: string | null = null): string | undefined {
    this.#known.set(name, { name, allowed, default: fallback });
    const file = this.#env[`${name}_FILE`];
    const value = this.#env[name];
    if (file === undefined || file === '') return value === '' ? undefined : value;
    if (value !== undefined) this.fault(name, '[set twice]', `either ${name} or ${name}_FILE`);
    try {
      return readFileSync(file, 'utf8').trimEnd();
    } catch {
      this.fault(`${name}_FILE`, file, 'a file that can be read');
      return undefined;
    }
  }

  #reportUnknown(prefix: string): void {
    const isKnown = (name: string) => this.#known.has(name) || this.#known.has(name.replace(/_FILE$/, ''));
    const unknown = Object.keys(this.#env).filter(
      (name) =>
        name.startsWith(prefix) && !isKnown(name) && !this.#ignored.some((other) => name.startsWith(other)),
    );
    const known = [...this.#known.keys()].join(', ');
    for (const name of unknown)
      this.fault(name, this.#env[name] && '[set]', `no setting of this name; known are ${known}`);
  }
}

/** The address without its user and password. */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username) url.username = 'redacted';
  if (url.password) url.password = 'redacted';
  return url.href;
}
