import { useLatest, type LiveValues } from '../live-values.ts';
import { href } from '../router.ts';
import { leastSpan } from '../series.ts';
import type { HealthView, OverviewAsset, Place, SignalView } from '../types.ts';
import { HealthBadge } from './badges.tsx';
import { Sparkline } from './sparkline.tsx';
import { Value } from './value.tsx';

const shownSignals = 3;

/** Numeric signals that a tile shows: what was found abnormal first, then as the model orders them. */
export function keySignals(asset: OverviewAsset): readonly SignalView[] {
  const found = new Set(asset.health?.findings.map((finding) => finding.signal?.id));
  const numeric = asset.signals.filter((signal) => ['number', 'integer'].includes(signal.valueType));
  return [
    ...numeric.filter((signal) => found.has(signal.id)),
    ...numeric.filter((signal) => !found.has(signal.id)),
  ].slice(0, shownSignals);
}

/** An asset with health and live key values; as a whole a link to its page. */
export function Tile(props: {
  asset: OverviewAsset;
  health: HealthView | null;
  live: LiveValues;
  /** Places between the group and the asset. */
  place: readonly Place[];
}) {
  const { asset, health, live, place } = props;
  const state = health?.state ?? 'UNKNOWN';
  const running = asset.signals.find((signal) => signal.name === 'running');
  return (
    <section class={`tile tile-${state.toLowerCase()}`} aria-label={`${asset.twinId} ${asset.name}`}>
      <header>
        <h3>
          <a href={href('asset', asset.twinId)}>
            <b>{asset.twinId}</b> {asset.name}
          </a>
          <small>{place.map((one) => one.name).join(' › ')}</small>
        </h3>
        <span>
          {running?.latest?.value === false && <span class="badge health-watch">Stopped</span>}{' '}
          <HealthBadge state={state} />
        </span>
      </header>
      <ul class="plain">
        {keySignals(asset).map((signal) => (
          <SignalRow key={signal.id} signal={signal} live={live} />
        ))}
      </ul>
      {!asset.signals.length && <p class="empty">No signals.</p>}
    </section>
  );
}

function SignalRow({ signal, live }: { signal: SignalView; live: LiveValues }) {
  const sample = useLatest(live, signal.id, signal.latest);
  return (
    <li>
      <span class="name">{signal.displayName}</span>
      <Sparkline trail={live.trail(signal.id)} minSpan={leastSpan(signal.range, sample?.number)} />
      <Value sample={sample} unit={signal.unit} signal={signal} />
    </li>
  );
}
