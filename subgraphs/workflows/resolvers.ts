import { localIdFor, formatGlobalId, parseTwinId } from '#ontology/ids.ts';
import type { EvidenceEntry } from '#ontology/evidence.ts';
import type { EvidenceLog } from '#ontology/ports/evidence-log.ts';
import type { MessageJournal } from '#ontology/ports/message-journal.ts';
import { workflowCursor, type WorkflowService } from '#ontology/ports/workflow-service.ts';
import { assertAllowed, tenantOf, type RequestContext } from '#ontology/request-context.ts';
import { allowedActions, isTerminal, type Workflow, type WorkflowState } from '#ontology/workflow.ts';
import { toConnection, toPageRequest } from '#subgraphs/common/connection.ts';
import { dateTimeScalar, jsonScalar, unitCodeScalar } from '#subgraphs/common/scalars.ts';
import { createWorkflowLoaders } from './loaders.ts';
import { createMutations } from './mutations.ts';

/** What the workflows subgraph needs. */
export interface WorkflowsSubgraphDeps {
  readonly workflows: WorkflowService;
  readonly journal: MessageJournal;
  readonly evidence: EvidenceLog;
}

type ListArgs = {
  first: number;
  after?: string | null;
  states?: readonly WorkflowState[] | null;
  open?: boolean | null;
};
type EvidenceArgs = { first: number; after?: string | null; workflowId?: string | null };
/** A twin or recommendation: its global id, and its id within the caller's tenant. */
type Reference = { readonly id: string; readonly local: string };

/** Resolvers of the workflows subgraph: arguments to port call to ontology value. */
export function createWorkflowsResolvers({ workflows, journal, evidence }: WorkflowsSubgraphDeps) {
  const loaders = createWorkflowLoaders(workflows, journal);
  const byGlobalId = (id: string, context: RequestContext) => {
    assertAllowed(context, 'read');
    const local = localIdFor(id, 'Workflow', tenantOf(context));
    return local === null ? null : loaders(context).workflow.load(local);
  };
  const reference =
    (type: 'Twin' | 'Recommendation') =>
    ({ id }: { id: string }, context: RequestContext): Reference | null => {
      assertAllowed(context, 'read');
      const local = localIdFor(id, type, tenantOf(context));
      return local === null ? null : { id, local };
    };
  return {
    DateTime: dateTimeScalar,
    JSON: jsonScalar,
    UnitCode: unitCodeScalar,
    Node: { __resolveType: () => 'Workflow' },
    Query: {
      workflow: (_: unknown, { id }: { id: string }, context: RequestContext) => byGlobalId(id, context),
      workflows: async (_: unknown, args: ListArgs, context: RequestContext) => {
        assertAllowed(context, 'read');
        const page = toPageRequest(args);
        const filter = { states: args.states ?? null, open: args.open ?? null };
        return toConnection(await workflows.list(tenantOf(context), filter, page), page, workflowCursor);
      },
      inbox: (_: unknown, __: unknown, context: RequestContext) => {
        assertAllowed(context, 'read');
        return workflows.inbox(context.principal);
      },
      evidence: async (_: unknown, args: EvidenceArgs, context: RequestContext) => {
        assertAllowed(context, 'evidence.read');
        const page = toPageRequest(args);
        const subject =
          args.workflowId == null ? null : localIdFor(args.workflowId, 'Workflow', tenantOf(context));
        if (args.workflowId != null && subject === null)
          return toConnection<EvidenceEntry>({ items: [], next: null }, page, String);
        return toConnection(await evidence.list(tenantOf(context), subject, page), page, (entry) =>
          String(entry.sequence),
        );
      },
      viewer: (_: unknown, __: unknown, { principal }: RequestContext) => ({
        name: principal.name,
        personId: principal.personId,
        tenant: principal.tenant,
        roles: principal.roles,
        signedInAt: principal.authTime,
        sessionExpiresAt: principal.expiresAt,
      }),
    },
    Mutation: createMutations(workflows),
    Subscription: {
      workflowChanged: {
        subscribe: (_: unknown, { ids }: { ids?: readonly string[] | null }, context: RequestContext) => {
          assertAllowed(context, 'read');
          const tenant = tenantOf(context);
          const wanted = ids == null ? null : new Set(ids.map((id) => localIdFor(id, 'Workflow', tenant)));
          return workflows.changes.subscribe({
            filter: (workflow) => workflow.tenant === tenant && (wanted === null || wanted.has(workflow.id)),
          });
        },
        resolve: (workflow: Workflow) => workflow,
      },
    },
    Workflow: {
      __resolveReference: ({ id }: { id: string }, context: RequestContext) => byGlobalId(id, context),
      id: (workflow: Workflow) => formatGlobalId('Workflow', workflow.tenant, workflow.id),
      workflowId: (workflow: Workflow) => workflow.id,
      twin: ({ tenant, twinId }: Workflow): Reference => ({
        id: formatGlobalId('Twin', tenant, twinId),
        local: twinId,
      }),
      recommendation: ({ tenant, recommendationId }: Workflow): Reference => ({
        id: formatGlobalId('Recommendation', tenant, recommendationId),
        local: recommendationId,
      }),
      allowedActions: (workflow: Workflow, _: unknown, { principal }: RequestContext) =>
        allowedActions(workflow, principal),
      plan: ({ plan, planHash }: Workflow) => (plan && planHash ? { ...plan, hash: planHash } : null),
      history: ({ id }: Workflow, _: unknown, context: RequestContext) => loaders(context).history.load(id),
      messages: ({ id }: Workflow, _: unknown, context: RequestContext) => loaders(context).messages.load(id),
    },
    Twin: {
      __resolveReference: reference('Twin'),
      workflows: async (
        { local }: Reference,
        { open }: { open?: boolean | null },
        context: RequestContext,
      ) => {
        const all = await loaders(context).ofTwin.load(parseTwinId(local));
        return open == null ? all : all.filter((workflow) => isTerminal(workflow.state) !== open);
      },
    },
    Recommendation: {
      __resolveReference: reference('Recommendation'),
      workflow: ({ local }: Reference, _: unknown, context: RequestContext) =>
        loaders(context).ofRecommendation.load(local),
    },
  };
}
