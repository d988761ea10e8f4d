import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Env } from '#kernel/config.ts';
import { installDebianPackages, whyNoApt } from '../common/apt.ts';
import { findProgram, run } from '../common/command.ts';
import { withLock } from '../common/lock.ts';
import { cacheFolder } from '../common/places.ts';
import { progress } from '../common/progress.ts';
import type { Source } from '../common/sources.ts';

export const neo4jVersion = '5.26.0';

/** Neo4j as a folder of jars and the `java` that runs them. */
export interface Neo4jProgram {
  readonly kind: 'jars';
  readonly java: string;
  readonly lib: string;
}

/** Where Neo4j's jars can come from, in the order to try. */
export function neo4jSources(env: Env): Source<Neo4jProgram>[] {
  return [
    { name: 'PATH', get: () => fromPath(env) },
    { name: 'cache folder or Maven', get: () => fromMaven(env) },
  ];
}

async function fromPath(env: Env) {
  const command = findProgram('neo4j', env);
  if (!command) return { unavailable: 'there is no neo4j on PATH' };
  const lib = resolve(realpathSync(command), '../../lib');
  const kernel = existsSync(lib) && readdirSync(lib).some((file) => file.startsWith('neo4j-kernel-5.'));
  const java = findProgram('java', env);
  if (!kernel || !java)
    return { unavailable: `${command} is not the start script of a Neo4j 5 with its jars in ../lib` };
  return { kind: 'jars' as const, java, lib };
}

async function fromMaven(env: Env) {
  const cache = cacheFolder(env);
  const lib = join(cache, `neo4j-${neo4jVersion}`);
  const refused = await ensurePrograms(env, existsSync(lib) ? ['java', 'javac'] : ['java', 'javac', 'mvn']);
  if (refused) return { unavailable: refused };
  await withLock(cache, 'neo4j', async () => {
    if (!existsSync(lib)) await downloadJars(cache, lib, env);
  });
  return { kind: 'jars' as const, java: findProgram('java', env) ?? 'java', lib };
}

/** `javac` stands for the compiler that `java FILE.java` needs; a runtime alone does not have it. */
async function ensurePrograms(env: Env, programs: readonly string[]): Promise<string | undefined> {
  const missing = () => programs.filter((program) => !findProgram(program, env));
  if (!missing().length) return undefined;
  const noApt = whyNoApt(env);
  if (noApt)
    return `${missing().join(', ')} not found (a JDK 17 or newer and Maven are needed), and ${noApt}`;
  await installDebianPackages(['default-jdk-headless', 'maven'], env);
  return missing().length ? `${missing().join(', ')} not found after the installation` : undefined;
}

async function downloadJars(cache: string, lib: string, env: Env): Promise<void> {
  progress(`downloading Neo4j ${neo4jVersion} with Maven (once, about 130 MB)`);
  const stage = await mkdtemp(join(cache, 'neo4j-stage-'));
  try {
    await copyFile(join(import.meta.dirname, 'pom.xml'), join(stage, 'pom.xml'));
    const goal = [
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${join(stage, 'lib')}`,
    ];
    const logFile = join(cache, 'neo4j-install.log');
    await run('mvn', ['-B', ...goal], { cwd: stage, env, logFile, timeoutMs: 10 * 60_000 });
    await rename(join(stage, 'lib'), lib);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}
