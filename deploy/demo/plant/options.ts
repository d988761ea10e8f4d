import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** How the plant runs. */
export interface PlantOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Plant time per real time. */
  readonly speed: number;
  /** Time between two samples, ms of real time. */
  readonly samplePeriodMs: number;
  readonly seed: number;
  /** Where wear and plant time survive a restart; `null`: nowhere. */
  readonly stateFile: string | null;
  /** The server's own certificate. */
  readonly pkiFolder: string;
  /** How long the scenario communication-loss lasts, ms of real time. */
  readonly lossMs: number;
  /** Multiplies the chance of everyday sensor faults. */
  readonly faultFactor: number;
}

export const plantHelp = `Demo plant, an OPC UA server on 127.0.0.1.

  --port N               port, 0 for a free one        (4840)
  --speed S              plant time per real time      (60)
  --sample-period-ms N   time between samples          (1000)
  --seed N               of noise and short stops      (1)
  --state FILE           keeps wear and time across restarts; certificates go beside it
  --loss-ms N            length of communication-loss  (20000)
  --fault-factor F       chance of sensor faults, 0 for none (1)
`;

/** Reads the words of the call. @throws {Error} an unknown option, or a number out of range. */
export function readPlantOptions(args: readonly string[]): PlantOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: text,
      speed: text,
      'sample-period-ms': text,
      seed: text,
      state: text,
      'loss-ms': text,
      'fault-factor': text,
    },
  });
  const stateFile = values.state === undefined ? null : resolve(values.state);
  return {
    port: number('port', values.port ?? '4840', 0, 65_535),
    speed: number('speed', values.speed ?? '60', 0.1, 3600),
    samplePeriodMs: number('sample-period-ms', values['sample-period-ms'] ?? '1000', 50, 3_600_000),
    seed: number('seed', values.seed ?? '1', 0, 2 ** 32 - 1),
    stateFile,
    pkiFolder: stateFile ? join(dirname(stateFile), 'plant-pki') : mkdtempSync(join(tmpdir(), 'plant-pki-')),
    lossMs: number('loss-ms', values['loss-ms'] ?? '20000', 100, 3_600_000),
    faultFactor: number('fault-factor', values['fault-factor'] ?? '1', 0, 1000),
  };
}

/** A port nobody listens on; asked for before the server opens, since it has to come back on the same one. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

function number(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= low && value <= high))
    throw new Error(`--${name}: got ${JSON.stringify(text)}, allowed is a number from ${low} to ${high}.`);
  return value;
}
