import * as operations from '../../console/src/operations.ts';
import { isObject } from '../../engine/merge.ts';
import type { ManifestEntry } from './manifest.ts';

/** The documents that the hub's own console sends. */
export function consoleDocuments(): readonly ManifestEntry[] {
  return textsOf('console', operations);
}

function textsOf(id: string, value: unknown): readonly ManifestEntry[] {
  if (typeof value === 'string') return [{ id, text: value }];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsOf(`${id}/${name}`, inner));
}
