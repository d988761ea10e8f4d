import { formatEnum } from '../format.ts';
import type { HealthState } from '../types.ts';
import { stateTone } from '../workflow-states.ts';

/** Shape and word beside colour, so that colour is never the only sign. */
const healthSigns: Readonly<Record<HealthState, string>> = {
  NORMAL: '●',
  WATCH: '◆',
  WARNING: '▲',
  CRITICAL: '■',
  UNKNOWN: '○',
};

export function HealthBadge({ state, score }: { state: HealthState; score?: number | null }) {
  return (
    <span class={`badge health-${state.toLowerCase()}`}>
      <span aria-hidden="true">{healthSigns[state]}</span> {formatEnum(state)}
      {score !== null && score !== undefined && (
        <small title="Health score: 100 is as new, 0 is failed"> {Math.round(score)}/100</small>
      )}
    </span>
  );
}

export function StateBadge({ state }: { state: string }) {
  return <span class={`badge state-${stateTone(state)}`}>{formatEnum(state)}</span>;
}

export function SeverityBadge({ severity }: { severity: string }) {
  return <span class={`badge severity-${severity.toLowerCase()}`}>{formatEnum(severity)} priority</span>;
}
