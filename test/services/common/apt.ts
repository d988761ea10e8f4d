import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '#kernel/config.ts';
import { findProgram, run } from './command.ts';
import { withLock } from './lock.ts';
import { cacheFolder } from './places.ts';
import { progress } from './progress.ts';

const minute = 60_000;
const updatedInThisProcess = new Set<string>();

/** Why packages cannot be installed here, or `undefined` where they can. */
export function whyNoApt(env: Env): string | undefined {
  if (!findProgram('apt-get', env)) return 'there is no apt-get';
  if (process.getuid?.() !== 0) return 'apt-get needs root';
  return undefined;
}

// `invoke-rc.d` asks policy-rc.d whether a package's service may start. The trap restores the machine's own rule on
// every way out, also when whoever asked for the installation is gone.
const installScript = `
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod +x "$policy"
fi
apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
`;

/**
 * Installs Debian packages without starting the services they bring.
 *
 * @throws {HubError} INTERNAL - apt-get failed; the message has the end of its log.
 */
export async function installDebianPackages(packages: readonly string[], env: Env): Promise<void> {
  const cache = cacheFolder(env);
  const options = {
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    logFile: join(cache, 'apt.log'),
    timeoutMs: 10 * minute,
  };
  await withLock(cache, 'apt', async () => {
    progress(`apt-get install ${packages.join(' ')}`);
    if (!updatedInThisProcess.has(cache) && existsSync('/etc/apt')) {
      await run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', 'update'], options);
      updatedInThisProcess.add(cache);
    }
    await run('sh', ['-c', installScript, 'install', ...packages], options);
  });
}
