import type { GraphQLResolveInfo } from 'graphql';
import { canonicalJson, sha256Hex } from '#kernel/canonical.ts';
import { HubError } from '#kernel/errors.ts';
import { localIdFor } from '#ontology/ids.ts';
import type { Decision, PlanWishes, WorkflowService } from '#ontology/ports/workflow-service.ts';
import type { FeedbackVerdict } from '#ontology/recommendation.ts';
import { tenantOf, type RequestContext } from '#ontology/request-context.ts';
import type { Workflow } from '#ontology/workflow.ts';
import { toUserError, type UserError } from '#subgraphs/common/user-error.ts';

interface TargetInput {
  readonly workflowId: string;
  readonly expectedVersion?: number | null;
}
type Input<T> = { readonly input: TargetInput & T };

/** The GraphQL type WorkflowPayload. */
export interface WorkflowPayload {
  readonly workflow: Workflow | null;
  readonly errors: readonly UserError[];
}

/** The mutations: each hands one decision to the service and answers the workflow after it, or why it was not taken. */
export function createMutations(workflows: WorkflowService) {
  const mutation =
    <T>(toDecision: (input: T) => Decision) =>
    async (
      _parent: unknown,
      { input }: Input<T>,
      context: RequestContext,
      info: GraphQLResolveInfo,
    ): Promise<WorkflowPayload> => {
      try {
        const target = {
          workflowId: idOf(input.workflowId, context),
          expectedVersion: input.expectedVersion ?? null,
        };
        const decisionId = decisionIdOf(context, info, input);
        return {
          workflow: await workflows.decide(context.principal, { ...target, decisionId }, toDecision(input)),
          errors: [],
        };
      } catch (error) {
        return { workflow: null, errors: [toUserError(error)] };
      }
    };
  return {
    acceptRecommendation: mutation(({ plan }: { plan?: Partial<PlanWishes> | null }) => ({
      action: 'ACCEPT',
      plan: wishesOf(plan),
    })),
    dismissRecommendation: mutation(
      ({ verdict, comment }: { verdict: FeedbackVerdict; comment: string }) => ({
        action: 'DISMISS',
        verdict,
        comment,
      }),
    ),
    amendPlan: mutation(({ plan }: { plan: Partial<PlanWishes> }) => ({
      action: 'AMEND',
      plan: wishesOf(plan),
    })),
    decideApproval: mutation(
      ({
        decision,
        planHash,
        comment,
      }: {
        decision: 'APPROVED' | 'REJECTED';
        planHash: string;
        comment: string;
      }) => ({
        action: decision === 'APPROVED' ? 'APPROVE' : 'REJECT',
        planHash,
        comment,
      }),
    ),
    cancelWorkflow: mutation(({ reason }: { reason: string }) => ({ action: 'CANCEL', comment: reason })),
    resolveIntervention: mutation(
      ({ action, comment }: { action: 'RETRY' | 'REWORK' | 'CLOSE_UNVERIFIED'; comment: string }) => ({
        action,
        comment,
      }),
    ),
    giveFeedback: mutation(({ verdict, comment }: { verdict: FeedbackVerdict; comment: string }) => ({
      action: 'GIVE_FEEDBACK',
      verdict,
      comment,
    })),
  };
}

/** Left-out and null fields are no wishes. */
function wishesOf(plan: Partial<Record<keyof PlanWishes, unknown>> | null | undefined): PlanWishes {
  return Object.fromEntries(
    Object.entries(plan ?? {}).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** @throws {HubError} INVALID_ID; NOT_FOUND - another tenant's: what is not visible does not exist. */
function idOf(globalId: string, context: RequestContext): string {
  const id = localIdFor(globalId, 'Workflow', tenantOf(context));
  if (id === null)
    throw new HubError('NOT_FOUND', `There is no workflow ${globalId}.`, {
      details: { path: ['input', 'workflowId'] },
    });
  return id;
}

/** The same field of the same request with the same input is the same decision, also when it is executed again. */
function decisionIdOf(context: RequestContext, info: GraphQLResolveInfo, input: unknown): string {
  return sha256Hex(
    canonicalJson([context.requestId, context.principal.subject, info.path.key, info.fieldName, input]),
  );
}
