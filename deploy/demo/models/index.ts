import { readdirSync, readFileSync } from 'node:fs';
import {
  noLookups,
  planImport,
  type ImportDocument,
  type ImportLookups,
  type ImportStandard,
} from '#ontology/import.ts';
import { ModelGraph } from '#ontology/model-graph/graph.ts';

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
  const content = readFileSync(new URL(baseFile, import.meta.url), 'utf8');
  return [{ name: baseFile, standard: 'DTDL', content }];
}

/** A hub that has the ISA-95 concepts and nothing else: for checking documents without a hub. */
export async function baseLookups(): Promise<ImportLookups> {
  const { changes } = await planImport(baseDocuments(), noLookups);
  const graph = new ModelGraph(changes.models);
  return {
    ...noLookups,
    models: async (ids) => ids.map((id) => graph.model(id)),
    lineageOf: async (ids) => ids.map((id) => (graph.model(id) ? graph.lineage(id) : null)),
  };
}
