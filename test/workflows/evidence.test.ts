import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Database } from '#connectors/sqlite/database.ts';
import { openEvidenceSigner } from '#connectors/sqlite/evidence-signer.ts';
import { evidenceExport, evidenceVerify } from '#deploy/commands/evidence-verify.ts';
import { linkEvidence, signCheckpoint, verifyEvidence, type EvidenceEntry } from '#ontology/evidence.ts';
import { parseTenantId } from '#ontology/ids.ts';
import { startCheckpointLoop } from '#workflows/checkpoint-loop.ts';
import { Driver, openHub, seedTwins, tempFolder, tenant } from './support.ts';

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
const folder = () => {
  folders.push(tempFolder());
  return folders.at(-1) as string;
};

function chain(length: number, of = tenant): EvidenceEntry[] {
  const entries: EvidenceEntry[] = [];
  for (let index = 0; index < length; index++)
    entries.push(
      linkEvidence(
        { tenant: of, at: index, kind: 'k', subject: 's', body: { index, b: [1, 2.5, 'ä'], z: undefined } },
        entries.at(-1) ?? null,
      ),
    );
  return entries;
}

const signer = openEvidenceSigner(folder());
const findings = (
  entries: readonly EvidenceEntry[],
  checkpoints = [signCheckpoint(chain(6)[5]!, 9, signer)],
  key = signer.publicKeyPem,
) =>
  verifyEvidence(entries, checkpoints, key).findings.map(
    (finding) => `${finding.sequence}: ${finding.text.split(' ').slice(0, 5).join(' ')}`,
  );

test('an untouched log has no findings, whatever the order it is read in', () => {
  assert.deepEqual(findings(chain(6)), []);
  assert.deepEqual(findings(chain(6).reverse()), []);
  assert.equal(
    verifyEvidence(chain(8), [signCheckpoint(chain(6)[5]!, 9, signer)], signer.publicKeyPem).unsigned,
    2,
  );
});

test('a changed, missing, doubled, swapped or cut-off entry is found where it is', () => {
  const changed = chain(6).map((entry) => (entry.sequence === 3 ? { ...entry, body: { index: 99 } } : entry));
  assert.deepEqual(findings(changed), ['3: Its content does not give']);
  assert.deepEqual(findings(chain(6).filter((entry) => entry.sequence !== 3)), [
    '4: Entry 3 should stand here:',
  ]);
  assert.deepEqual(findings([...chain(6), chain(6)[2]!]), ['3: Entry 4 should stand here:']);
  assert.deepEqual(findings(chain(6).slice(1)), ['2: Entry 1 should stand here:']);
  assert.deepEqual(findings(chain(5)), ['6: A checkpoint was signed here,']);
  assert.deepEqual(findings(chain(6), []), ['null: It has no signed checkpoint.']);
});

test('a log rewritten as a whole with right hashes does not match its checkpoints', () => {
  const rewritten: EvidenceEntry[] = [];
  for (const entry of chain(6))
    rewritten.push(linkEvidence({ ...entry, at: entry.at + 1 }, rewritten.at(-1) ?? null));
  assert.deepEqual(findings(rewritten), ['6: The entry is not the']);
});

test('a checkpoint by another key, or with a changed field, is not believed', () => {
  const other = String(generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));
  assert.match(findings(chain(6), undefined, other)[0] ?? '', /^6: The checkpoint was signed with/);
  const forged = { ...signCheckpoint(chain(6)[5]!, 9, signer), sequence: 5, hash: chain(6)[4]!.hash };
  assert.deepEqual(findings(chain(6), [forged]), ["5: The checkpoint's signature is not"]);
});

test('tenants have logs of their own', () => {
  const other = chain(3, parseTenantId('other'));
  const verdict = verifyEvidence(
    [...chain(6), ...other],
    [signCheckpoint(chain(6)[5]!, 9, signer), signCheckpoint(other[2]!, 9, signer)],
    signer.publicKeyPem,
  );
  assert.deepEqual([verdict.findings, verdict.entries, verdict.unsigned], [[], 9, 0]);
});

test('the key is made once, readable by its owner alone', () => {
  const at = folder();
  const first = openEvidenceSigner(at);
  assert.equal(openEvidenceSigner(at).keyId, first.keyId);
  assert.equal(statSync(join(at, 'evidence-key.pem')).mode & 0o777, 0o600);
});

async function filledFolder(): Promise<string> {
  const at = folder();
  const hub = await openHub(at);
  await seedTwins(hub);
  const driver = new Driver(hub, false, 'rec-cli');
  await driver.start();
  await driver.until('EXECUTING');
  const loop = startCheckpointLoop({}, { evidence: hub.evidence, clock: hub.clock, log: hub.log });
  await loop.close();
  hub.db.close();
  return at;
}

function terminal(cwd: string) {
  const [out, err]: [string[], string[]] = [[], []];
  return {
    lines: out,
    errors: err,
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    env: {},
    cwd,
  };
}

test('the command verifies a data folder and an exported file offline, and finds an edit in either', async () => {
  const at = await filledFolder();
  const fine = terminal(at);
  assert.equal(await evidenceVerify(['--data', at], fine), 0, fine.errors.join());
  assert.match(fine.lines.at(-1) ?? '', /10 entries, .* 0 entries not signed yet: nothing wrong/);
  const exported = terminal(at);
  await evidenceExport(['--data', at], exported);
  const file = join(at, 'log.jsonl');
  writeFileSync(file, exported.lines.join('\n'));
  assert.equal(await evidenceVerify(['--file', file], terminal(at)), 0);
  writeFileSync(file, exported.lines.join('\n').replace('"person-Mona"', '"person-Paul"'));
  const edited = terminal(at);
  assert.equal(await evidenceVerify(['--file', file], edited), 1);
  assert.match(edited.lines[0] ?? '', /demo entry 3: Its content does not give its hash/);

  const db = new Database(join(at, 'hub.sqlite'));
  assert.throws(() => db.run("UPDATE evidence_entry SET subject = 'x'"), /append-only/);
  assert.throws(() => db.run('DELETE FROM evidence_entry'), /append-only/);
  db.run('DROP TRIGGER evidence_entry_kept');
  db.run("UPDATE evidence_entry SET kind = 'nothing' WHERE sequence = 4");
  db.close();
  assert.equal(await evidenceVerify(['--data', at], terminal(at)), 1);
});

test('the command says what is wrong with its words (2) and what it cannot read (3)', async () => {
  const at = folder();
  for (const args of [['--nonsense'], ['--file', 'a', '--data', 'b'], ['more']])
    assert.equal(await evidenceVerify(args, terminal(at)), 2, args.join(' '));
  assert.equal(await evidenceVerify(['--data', join(at, 'none')], terminal(at)), 3);
  assert.equal(existsSync(join(at, 'none')), false);
  const file = join(at, 'log.jsonl');
  writeFileSync(file, '{"record":"entry"}\n');
  const broken = terminal(at);
  assert.equal(await evidenceVerify(['--file', file], broken), 3);
  assert.match(broken.errors[0] ?? '', /Line 1/);
  writeFileSync(file, '');
  assert.equal(await evidenceVerify(['--file', file], terminal(at)), 2);
});
