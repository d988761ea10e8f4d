import { formatInstant } from '#kernel/clock.ts';
import { sha256Hex } from '#kernel/canonical.ts';
import { HubError } from '#kernel/errors.ts';
import { parseTwinId } from '#ontology/ids.ts';
import type { MaintenanceEvent, VerifyRepair } from '#ontology/maintenance.ts';
import type { Message, OutgoingMessage } from '#ontology/message.ts';
import type { StoredVerification } from '#ontology/ports/analytics-state.ts';
import type { Finding } from '#ontology/recommendation.ts';
import type { AssetDetector } from './detect/asset-detector.ts';
import type { VerificationProgress, VerifiedFeature } from './detect/verification.ts';
import { messageSource } from './recommend.ts';

type RepairVerified = Extract<MaintenanceEvent, { type: 'analytics.repairVerified' }>;

/** What a check after a repair came to. */
export type VerificationResult = Pick<
  RepairVerified,
  'passed' | 'text' | 'findings' | 'observedFrom' | 'observedTo'
>;

/** Reads the command out of a message. @throws {HubError} MESSAGE_INVALID - naming the field. */
export function readVerifyRepair(body: unknown): VerifyRepair {
  const fields = (body ?? {}) as Record<string, unknown>;
  const text = (name: string) => {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') return value;
    throw new HubError('MESSAGE_INVALID', `analytics.verifyRepair needs the text ${name}.`, {
      details: { path: ['body', name] },
    });
  };
  const repairedAt = text('repairedAt');
  if (Number.isNaN(Date.parse(repairedAt)))
    throw new HubError(
      'MESSAGE_INVALID',
      `repairedAt of analytics.verifyRepair is not RFC 3339: ${repairedAt}.`,
      { details: { path: ['body', 'repairedAt'] } },
    );
  return {
    type: 'analytics.verifyRepair',
    workflowId: text('workflowId'),
    twinId: parseTwinId(text('twinId')),
    recommendationId: text('recommendationId'),
    repairedAt,
  };
}

/** A check as it is stored; the same command gives the same id. */
export function toVerification(
  message: Message,
  command: VerifyRepair,
  deadline: number,
): StoredVerification {
  const { workflowId, recommendationId, repairedAt, twinId } = command;
  return {
    id: `analytics.repairVerified:${sha256Hex(JSON.stringify([message.tenant, workflowId, recommendationId, repairedAt]))}`,
    tenant: message.tenant,
    twinId,
    command,
    correlationId: message.id,
    traceparent: message.traceparent,
    deadline,
  };
}

/** The answer to a check. */
export function verifiedMessage(
  verification: StoredVerification,
  result: VerificationResult,
  now: number,
): OutgoingMessage {
  const { workflowId } = verification.command as VerifyRepair;
  const type = 'analytics.repairVerified';
  const body: RepairVerified = { type, workflowId, ...result };
  return {
    exchange: 'hub.evt',
    routingKey: type,
    message: {
      id: verification.id,
      type,
      source: messageSource,
      tenant: verification.tenant,
      time: formatInstant(now),
      key: workflowId,
      correlationId: verification.correlationId,
      traceparent: verification.traceparent,
      body,
    },
  };
}

/** A check that cannot be made, with the reason. */
export function notVerified(text: string, after: number, now: number): VerificationResult {
  return {
    passed: false,
    text,
    findings: [],
    observedFrom: formatInstant(Math.min(after, now)),
    observedTo: formatInstant(now),
  };
}

/** The result of a check that saw enough. Vibration in a zone that is not accepted fails it in any case. */
export function judgeRepair(
  detector: AssetDetector,
  progress: VerificationProgress,
  features: readonly VerifiedFeature[],
): VerificationResult {
  const failed = features.filter(({ passed }) => !passed);
  const zone = detector.zoneAlarm;
  const findings = features.map((feature) => toFinding(detector, progress, feature));
  const seen = `${progress.rounds} good running samples after the repair`;
  const reasons = [
    ...failed.map((feature) => findings[features.indexOf(feature)]?.text ?? ''),
    ...(zone ? [`Vibration is in ${zone}.`] : []),
  ];
  const passed = reasons.length === 0;
  const text = passed
    ? `Back to normal over ${seen}: ${findings.map((finding) => finding.text).join(' ')}`
    : `Not back to normal over ${seen}: ${reasons.join(' ')}`;
  return {
    passed,
    text,
    findings,
    observedFrom: formatInstant(progress.observedFrom ?? progress.after),
    observedTo: formatInstant(progress.observedTo ?? progress.after),
  };
}

/** How one monitor compares with normal, in tolerances (the deviation that is never alarmed is 2). */
function toFinding(
  detector: AssetDetector,
  progress: VerificationProgress,
  { id, n, deviation, passed }: VerifiedFeature,
): Finding {
  const monitor = detector.monitors.find((known) => known.id === id);
  const what = monitor?.band
    ? `${monitor.band.frequency} band of ${monitor.signal}`
    : monitor?.kind === 'noise'
      ? `fluctuation of ${monitor.signal}`
      : (monitor?.signal ?? id);
  const compared =
    deviation === null
      ? 'could not be compared: its operating point was never seen before'
      : `deviates ${Math.abs(deviation).toFixed(1)} tolerances ${deviation < 0 ? 'away from' : 'towards'} the old finding`;
  return {
    signal: monitor?.signal ?? id,
    text: `The ${what} ${compared}${passed ? '' : '; below 1.5 is back to normal'}.`,
    unit: null,
    observed: deviation === null ? 0 : Number(deviation.toFixed(3)),
    expected: 0,
    comparedWith: `normal operation as learned before, mean over ${n} values, in tolerances (a third of the smallest change that matters, or one standard deviation)`,
    deviation: deviation === null ? null : Number(Math.abs(deviation).toFixed(3)),
    since: progress.observedFrom ?? progress.after,
    confidence: Math.min(0.99, 1 - 1 / (1 + n)),
  };
}

/** Why a check ran into its deadline. */
export function deadlineText(progress: VerificationProgress | null): string {
  if (!progress || progress.rounds === 0)
    return 'No good sample of the running asset came until the deadline.';
  const missing = progress.features.filter(({ id }) => !progress.sums[id]).map(({ id }) => id);
  const seen = `Only ${progress.rounds} of ${progress.wanted} good running samples came until the deadline`;
  return missing.length ? `${seen}, and none of ${missing.join(', ')}.` : `${seen}.`;
}
