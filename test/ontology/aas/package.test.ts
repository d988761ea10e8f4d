import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { filePresence, readPackage } from '#ontology/aas/package/index.ts';
import {
  contentTypes,
  deprecated,
  entriesOf,
  environmentXml,
  packageAnd,
  packageWith,
  present,
  relationships,
  soundParts,
  thumbnailType,
} from './package-data.ts';
import { rawZip } from './package-zip.ts';

const codes = (findings: readonly { code: string }[]) => findings.map(({ code }) => code);
const text = async (part: { bytes(): Promise<Uint8Array> } | null | undefined) =>
  part ? new TextDecoder().decode(await part.bytes()) : null;
const jsonEnvironment = '{"assetAdministrationShells": []}';

test('a package gives its environment, files, thumbnail and what they are', async () => {
  const read = await readPackage('pump.aasx', packageWith());
  assert.deepEqual(read.findings, []);
  const [environment] = read.environments;
  assert.equal(read.environments.length, 1);
  assert.equal(environment?.part, '/aasx/data.xml');
  assert.equal(environment?.format, 'xml');
  assert.equal(environment?.version, '3.0');
  assert.equal(environment?.text, environmentXml);
  assert.deepEqual(
    read.files.map(({ path, contentType, size, role }) => ({ path, contentType, size, role })),
    [
      { path: '/aasx/files/manual.pdf', contentType: 'application/pdf', size: 18, role: 'supplement' },
      { path: '/thumbnail.png', contentType: 'image/png', size: 19, role: 'thumbnail' },
    ],
  );
  assert.equal(read.files[0]?.sha256, createHash('sha256').update('manual of the pump').digest('hex'));
  assert.equal(await text(read.thumbnail), 'picture of the pump');
  assert.equal(read.origin?.contentType, 'text/plain');
});

test('the deprecated relationship types mean the same and are told about', async () => {
  const read = await readPackage(
    'p',
    packageWith({
      '_rels/.rels': relationships([['aasx-origin', '/aasx/aasx-origin']], deprecated),
      'aasx/_rels/aasx-origin.rels': relationships([['aas-spec', '/aasx/data.xml']], deprecated),
      'aasx/_rels/data.xml.rels': relationships([['aas-suppl', '/aasx/files/manual.pdf']], deprecated),
    }),
  );
  assert.equal(read.environments.length, 1);
  assert.equal(read.files.find(({ path }) => path.endsWith('.pdf'))?.role, 'supplement');
  assert.deepEqual(
    read.findings.map(({ code, document, severity }) => [code, document, severity]),
    ['/_rels/.rels', '/aasx/_rels/aasx-origin.rels', '/aasx/_rels/data.xml.rels'].map((part) => [
      'hub:packageDeprecatedRelationship',
      `p!${part}`,
      'WARNING',
    ]),
  );
});

test('several environments are read, in JSON and in XML of 3.0 to 3.2', async () => {
  const xml = (version: string) =>
    `<e:environment xmlns:e="https://admin-shell.io/aas/3/${version}"></e:environment>`;
  const targets = ['/aasx/a.xml', '/aasx/b.xml', '/aasx/c.json'];
  const read = await readPackage(
    'p',
    packageWith({
      'aasx/_rels/aasx-origin.rels': relationships(targets.map((target) => ['aas-spec', target])),
      'aasx/_rels/data.xml.rels': null,
      'aasx/data.xml': null,
      'aasx/a.xml': xml('1'),
      'aasx/b.xml': `\ufeff${xml('2')}`,
      'aasx/c.json': `\ufeff${jsonEnvironment}`,
    }),
  );
  assert.deepEqual(read.findings, []);
  assert.deepEqual(
    read.environments.map(({ part, format, version }) => [part, format, version]),
    [
      ['/aasx/a.xml', 'xml', '3.1'],
      ['/aasx/b.xml', 'xml', '3.2'],
      ['/aasx/c.json', 'json', null],
    ],
  );
  assert.equal(read.environments[2]?.text, jsonEnvironment, 'the byte order mark is no part of the text');
});

