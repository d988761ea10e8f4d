import { Kind, visit, type DocumentNode } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import { readLinks } from './links.ts';

/** Features of specs.apollo.dev that the engine answers for; `connect` and `context` are not among them. */
const known = new Set([
  'link',
  'core',
  'join',
  'inaccessible',
  'tag',
  'cost',
  'listSize',
  'authenticated',
  'requiresScopes',
  'policy',
]);

/**
 * Refuses a supergraph that cannot be served as it means to be: with a feature it needs to be executed or to be safe
 * and the engine does not know, or with the join specification of Federation 1.
 *
 * @throws {HubError} CONFIG_INVALID - it names what is not supported.
 * @see https://specs.apollo.dev/link/v1.0/#Purpose
 */
export function assertSupported(supergraph: DocumentNode): void {
  const reasons = new Set<string>();
  for (const { url, feature, purpose } of readLinks(supergraph))
    if (isNeeded(purpose) && !known.has(feature)) reasons.add(url);
  visit(supergraph, {
    Directive(directive) {
      const named = (name: string) => directive.arguments?.find((one) => one.name.value === name)?.value;
      if (directive.name.value === 'core') reasons.add('the join specification of Federation 1 (@core)');
      if (directive.name.value === 'join__field' && named('contextArguments'))
        reasons.add('@fromContext (contextArguments)');
      const carried = directive.name.value === 'join__directive' ? named('name') : undefined;
      if (carried?.kind === Kind.STRING && /^(connect|source)(__|$)/.test(carried.value))
        reasons.add(`@${carried.value} (connectors to REST services)`);
    },
  });
  if (reasons.size)
    throw new HubError(
      'CONFIG_INVALID',
      `The supergraph needs what this gateway does not support: ${[...reasons].join(', ')}.`,
      { details: { unsupported: [...reasons] } },
    );
}

/** Without a purpose a feature may be passed over. */
function isNeeded(purpose: string | undefined): boolean {
  return purpose === 'EXECUTION' || purpose === 'SECURITY';
}
