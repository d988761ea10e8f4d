/** The file that lists subgraphs of others. */
export interface SubgraphFile {
  readonly subgraphs: readonly SubgraphEntry[];
}

/** One of them, as it stands in the file. */
export interface SubgraphEntry {
  readonly name: string;
  readonly url: string;
  readonly subscriptionsUrl?: string;
  readonly sdl: string;
  readonly headers?: Readonly<Record<string, string | { readonly env: string }>>;
  readonly identity?: boolean;
  readonly tenants?: readonly string[];
  readonly passErrors?: boolean;
  readonly timeoutMs?: number;
}

/** Its form. @see https://json-schema.org/draft-07/schema */
export const subgraphFileSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['subgraphs'],
  properties: {
    $schema: { type: 'string' },
    subgraphs: {
      type: 'array',
      maxItems: 200,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'url', 'sdl'],
        properties: {
          name: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_-]{0,62}$' },
          url: { type: 'string', minLength: 1 },
          subscriptionsUrl: { type: 'string', minLength: 1 },
          sdl: { type: 'string', minLength: 1 },
          headers: {
            type: 'object',
            propertyNames: { pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" },
            additionalProperties: {
              anyOf: [
                { type: 'string' },
                {
                  type: 'object',
                  additionalProperties: false,
                  required: ['env'],
                  properties: { env: { type: 'string', minLength: 1 } },
                },
              ],
            },
          },
          identity: { type: 'boolean' },
          tenants: {
            type: 'array',
            minItems: 1,
            items: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,62}$' },
          },
          passErrors: { type: 'boolean' },
          timeoutMs: { type: 'integer', minimum: 1, maximum: 600000 },
        },
      },
    },
  },
} as const;
