import { formatAge, formatDateTime, formatNumber, formatUnit, localTimes } from '../format.ts';
import { useNow } from '../clock.ts';
import type { Finding } from '../types.ts';

/** A finding's sentence with the signal's name as people know it. */
export function findingText({ text, signal }: Finding): string {
  return signal && text.startsWith(signal.name) ? signal.displayName + text.slice(signal.name.length) : text;
}

/** Why the hub thinks so: each reason with what it was compared with, since when and how sure. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  const now = useNow();
  if (!findings.length) return <p class="empty">Nothing abnormal.</p>;
  return (
    <ul class="findings">
      {findings.map((finding) => (
        <li key={`${finding.text}${finding.comparedWith}`}>
          <p>{findingText(finding)}</p>
          <small>
            {formatNumber(finding.observed)} instead of {formatNumber(finding.expected)}{' '}
            {formatUnit(finding.unit)} · since {formatDateTime(finding.since)} (
            {formatAge(now - Date.parse(finding.since))}) · {Math.round(finding.confidence * 100)} % sure
          </small>
          <details>
            <summary>Compared with</summary>
            <small>
              {localTimes(finding.comparedWith)}
              {finding.deviation !== null && `; ${formatNumber(finding.deviation)} standard deviations`}
            </small>
          </details>
        </li>
      ))}
    </ul>
  );
}
