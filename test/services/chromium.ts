import type { Env } from '#kernel/config.ts';
import { installDebianPackages, whyNoApt } from './common/apt.ts';
import { findProgram, isExecutable } from './common/command.ts';
import { firstOf } from './common/sources.ts';
import type { Unavailable } from './common/sources.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * A Chromium to drive: the file TWINHUB_TEST_CHROMIUM names, one on PATH, or Debian's, installed where we are root.
 * As root it has to be started with `--no-sandbox`.
 */
export async function findChromium(env: Env = process.env): Promise<{ readonly path: string } | Unavailable> {
  const given = env['TWINHUB_TEST_CHROMIUM'];
  if (given)
    return isExecutable(given)
      ? { path: given }
      : { unavailable: `TWINHUB_TEST_CHROMIUM: ${given} cannot be run` };
  return await firstOf('Chromium', [
    { name: 'PATH', get: async () => onPath(env) },
    { name: 'Debian package', get: () => fromDebian(env) },
  ]);
}

function onPath(env: Env): { readonly path: string } | Unavailable {
  const path = names.map((name) => findProgram(name, env)).find((found) => found !== undefined);
  return path ? { path } : { unavailable: `none of ${names.join(', ')} is on PATH` };
}

async function fromDebian(env: Env): Promise<{ readonly path: string } | Unavailable> {
  const noApt = whyNoApt(env);
  if (noApt) return { unavailable: noApt };
  await installDebianPackages(['chromium', 'fonts-dejavu'], env);
  return onPath(env);
}
