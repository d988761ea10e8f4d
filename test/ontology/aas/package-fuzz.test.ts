import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentOf, readPackage, writePackage, type AasPackage } from '#ontology/aas/package/index.ts';
import { createDice, mutatedPackage } from './package-mutate.ts';

/** What holds for every answer, whatever was read. */
async function check(read: AasPackage, seed: number): Promise<void> {
  const refused = read.findings.some(({ severity }) => severity === 'ERROR');
  assert.equal(read.environments.length === 0, refused, `seed ${seed}`);
  assert.ok(!refused || read.files.length === 0, `seed ${seed}`);
  for (const { code, line, column, message } of read.findings) {
    assert.match(code, /^hub:(package|tooManyFindings)/, `seed ${seed}`);
    assert.ok(line >= 1 && column >= 1 && message.length < 1500, `seed ${seed}: ${message.length}`);
  }
  for (const file of read.files) {
    assert.ok(!/(^|\/)\.{1,2}(\/|$)|\\|\0/.test(decodeURIComponent(file.path)), `seed ${seed}: ${file.path}`);
    assert.equal((await file.bytes()).length, file.size, `seed ${seed}`);
  }
  if (refused) return;
  const again = await readPackage('again', writePackage(await contentOf(read)));
  assert.deepEqual(
    again.files.map(({ path, sha256 }) => `${path} ${sha256}`).sort(),
    read.files.map(({ path, sha256 }) => `${path} ${sha256}`).sort(),
    `seed ${seed}`,
  );
}

test('whatever comes is answered, and what is read can be written and read again', async () => {
  let accepted = 0;
  for (let seed = 0; seed < 1000; seed++) {
    const read = await readPackage('p', mutatedPackage(createDice(seed)));
    await check(read, seed);
    accepted += read.environments.length ? 1 : 0;
  }
  assert.ok(
    accepted > 100 && accepted < 900,
    `${accepted} of 1000 were read: the mutations are too mild or too wild`,
  );
});
