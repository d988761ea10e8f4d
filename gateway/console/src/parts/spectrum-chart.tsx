import { useMemo } from 'preact/hooks';
import type { BearingLine } from '../bearing.ts';
import { formatNumber, formatUnit } from '../format.ts';
import { useLatest, type LiveValues } from '../live-values.ts';
import type { Finding, SignalView } from '../types.ts';
import { Plot } from './plot.tsx';
import { Value } from './value.tsx';

interface Props {
  readonly signal: SignalView;
  readonly live: LiveValues;
  /** Frequencies at which damage of a bearing would show. */
  readonly lines: readonly BearingLine[];
  readonly finding?: Finding | undefined;
}

/** A spectrum: the newest one as it came, line k at k Hz, with the bearings' fault frequencies marked. */
export function SpectrumChart({ signal, live, lines, finding }: Props) {
  const latest = useLatest(live, signal.id, signal.latest);
  const values = Array.isArray(latest?.value) ? (latest.value as number[]) : [];
  const x = useMemo(() => values.map((_, index) => index), [values.length]);
  const span = useMemo(() => [0, Math.max(1, x.length - 1)] as const, [x]);
  const peak = values.length ? Math.max(...values) : null;
  const marks = lines.map((line) => ({
    axis: 'x' as const,
    at: line.frequency,
    label: `${line.label} ${line.frequency.toFixed(1)} Hz`,
    strong: finding?.text.includes(line.label) ?? false,
  }));
  const unit = formatUnit(signal.unit);
  return (
    <figure class={`signal wide ${finding ? 'abnormal' : ''}`}>
      <figcaption>
        <span>
          {finding && <span aria-hidden="true">▲ </span>}
          {signal.displayName} <small>{unit} over frequency, Hz</small>
        </span>
        <Value sample={latest} unit={null} signal={signal} />
      </figcaption>
      <Plot
        label={signal.displayName}
        unit={unit}
        summary={
          peak === null
            ? `${signal.displayName}: no spectrum yet.`
            : `${signal.displayName}: highest line ${formatNumber(peak)} ${unit} at ${values.indexOf(peak)} Hz.`
        }
        x={x}
        y={values}
        span={span}
        minSpan={0.05}
        fromZero
        numeric
        marks={marks}
      />
      {lines.length > 0 && (
        <p class="facts">
          Marked at the present speed: {lines.map((line) => `${line.label} ${line.meaning}`).join(', ')}.
        </p>
      )}
    </figure>
  );
}
