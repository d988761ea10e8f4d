import { parse, print, visit } from 'graphql';
import { HubError, messageOf } from '#kernel/errors.ts';
import type { PlanNode } from './plan-nodes.ts';
import type { Effort } from './planning/effort.ts';
import { createOwnPlanner } from './planning/own-planner.ts';

/** What one plan is made for. */
export interface PlanRequest {
  /** The text of a validated operation with its fragments. */
  readonly query: string;
  readonly operationName: string | null;
  /** @default none */
  readonly overrides?: ActiveOverrides;
  readonly signal?: AbortSignal;
  /** What this and other parts of one operation may take together. @default as much as an operation may */
  readonly effort?: Effort;
}

/** Which progressive `@override`s are on. */
export interface ActiveOverrides {
  readonly labels: ReadonlySet<string>;
  /** From 0 to 100: `percent(N)` is on when N is above it. */
  readonly percentage: number;
}

/** `own` is gateway/planning; `native` is that of Hive Router (Rust), whose known faults ADR 12 tells. */
export const plannerChoices = ['own', 'native'] as const;
export type PlannerChoice = (typeof plannerChoices)[number];

/** Plans operations over one supergraph. */
export interface Planner {
  /** Labels and percentages of progressive `@override`s in the supergraph. */
  readonly overrides: { readonly labels: readonly string[]; readonly percentages: readonly number[] };
  /**
   * @returns the root of the plan, `null` when nothing has to be fetched.
   * @throws {HubError} INTERNAL - a validated operation could not be planned; LIMIT_EXCEEDED - it would take too long.
   */
  plan(request: PlanRequest): Promise<PlanNode | null>;
}

const noLabels: ReadonlySet<string> = new Set();

/**
 * A planner for a supergraph.
 *
 * @throws {HubError} CONFIG_INVALID - the supergraph is not a Federation 2 one; or the native planner has no binary for
 *   this machine.
 */
export async function createPlanner(supergraphSdl: string, choice: PlannerChoice = 'own'): Promise<Planner> {
  return choice === 'own'
    ? createOwnPlanner(supergraphSdl)
    : nativePlanner(await loadNative(), supergraphSdl);
}

type Native = Awaited<ReturnType<typeof loadNative>>;

/** The planner of Hive Router (Rust). */
function nativePlanner({ QueryPlanner }: Native, supergraphSdl: string): Planner {
  const native = build(() => new QueryPlanner(withoutWeights(supergraphSdl)));
  return {
    overrides: { labels: native.overrideLabels, percentages: native.overridePercentages },
    async plan({ query, operationName, overrides, signal }) {
      const labels = new Set(overrides?.labels ?? noLabels);
      try {
        const plan = await native.planAsync(
          query,
          operationName,
          labels,
          overrides?.percentage ?? 100,
          signal,
        );
        return plan.node ?? null;
      } catch (error) {
        throw new HubError('INTERNAL', `The operation could not be planned: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
  };
}

/** Weights do not change a plan, and the native planner ends the whole process at one that is below 0. */
function withoutWeights(supergraphSdl: string): string {
  if (!supergraphSdl.includes('weight:')) return supergraphSdl;
  const isWeight = (name: string) => /(^|__)cost$/.test(name);
  return print(
    visit(parse(supergraphSdl), {
      Directive: (node) => (isWeight(node.name.value) ? null : undefined),
    }),
  );
}

async function loadNative() {
  try {
    return await import('@graphql-hive/router-query-planner');
  } catch (error) {
    throw unsupportedMachine(error);
  }
}

/** The native planner's binary does not load on this machine: what is missing, where there is one, what to do. */
export function unsupportedMachine(cause: unknown, machine = thisMachine()): HubError {
  return new HubError(
    'CONFIG_INVALID',
    `The native query planner (TWINHUB_PLANNER=native, @graphql-hive/router-query-planner) has no binary that runs on this machine, ${machine}: ${messageOf(cause)}. ` +
      'There are binaries for Linux with glibc (not musl, as Alpine has it) and for macOS, on x64 and arm64. ' +
      'Leave TWINHUB_PLANNER away: the own planner runs anywhere. Or run the hub on one of these, in a container with a Debian or Ubuntu base ' +
      'for instance; if this is one of them, install the packages again.',
    { details: { machine }, cause },
  );
}

/** Platform and processor; on Linux also the C library. */
function thisMachine(): string {
  const here = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux') return here;
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime
    ? `${here} with glibc ${header.glibcVersionRuntime}`
    : `${here} with musl`;
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
