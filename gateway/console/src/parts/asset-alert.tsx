import { abnormal } from '../plant.ts';
import { href } from '../router.ts';
import type { AssetView, HealthView } from '../types.ts';
import { isOpen, nextStep } from '../workflow-states.ts';
import { StateBadge } from './badges.tsx';
import { findingText } from './findings.tsx';

/** Why the asset is abnormal, what to do about it and who decides; nothing while all is well. */
export function AssetAlert({ asset, health }: { asset: AssetView; health: HealthView | null }) {
  const open = asset.recommendations.filter((one) => ['OPEN', 'ACCEPTED'].includes(one.status));
  const bad = health !== null && abnormal.includes(health.state);
  if (!bad && !open.length) return null;
  const [first] = open;
  const workflow = first?.workflow && isOpen(first.workflow.state) ? first.workflow : null;
  const next = workflow ? nextStep(workflow.state, workflow.approvalsRequired) : null;
  const mine = workflow?.allowedActions.some((action) => action !== 'CANCEL' && action !== 'AMEND');
  return (
    <section class={`asset-alert alert-${health?.state.toLowerCase() ?? 'unknown'}`} aria-label="What to do">
      <dl>
        <div>
          <dt>Why</dt>
          <dd>{health?.findings[0] ? findingText(health.findings[0]) : 'Being worked on.'}</dd>
        </div>
        <div>
          <dt>What to do</dt>
          <dd>
            {first ? (
              <>
                {workflow ? <a href={href('workflow', workflow.id)}>{first.title}</a> : first.title}{' '}
                <small>{Math.round(first.confidence * 100)} % sure</small>
                <br />
                {workflow?.attention ?? next?.what}
              </>
            ) : (
              'Watch it: no recommendation yet.'
            )}
          </dd>
        </div>
        <div>
          <dt>Who decides</dt>
          <dd>
            {workflow && <StateBadge state={workflow.state} />} {next?.who ?? 'Nobody yet'}
            {mine && (
              <>
                <br />
                <a href={href('inbox')}>It waits in your inbox</a>
              </>
            )}
          </dd>
        </div>
      </dl>
    </section>
  );
}
