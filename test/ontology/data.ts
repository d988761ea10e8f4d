import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ImportDocument, ImportStandard } from '#ontology/import.ts';

/** One document of `test/data`: the folder above it names the reason it is wrong for. */
export interface Case {
  readonly name: string;
  /** The code expected, e.g. `hub:notJson`. */
  readonly reason: string;
  readonly document: ImportDocument;
}

/** The documents of a folder below `test/data`, at any depth. */
export function casesIn(folder: string, standard: ImportStandard): Case[] {
  const root = new URL(`../data/${folder}/`, import.meta.url);
  return readdirSync(fileURLToPath(root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file,
      reason: (file.split(/[/\\]/).at(-2) ?? '').replace(/^(hub|aas)-/, '$1:'),
      document: { name: file, standard, content: readFileSync(new URL(file, root), 'utf8') },
    }));
}
