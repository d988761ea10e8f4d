/** Packages for tests: a small sound one, and the means to change any part of it. */
import { rawZip, type RawEntry, type RawZip } from './package-zip.ts';

export const present = 'http://admin-shell.io/aasx/relationships/';
export const deprecated = 'http://www.admin-shell.io/aasx/relationships/';
const opc = 'http://schemas.openxmlformats.org/package/2006/';
export const thumbnailType = `${opc}relationships/metadata/thumbnail`;

/** `[type, target, attributes]`; a type without a colon is an AASX one. */
export type RelationshipRow = readonly [type: string, target: string, attributes?: string];

export function relationships(rows: readonly RelationshipRow[], base = present): string {
  const lines = rows.map(([type, target, more = ''], i) => {
    const full = type.includes(':') ? type : base + type;
    return `<Relationship Id="r${i}" Type="${full}" Target="${target}" ${more}/>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?><Relationships xmlns="${opc}relationships">${lines.join('')}</Relationships>`;
}

export function contentTypes(more = ''): string {
  const defaults = [
    ['rels', 'application/vnd.openxmlformats-package.relationships+xml'],
    ['xml', 'text/xml'],
    ['json', 'application/json'],
    ['pdf', 'application/pdf'],
    ['png', 'image/png'],
  ].map(([extension, type]) => `<Default Extension="${extension}" ContentType="${type}"/>`);
  return `<?xml version="1.0"?><Types xmlns="${opc}content-types">${defaults.join('')}<Override PartName="/aasx/aasx-origin" ContentType="text/plain"/>${more}</Types>`;
}

export const environmentXml =
  '<?xml version="1.0" encoding="utf-8"?><environment xmlns="https://admin-shell.io/aas/3/0"/>';

export type Parts = Readonly<Record<string, string | Uint8Array | null>>;

/** The parts of a sound package; `null` in `changes` takes one away. */
export function soundParts(changes: Parts = {}): Map<string, string | Uint8Array> {
  const parts: Parts = {
    '[Content_Types].xml': contentTypes(),
    '_rels/.rels': relationships([
      ['aasx-origin', '/aasx/aasx-origin'],
      [thumbnailType, '/thumbnail.png'],
    ]),
    'aasx/aasx-origin': 'Intentionally empty',
    'aasx/_rels/aasx-origin.rels': relationships([['aas-spec', '/aasx/data.xml']]),
    'aasx/data.xml': environmentXml,
    'aasx/_rels/data.xml.rels': relationships([['aas-suppl', 'files/manual.pdf']]),
    'aasx/files/manual.pdf': 'manual of the pump',
    'thumbnail.png': 'picture of the pump',
    ...changes,
  };
  return new Map(
    Object.entries(parts).filter((pair): pair is [string, string | Uint8Array] => pair[1] !== null),
  );
}

export function entriesOf(parts: ReadonlyMap<string, string | Uint8Array>): RawEntry[] {
  return [...parts].map(([name, bytes]) => ({ name, bytes }));
}

/** The sound package with parts changed. */
export function packageWith(changes: Parts = {}, zip: Omit<RawZip, 'entries'> = {}): Buffer {
  return rawZip({ entries: entriesOf(soundParts(changes)), ...zip });
}

/** The sound package with entries added. */
export function packageAnd(...more: RawEntry[]): Buffer {
  return rawZip({ entries: [...entriesOf(soundParts()), ...more] });
}

/** The sound package in which the entry `name` makes other statements. */
export function packageWhere(name: string, changes: Partial<RawEntry>): Buffer {
  const entries = entriesOf(soundParts()).map((entry) =>
    entry.name === name ? { ...entry, ...changes } : entry,
  );
  return rawZip({ entries });
}
