import type { ManifestEntry } from '#gateway/guards/index.ts';

/** Every GraphQL document that the commands send to a hub. A hub trusts them where it runs only trusted documents. */
export const documents = {
  signals: `query Signals($after: String) {
  twins(first: 200, after: $after) { nodes { twinId signals { name valueType unit } } pageInfo { hasNextPage endCursor } }
}`,
  importModels: `mutation ImportModels($input: ImportModelsInput!) {
  importModels(input: $input) {
    created changed equal
    errors { code message advice }
    findings { document pointer code message severity }
  }
}`,
  startImport: `mutation Start($input: StartImportInput!) {
  startImport(input: $input) { job { id } errors { code message advice } }
}`,
  importJob: `query Job($id: ID!) {
  importJob(id: $id) {
    state counts { created changed equal } progress { itemsDone itemsTotal } failure { code message advice }
  }
}`,
  importFindings: `query Findings($id: ID!, $after: String) {
  importJob(id: $id) {
    findings(first: 200, after: $after) {
      nodes { document pointer line column code message severity }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
  exportedDocument: `query Export($standard: ExportStandard!, $format: ExportFormat!, $ids: [String!]) {
  exportedDocument(standard: $standard, format: $format, ids: $ids) { content }
}`,
  twinsWithFiles: `query TwinsWithFiles($after: String) {
  twins(first: 100, after: $after) {
    nodes { twinId files(first: 500) { nodes { element path contentType sha256 url } } }
    pageInfo { hasNextPage endCursor }
  }
}`,
} as const;

/** A document that commands may send; others a hub might not trust. */
export type CommandDocument = (typeof documents)[keyof typeof documents];

/** For the hub's trusted documents. */
export function commandDocuments(): readonly ManifestEntry[] {
  return Object.entries(documents).map(([name, text]) => ({ id: `command/${name}`, text }));
}
