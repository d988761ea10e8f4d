import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

/** A hub started as a user starts it, in a process group of its own. */
export interface HubProcess {
  readonly url: string;
  readonly dataDir: string;
  /** From spawn to the first healthy answer, ms. */
  readonly readyMs: number;
  /** Everything it printed so far. */
  output(): string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL to every process of the hub at once: what a power cut leaves. */
  kill(): Promise<void>;
  /** SIGKILL to one of its processes alone. @returns false when there is none of that name now. */
  killPart(name: PartName): boolean;
  /** Its processes that run now. */
  parts(): readonly HubPart[];
  /** The exit code, once the process that was started is gone; null after a signal. */
  readonly exited: Promise<number | null>;
}

/** What a process of a hub runs. */
export type PartName = 'hub' | 'plant' | 'sap-pm' | 'mes' | 'wms';

export interface HubPart {
  readonly name: PartName;
  readonly pid: number;
  /** Memory held in RAM, bytes. */
  readonly rssBytes: number;
}

/** A hub that was started and may not answer yet. */
export interface LaunchedHub extends Omit<HubProcess, 'readyMs'> {
  /** Resolves with the ms from spawn to the first healthy answer. @throws when it ends or takes over two minutes. */
  untilHealthy(): Promise<number>;
}

export interface HubOptions {
  readonly dataDir?: string;
  readonly port?: number;
  readonly plantPort?: number;
  readonly speed?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A TCP port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

/** Starts what `npm start -- --port P --data D --speed S` starts, and waits until /health answers 200. */
export async function startHub(options: HubOptions = {}): Promise<HubProcess> {
  const hub = await launchHub(options);
  return { ...hub, readyMs: await hub.untilHealthy() };
}

/** Starts a hub without waiting for anything. */
export async function launchHub(options: HubOptions = {}): Promise<LaunchedHub> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'twinhub-e2e-'));
  const port = options.port ?? (await freePort());
  const plantPort = options.plantPort ?? (await freePort());
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    [
      'deploy/bin/twinhub.js',
      'start',
      '--port',
      String(port),
      '--data',
      dataDir,
      '--speed',
      String(options.speed ?? 300),
    ],
    {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        TWINHUB_DEMO_PLANT_PORT: String(plantPort),
        TWINHUB_DEMO_SAMPLE_PERIOD_MS: '200',
        TWINHUB_ANALYTICS_BASELINE_SAMPLES: '80',
        TWINHUB_ANALYTICS_VERIFICATION_SAMPLES: '30',
        ...options.env,
      },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const url = `http://localhost:${port}`;
  const parts = () => partsOf(child.pid);
  return {
    url,
    dataDir,
    exited,
    untilHealthy: async () => {
      await waitUntilHealthy(url, child, () => output);
      return performance.now() - begun;
    },
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      return exited;
    },
    kill: async () => {
      if (!hasEnded(child) && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await exited;
    },
    killPart: (name) => {
      const part = parts().find((one) => one.name === name);
      if (part) process.kill(part.pid, 'SIGKILL');
      return part !== undefined;
    },
    parts,
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** The processes of a group that run a program of this repository, as `ps` tells. */
function partsOf(group: number | undefined): readonly HubPart[] {
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,pgid=,rss=,args='], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, pgid, rss, args = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    const name = Number(pgid) === group ? partName(args) : null;
    return name ? [{ name, pid: Number(pid), rssBytes: Number(rss) * 1024 }] : [];
  });
}

function partName(args: string): PartName | null {
  if (/deploy\/main\.ts start\b/.test(args)) return 'hub';
  const [, plant, counterpart] =
    /demo\/(?:(plant)|counterparts\/(sap-pm|mes|wms))\/main\.ts/.exec(args) ?? [];
  return (plant ?? counterpart ?? null) as PartName | null;
}

/** A machine that does much else at the same time takes a multiple of the usual 3 to 5 s. */
const healthyWithinMs = 120_000;

async function waitUntilHealthy(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const end = performance.now() + healthyWithinMs;
  while (performance.now() < end) {
    if (hasEnded(child)) break;
    const response = await fetch(`${url}/health`).catch(() => null);
    if (response?.status === 200) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  if (child.pid !== undefined && !hasEnded(child)) process.kill(-child.pid, 'SIGKILL');
  throw new Error(`The hub did not become healthy. It printed:\n${output()}`);
}

/** Runs `twinhub ARGS` and gives its standard output. @throws when it does not end with code 0. */
export function twinhub(...args: string[]): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(root, 'deploy/main.ts'), ...args],
      { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('exit', (code) =>
      code === 0
        ? done(out.trim())
        : fail(new Error(`twinhub ${args.join(' ')} ended with ${code}: ${out}${err}`)),
    );
  });
}
