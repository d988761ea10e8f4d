import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { superviseChild } from '#deploy/child-process.ts';
import { createMemoryLogger } from '#kernel/log.ts';

test('a program beside the hub gets what it is meant to have, and no other setting or secret of the hub', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'twinhub-child-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const script = join(folder, 'say.mjs');
  writeFileSync(
    script,
    `const names = Object.keys(process.env).filter((name) => name.startsWith('TWINHUB_'));
     console.log(JSON.stringify({ ready: true, names, argv: process.argv.slice(2) }));
     process.on('disconnect', () => process.exit());`,
  );
  process.env['TWINHUB_OIDC_CLIENT_SECRET'] = 'not for simulators';
  t.after(() => delete process.env['TWINHUB_OIDC_CLIENT_SECRET']);
  const env = { TWINHUB_DEMO_BUS: 'amqp://hub:secret@127.0.0.1' };
  const child = await superviseChild(
    { name: 'say', script, args: ['--bus', 'env:TWINHUB_DEMO_BUS'], env },
    createMemoryLogger(),
  );
  t.after(() => child.close());
  assert.deepEqual(child.ready['names'], ['TWINHUB_DEMO_BUS']);
  assert.deepEqual(child.ready['argv'], ['--bus', 'env:TWINHUB_DEMO_BUS']);
});
