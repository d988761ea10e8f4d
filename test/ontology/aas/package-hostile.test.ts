import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageRules, readPackage } from '#ontology/aas/package/index.ts';
import { entriesOf, packageWith, relationships, soundParts } from './package-data.ts';
import { contentRefusals } from './package-refusals-opc.ts';
import { containerRefusals } from './package-refusals.ts';
import { rawZip } from './package-zip.ts';

const refusals = [...containerRefusals, ...contentRefusals];

for (const { what, bytes, code, limits: given = {}, part } of refusals) {
  test(`a package with ${what} is refused as ${code}`, async () => {
    const read = await readPackage('p.aasx', bytes, given);
    const errors = read.findings.filter(({ severity }) => severity === 'ERROR');
    assert.deepEqual([...new Set(errors.map((finding) => finding.code))], [`hub:${code}`]);
    assert.ok(errors[0]?.message.endsWith(packageRules[code].advice), 'the finding says what to do');
    if (part) assert.equal(errors[0]?.document, `p.aasx!${part}`);
    assert.deepEqual(
      [read.environments, read.files, read.relationships, read.thumbnail, read.origin],
      [[], [], [], null, null],
      'nothing of a refused package is handed out',
    );
  });
}

test('every rule that refuses has a case', () => {
  const wanted = Object.entries(packageRules).filter(([, { severity }]) => severity === 'ERROR');
  assert.deepEqual(
    wanted.map(([code]) => code).filter((code) => !refusals.some((refusal) => refusal.code === code)),
    [],
  );
});

test('several environments that are refused are all named', async () => {
  const read = await readPackage(
    'p',
    packageWith({
      'aasx/_rels/aasx-origin.rels': relationships([
        ['aas-spec', 'data.xml'],
        ['aas-spec', 'old.xml'],
      ]),
      'aasx/data.xml': 'hello',
      'aasx/old.xml': '<aasenv xmlns="http://www.admin-shell.io/aas/2/0"/>',
    }),
  );
  const errors = read.findings.filter(({ severity }) => severity === 'ERROR');
  assert.deepEqual(
    errors.map(({ code, document }) => [code, document]),
    [
      ['hub:packageFormat', 'p!/aasx/data.xml'],
      ['hub:packageOldVersion', 'p!/aasx/old.xml'],
    ],
  );
});

test('ten thousand parts and relationships are read', async () => {
  const files = Array.from({ length: 9_990 }, (_, i) => `aasx/files/${i}.pdf`);
  const entries = [
    ...entriesOf(
      soundParts({
        'aasx/_rels/data.xml.rels': relationships(files.map((name) => ['aas-suppl', `/${name}`] as const)),
      }),
    ),
    ...files.map((name) => ({ name, bytes: name, method: 0 })),
  ];
  const read = await readPackage('p', rawZip({ entries }));
  assert.deepEqual(read.findings, []);
  assert.equal(read.files.filter(({ role }) => role === 'supplement').length, files.length);
});

test('findings do not grow with the package', async () => {
  const targets = Array.from({ length: 15_000 }, (_, i) => ['aas-suppl', `/missing/${i}`] as const);
  const read = await readPackage('p', packageWith({ 'aasx/_rels/data.xml.rels': relationships(targets) }));
  assert.equal(read.findings.length, 1001);
  assert.equal(read.findings.at(-1)?.message, '14000 more findings are left out.');
  assert.equal(read.environments.length, 1);
});
