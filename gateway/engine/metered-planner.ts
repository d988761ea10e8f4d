import type { Principal } from '#ontology/principal.ts';
import type { Planner } from '../planner.ts';

/** How much planning each tenant may cause. */
export interface PlanningBudget {
  /** @throws {HubError} RATE_LIMITED - nothing is left. */
  admit(principal: Principal): void;
  spent(principal: Principal, ms: number): void;
}

/** For whom something is planned. */
export interface PlannedFor {
  readonly principal: Principal;
  /** A stream that runs is not refused because its tenant has planned too much; what it takes counts. */
  readonly isRunning: boolean;
}

/** A planner whose time counts for somebody: that in which it holds up everybody else. */
export function meteredPlanner(planner: Planner, budget: PlanningBudget, principal: Principal): Planner {
  return {
    overrides: planner.overrides,
    plan(request) {
      const from = performance.now();
      try {
        return planner.plan(request);
      } finally {
        budget.spent(principal, performance.now() - from);
      }
    },
  };
}
