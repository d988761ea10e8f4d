import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unzipSync } from 'fflate';
import fc from 'fast-check';
import { isHubError } from '#kernel/errors.ts';
import { contentOf, readPackage, writePackage, type AasPackage } from '#ontology/aas/package/index.ts';
import { environmentXml, packageWith, relationships, thumbnailType } from './package-data.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const part = (path: string, contentType: string, text: string) => ({
  path,
  contentType,
  bytes: encode(text),
});
const environment = part('/aasx/data.xml', 'text/xml', environmentXml);
const manual = part('/aasx/suppl/manual.pdf', 'application/pdf', 'manual '.repeat(1000));
const picture = part('/aasx/suppl/Bild <1>&"2".png', 'image/png', 'picture');

/** What has to survive writing and reading: parts with type and content, relationships with everything. */
function essence(read: AasPackage) {
  const parts = [...read.environments, ...read.files, ...(read.origin ? [read.origin] : [])];
  const order = (a: readonly unknown[], b: readonly unknown[]) =>
    JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
  return {
    parts: parts.map(({ path, contentType, size, sha256 }) => [path, contentType, size, sha256]).sort(order),
    roles: read.files.map(({ path, role }) => [path, role]).sort(order),
    relationships: read.relationships
      .map(({ source, id, type, target, key }) => [source, id, type, target, key])
      .sort(order),
    thumbnail: read.thumbnail?.path,
    core: [...read.coreProperties],
  };
}

test('what is written is read again without a finding', async () => {
  const bytes = writePackage({ environments: [environment], supplements: [manual], thumbnail: picture });
  const read = await readPackage('p', bytes);
  assert.deepEqual(
    read.findings.map(({ code }) => code),
    ['hub:packageNameUnencoded'],
  );
  assert.equal(read.environments[0]?.text, environmentXml);
  assert.deepEqual(
    read.files.map(({ path, contentType, size, role }) => [path, contentType, size, role]).sort(),
    [
      [picture.path, 'image/png', 7, 'thumbnail'],
      [manual.path, 'application/pdf', 7000, 'supplement'],
    ].sort(),
  );
  assert.ok(bytes.length < 4000, 'parts are packed');
});

test('a picture may be supplement and thumbnail at once', async () => {
  const bytes = writePackage({ environments: [environment], supplements: [picture], thumbnail: picture });
  const read = await readPackage('p', bytes);
  assert.equal(read.files.length, 1);
  assert.equal(read.thumbnail?.path, picture.path);
});

test('another reader of ZIP files agrees on what is inside', () => {
  const bytes = writePackage({ environments: [environment], supplements: [manual] });
  const inside = unzipSync(bytes);
  assert.deepEqual(Object.keys(inside), [
    '[Content_Types].xml',
    '_rels/.rels',
    'aasx/_rels/aasx-origin.rels',
    'aasx/_rels/data.xml.rels',
    'aasx/aasx-origin',
    'aasx/data.xml',
    'aasx/suppl/manual.pdf',
  ]);
  assert.deepEqual(inside['aasx/suppl/manual.pdf'], manual.bytes);
});

test('equal content gives equal bytes, whatever the order of its parts, the hour and the time zone', (t) => {
  const vendor = part('/vendor/x.bin', 'application/x-vendor', 'x');
  const write = (others: readonly (typeof vendor)[]) => writePackage({ environments: [environment], others });
  const first = write([vendor, manual]);
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2040, 6, 1) });
  assert.deepEqual(write([manual, vendor]), first);
});

test('a package read and written keeps every part, those of vendors included', async () => {
  const first = await readPackage(
    'p',
    packageWith({
      '_rels/.rels': relationships([
        ['aasx-origin', '/aasx/aasx-origin'],
        [thumbnailType, 'thumbnail.png'],
        ['https://vendor.example/licence', '/vendor/licence.bin'],
        ['https://vendor.example/site', 'https://vendor.example/?a=1&amp;b=%22', 'TargetMode="External"'],
      ]),
      'vendor/licence.bin': Buffer.from([0, 1, 2, 255]),
      'vendor/_rels/licence.bin.rels': relationships([['https://vendor.example/x', '../thumbnail.png']]),
      'vendor/nobody refers to this.txt': 'kept',
      'aasx/data.xml': `\ufeff${environmentXml}\n<!-- kept -->`,
    }),
  );
  assert.equal(first.environments.length, 1);
  const second = await readPackage('p', writePackage(await contentOf(first)));
  assert.deepEqual(essence(second), essence(first));
  assert.equal(second.relationships.filter(({ type }) => type.startsWith('https://vendor')).length, 3);
  const third = writePackage(await contentOf(second));
  assert.deepEqual(third, writePackage(await contentOf(first)), 'writing again gives the same bytes');
});

test('any names and bytes survive', async () => {
  const segment = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .map((text) => encodeURIComponent(text.toWellFormed().replaceAll(/[./\\\p{Cc}]/gu, '_')));
  const file = fc.record({
    path: fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/f/${segments.join('/')}`),
    bytes: fc.uint8Array({ maxLength: 300 }),
  });
  const keyOf = ({ path }: { path: string }) => decodeURIComponent(path).normalize('NFC').toLowerCase();
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(file, { selector: keyOf, maxLength: 8 }), async (files) => {
      const supplements = files
        .filter((one) => !files.some((other) => keyOf(one).startsWith(`${keyOf(other)}/`)))
        .map((one) => ({ ...one, contentType: 'application/x-test; q="a b"' }));
      const read = await readPackage('p', writePackage({ environments: [environment], supplements }));
      const found = await Promise.all(
        read.files.map(async ({ path, contentType, role, bytes }) => [
          path,
          contentType,
          role,
          [...(await bytes())],
        ]),
      );
      assert.deepEqual(
        found.sort(),
        supplements
          .map(({ path, contentType, bytes }) => [path, contentType, 'supplement', [...bytes]])
          .sort(),
      );
    }),
    { numRuns: 200, seed: 4 },
  );
});

test('what is no package is not written', () => {
  const attempts = {
    'no environment': { environments: [] },
    'a name upwards': { environments: [environment], supplements: [{ ...manual, path: '/../x' }] },
    'a reserved name': {
      environments: [environment],
      supplements: [{ ...manual, path: '/[content_types].xml' }],
    },
    'relationships by hand': {
      environments: [environment],
      others: [{ ...manual, path: '/a/_rels/b.rels' }],
    },
    'a name twice': { environments: [environment], supplements: [{ ...manual, path: '/AASX/data.xml' }] },
    'a header in a content type': {
      environments: [environment],
      supplements: [{ ...manual, contentType: 'a/b\r\nx: y' }],
    },
  };
  for (const [what, content] of Object.entries(attempts))
    assert.throws(
      () => writePackage(content),
      (error) => isHubError(error, 'INVALID_INPUT'),
      what,
    );
});
