import { Kind, parse, visit, type DocumentNode } from 'graphql';
import { HubError } from '#kernel/errors.ts';
import { composeSupergraph, type SubgraphDefinition } from '../compose.ts';
import { coalesceRulesOf, type CoalesceRules } from '../realtime/coalesce-key.ts';
import { readLinks } from '../supergraph/links.ts';
import { assertOwnGraphStands } from './own-graph.ts';

/** A composition of the hub's subgraphs with those of others. */
export interface ExtendedComposition {
  readonly supergraphSdl: string;
  readonly hints: readonly string[];
  readonly coalesce: CoalesceRules;
}

/**
 * Types, fields, arguments and values that schemas of others may have together. The engine is built beside requests: some
 * 0.15 ms each.
 */
const maxExternalParts = 10_000;

/**
 * Composes the hub's own subgraphs with those of others.
 *
 * @param ownSupergraph - composed of `own` alone, where that is known
 * @throws {HubError} COMPOSITION_FAILED - they do not fit, are too large, or would change what is the hub's own.
 */
export function composeExtended(
  own: readonly SubgraphDefinition[],
  external: readonly SubgraphDefinition[],
  ownSupergraph: string | null = null,
): ExtendedComposition {
  const schemas = external.map((one) => ({ name: one.name, document: documentOf(one) }));
  assertJoinable(schemas);
  const { supergraphSdl, hints } = composeSupergraph([...own, ...external]);
  if (external.length && own.length)
    assertOwnGraphStands({
      ownSupergraph: ownSupergraph ?? composeSupergraph(own).supergraphSdl,
      supergraph: supergraphSdl,
    });
  return { supergraphSdl, hints, coalesce: coalesceRules(own, schemas) };
}

interface Schema {
  readonly name: string;
  /** `null` when it is none: composing says where. */
  readonly document: DocumentNode | null;
}

function documentOf({ sdl }: SubgraphDefinition): DocumentNode | null {
  try {
    return parse(sdl, { noLocation: true });
  } catch {
    return null;
  }
}

function assertJoinable(schemas: readonly Schema[]): void {
  const faults: string[] = [];
  let parts = 0;
  for (const { name, document } of schemas) {
    if (!document) continue;
    // Older rules share fields without being told to: a subgraph could then answer what it must not.
    if (!readLinks(document).some(({ feature, url }) => feature === 'federation' && /\/v2\./.test(url)))
      faults.push(
        `[${name}] has no @link to Federation 2: add extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])`,
      );
    parts += sizeOf(document);
  }
  if (parts > maxExternalParts)
    faults.push(
      `[${schemas.map(({ name }) => name).join(', ')}] have ${parts} types, fields, arguments and values together; ${maxExternalParts} are allowed`,
    );
  if (!faults.length) return;
  throw new HubError(
    'COMPOSITION_FAILED',
    `The subgraphs do not compose:\n${faults.map((one) => `  ${one}`).join('\n')}`,
    { details: { faults } },
  );
}

/** Whatever has a name of its own and may be referred to. */
const counted: ReadonlySet<string> = new Set([
  Kind.FIELD_DEFINITION,
  Kind.INPUT_VALUE_DEFINITION,
  Kind.ENUM_VALUE_DEFINITION,
  Kind.DIRECTIVE,
]);

function sizeOf(document: DocumentNode): number {
  let size = document.definitions.length;
  visit(document, { enter: ({ kind }) => void (size += counted.has(kind) ? 1 : 0) });
  return size;
}

/** Others say it of their own streams only: an event that replaces another is one that a reader never sees. */
function coalesceRules(own: readonly SubgraphDefinition[], schemas: readonly Schema[]): CoalesceRules {
  const ours = own.map(({ sdl }) => parse(sdl, { noLocation: true }));
  const streams = new Set(ours.flatMap(streamsOf));
  const theirs = coalesceRulesOf(schemas.flatMap(({ document }) => document ?? []));
  return new Map([...[...theirs].filter(([stream]) => !streams.has(stream)), ...coalesceRulesOf(ours)]);
}

function streamsOf({ definitions }: DocumentNode): string[] {
  return definitions.flatMap((node) =>
    (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION) &&
    node.name.value === 'Subscription'
      ? (node.fields ?? []).map(({ name }) => name.value)
      : [],
  );
}
