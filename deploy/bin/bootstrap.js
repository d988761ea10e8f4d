// Plain JavaScript for any Node from 18 on: installs what is missing, then hands over to the pinned Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const pinnedNode = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
const stamp = join(root, 'node_modules', '.twinhub-installed');

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** Runs `npm ci` unless node_modules already matches package-lock.json. */
export function install() {
  const wanted = lockHash();
  if (existsSync(stamp) && existsSync(pinnedNode) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('Installing packages (only needed once)...\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.error?.code === 'ENOENT') {
    process.stderr.write(
      'The packages cannot be installed: there is no npm on the PATH. It comes with Node (https://nodejs.org).\n',
    );
    process.exit(3);
  }
  if (result.status !== 0 || !existsSync(pinnedNode)) {
    process.stderr.write(
      'The packages could not be installed: see the lines above. Is the npm registry reachable?\n',
    );
    process.exit(3);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Goes on as `node SCRIPT ARGS` under the pinned Node; signals and the exit code are passed through. */
export function handOver(script, args) {
  const child = spawn(pinnedNode, ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
    // The channel tells the hub when this process is gone, however it went (see deploy/main.ts).
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    shell: process.platform === 'win32',
    // Compiled code is kept, which halves the time a large tree of modules takes to load.
    env: { NODE_COMPILE_CACHE: join(root, '.cache', 'node'), ...process.env },
  });
  // A supervisor signals this process alone; from a terminal the other one has its Ctrl-C already and a second does no harm.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(3);
  });
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(code ?? 3);
  });
}