test('the same environment in two formats is imported once and kept twice', async () => {
  const both = relationships([
    ['aas-spec', '/aasx/data.xml'],
    ['aas-spec', '/aasx/data.json'],
  ]);
  const read = await readPackage(
    'p',
    packageWith({ 'aasx/_rels/aasx-origin.rels': both, 'aasx/data.json': jsonEnvironment }),
  );
  assert.deepEqual(
    read.environments.map(({ part, alternativeOf }) => [part, alternativeOf]),
    [
      ['/aasx/data.xml', '/aasx/data.json'],
      ['/aasx/data.json', null],
    ],
  );
  assert.deepEqual(codes(read.findings), ['hub:packageAlternative']);
});

test('UTF-16 with a byte order mark is read', async () => {
  const utf16 = Buffer.from(`\ufeff${environmentXml.replace('utf-8', 'utf-16')}`, 'utf16le');
  const read = await readPackage('p', packageWith({ 'aasx/data.xml': utf16 }));
  assert.deepEqual(read.findings, []);
  assert.equal(read.environments[0]?.version, '3.0');
  assert.equal(read.environments[0]?.text[0], '<');
});

test('targets are found however they are written: relative, upwards, percent-encoded, in other case', async () => {
  for (const target of [
    '/aasx/files/manual.pdf',
    'files/manual.pdf',
    './files/../files/manual.pdf',
    '../aasx/files/manual.pdf',
    'files/m%61nual.pdf',
    '/AASX/Files/Manual.PDF',
    'files/manual.pdf#page=2',
  ]) {
    const read = await readPackage(
      'p',
      packageWith({ 'aasx/_rels/data.xml.rels': relationships([['aas-suppl', target]]) }),
    );
    assert.deepEqual(read.findings, [], target);
    assert.equal(read.files.find(({ path }) => path.endsWith('.pdf'))?.role, 'supplement', target);
  }
});

test('a part named with blanks and umlauts is the same as its percent-encoded target', async () => {
  const read = await readPackage(
    'p',
    packageWith({
      'aasx/_rels/data.xml.rels': relationships([['aas-suppl', 'files/Pr%C3%BCf%20bericht.pdf']]),
      'aasx/files/manual.pdf': null,
      'aasx/files/Prüf bericht.pdf': 'report',
    }),
  );
  assert.deepEqual(codes(read.findings), ['hub:packageNameUnencoded']);
  const file = read.find('/aasx/files/Pr%C3%BCf%20bericht.pdf', '/aasx/data.xml');
  assert.equal(file?.path, '/aasx/files/Prüf bericht.pdf');
  assert.equal(file?.role, 'supplement');
  assert.equal(read.find('files/Prüf bericht.pdf', '/aasx/data.xml'), file);
});

test('the value of a File element finds its part, and nothing outside the package', async () => {
  const read = await readPackage('p', packageWith());
  const found = (value: string) => read.find(value, '/aasx/data.xml')?.path ?? null;
  for (const value of [
    '/aasx/files/manual.pdf',
    'files/manual.pdf',
    'aasx/files/manual.pdf',
    'file:///aasx/files/manual.pdf',
  ]) {
    assert.equal(found(value), '/aasx/files/manual.pdf', value);
    assert.ok(filePresence(read)(value, '/aasx/data.xml'), value);
  }
  for (const value of [
    'https://example.com/manual.pdf',
    '../../../etc/passwd',
    '//host/x',
    'no.pdf',
    '',
    '\0',
  ])
    assert.deepEqual([found(value), filePresence(read)(value, '/aasx/data.xml')], [null, false], value);
});

test('a relative reference starts at the environment, also when its folder is percent-encoded', async () => {
  const environment = 'my%20plant/data.xml';
  const read = await readPackage(
    'p',
    packageWith({
      'aasx/_rels/aasx-origin.rels': relationships([['aas-spec', `/${environment}`]]),
      [environment]: environmentXml,
      'my%20plant/_rels/data.xml.rels': relationships([['aas-suppl', 'doc/100%25.pdf']]),
      'my%20plant/doc/100%25.pdf': 'x',
    }),
  );
  assert.deepEqual(read.findings, []);
  const file = read.find('doc/100%25.pdf', `/${environment}`);
  assert.deepEqual([file?.path, file?.role], ['/my%20plant/doc/100%25.pdf', 'supplement']);
});

