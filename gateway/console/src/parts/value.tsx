import { useNow } from '../clock.ts';
import { formatAge, formatNumber, formatUnit } from '../format.ts';
import { useLatest, type LiveValues } from '../live-values.ts';
import type { Sample, SignalView } from '../types.ts';

/** Older than this a value is called old, ms; slow signals may be five of their periods old. */
const oldAfterMs = 10_000;

const qualitySigns = { GOOD: '●', UNCERTAIN: '◆', BAD: '■' } as const;

/** A value with unit, quality and age, in words and signs. */
export function Value(props: {
  sample: Sample | null;
  unit: string | null;
  /** Whose value it is: its period tells when it is old, its range how many decimals make sense. */
  signal?: Pick<SignalView, 'samplingPeriodMs' | 'range'>;
}) {
  const now = useNow();
  const { sample, unit } = props;
  if (!sample) return <span class="value none">no value yet</span>;
  const age = now - Date.parse(sample.receivedTime);
  const old = age > Math.max(oldAfterMs, 5 * (props.signal?.samplingPeriodMs ?? 0));
  const tone =
    sample.quality === 'BAD' ? 'bad' : sample.quality === 'UNCERTAIN' || old ? 'uncertain' : 'good';
  const quality = sample.quality.toLowerCase();
  return (
    <span class={`value ${tone}`}>
      <b>{valueText(sample, props.signal?.range)}</b> <span class="unit">{formatUnit(unit)}</span>
      <small
        title={`Quality ${quality}${sample.status ? ` (${sample.status})` : ''}, received ${formatAge(age)} ago`}
      >
        <span class="sign" aria-hidden="true">
          {qualitySigns[sample.quality]}
        </span>
        <span class={sample.quality === 'GOOD' ? 'hidden' : ''}>{sample.status ?? quality} </span>
        {old ? `old: ${formatAge(age)}` : formatAge(age)}
      </small>
    </span>
  );
}

/** The newest value of a signal, following it. */
export function LiveValue({ live, signal }: { live: LiveValues; signal: SignalView }) {
  const sample = useLatest(live, signal.id, signal.latest);
  return <Value sample={sample} unit={signal.unit} signal={signal} />;
}

function valueText(sample: Sample, range: SignalView['range']): string {
  if (sample.number !== null) return formatNumber(sample.number, range);
  if (typeof sample.value === 'boolean') return sample.value ? 'yes' : 'no';
  if (Array.isArray(sample.value)) return `${sample.value.length} lines`;
  return sample.value === null || sample.value === undefined ? '–' : String(sample.value);
}
