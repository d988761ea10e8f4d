import { mkdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Env } from '#kernel/config.ts';

/** The repository this file belongs to. */
export const repositoryRoot = resolve(import.meta.dirname, '../../..');

/** Where programs for tests are kept between runs: TWINHUB_TEST_CACHE, or `.cache/services` in the repository. */
export function cacheFolder(env: Env): string {
  const folder = resolve(repositoryRoot, env['TWINHUB_TEST_CACHE'] || '.cache/services');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A folder beside the repository that may hold prebuilt servers; it need not exist. */
export function sharedFolder(env: Env): string {
  return resolve(repositoryRoot, env['TWINHUB_TEST_SHARED'] || '../shared/services');
}

/** A new folder for one server's data and log; whoever ends the server removes it. */
export function createDataFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `twinhub-${name}-`));
}
