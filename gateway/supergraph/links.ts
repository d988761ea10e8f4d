import { Kind, valueFromASTUntyped, type DocumentNode } from 'graphql';

/** A feature that a supergraph says it uses. */
export interface Link {
  readonly url: string;
  /** Last part of the feature's address before its version: `authenticated`. */
  readonly feature: string;
  readonly as: string | undefined;
  readonly imports: readonly { readonly name: string; readonly as: string }[];
  /** What a gateway has to know it for; others may be passed over. */
  readonly purpose: string | undefined;
}

/**
 * The names that directives of core features have in a supergraph, with the specification's name of each. A feature
 * that is not linked keeps its own name, so that a hand-written supergraph without the link still protects.
 *
 * @see https://specs.apollo.dev/link/v1.0
 */
export function directiveNames(
  supergraph: DocumentNode,
  wanted: readonly string[],
): ReadonlyMap<string, string> {
  const links = readLinks(supergraph);
  const names = new Map<string, string>();
  for (const name of wanted) {
    const own = links.find(({ feature }) => feature === name);
    const imported = links.flatMap(({ imports }) => imports).find((one) => one.name === `@${name}`);
    names.set(imported?.as.slice(1) ?? own?.as ?? name, name);
    // A directive in a namespace: @cost__listSize.
    for (const { as, feature } of links) names.set(`${as ?? feature}__${name}`, name);
  }
  return names;
}

/** The features a supergraph links. */
export function readLinks(supergraph: DocumentNode): readonly Link[] {
  return supergraph.definitions
    .flatMap((node) =>
      node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION
        ? (node.directives ?? [])
        : [],
    )
    .filter(({ name }) => name.value === 'link')
    .map((directive) => {
      const args = Object.fromEntries(
        (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
      );
      const url = String(args['url'] ?? '');
      return {
        url,
        feature: featureOf(url),
        as: typeof args['as'] === 'string' ? args['as'] : undefined,
        imports: importsOf(args['import']),
        purpose: typeof args['for'] === 'string' ? args['for'] : undefined,
      };
    });
}

function featureOf(url: string): string {
  const parts = url.split('/').filter(Boolean);
  const last = parts.at(-1) ?? '';
  return (/^v\d/.test(last) ? parts.at(-2) : last) ?? '';
}

function importsOf(value: unknown): Link['imports'] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    if (typeof one === 'string') return [{ name: one, as: one }];
    if (one === null || typeof one !== 'object' || !('name' in one)) return [];
    const name = String(one.name);
    return [{ name, as: 'as' in one && typeof one.as === 'string' ? one.as : name }];
  });
}
