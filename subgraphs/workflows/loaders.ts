import DataLoader from 'dataloader';
import type { TwinId } from '#ontology/ids.ts';
import type { JournalEntry, MessageJournal } from '#ontology/ports/message-journal.ts';
import type { WorkflowService } from '#ontology/ports/workflow-service.ts';
import { tenantOf, type RequestContext } from '#ontology/request-context.ts';
import type { Workflow, WorkflowStep } from '#ontology/workflow.ts';
import { perRequest } from '#subgraphs/common/per-request.ts';

/** Batched reads of one request, all within the caller's tenant. */
export interface WorkflowLoaders {
  readonly workflow: DataLoader<string, Workflow | null>;
  readonly ofTwin: DataLoader<TwinId, readonly Workflow[]>;
  readonly ofRecommendation: DataLoader<string, Workflow | null>;
  readonly history: DataLoader<string, readonly WorkflowStep[]>;
  readonly messages: DataLoader<string, readonly JournalEntry[]>;
}

/** Loaders, made anew for each request. */
export function createWorkflowLoaders(
  workflows: WorkflowService,
  journal: MessageJournal,
): (context: RequestContext) => WorkflowLoaders {
  return perRequest((context) => {
    const tenant = tenantOf(context);
    return {
      workflow: new DataLoader((ids) => workflows.get(tenant, ids)),
      ofTwin: new DataLoader((ids) => workflows.ofTwins(tenant, ids)),
      ofRecommendation: new DataLoader((ids) => workflows.ofRecommendations(tenant, ids)),
      history: new DataLoader((ids) => workflows.historyOf(tenant, ids)),
      messages: new DataLoader((ids) => Promise.all(ids.map((id) => journal.list(tenant, id)))),
    };
  });
}
