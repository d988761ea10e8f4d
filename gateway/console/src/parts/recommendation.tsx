import { formatDateTime } from '../format.ts';
import type { RecommendationView } from '../types.ts';
import { SeverityBadge } from './badges.tsx';
import { Findings } from './findings.tsx';

/** A recommendation with its reasons and what else it could be. */
export function Recommendation({ recommendation }: { recommendation: RecommendationView }) {
  const { failureMode } = recommendation;
  return (
    <section class="recommendation" aria-label="Recommendation">
      <h2>
        Why: {failureMode?.name ?? recommendation.title} <SeverityBadge severity={recommendation.severity} />{' '}
        <small>{Math.round(recommendation.confidence * 100)} % sure</small>
      </h2>
      <Findings findings={recommendation.findings} />
      {recommendation.alternatives.length > 0 && (
        <p>
          Also considered:{' '}
          {recommendation.alternatives
            .map(
              (one) =>
                `${one.failureMode?.name ?? 'another failure mode'} (${Math.round(one.confidence * 100)} %)`,
            )
            .join(', ')}
        </p>
      )}
      {failureMode && (
        <>
          <p class="facts">{failureMode.description}</p>
          <p class="facts">
            ISO 14224: mode {failureMode.mode}, {failureMode.mechanism.text.toLowerCase()},{' '}
            {failureMode.cause.text.toLowerCase()}
          </p>
        </>
      )}
      <p class="facts">
        Raised {formatDateTime(recommendation.raisedAt)} by {recommendation.detector}
      </p>
    </section>
  );
}
