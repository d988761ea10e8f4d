import { canonicalJson, sha256Hex } from '#kernel/canonical.ts';
import { formatInstant } from '#kernel/clock.ts';
import { HubError } from '#kernel/errors.ts';
import type { Remedy } from '#ontology/failure-mode.ts';
import type { MaintenancePlan, PartDemand } from '#ontology/maintenance.ts';
import type { PlanWishes } from '#ontology/ports/workflow-service.ts';
import type { Severity } from '#ontology/recommendation.ts';
import type { MaintenanceContext } from './context.ts';

/** SHA-256 of the plan's canonical JSON: what an approval is bound to. */
export function hashPlan(plan: MaintenancePlan): string {
  return sha256Hex(canonicalJson(plan));
}

/** Hours within which work of each priority has to be done, unless the planner says otherwise. */
const horizonHours: Readonly<Record<Severity, number>> = { URGENT: 24, HIGH: 72, MEDIUM: 336, LOW: 1344 };

/**
 * The plan for a repair: the wishes, and for what they leave out the first remedy of the failure mode.
 * @param at - epoch ms; the window starts here unless wished otherwise and must not be over.
 * @throws {HubError} INVALID_INPUT - with `details.path`.
 */
export function newPlan(
  context: MaintenanceContext,
  remedy: Remedy | undefined,
  wishes: PlanWishes,
  at: number,
): MaintenancePlan {
  const priority = wishes.priority ?? context.recommendation.severity;
  return checked(
    {
      twinId: context.asset.twinId,
      recommendationId: context.recommendation.id,
      failureModeId: context.failureMode.id,
      action: wishes.action ?? remedy?.action ?? '',
      priority,
      workHours: wishes.workHours ?? remedy?.workHours ?? 0,
      needsStop: wishes.needsStop ?? remedy?.needsStop ?? true,
      parts: (wishes.parts ?? remedy?.parts ?? []).map(partOf),
      earliestStart: formatInstant(wishes.earliestStart ?? at),
      latestEnd: formatInstant(
        wishes.latestEnd ?? (wishes.earliestStart ?? at) + horizonHours[priority] * 3_600_000,
      ),
      comment: wishes.comment ?? '',
    },
    at,
  );
}

/**
 * A plan with some of it changed. Once the order exists in the ERP only window and comment can change here: what the
 * order holds would not follow.
 * @throws {HubError} INVALID_INPUT - with `details.path`.
 */
export function amendedPlan(
  context: MaintenanceContext,
  plan: MaintenancePlan,
  wishes: PlanWishes,
  at: number,
): MaintenancePlan {
  const { earliestStart, latestEnd, parts, ...others } = wishes;
  const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  const next: MaintenancePlan = {
    ...plan,
    ...given,
    parts: parts ? parts.map(partOf) : plan.parts,
    earliestStart: earliestStart === undefined ? plan.earliestStart : formatInstant(earliestStart),
    latestEnd: latestEnd === undefined ? plan.latestEnd : formatInstant(latestEnd),
  };
  const fixed = (['action', 'priority', 'workHours', 'needsStop', 'parts'] as const).filter(
    (name) => canonicalJson(next[name]) !== canonicalJson(plan[name]),
  );
  const begun =
    context.workOrder.order ?? (context.outstanding.includes('erp.createOrder') ? '(being created)' : null);
  if (begun !== null && fixed.length)
    throw invalid(
      [fixed[0] as string],
      `Order ${begun} exists in SAP PM: ${fixed.join(', ')} cannot change any more, only the window and the comment`,
    );
  return checked(next, at);
}

const partOf = ({ product, description, quantity, unit }: PartDemand): PartDemand => ({
  product,
  description,
  quantity,
  unit,
});

function checked(plan: MaintenancePlan, at: number): MaintenancePlan {
  if (plan.action.trim().length < 1 || plan.action.length > 500)
    throw invalid(['action'], 'The action must have 1 to 500 characters');
  if (!(plan.workHours > 0 && plan.workHours <= 10_000))
    throw invalid(['workHours'], `Work hours are ${plan.workHours}; allowed is above 0 up to 10,000`);
  if (plan.comment.length > 2_000) throw invalid(['comment'], 'The comment has more than 2,000 characters');
  if (plan.parts.length > 100) throw invalid(['parts'], `${plan.parts.length} parts; allowed are up to 100`);
  plan.parts.forEach((part, index) => checkPart(part, String(index)));
  const [from, to] = [Date.parse(plan.earliestStart), Date.parse(plan.latestEnd)];
  if (!(to > from)) throw invalid(['latestEnd'], 'The window ends before it starts');
  if (to <= at)
    throw invalid(['latestEnd'], `The window ended at ${plan.latestEnd}: choose one that is not over`);
  return plan;
}

function checkPart(part: PartDemand, index: string): void {
  if (part.product.trim().length < 1 || part.product.length > 40)
    throw invalid(['parts', index, 'product'], 'A product number must have 1 to 40 characters');
  if (!(part.quantity > 0 && part.quantity <= 1e9))
    throw invalid(
      ['parts', index, 'quantity'],
      `The quantity of ${part.product} is ${part.quantity}; allowed is above 0`,
    );
  if (part.description.length > 200)
    throw invalid(['parts', index, 'description'], 'A description has more than 200 characters');
  if (part.unit.length < 1 || part.unit.length > 20)
    throw invalid(['parts', index, 'unit'], `The unit of ${part.product} is missing; give a UCUM code`);
}

function invalid(path: readonly string[], message: string): HubError {
  return new HubError('INVALID_INPUT', `${message}.`, { details: { path: ['input', 'plan', ...path] } });
}
