import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '#kernel/config.ts';
import { messageOf } from '#kernel/errors.ts';
import { findProgram, run } from './common/command.ts';
import { withLock } from './common/lock.ts';
import { cacheFolder } from './common/places.ts';
import { firstOf } from './common/sources.ts';
import type { Unavailable } from './common/sources.ts';

const version = '2.1.0';

/**
 * A Python with asyncua, an OPC UA stack that is not ours: the interpreter TWINHUB_TEST_PYTHON names, or one in a virtual
 * environment of the cache folder, filled from PyPI the first time.
 */
export async function findAsyncua(env: Env = process.env): Promise<{ readonly path: string } | Unavailable> {
  const given = env['TWINHUB_TEST_PYTHON'];
  if (given)
    return hasAsyncua(given)
      ? { path: given }
      : { unavailable: `TWINHUB_TEST_PYTHON: ${given} cannot import asyncua` };
  return firstOf('Python with asyncua', [{ name: 'PyPI', get: () => fromPyPi(env) }]);
}

function hasAsyncua(python: string): boolean {
  return spawnSync(python, ['-c', 'import asyncua']).status === 0;
}

async function fromPyPi(env: Env): Promise<{ readonly path: string } | Unavailable> {
  const python3 = findProgram('python3', env);
  if (!python3) return { unavailable: 'no python3 on PATH' };
  const cache = cacheFolder(env);
  const folder = join(cache, `asyncua-${version}`);
  const python = join(folder, 'bin', 'python');
  return withLock(cache, 'asyncua', async () => {
    if (existsSync(python) && hasAsyncua(python)) return { path: python };
    const options = { env, logFile: join(cache, 'asyncua.log'), timeoutMs: 300_000 };
    try {
      await run(python3, ['-m', 'venv', '--clear', folder], options);
      await run(
        python,
        ['-m', 'pip', 'install', '--disable-pip-version-check', `asyncua==${version}`],
        options,
      );
    } catch (error) {
      return { unavailable: messageOf(error) };
    }
    return { path: python };
  });
}
