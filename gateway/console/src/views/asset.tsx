import { useEffect, useMemo, useState } from 'preact/hooks';
import { bearingGeometry, bearingLines, type BearingLine } from '../bearing.ts';
import { formatProperty } from '../format.ts';
import { useQuery, useSubscription, useTitle } from '../hooks.ts';
import { useLatest, useLiveValues, type LiveValues } from '../live-values.ts';
import { assetQuery, healthChanges, workflowChanges } from '../operations.ts';
import { About } from '../parts/about.tsx';
import { AssetAlert } from '../parts/asset-alert.tsx';
import { HealthBadge } from '../parts/badges.tsx';
import { Events } from '../parts/events.tsx';
import { Findings } from '../parts/findings.tsx';
import { Problems } from '../parts/problems.tsx';
import { SignalChart, stretches, type Stretch } from '../parts/signal-chart.tsx';
import { SpectrumChart } from '../parts/spectrum-chart.tsx';
import { LiveValue } from '../parts/value.tsx';
import { href } from '../router.ts';
import type { AssetView, HealthView, SignalView } from '../types.ts';

/** One asset: health with reasons, live trends, what happened, what it is. */
export function AssetPage({ twinId }: { twinId: string }) {
  const { data, errors, loading, refetch } = useQuery<{ twinByTwinId: AssetView | null }>(assetQuery, {
    twinId,
  });
  const asset = data?.twinByTwinId ?? null;
  useTitle(asset ? `${asset.twinId} ${asset.name}` : twinId);
  const health = useHealth(asset, refetch);
  const [stretch, setStretch] = useState<Stretch>(stretches[0]);
  const signals = useMemo(
    () => (asset ? [...asset.signals, ...asset.children.flatMap((child) => child.signals)] : []),
    [asset],
  );
  const { live, errors: liveErrors } = useLiveValues(
    signals.map((signal) => signal.id),
    250,
  );
  useSubscription(workflowChanges, {}, refetch);
  if (!asset)
    return loading ? <p class="loading">Loading {twinId}…</p> : <NotThere twinId={twinId} errors={errors} />;
  return (
    <>
      <Problems errors={[...errors, ...liveErrors]} />
      <Heading asset={asset} health={health} />
      <AssetAlert asset={asset} health={health} />
      <div class="columns">
        <div>
          <div class="toolbar">
            <h2>Trends</h2>
            <div class="choices" role="group" aria-label="Stretch of time">
              {stretches.map((one) => (
                <button
                  key={one.label}
                  type="button"
                  aria-pressed={one === stretch}
                  onClick={() => setStretch(one)}
                >
                  {one.label}
                </button>
              ))}
            </div>
          </div>
          <Charts asset={asset} signals={signals} live={live} stretch={stretch} health={health} />
        </div>
        <aside>
          <section aria-label="Health">
            <h2>Health: why</h2>
            {health ? (
              <Findings findings={health.findings} />
            ) : (
              <p class="empty">Nothing watches this twin.</p>
            )}
          </section>
          <Events asset={asset} />
          <About asset={asset} />
        </aside>
      </div>
    </>
  );
}

/** The newest judgement: as it was read, then each change as it is heard. */
function useHealth(asset: AssetView | null, refetch: () => void): HealthView | null {
  const [heard, setHeard] = useState<HealthView | null>(null);
  useEffect(() => setHeard(null), [asset]);
  useSubscription<{ healthChanged: HealthView & { twin: { id: string } } }>(
    healthChanges,
    {},
    ({ healthChanged }) => {
      if (healthChanged.twin?.id !== asset?.id) return;
      if (healthChanged.state !== (heard ?? asset.health)?.state) refetch();
      setHeard(healthChanged);
    },
  );
  return heard ?? asset?.health ?? null;
}

