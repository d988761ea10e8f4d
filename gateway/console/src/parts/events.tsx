import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { formatDateTime, formatEnum, localTimes } from '../format.ts';
import { href } from '../router.ts';
import type { AssetView } from '../types.ts';
import { HealthBadge, SeverityBadge, StateBadge } from './badges.tsx';

interface Entry {
  readonly key: string;
  readonly at: string;
  readonly kind: 'Health' | 'Recommendation' | 'Workflow';
  readonly body: ComponentChildren;
}

const atFirst = 12;

/** Everything that happened to an asset in one list, newest first. */
export function Events({ asset }: { asset: AssetView }) {
  const [limit, setLimit] = useState(atFirst);
  const entries = [...healthEntries(asset), ...recommendationEntries(asset), ...workflowEntries(asset)].sort(
    (a, b) => Date.parse(b.at) - Date.parse(a.at),
  );
  return (
    <section aria-label="History of events">
      <h2>What happened</h2>
      {!entries.length && <p class="empty">Nothing so far.</p>}
      <ol class="plain events">
        {entries.slice(0, limit).map((entry) => (
          <li key={entry.key}>
            <p class="facts">
              <time dateTime={entry.at}>{formatDateTime(entry.at)}</time> · {entry.kind}
            </p>
            {entry.body}
          </li>
        ))}
      </ol>
      {entries.length > limit && (
        <button type="button" onClick={() => setLimit(limit + 50)}>
          Older: {entries.length - limit}
        </button>
      )}
    </section>
  );
}

function healthEntries(asset: AssetView): Entry[] {
  return asset.healthHistory.map((change) => ({
    key: `h${change.at}${change.to}`,
    at: change.at,
    kind: 'Health',
    body: (
      <>
        <p>
          {formatEnum(change.from)} → <HealthBadge state={change.to} />
        </p>
        {change.reason && <p>{change.reason}</p>}
      </>
    ),
  }));
}

function recommendationEntries(asset: AssetView): Entry[] {
  return asset.recommendations.map((one) => ({
    key: `r${one.id}`,
    at: one.raisedAt,
    kind: 'Recommendation',
    body: (
      <p>
        {one.workflow ? <a href={href('workflow', one.workflow.id)}>{one.title}</a> : one.title}{' '}
        <SeverityBadge severity={one.severity} /> <small>now {formatEnum(one.status).toLowerCase()}</small>
        {one.feedback && <small>, {formatEnum(one.feedback).toLowerCase()}</small>}
      </p>
    ),
  }));
}

function workflowEntries(asset: AssetView): Entry[] {
  return asset.workflows.flatMap((workflow) =>
    workflow.history.map((step) => ({
      key: `w${workflow.id}${step.sequence}`,
      at: step.at,
      kind: 'Workflow' as const,
      body: (
        <p>
          {localTimes(step.text) || formatEnum(step.event)} <small>{step.by}</small>
          {step.from !== step.to && (
            <>
              {' → '}
              <StateBadge state={step.to} />
            </>
          )}
        </p>
      ),
    })),
  );
}
