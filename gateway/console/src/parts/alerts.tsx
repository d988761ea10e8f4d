import { useNow } from '../clock.ts';
import { formatAge } from '../format.ts';
import { urgency, type Plant } from '../plant.ts';
import { href } from '../router.ts';
import type { OverviewAsset } from '../types.ts';
import { nextStep } from '../workflow-states.ts';
import { HealthBadge, StateBadge } from './badges.tsx';
import { findingText } from './findings.tsx';

/** As many alerts as are read; the others are counted. */
const shown = 12;

/** What is abnormal or being worked on: since when and why, what to do, and who decides. */
export function Alerts({ assets, plant }: { assets: readonly OverviewAsset[]; plant: Plant }) {
  if (!assets.length) return null;
  const rank = (asset: OverviewAsset) => urgency.indexOf(plant.healthOf(asset));
  const sorted = [...assets].sort((a, b) => rank(a) - rank(b));
  return (
    <section class="alerts" aria-labelledby="alerts">
      <h2 id="alerts">Needs attention</h2>
      <ul class="plain">
        {sorted.slice(0, shown).map((asset) => (
          <Alert key={asset.id} asset={asset} plant={plant} />
        ))}
      </ul>
      {sorted.length > shown && (
        <p class="facts">and {sorted.length - shown} more: filter by health to see them.</p>
      )}
    </section>
  );
}

function Alert({ asset, plant }: { asset: OverviewAsset; plant: Plant }) {
  const now = useNow();
  const health = plant.judgementOf(asset);
  const state = plant.healthOf(asset);
  const reason = health?.findings[0];
  const more = (health?.findings.length ?? 0) - 1;
  const [workflow] = asset.workflows;
  const next = workflow ? nextStep(workflow.state, workflow.approvalsRequired) : null;
  return (
    <li class={`alert alert-${state.toLowerCase()}`}>
      <p class="what">
        <HealthBadge state={state} />{' '}
        <a href={href('asset', asset.twinId)}>
          <b>{asset.twinId}</b> {asset.name}
        </a>
        {reason && <small> for {formatAge(now - Date.parse(reason.since))}</small>}
      </p>
      <dl>
        <dt>Why</dt>
        <dd>
          {reason ? findingText(reason) : (workflow?.recommendation.title ?? 'No reason was given.')}
          {more > 0 && <small> and {more} more</small>}
        </dd>
        <dt>What to do</dt>
        <dd>
          {workflow ? (
            <>
              <a href={href('workflow', workflow.id)}>{workflow.recommendation.title}</a>:{' '}
              {next?.what.toLowerCase()} <StateBadge state={workflow.state} />
            </>
          ) : (
            'Watch it: no recommendation yet'
          )}
        </dd>
        <dt>Who decides</dt>
        <dd>{next?.who ?? 'Nobody yet'}</dd>
      </dl>
    </li>
  );
}
