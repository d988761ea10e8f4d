import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause, type Dice } from './dice.ts';
import {
  freePort,
  launchHub,
  type HubOptions,
  type HubPart,
  type HubProcess,
  type LaunchedHub,
  type PartName,
} from './hub-process.ts';

/** `all`: every process at once, as when power goes. `hub`: the hub alone, its children see the channel close. */
export type CrashKind = 'all' | 'hub';

/** A process that the hub starts again by itself. */
export type ChildName = Exclude<PartName, 'hub'>;

export interface Crash {
  readonly kind: CrashKind | ChildName;
  /** Where in the loop, in words. */
  readonly during: string;
  /** Time since the test began, ms. */
  readonly atMs: number;
}

/** Folder and ports are the same in every life. */
type FixedOptions = HubOptions & Required<Pick<HubOptions, 'dataDir' | 'port' | 'plantPort'>>;

/** One hub in one data folder on the same ports, killed and started again. */
export class CrashingHub {
  readonly crashes: Crash[] = [];
  readonly #options: FixedOptions;
  readonly #dice: Dice;
  readonly #begun = performance.now();
  #running: LaunchedHub | undefined;
  readonly #former: LaunchedHub[] = [];
  #outputs = '';

  private constructor(options: FixedOptions, dice: Dice) {
    this.#options = options;
    this.#dice = dice;
  }

  static async start(options: HubOptions, dice: Dice): Promise<CrashingHub> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'twinhub-crash-'));
    const [port, plantPort] = [options.port ?? (await freePort()), options.plantPort ?? (await freePort())];
    const hub = new CrashingHub({ ...options, dataDir, port, plantPort }, dice);
    await hub.#launch();
    await hub.#healthy();
    return hub;
  }

  get dataDir(): string {
    return this.#options.dataDir;
  }

  /** For clients: address and folder stay the same over all crashes. */
  get asProcess(): HubProcess {
    return { ...this.#hub, readyMs: 0 };
  }

  /** Everything that all lives printed. */
  output(): string {
    return this.#outputs + this.#hub.output();
  }

  /**
   * Kills it and starts it again at once, and waits until it is healthy; sometimes kills it once more while it starts.
   * @param options.whileStarting - chance of that, percent.
   */
  async crash(kind: CrashKind, during: string, options: { whileStarting?: number } = {}): Promise<void> {
    await this.#kill(kind, during);
    await this.#launch();
    if (this.#dice.between(1, 100) <= (options.whileStarting ?? 0)) {
      await pause(this.#dice.between(300, 3_500));
      await this.#kill(this.#dice.pick(['all', 'hub']), `start after ${during}`);
      await this.#launch();
    }
    await this.#healthy();
  }

  /** Kills a process beside the hub, which goes on and starts it again. */
  crashChild(name: ChildName, during: string): void {
    if (this.#hub.killPart(name)) this.#note(name, during);
  }

  /** Processes of former lives that still run; children of a killed hub end by themselves. */
  leftovers(): readonly HubPart[] {
    return this.#former.flatMap((former) => former.parts());
  }

  stop(): Promise<number | null> {
    return this.#hub.stop();
  }

  /** Leaves nothing running, whatever happened. */
  async end(): Promise<void> {
    await this.#running?.kill();
  }

  get #hub(): LaunchedHub {
    if (!this.#running) throw new Error('No hub was launched');
    return this.#running;
  }

  async #kill(kind: CrashKind, during: string): Promise<void> {
    const hub = this.#hub;
    this.#note(kind, during);
    // Right after its start there may be no process of the hub yet: then everything goes.
    if (kind === 'hub' && hub.killPart('hub')) await hub.exited;
    else await hub.kill();
    this.#former.push(hub);
    this.#outputs += `${hub.output()}\n--- killed (${kind}) during ${during}\n`;
  }

  #note(kind: Crash['kind'], during: string): void {
    this.crashes.push({ kind, during, atMs: Math.round(performance.now() - this.#begun) });
  }

  async #launch(): Promise<void> {
    this.#running = await launchHub(this.#options);
  }

  async #healthy(): Promise<void> {
    try {
      await this.#hub.untilHealthy();
    } catch (error) {
      throw new Error(
        `Not healthy after ${this.crashes.length} crashes: ${JSON.stringify(this.crashes.at(-1))}`,
        { cause: error },
      );
    }
  }
}
