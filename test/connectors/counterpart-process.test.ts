import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { readCounterpartOptions } from '#deploy/demo/counterparts/common/options.ts';
import { isHubError } from '#kernel/errors.ts';
import { counterpartScript, kill, startProcess } from './counterpart-bench.ts';
import type { System } from './counterpart-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'twinhub-process-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const flags = ['--bus', `sqlite:${join(folder, 'bus.db')}`, '--data', folder];

async function endOf(system: System, args: readonly string[]) {
  const child = spawn(process.execPath, [counterpartScript(system), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const [code] = (await once(child, 'exit')) as [number];
  return { code, said };
}

describe('a simulated system as a process', () => {
  test('ends on SIGTERM with code 0', async () => {
    const child = await startProcess(counterpartScript('wms'), flags);
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  test('ends when the process that started it goes away', async () => {
    const child = await startProcess(counterpartScript('sap-pm'), flags);
    child.disconnect();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    await kill(child);
  });

  test('says which flag is wrong, with code 2, and that it cannot run, with code 3', async () => {
    const wrong = await endOf('mes', [...flags, '--plant', 'http://x']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.said, /--plant is "http:\/\/x"; allowed is opc\.tcp:\/\/HOST:PORT/);
    const cannot = await endOf('wms', ['--bus', 'sqlite:/dev/null/bus.db', '--data', folder]);
    assert.equal(cannot.code, 3);
    assert.match(cannot.said, /\/dev\/null\/bus\.db/);
  });

  test('takes the address of the bus from the environment when told so', () => {
    const args = ['--bus', 'env:BUS', '--data', 'd'];
    assert.equal(readCounterpartOptions(args, [], { BUS: 'amqp://u:p@h' }).bus, 'amqp://u:p@h');
    assert.throws(
      () => readCounterpartOptions(args, [], {}),
      (error) => isHubError(error, 'INVALID_INPUT'),
    );
  });
});
