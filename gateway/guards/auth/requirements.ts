import { HubError } from '#kernel/errors.ts';

/** Alternatives of which one has to hold in full: `[['a', 'b'], ['c']]` is (a and b) or c. */
export type Alternatives = readonly (readonly string[])[];

/** What a protected type or field asks of whoever reads it. */
export interface Requirement {
  /** The type, or `Type.field`. */
  readonly coordinate: string;
  readonly rule:
    | { readonly kind: 'authenticated' }
    | { readonly kind: 'scopes'; readonly anyOf: Alternatives }
    | { readonly kind: 'policies'; readonly anyOf: Alternatives };
}

/** What one caller brings along. */
export interface Credentials {
  readonly authenticated: boolean;
  readonly scopes: ReadonlySet<string>;
  /** Those of the asked policies that hold. */
  readonly policies: ReadonlySet<string>;
}

/** Whether one of the alternatives is held in full. @see https://specs.apollo.dev/requiresScopes/v0.1 */
export function holdsOne(anyOf: Alternatives, held: ReadonlySet<string>): boolean {
  return anyOf.some((allOf) => allOf.every((name) => held.has(name)));
}

export function isMet({ rule }: Requirement, { authenticated, scopes, policies }: Credentials): boolean {
  switch (rule.kind) {
    case 'authenticated':
      return authenticated;
    case 'scopes':
      return authenticated && holdsOne(rule.anyOf, scopes);
    case 'policies':
      return holdsOne(rule.anyOf, policies);
  }
}

/** Why a caller does not see it. */
export function denialOf({ coordinate, rule }: Requirement, authenticated: boolean): HubError {
  if (rule.kind === 'authenticated' || !authenticated) {
    return new HubError('UNAUTHENTICATED', `${coordinate} is for those who have signed in.`, {
      details: { coordinate },
    });
  }
  const what = rule.kind === 'scopes' ? 'scopes' : 'policies';
  return new HubError('FORBIDDEN', `${coordinate} needs the ${what} ${inWords(rule.anyOf)}.`, {
    details: { coordinate, [what]: rule.anyOf },
  });
}

function inWords(anyOf: Alternatives): string {
  return anyOf
    .map((allOf) => (anyOf.length > 1 && allOf.length > 1 ? `(${allOf.join(' and ')})` : allOf.join(' and ')))
    .join(' or ');
}
