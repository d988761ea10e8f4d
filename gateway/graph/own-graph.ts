import { print } from 'graphql';
import { canonicalJson } from '#kernel/canonical.ts';
import { HubError } from '#kernel/errors.ts';
import { readProtectedParts } from '../guards/auth/read-rules.ts';
import { compareSupergraphs } from '../supergraph/schema-changes.ts';
import { coordinatesIn, readGraphParts, textArguments, type GraphParts, type Part } from './graph-parts.ts';

/** The hub's graph with and without subgraphs of others. */
export interface ExtendedGraph {
  /** Composed of the hub's own subgraphs alone. */
  readonly ownSupergraph: string;
  /** Composed of all. */
  readonly supergraph: string;
}

/**
 * Others may add to the hub's graph, never take away: what its clients can ask without them they can ask with them, is
 * answered by the hub, costs the same, and is open to the same callers. All is read from the composed graphs: what counts is
 * what would serve, whatever names an SDL gives its directives.
 *
 * @throws {HubError} COMPOSITION_FAILED - with every reason in `details.faults`.
 */
export function assertOwnGraphStands({ ownSupergraph, supergraph }: ExtendedGraph): void {
  const [before, after] = [ownSupergraph, supergraph].map(readGraphParts) as [GraphParts, GraphParts];
  const faults = [
    ...takenOver(before, after),
    ...broken(ownSupergraph, supergraph),
    ...closed(before, after),
    ...relabelled(before, after),
  ];
  if (!faults.length) return;
  throw new HubError(
    'COMPOSITION_FAILED',
    `Subgraphs of others would change the hub's own part of the graph:\n${faults.map((one) => `  ${one}`).join('\n')}`,
    { details: { faults } },
  );
}

/** What others would answer in the hub's place: by `@override`, or along the way to it by `@provides`. */
function takenOver(before: GraphParts, after: GraphParts): string[] {
  const own = new Set(before.subgraphs.values());
  const faults: string[] = [];
  for (const [coordinate, { directives, answers }] of after.parts) {
    for (const directive of directives) {
      if (directive.name.value !== 'join__field') continue;
      const { graph, override, provides } = textArguments(directive);
      const name = after.subgraphs.get(graph ?? '') ?? graph;
      if (own.has(name ?? '')) continue;
      if (override !== undefined && own.has(override))
        faults.push(`[${name}] takes the field ${coordinate} over from ${override}`);
      if (provides === undefined || answers === null) continue;
      for (const one of coordinatesIn(provides, answers, after))
        if (before.parts.has(one)) faults.push(`[${name}] provides ${one} itself along with ${coordinate}`);
    }
  }
  return faults;
}

/** What clients of the hub's own graph could not ask any more, for instance because it became `@inaccessible`. */
function broken(ownSupergraph: string, supergraph: string): string[] {
  return compareSupergraphs(ownSupergraph, supergraph)
    .filter(({ severity, type }) => severity === 'breaking' || removals.has(type))
    .map(({ message }) => message);
}

/** Of what the hub has announced to remove: that is for the hub to do. */
const removals: ReadonlySet<string> = new Set(['FIELD_REMOVED', 'VALUE_REMOVED_FROM_ENUM']);

/** What asks more of callers than it does without the others. */
function closed(before: GraphParts, after: GraphParts): string[] {
  const [rules, later] = [before, after].map(rulesOf);
  return [...(later ?? [])]
    .filter(([coordinate, rule]) => before.parts.has(coordinate) && rules?.get(coordinate) !== rule)
    .map(([coordinate]) => `${coordinate} would ask for other permissions than it does without them`);
}

function rulesOf({ document }: GraphParts): ReadonlyMap<string, string> {
  const { types, fields } = readProtectedParts(document);
  return new Map([...types, ...fields].map(([coordinate, rules]) => [coordinate, canonicalJson(rules)]));
}

/** What would be said of the hub's own in another way: what it costs, how long lists get, that it is deprecated. */
function relabelled(before: GraphParts, after: GraphParts): string[] {
  return [...before.parts].flatMap(([coordinate, part]) => {
    const later = after.parts.get(coordinate);
    // What is gone is broken.
    if (!later) return [];
    const [said, would] = [part, later].map(labelsOf) as [string[], string[]];
    const changed = [
      ...would.filter((one) => !said.includes(one)),
      ...said.filter((one) => !would.includes(one)),
    ];
    return changed.map((one) => `${coordinate} would not have the same ${one}`);
  });
}

/** How the composer joins, and names that only other tools read. */
const unread = /^(join__.*|tag|.*__tag)$/;

function labelsOf({ directives, defaultValue }: Part): string[] {
  const labels = directives.filter(({ name }) => !unread.test(name.value)).map((one) => print(one));
  return defaultValue === null ? labels : [...labels, `default value ${defaultValue}`];
}
