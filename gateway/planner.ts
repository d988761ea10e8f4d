import { HubError, messageOf } from '#kernel/errors.ts';
import type { PlanNode } from './plan-nodes.ts';

/** What one plan is made for. */
export interface PlanRequest {
  /** The text of a validated operation with its fragments. */
  readonly query: string;
  readonly operationName: string | null;
  readonly signal?: AbortSignal;
}

/** Plans operations over one supergraph. */
export interface Planner {
  /**
   * @returns the root of the plan, `null` when nothing has to be fetched.
   * @throws {HubError} INTERNAL - a validated operation could not be planned.
   */
  plan(request: PlanRequest): Promise<PlanNode | null>;
}

/**
 * The planner of Hive Router (Rust), loaded on first use.
 *
 * Labels of progressive `@override` count as switched off, percentages as not reached: the owner named first stays.
 *
 * @throws {HubError} CONFIG_INVALID - no native binary for this machine, or the supergraph is not a Federation 2 one.
 */
export async function createPlanner(supergraphSdl: string): Promise<Planner> {
  const { QueryPlanner } = await loadNative();
  const native = build(() => new QueryPlanner(supergraphSdl));
  const noLabels = new Set<string>();
  return {
    async plan({ query, operationName, signal }) {
      try {
        const plan = await native.planAsync(query, operationName, noLabels, 100, signal);
        return plan.node ?? null;
      } catch (error) {
        throw new HubError('INTERNAL', `The operation could not be planned: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
  };
}

async function loadNative() {
  try {
    return await import('@graphql-hive/router-query-planner');
  } catch (error) {
    const here = `${process.platform}-${process.arch}`;
    throw new HubError(
      'CONFIG_INVALID',
      `The query planner has no native binary for this machine (${here}): ${messageOf(error)}. It runs on linux-x64 and linux-arm64 with glibc and on darwin-x64 and darwin-arm64; install the packages again on one of them.`,
      { details: { platform: here }, cause: error },
    );
  }
}

function build<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new HubError('CONFIG_INVALID', `The supergraph cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
