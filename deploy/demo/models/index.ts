import { readdirSync, readFileSync } from 'node:fs';
import {
  noLookups,
  planImport,
  type ImportDocument,
  type ImportLookups,
  type ImportStandard,
} from '#ontology/import.ts';
import type { Model } from '#ontology/model.ts';

/** Where the demo's documents are, by standard. */
const places: readonly { readonly folder: string; readonly standard: ImportStandard }[] = [
  { folder: 'dtdl/', standard: 'DTDL' },
  { folder: '', standard: 'TWIN_GRAPH' },
  { folder: 'aas/', standard: 'AAS' },
];

/** The demo plant's models, twins and asset administration shells, to be imported as a partner's would be. */
export function demoDocuments(): ImportDocument[] {
  return places.flatMap(({ folder, standard }) => {
    const directory = new URL(`./${folder}`, import.meta.url);
    const files = readdirSync(directory)
      .filter((file) => file.endsWith('.json'))
      .sort();
    return files.map((file) => ({
      name: `${folder}${file}`,
      standard,
      content: readFileSync(new URL(file, directory), 'utf8'),
    }));
  });
}

const baseFile = 'dtdl/isa95.json';

/** The ISA-95 concepts that partners' models extend; every hub has them, with or without the demo plant. */
export function baseDocuments(): ImportDocument[] {
  return demoDocuments().filter(({ name }) => name === baseFile);
}

/** A hub that has the ISA-95 concepts and nothing else: for checking documents without a hub. */
export async function baseLookups(): Promise<ImportLookups> {
  const { changes } = await planImport(baseDocuments(), noLookups);
  const models = new Map<string, Model>(changes.models.map((model) => [model.id, model]));
  const lineageOf = (id: string): readonly Model[] => {
    const model = models.get(id);
    return model ? [model, ...model.extends.flatMap(lineageOf)] : [];
  };
  return {
    ...noLookups,
    models: async (ids) => ids.map((id) => models.get(id) ?? null),
    lineageOf: async (ids) => ids.map((id) => (models.has(id) ? lineageOf(id) : null)),
  };
}
