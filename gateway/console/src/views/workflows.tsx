import { useState } from 'preact/hooks';
import { formatDateTime } from '../format.ts';
import { useQuery, useSubscription, useTitle } from '../hooks.ts';
import { workflowChanges, workflowsQuery } from '../operations.ts';
import type { NamedTwin } from '../parts/asset-link.tsx';
import { SeverityBadge, StateBadge } from '../parts/badges.tsx';
import { Problems } from '../parts/problems.tsx';
import { href } from '../router.ts';
import type { WorkflowCore } from '../types.ts';
import { nextStep } from '../workflow-states.ts';

interface Row extends WorkflowCore {
  readonly twin: NamedTwin;
  readonly recommendation: { readonly title: string; readonly severity: string };
  readonly workOrder: {
    readonly notification: string | null;
    readonly order: string | null;
    readonly systemStatus: string | null;
  } | null;
}

/** All workflows, newest first. */
export function Workflows() {
  useTitle('Workflows');
  const [openOnly, setOpenOnly] = useState(true);
  const { data, errors, loading, refetch } = useQuery<{ workflows: { nodes: readonly Row[] } }>(
    workflowsQuery,
    { open: openOnly ? true : null },
  );
  useSubscription(workflowChanges, {}, refetch);
  const rows = data?.workflows.nodes ?? [];
  return (
    <>
      <h1>Workflows</h1>
      <label class="toolbar check">
        <input
          type="checkbox"
          checked={openOnly}
          onChange={(event) => setOpenOnly(event.currentTarget.checked)}
        />
        only open ones
      </label>
      <Problems errors={errors} />
      {!rows.length && (
        <p class="empty">
          {loading ? 'Loading…' : openOnly ? 'Nothing is being worked on.' : 'There are none yet.'}
        </p>
      )}
      {rows.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Workflows">
          <table>
            <thead>
              <tr>
                <th scope="col">Asset</th>
                <th scope="col">Recommendation</th>
                <th scope="col">State</th>
                <th scope="col">Who decides</th>
                <th scope="col">SAP order</th>
                <th scope="col">Last step</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <td>{row.twin ? <a href={href('asset', row.twin.twinId)}>{row.twin.twinId}</a> : '–'}</td>
                  <td>
                    <a href={href('workflow', row.id)}>{row.recommendation.title}</a>{' '}
                    <SeverityBadge severity={row.recommendation.severity} />
                  </td>
                  <td>
                    <StateBadge state={row.state} />
                    {row.attention && <small> {row.attention}</small>}
                  </td>
                  <td>{nextStep(row.state, row.approvalsRequired).who}</td>
                  <td>
                    {row.workOrder?.order ?? '–'} <small>{row.workOrder?.systemStatus}</small>
                  </td>
                  <td>{formatDateTime(row.updatedAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
