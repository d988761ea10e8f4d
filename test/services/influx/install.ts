import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '#kernel/config.ts';
import { installDebianPackages, whyNoApt } from '../common/apt.ts';
import { findProgram, run } from '../common/command.ts';
import { withLock } from '../common/lock.ts';
import { cacheFolder, sharedFolder } from '../common/places.ts';
import { progress } from '../common/progress.ts';
import type { Source, Unavailable } from '../common/sources.ts';

export const influxVersion = '2.7.12';

/** InfluxDB as a program. */
export interface InfluxProgram {
  readonly kind: 'program';
  readonly command: string;
}

type Outcome = InfluxProgram | Unavailable;

/** Where influxd can come from, in the order to try. */
export function influxSources(env: Env): Source<InfluxProgram>[] {
  const cached = join(cacheFolder(env), `influxd-${influxVersion}`);
  return [
    { name: 'PATH', get: async () => fromPath(env) },
    { name: 'prebuilt file', get: () => cachedOr(cached, env, () => unpack(cached, env)) },
    { name: 'Go build', get: () => cachedOr(cached, env, () => build(cached, env)) },
  ];
}

function fromPath(env: Env): Outcome {
  const command = findProgram('influxd', env);
  return command ? { kind: 'program', command } : { unavailable: 'there is no influxd on PATH' };
}

async function cachedOr(cached: string, env: Env, make: () => Promise<string | undefined>): Promise<Outcome> {
  return await withLock(cacheFolder(env), 'influx', async () => {
    const reason = existsSync(cached) ? undefined : await make();
    return reason === undefined ? { kind: 'program', command: cached } : { unavailable: reason };
  });
}

/** @returns why not, or `undefined` when done. */
async function unpack(cached: string, env: Env): Promise<string | undefined> {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const file = join(sharedFolder(env), `influxd-${influxVersion}-${process.platform}-${arch}.xz`);
  if (!existsSync(file)) return `there is no ${file}`;
  const xz = findProgram('xz', env);
  if (!xz) return `there is no xz to unpack ${file} with`;
  await staged(cached, env, async (stage, logFile) => {
    const unpacked = join(stage, 'influxd');
    await run(xz, ['-dc', file], { env, logFile, outputFile: unpacked, timeoutMs: 60_000 });
    await chmod(unpacked, 0o755);
  });
  return undefined;
}

async function build(cached: string, env: Env): Promise<string | undefined> {
  const absent = ['go', 'cargo'].filter((program) => !findProgram(program, env));
  if (absent.length) return `${absent.join(' and ')} not found`;
  const compilers = ['clang', 'protoc'].filter((program) => !findProgram(program, env));
  const noApt = compilers.length ? whyNoApt(env) : undefined;
  if (noApt) return `${compilers.join(' and ')} not found, and ${noApt}`;
  if (compilers.length) await installDebianPackages(['clang', 'protobuf-compiler'], env);
  progress(`building InfluxDB ${influxVersion} from its Go module (once, several minutes)`);
  await staged(cached, env, async (stage, logFile) => {
    const script = join(import.meta.dirname, 'build.sh');
    await run('sh', [script], { env, cwd: stage, logFile, timeoutMs: 40 * 60_000 });
  });
  return undefined;
}

/** Puts `influxd` of a staging folder into the cache in one step, after it has told its version. */
async function staged(
  cached: string,
  env: Env,
  make: (stage: string, logFile: string) => Promise<void>,
): Promise<void> {
  const cache = cacheFolder(env);
  const logFile = join(cache, 'influx-install.log');
  const stage = await mkdtemp(join(cache, 'influx-stage-'));
  try {
    await make(stage, logFile);
    const made = join(stage, 'influxd');
    await run(made, ['version'], { env, logFile, timeoutMs: 30_000 });
    await rename(made, cached);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}
