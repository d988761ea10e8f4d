import { parseModelId } from '#ontology/ids.ts';
import type { Model } from '#ontology/model.ts';

/** The id of a model of the tests. */
export const idOf = (name: string, version = '1') => parseModelId(`dtmi:test:${name};${version}`);

/** What a model is made from. */
export interface Sketch {
  readonly extends?: readonly string[];
  readonly contents?: readonly object[];
  readonly version?: string;
  readonly schemas?: readonly object[];
}

/** A model as the reader would give it, of as much as the graph and the diff look at. */
export function model(
  name: string,
  { extends: bases = [], contents = [], version = '1', schemas = [] }: Sketch = {},
): Model {
  const id = idOf(name, version);
  return {
    id,
    standard: 'DTDL',
    standardVersion: '3',
    displayName: {},
    description: {},
    extends: bases.map((base) => (base.startsWith('dtmi:') ? parseModelId(base) : idOf(base))),
    contents: contents.map((content) => ({
      kind: 'property' as const,
      name: (content as { name: string }).name,
      displayName: {},
      description: {},
      declaredBy: id,
      valueType: 'number' as const,
      enumValues: null,
      unit: null,
      quantity: null,
      writable: false,
    })),
    source: { '@context': 'dtmi:dtdl:context;3', '@id': id, '@type': 'Interface', contents, schemas },
  };
}

/** A property as DTDL writes it. */
export const property = (name: string, schema: unknown = 'double', more: object = {}) => ({
  '@type': 'Property',
  name,
  schema,
  ...more,
});
