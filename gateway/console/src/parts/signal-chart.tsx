import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useNow } from '../clock.ts';
import { formatName, formatNumber, formatUnit } from '../format.ts';
import { useOnReturn, useQuery } from '../hooks.ts';
import { instantOf, useLatest, type LiveValues } from '../live-values.ts';
import { seriesQuery } from '../operations.ts';
import { leastSpan, Series, type Columns, type HistoryWindow } from '../series.ts';
import type { Finding, SignalView } from '../types.ts';
import { Plot } from './plot.tsx';
import type { Mark } from './plot-marks.ts';
import { Problems } from './problems.tsx';
import { Value } from './value.tsx';

/** Stretches to choose from, with a window that gives about 300 points. */
export const stretches = [
  { label: '5 min', last: 'PT5M', window: 'PT1S', lastMs: 300_000, windowMs: 1_000 },
  { label: '30 min', last: 'PT30M', window: 'PT6S', lastMs: 1_800_000, windowMs: 6_000 },
  { label: '6 h', last: 'PT6H', window: 'PT1M', lastMs: 21_600_000, windowMs: 60_000 },
  { label: '24 h', last: 'P1D', window: 'PT5M', lastMs: 86_400_000, windowMs: 300_000 },
] as const;
export type Stretch = (typeof stretches)[number];

interface Props {
  readonly signal: SignalView;
  readonly live: LiveValues;
  readonly stretch: Stretch;
  /** Of which twin it is, when not of the page's own. */
  readonly owner?: string;
  /** What the hub found in this signal. */
  readonly finding?: Finding | undefined;
}

/** A signal's trend: history from the store, then each live sample. */
export function SignalChart({ signal, live, stretch, owner, finding }: Props) {
  const { columns, errors, loading, now } = useTrend(signal, live, stretch);
  const latest = useLatest(live, signal.id, signal.latest);
  const name = signal.displayName || formatName(signal.name);
  const unit = formatUnit(signal.unit);
  const span = useMemo(() => [(now - stretch.lastMs) / 1000, now / 1000] as const, [now, stretch]);
  const band = useMemo(() => ({ min: columns.min, max: columns.max }), [columns]);
  return (
    <figure class={`signal ${finding ? 'abnormal' : ''}`}>
      <figcaption>
        <span>
          {finding && <span aria-hidden="true">▲ </span>}
          {name} {owner && <small>{owner}</small>}
          {finding && <span class="hidden"> (abnormal)</span>}
        </span>
        <Value sample={latest} unit={signal.unit} signal={signal} />
      </figcaption>
      {errors.length > 0 && <Problems errors={errors} />}
      <Plot
        label={name}
        unit={unit}
        summary={summaryOf(name, unit, stretch, columns)}
        x={columns.x}
        y={columns.mean}
        band={band}
        span={span}
        minSpan={leastSpan(signal.range, latest?.number)}
        marks={marksOf(finding, signal)}
      />
      {!columns.x.length && <p class="plot-note">{loading ? 'Loading…' : 'No values in this stretch.'}</p>}
    </figure>
  );
}

function useTrend(signal: SignalView, live: LiveValues, stretch: Stretch) {
  const { data, errors, loading, refetch } = useQuery<{
    node: { history: readonly HistoryWindow[] | null } | null;
  }>(seriesQuery, { id: signal.id, last: stretch.last, window: stretch.window });
  const series = useMemo(
    () =>
      new Series({
        ...stretch,
        gapMs: Math.max(3 * stretch.windowMs, 5 * (signal.samplingPeriodMs ?? 1000)),
      }),
    [signal.id, signal.samplingPeriodMs, stretch],
  );
  const loaded = useRef<unknown>(null);
  const history = data?.node?.history;
  if (history && loaded.current !== history) {
    loaded.current = history;
    series.load(history);
  }
  useEffect(
    () =>
      live.listen((id, sample) => {
        if (id === signal.id) series.add(instantOf(sample), sample.quality === 'BAD' ? null : sample.number);
      }),
    [live, series, signal.id],
  );
  useOnReturn(refetch);
  // The stretch moves on also when nothing arrives: then one sees the gap grow.
  const now = useNow();
  const columns = useMemo(() => series.columns(now), [series, now, history]);
  return { columns, errors, loading, now };
}

function marksOf(finding: Finding | undefined, signal: SignalView): readonly Mark[] {
  if (!finding) return [];
  const since: Mark = { axis: 'x', at: Date.parse(finding.since) / 1000, label: 'since', strong: true };
  if (finding.unit !== signal.unit) return [since];
  return [since, { axis: 'y', at: finding.expected, label: `normal ${formatNumber(finding.expected)}` }];
}

function summaryOf(name: string, unit: string, stretch: Stretch, { mean }: Columns): string {
  const values = mean.filter((value): value is number => value !== null);
  if (!values.length) return `${name}: no values in the last ${stretch.label}.`;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${name} over the last ${stretch.label}: ${formatNumber(low)} to ${formatNumber(high)} ${unit}, now ${formatNumber(values.at(-1))} ${unit}.`;
}
