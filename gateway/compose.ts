import { composeServices, compositionHasErrors } from '@theguild/federation-composition';
import { GraphQLError, parse, type DocumentNode } from 'graphql';
import { HubError, messageOf } from '#kernel/errors.ts';
import { compositionHints } from './supergraph/composition-hints.ts';
import { mendInterfaceObjects } from './supergraph/mend-interface-objects.ts';
import { putSlicingPaths, takeSlicingPaths } from './supergraph/slicing-paths.ts';

/** One subgraph as the gateway sees it: a name, its SDL with the Federation `@link`, and where it answers. */
export interface SubgraphDefinition {
  /** Unique; a letter, then letters, digits, `-` and `_`. */
  readonly name: string;
  readonly sdl: string;
  /** Address for other processes; an in-process subgraph has none. */
  readonly url?: string;
}

/** A composed graph. `hints` are things that compose but deserve a look, each with subgraph and place. */
export interface ComposedSupergraph {
  readonly supergraphSdl: string;
  readonly hints: readonly string[];
}

interface CompositionFault {
  readonly subgraph: string | null;
  readonly code: string | null;
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}

/**
 * Composes subgraphs to one Federation 2 supergraph, offline.
 *
 * @throws {HubError} COMPOSITION_FAILED - `details.faults` has, for each fault, the subgraph and the place in its SDL.
 * @see https://www.apollographql.com/docs/federation/federated-schemas/composition
 */
export function composeSupergraph(subgraphs: readonly SubgraphDefinition[]): ComposedSupergraph {
  assertNames(subgraphs);
  const given = subgraphs.map((subgraph) => ({
    name: subgraph.name,
    url: subgraph.url ?? `in-process:${subgraph.name}`,
    typeDefs: parseSdl(subgraph),
  }));
  const { services, paths, faults } = takeSlicingPaths(given);
  if (faults.length) throw failed(faults.map(({ subgraph, message }) => fault(subgraph, message)));
  const result = composed(services);
  if (compositionHasErrors(result)) throw failed(result.errors.map(toFault));
  const supergraphSdl = putSlicingPaths(mendInterfaceObjects(result.supergraphSdl, services), paths);
  return { supergraphSdl, hints: [...subgraphs.flatMap(hintsOf), ...compositionHints(services)] };
}

/** What the composer trips over itself, it should have told as a fault. */
function composed(services: Parameters<typeof composeServices>[0]): ReturnType<typeof composeServices> {
  try {
    return composeServices(services);
  } catch (error) {
    const what = `the composer gives up on what it was given: ${messageOf(error)}`;
    throw failed([{ ...fault('', what), subgraph: null }], error);
  }
}

function assertNames(subgraphs: readonly SubgraphDefinition[]): void {
  const faults: CompositionFault[] = [];
  const seen = new Set<string>();
  for (const { name } of subgraphs) {
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name))
      faults.push(fault(name, 'not a subgraph name: a letter, then letters, digits, - and _'));
    if (seen.has(name)) faults.push(fault(name, 'two subgraphs have this name'));
    seen.add(name);
  }
  if (!subgraphs.length) faults.push({ ...fault('', 'no subgraph given'), subgraph: null });
  if (faults.length) throw failed(faults);
}

function parseSdl({ name, sdl }: SubgraphDefinition): DocumentNode {
  try {
    return parse(sdl);
  } catch (error) {
    const at = error instanceof GraphQLError ? error.locations?.[0] : undefined;
    throw failed(
      [{ ...fault(name, messageOf(error)), line: at?.line ?? null, column: at?.column ?? null }],
      error,
    );
  }
}

function toFault(error: GraphQLError): CompositionFault {
  const { subgraphName, code } = error.extensions;
  const at = error.locations?.[0];
  return {
    subgraph: typeof subgraphName === 'string' ? subgraphName : null,
    code: typeof code === 'string' ? code : null,
    message: error.message,
    line: at?.line ?? null,
    column: at?.column ?? null,
  };
}

function fault(subgraph: string, message: string): CompositionFault {
  return { subgraph, message, code: null, line: null, column: null };
}

function failed(faults: readonly CompositionFault[], cause?: unknown): HubError {
  const lines = faults.map((one) => {
    const place = one.line === null ? '' : `:${one.line}:${one.column}`;
    const named =
      one.subgraph === null || one.message.startsWith(`[${one.subgraph}]`) ? '' : `[${one.subgraph}] `;
    return `  ${named}${one.message}${place && ` (${one.subgraph ?? 'subgraph'}${place})`}`;
  });
  return new HubError('COMPOSITION_FAILED', `The subgraphs do not compose:\n${lines.join('\n')}`, {
    details: { faults },
    cause,
  });
}

/** A Federation 1 SDL composes under older rules; nearly always the `@link` was forgotten. */
function hintsOf({ name, sdl }: SubgraphDefinition): string[] {
  return sdl.includes('specs.apollo.dev/federation/v2')
    ? []
    : [`[${name}] has no @link to Federation 2 and is read as Federation 1`];
}
