import { formatDateTime, formatEnum, formatName } from '../format.ts';
import { useQuery, useSubscription, useTitle } from '../hooks.ts';
import { workflowChanges, workflowQuery } from '../operations.ts';
import { Actions } from '../parts/actions.tsx';
import { AssetLink } from '../parts/asset-link.tsx';
import { StateBadge } from '../parts/badges.tsx';
import { Approvals, Plan } from '../parts/plan.tsx';
import { Problems } from '../parts/problems.tsx';
import { Recommendation } from '../parts/recommendation.tsx';
import { Stages } from '../parts/stages.tsx';
import { Timeline } from '../parts/timeline.tsx';
import type { WorkflowView } from '../types.ts';
import { isOpen, nextStep } from '../workflow-states.ts';

/** One workflow: where it stands, what was agreed, and every step and message. */
export function WorkflowPage({ id }: { id: string }) {
  const { data, errors, loading, refetch } = useQuery<{ workflow: WorkflowView | null }>(workflowQuery, {
    id,
  });
  useSubscription(workflowChanges, { ids: [id] }, refetch);
  const workflow = data?.workflow;
  useTitle(workflow ? `${workflow.twin?.twinId ?? ''} ${workflow.recommendation.title}` : 'Workflow');
  if (!workflow)
    return (
      <>
        <Problems errors={errors} />
        <h1>Workflow</h1>
        <p class="empty">
          {loading ? 'Loading…' : errors.length ? 'It cannot be shown now.' : 'There is no such workflow.'}
        </p>
      </>
    );
  const next = nextStep(workflow.state, workflow.approvalsRequired);
  return (
    <>
      <Problems errors={errors} />
      <nav class="path" aria-label="Asset">
        <AssetLink twin={workflow.twin} />
      </nav>
      <h1>
        {workflow.recommendation.title} <StateBadge state={workflow.state} />
      </h1>
      <Stages state={workflow.state} history={workflow.history} />
      <p class={isOpen(workflow.state) ? 'attention' : 'facts'}>
        {workflow.attention ?? `${next.what}.`}{' '}
        {isOpen(workflow.state) && <span class="who-decides">Who decides: {next.who}.</span>}
      </p>
      <Actions item={workflow} done={refetch} />
      <div class="columns">
        <section aria-label="Timeline">
          <h2>Timeline</h2>
          <Timeline steps={workflow.history} messages={workflow.messages} />
        </section>
        <aside>
          <Outcome workflow={workflow} />
          {workflow.plan && <Plan plan={workflow.plan} />}
          {workflow.plan && (
            <Approvals approvals={workflow.approvals} required={workflow.approvalsRequired} />
          )}
          <Order workflow={workflow} />
          <Recommendation recommendation={workflow.recommendation} />
        </aside>
      </div>
    </>
  );
}

const labels: Readonly<Record<string, string>> = {
  notification: 'SAP PM notification',
  order: 'SAP PM order',
  systemStatus: 'SAP system status',
  reservation: 'WMS reservation',
  jobOrderId: 'MES job order',
};

function Order({ workflow }: { workflow: WorkflowView }) {
  const entries = Object.entries(workflow.workOrder ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  if (!entries.length) return null;
  const isTime = (name: string) => /Start|End/.test(name);
  return (
    <section aria-label="Work order">
      <h2>Work order</h2>
      <dl class="pairs">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{labels[name] ?? formatName(name)}</dt>
            <dd>{isTime(name) ? formatDateTime(value) : value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Outcome({ workflow }: { workflow: WorkflowView }) {
  const { verification, feedback } = workflow;
  if (!verification && !feedback) return null;
  return (
    <section aria-label="Outcome">
      <h2>Outcome</h2>
      {verification && (
        <p>
          {verification.passed ? 'Repair verified: ' : 'Repair not verified: '}
          {verification.text}
          <small>
            {' '}
            {formatDateTime(verification.observedFrom)} to {formatDateTime(verification.observedTo)}
          </small>
        </p>
      )}
      {feedback && (
        <p>
          {formatEnum(feedback.verdict)} by {feedback.by} {formatDateTime(feedback.at)}
          {feedback.comment && ` “${feedback.comment}”`}
        </p>
      )}
    </section>
  );
}