function Heading({ asset, health }: { asset: AssetView; health: HealthView | null }) {
  const fact = (name: string) => {
    const property = asset.properties.find((one) => one.name === name);
    return property ? `${property.displayName} ${formatProperty(property.value)}` : null;
  };
  const facts = ['equipmentNumber', 'functionalLocation', 'criticality'].flatMap((name) => fact(name) ?? []);
  return (
    <div class="heading">
      <div>
        <nav class="path" aria-label="Place in the plant">
          {asset.ancestors.map((one, index) => (
            <span key={one.twinId}>
              {index > 0 && ' › '}
              <a href={href(['ASSET', 'COMPONENT'].includes(one.kind) ? 'asset' : 'plant', one.twinId)}>
                {one.name}
              </a>
            </span>
          ))}
        </nav>
        <h1>
          {asset.twinId} {asset.name} {health && <HealthBadge state={health.state} score={health.score} />}
        </h1>
        {facts.length > 0 && <p class="facts">{facts.join(' · ')}</p>}
      </div>
    </div>
  );
}

interface ChartsProps {
  readonly asset: AssetView;
  readonly signals: readonly SignalView[];
  readonly live: LiveValues;
  readonly stretch: Stretch;
  readonly health: HealthView | null;
}

function Charts({ asset, signals, live, stretch, health }: ChartsProps) {
  const findingOf = (signal: SignalView) => health?.findings.find((one) => one.signal?.id === signal.id);
  const ownerOf = (signal: SignalView) =>
    asset.children.find((child) => child.signals.some((one) => one.id === signal.id))?.name;
  const abnormalFirst = (a: SignalView, b: SignalView) => Number(!findingOf(a)) - Number(!findingOf(b));
  const numeric = signals
    .filter((signal) => ['number', 'integer'].includes(signal.valueType))
    .sort(abnormalFirst);
  const spectra = signals.filter((signal) => signal.valueType === 'number[]');
  const others = signals.filter((signal) => !numeric.includes(signal) && !spectra.includes(signal));
  const lines = useBearingLines(asset, live);
  if (!signals.length) return <p class="empty">This twin has no signals.</p>;
  return (
    <>
      {others.length > 0 && (
        <div class="strip">
          {others.map((signal) => (
            <p key={signal.id}>
              {signal.displayName} <LiveValue live={live} signal={signal} />
            </p>
          ))}
        </div>
      )}
      <div class="charts">
        {spectra.filter(findingOf).map((signal) => (
          <SpectrumChart
            key={signal.id}
            signal={signal}
            live={live}
            lines={lines}
            finding={findingOf(signal)}
          />
        ))}
        {numeric.map((signal) => (
          <SignalChart
            key={`${signal.id}${stretch.label}`}
            signal={signal}
            live={live}
            stretch={stretch}
            finding={findingOf(signal)}
            {...(ownerOf(signal) ? { owner: ownerOf(signal) as string } : {})}
          />
        ))}
        {spectra
          .filter((signal) => !findingOf(signal))
          .map((signal) => (
            <SpectrumChart key={signal.id} signal={signal} live={live} lines={lines} />
          ))}
      </div>
    </>
  );
}

/** Fault frequencies of the asset's bearings at the present speed; bearings of one geometry share them. */
function useBearingLines(asset: AssetView, live: LiveValues): readonly BearingLine[] {
  const speed = asset.signals.find((signal) => signal.unit === '{rev}/min');
  const sample = useLatest(live, speed?.id ?? '', speed?.latest ?? null);
  // A whole number is enough for a mark, and keeps the marks still.
  const rpm = sample && sample.quality !== 'BAD' ? Math.round(sample.number ?? 0) : 0;
  return useMemo(() => {
    const lines = asset.children.flatMap((child) => {
      const geometry = bearingGeometry(child.properties);
      return geometry ? bearingLines(geometry, rpm) : [];
    });
    return lines.filter(
      (line, index) =>
        lines.findIndex((one) => one.label === line.label && one.frequency === line.frequency) === index,
    );
  }, [asset.children, rpm]);
}

function NotThere(props: { twinId: string; errors: Parameters<typeof Problems>[0]['errors'] }) {
  return (
    <>
      <Problems errors={props.errors} />
      <h1>{props.twinId}</h1>
      <p class="empty">
        {props.errors.length ? 'It cannot be shown now.' : `There is no twin ${props.twinId}.`}{' '}
        <a href={href('plant')}>To the plant</a>
      </p>
    </>
  );
}