test('a name like __proto__ is a name like any other', async () => {
  const read = await readPackage(
    'p',
    packageWith({
      'aasx/_rels/data.xml.rels': relationships([['aas-suppl', '/__proto__/constructor']]),
      '__proto__/constructor': 'x',
      'toString.__proto__': 'y',
    }),
  );
  assert.equal(read.find('/__proto__/constructor', '/aasx/data.xml')?.role, 'supplement');
  assert.equal(await text(read.find('/toString.__proto__', '/aasx/data.xml')), 'y');
  assert.deepEqual(codes(read.findings), ['hub:packageContentType', 'hub:packageContentType']);
  assert.equal(({} as Record<string, unknown>)['constructor'], Object);
});

test('names of parts marked external, as Apache POI writes them, are taken as internal', async () => {
  const external = 'TargetMode="External"';
  const read = await readPackage(
    'p',
    packageWith({
      '_rels/.rels': relationships([
        ['aasx-origin', '/aasx/aasx-origin', external],
        [thumbnailType, '/thumbnail.png', external],
      ]),
      'aasx/_rels/aasx-origin.rels': relationships([['aas-spec', '/aasx/data.xml', external]]),
    }),
  );
  assert.equal(read.thumbnail?.path, '/thumbnail.png');
  assert.equal(read.environments.length, 1);
  assert.deepEqual(new Set(codes(read.findings)), new Set(['hub:packageInternalAsExternal']));
});

test('external targets are kept and told about, with their line', async () => {
  const targets: [string, string?][] = [
    ['https://example.com/manual.pdf', 'TargetMode="External"'],
    ['file:///etc/passwd', 'TargetMode="External"'],
    ['//example.com/share/manual.pdf'],
    ['http://169.254.169.254/latest/meta-data'],
  ];
  const read = await readPackage(
    'p',
    packageWith({
      'aasx/_rels/data.xml.rels': relationships(
        targets.map(([target, more]) => ['aas-suppl', target, more ?? ''] as const),
      ).replaceAll('<Relationship ', '\n<Relationship '),
    }),
  );
  assert.deepEqual(
    read.findings.map(({ code, line, document }) => [code, line, document]),
    targets.map((_, i) => ['hub:packageExternal', i + 2, 'p!/aasx/_rels/data.xml.rels']),
  );
  assert.deepEqual(
    read.relationships
      .filter(({ source }) => source === '/aasx/data.xml')
      .map(({ target, key }) => [target, key]),
    targets.map(([target]) => [target, null]),
  );
  assert.equal(
    read.files.find(({ path }) => path.endsWith('.pdf'))?.role,
    'other',
    'a part nobody refers to is kept',
  );
});

