import { formatInstant } from '#kernel/clock.ts';
import { sha256Hex } from '#kernel/canonical.ts';
import type { RecommendationRaised } from '#ontology/maintenance.ts';
import type { OutgoingMessage } from '#ontology/message.ts';
import type { Recommendation } from '#ontology/recommendation.ts';
import type { RaiseRequest } from './detect/raiser.ts';
import { detectorName, detectorVersion } from './detect/options.ts';
import type { WatchedAsset } from './detect/watched.ts';

/** Who sends the messages of analytics. */
export const messageSource = 'twinhub/analytics';

/** A diagnosis as recommendation. Its id follows from twin, failure mode and time. */
export function toRecommendation(asset: WatchedAsset, request: RaiseRequest, now: number): Recommendation {
  const { tenant, twinId } = asset;
  const { mode, confidence } = request.candidate;
  const round = (value: number) => Math.round(value * 1000) / 1000;
  return {
    tenant,
    id: `rec-${sha256Hex(JSON.stringify([tenant, twinId, mode.id, now])).slice(0, 24)}`,
    twinId,
    failureModeId: mode.id,
    severity: request.severity,
    title: `${mode.name} at ${twinId}`,
    findings: request.findings,
    confidence: round(confidence),
    alternatives: request.alternatives.map((other) => ({
      failureModeId: other.mode.id,
      confidence: round(other.confidence),
    })),
    detector: `${detectorName}/${detectorVersion}`,
    since: request.since,
    raisedAt: now,
    status: 'OPEN',
    feedback: null,
    updatedAt: now,
  };
}

/** The message that tells workflows about a recommendation; its id follows from the recommendation's. */
export function raisedMessage(recommendation: Recommendation): OutgoingMessage {
  const type = 'analytics.recommendationRaised';
  const body: RecommendationRaised = { type, recommendationId: recommendation.id };
  return {
    exchange: 'hub.evt',
    routingKey: type,
    message: {
      id: `${type}:${recommendation.tenant}:${recommendation.id}`,
      type,
      source: messageSource,
      tenant: recommendation.tenant,
      time: formatInstant(recommendation.raisedAt),
      key: recommendation.id,
      correlationId: null,
      traceparent: null,
      body,
    },
  };
}
