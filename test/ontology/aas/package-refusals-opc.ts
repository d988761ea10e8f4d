/** Packages whose container is sound and whose parts, markup or relationships are not. */
import { contentTypes, environmentXml, packageAnd, packageWith, relationships } from './package-data.ts';
import type { Refusal } from './package-refusals.ts';

const data = 'aasx/data.xml';
const origin = 'aasx/_rels/aasx-origin.rels';
const rels = '_rels/.rels';
const doctype =
  '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>';
const suppl = (target: string) =>
  packageWith({ 'aasx/_rels/data.xml.rels': relationships([['aas-suppl', target]]) });
const deep = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${'<a>'.repeat(100_000)}`;

const parts: Refusal[] = [
  { what: 'a name twice', bytes: packageAnd({ name: data, bytes: 'other' }), code: 'packageDuplicate' },
  {
    what: 'a name twice in other case',
    bytes: packageAnd({ name: 'AASX/Data.XML' }),
    code: 'packageDuplicate',
  },
  {
    what: 'a name twice, once encoded',
    bytes: packageAnd({ name: 'aasx/d%61ta.xml' }),
    code: 'packageDuplicate',
  },
  {
    what: 'a name twice, composed and not',
    bytes: packageAnd({ name: 'caf\u00e9' }, { name: 'cafe\u0301' }),
    code: 'packageDuplicate',
  },
  { what: 'a part below a part', bytes: packageAnd({ name: 'aasx/data.xml/inner' }), code: 'packageNested' },
  { what: 'a part in pieces', bytes: packageAnd({ name: 'big.bin/[0].piece' }), code: 'packagePieces' },
  {
    what: 'no content types',
    bytes: packageWith({ '[Content_Types].xml': null }),
    code: 'packageNoContentTypes',
  },
];

const markup: Refusal[] = [
  {
    what: 'broken XML',
    bytes: packageWith({ [rels]: '<Relationships' }),
    code: 'packageXml',
    part: `/${rels}`,
  },
  { what: 'another root', bytes: packageWith({ [rels]: '<a/>' }), code: 'packageXml', part: `/${rels}` },
  { what: 'other content types', bytes: packageWith({ '[Content_Types].xml': '<a/>' }), code: 'packageXml' },
  {
    what: 'broken content types',
    bytes: packageWith({ '[Content_Types].xml': contentTypes('<x>') }),
    code: 'packageXml',
  },
  { what: 'an unknown entity', bytes: packageWith({ [rels]: '<a>&b;</a>' }), code: 'packageXml' },
  {
    what: 'a document type',
    bytes: packageWith({ [rels]: `${doctype}<x>&b;</x>` }),
    code: 'packageDoctype',
    part: `/${rels}`,
  },
  {
    what: 'a document type in content types',
    bytes: packageWith({ '[Content_Types].xml': doctype + contentTypes() }),
    code: 'packageDoctype',
  },
  {
    what: 'a document type in the environment',
    bytes: packageWith({
      [data]: `<?xml version="1.0"?>${doctype}<environment xmlns="https://admin-shell.io/aas/3/0"/>`,
    }),
    code: 'packageDoctype',
    part: `/${data}`,
  },
  { what: 'deep XML', bytes: packageWith({ [rels]: deep }), code: 'packageXmlTooDeep' },
  {
    what: 'no UTF-8',
    bytes: packageWith({ [rels]: Buffer.from([0x3c, 0xff, 0x3e]) }),
    code: 'packageEncoding',
  },
  {
    what: 'another encoding',
    bytes: packageWith({ [data]: environmentXml.replace('utf-8', 'iso-8859-1') }),
    code: 'packageEncoding',
  },
  {
    what: 'half a UTF-16',
    bytes: packageWith({ [data]: Buffer.from([0xff, 0xfe, 0x00, 0xd8]) }),
    code: 'packageEncoding',
  },
];

const structure: Refusal[] = [
  { what: 'no relationships', bytes: packageWith({ [rels]: null }), code: 'packageNoOrigin' },
  { what: 'no origin', bytes: packageWith({ [rels]: relationships([]) }), code: 'packageNoOrigin' },
  {
    what: 'an origin that is no part',
    bytes: packageWith({ 'aasx/aasx-origin': null }),
    code: 'packageNoOrigin',
  },
  {
    what: 'an origin outside',
    bytes: packageWith({
      [rels]: relationships([['aasx-origin', 'https://example.com/', 'TargetMode="External"']]),
    }),
    code: 'packageNoOrigin',
  },
  {
    what: 'two origins',
    bytes: packageWith({
      [rels]: relationships([
        ['aasx-origin', '/aasx/aasx-origin'],
        ['aasx-origin', '/thumbnail.png'],
      ]),
    }),
    code: 'packageSeveralOrigins',
  },
  { what: 'no environment', bytes: packageWith({ [origin]: null }), code: 'packageNoEnvironment' },
  {
    what: 'an environment that is no part',
    bytes: packageWith({ [data]: null }),
    code: 'packageEnvironmentMissing',
  },
  {
    what: 'an environment outside',
    bytes: packageWith({
      [origin]: relationships([['aas-spec', 'http://example.com/e.xml', 'TargetMode="External"']]),
    }),
    code: 'packageEnvironmentMissing',
  },
  {
    what: 'an environment that is its own origin',
    bytes: packageWith({ [origin]: relationships([['aas-spec', 'aasx-origin']]) }),
    code: 'packageCircular',
  },
  { what: 'a supplement that is its own environment', bytes: suppl('data.xml'), code: 'packageCircular' },
  { what: 'a supplement that is the origin', bytes: suppl('/aasx/aasx-origin'), code: 'packageCircular' },
  { what: 'a target upwards', bytes: suppl('../../../etc/passwd'), code: 'packageTarget' },
  { what: 'an encoded target upwards', bytes: suppl('%2e%2e/%2e%2e/etc/passwd'), code: 'packageTarget' },
  { what: 'a target with backslashes', bytes: suppl('..\\..\\evil'), code: 'packageTarget' },
  { what: 'a target with a query', bytes: suppl('files/manual.pdf?x=1'), code: 'packageTarget' },
  { what: 'an empty target', bytes: suppl(''), code: 'packageTarget' },
  { what: 'an endless target', bytes: suppl('a/'.repeat(50_000)), code: 'packageTarget' },
  { what: 'an environment that is text', bytes: packageWith({ [data]: 'hello' }), code: 'packageFormat' },
  { what: 'an empty environment', bytes: packageWith({ [data]: '' }), code: 'packageFormat' },
  {
    what: 'V1',
    bytes: packageWith({ [data]: '<aasenv xmlns="http://www.admin-shell.io/aas/1/0"/>' }),
    code: 'packageOldVersion',
    part: `/${data}`,
  },
  {
    what: 'V2',
    bytes: packageWith({ [data]: '<aas:aasenv xmlns:aas="http://www.admin-shell.io/aas/2/0"></aas:aasenv>' }),
    code: 'packageOldVersion',
  },
  {
    what: 'a candidate of V3',
    bytes: packageWith({ [data]: '<environment xmlns="http://www.admin-shell.io/aas/3/0"/>' }),
    code: 'packageOldVersion',
  },
  {
    what: 'V2 in JSON',
    bytes: packageWith({
      [data]:
        '{"assetAdministrationShells": [{"modelType": {"name": "AssetAdministrationShell"}}], "assets": []}',
    }),
    code: 'packageOldVersion',
  },
  {
    what: 'V1 in JSON',
    bytes: packageWith({ [data]: '{"assets": [{"identification": {"idType": "IRI", "id": "urn:x"}}]}' }),
    code: 'packageOldVersion',
  },
  {
    what: 'other XML',
    bytes: packageWith({ [data]: '<svg xmlns="http://www.w3.org/2000/svg"/>' }),
    code: 'packageUnknownVersion',
  },
  {
    what: 'a version to come',
    bytes: packageWith({ [data]: '<environment xmlns="https://admin-shell.io/aas/3/9"/>' }),
    code: 'packageUnknownVersion',
  },
];

export const contentRefusals: readonly Refusal[] = [...parts, ...markup, ...structure];