test('what breaks a rule but is understood is read with a warning', async () => {
  const cases: [string, Record<string, string | null>, string][] = [
    ['packageTargetMissing', { 'thumbnail.png': null }, 'a thumbnail that is not there'],
    ['packageContentType', { 'vendor/readme': 'x' }, 'a part without content type'],
    [
      'packageContentTypeRule',
      { '[Content_Types].xml': contentTypes('<Override PartName="/x" ContentType="evil\u0020type"/>') },
      'a content type that is none',
    ],
    [
      'packageContentTypeRule',
      { '[Content_Types].xml': contentTypes('<Override PartName="../../x" ContentType="a/b"/>') },
      'a name that is none',
    ],
    [
      'packageRelationship',
      {
        'aasx/_rels/data.xml.rels': relationships([
          ['aas-suppl', 'files/manual.pdf', 'TargetMode="Sideways"'],
        ]),
      },
      'an unknown mode',
    ],
    [
      'packageRelationshipId',
      {
        'aasx/_rels/data.xml.rels': relationships([
          ['aas-suppl', 'files/manual.pdf'],
          ['https://vendor.example/x', 'files/manual.pdf'],
        ]).replaceAll(/Id="r\d"/g, 'Id="same"'),
      },
      'an id that stands twice',
    ],
    ['packageRelationshipSource', { 'gone/_rels/a.xml.rels': relationships([]) }, 'relationships of no part'],
    [
      'packageSeveralThumbnails',
      {
        '_rels/.rels': relationships([
          ['aasx-origin', '/aasx/aasx-origin'],
          [thumbnailType, '/thumbnail.png'],
          [thumbnailType, '/aasx/files/manual.pdf'],
        ]),
      },
      'two thumbnails',
    ],
    [
      'packageSigned',
      {
        '_rels/.rels': relationships([
          ['aasx-origin', '/aasx/aasx-origin'],
          [
            'http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin',
            '/thumbnail.png',
          ],
        ]),
      },
      'a signature',
    ],
  ];
  for (const [code, changes, what] of cases) {
    const read = await readPackage('p', packageWith(changes));
    assert.deepEqual(codes(read.findings), [`hub:${code}`], what);
    assert.equal(read.findings[0]?.severity, 'WARNING', what);
    assert.equal(read.environments.length, 1, what);
  }
});

test('bytes between entries are told about and not kept', async () => {
  const [first, ...rest] = entriesOf(soundParts());
  assert.ok(first);
  const bytes = rawZip({
    entries: [first, { ...(rest[0] ?? first), before: Buffer.from('hidden') }, ...rest.slice(1)],
  });
  const read = await readPackage('p', bytes);
  assert.deepEqual(codes(read.findings), ['hub:packageGap']);
});

test('folders, stored entries, data descriptors of all widths and ZIP64 are read', async () => {
  const entries = entriesOf(soundParts());
  const variants = {
    folders: [{ name: 'aasx/' }, { name: 'aasx/files/', attributes: 0o40755 << 16 }, ...entries],
    stored: entries.map((entry) => ({ ...entry, method: 0 })),
    descriptors: entries.map((entry) => ({ ...entry, descriptor: 4 as const })),
    'wide descriptors': entries.map((entry) => ({ ...entry, descriptor: 8 as const })),
    'ZIP64 entries': entries.map((entry) => ({ ...entry, zip64: true })),
    'regular files of Unix': entries.map((entry) => ({ ...entry, attributes: 0o100644 * 65536 })),
  };
  for (const [what, changed] of Object.entries(variants)) {
    const read = await readPackage('p', rawZip({ entries: changed }));
    assert.deepEqual(read.findings, [], what);
    assert.equal(await text(read.find('files/manual.pdf', '/aasx/data.xml')), 'manual of the pump', what);
  }
  const wide = await readPackage('p', rawZip({ entries, zip64: true, comment: 'made by a test' }));
  assert.deepEqual(wide.findings, []);
  assert.equal(wide.files.length, 2);
});

test('core properties are read', async () => {
  const type = 'http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties';
  const read = await readPackage(
    'p',
    packageWith({
      '_rels/.rels': relationships([
        ['aasx-origin', '/aasx/aasx-origin'],
        [type, 'docProps/core.xml'],
      ]),
      'docProps/core.xml':
        '<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Pump &amp; motor</dc:title><c:revision> 7 </c:revision></c:coreProperties>',
    }),
  );
  assert.deepEqual(
    [...read.coreProperties],
    [
      ['title', 'Pump & motor'],
      ['revision', '7'],
    ],
  );
  assert.equal(read.files.find(({ path }) => path === '/docProps/core.xml')?.role, 'coreProperties');
});

test('a part added by a vendor is kept with its relationship', async () => {
  const bytes = packageAnd({ name: 'vendor/data.xml', bytes: '<v/>' });
  const read = await readPackage('p', bytes);
  assert.deepEqual(read.findings, []);
  assert.equal(await text(read.files.find(({ path }) => path === '/vendor/data.xml')), '<v/>');
  assert.equal(read.relationships.filter(({ type }) => type.startsWith(present)).length, 3);
});
