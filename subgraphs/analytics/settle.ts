import { HubError } from '#kernel/errors.ts';
import { parseTwinId } from '#ontology/ids.ts';
import type { RecommendationSettled } from '#ontology/maintenance.ts';
import { feedbackVerdicts } from '#ontology/recommendation.ts';

const statuses = ['ACCEPTED', 'DISMISSED', 'RESOLVED'] as const;

/** Reads what workflows tell out of a message body. @throws {HubError} MESSAGE_INVALID - naming the field. */
export function readSettled(body: unknown): RecommendationSettled {
  const fields = (body ?? {}) as Record<string, unknown>;
  const text = (name: string) => {
    const value = fields[name];
    if (typeof value === 'string') return value;
    throw invalid(name, 'a text');
  };
  const status = statuses.find((known) => known === fields['status']);
  if (!status) throw invalid('status', statuses.join(', '));
  const feedback =
    fields['feedback'] === null ? null : feedbackVerdicts.find((known) => known === fields['feedback']);
  if (feedback === undefined) throw invalid('feedback', `null, ${feedbackVerdicts.join(', ')}`);
  return {
    type: 'workflows.recommendationSettled',
    recommendationId: text('recommendationId'),
    twinId: parseTwinId(text('twinId')),
    failureModeId: text('failureModeId'),
    status,
    feedback,
    comment: text('comment'),
  };
}

/** What a detector learns from it; `null`: nothing yet. */
export function settledOutcome({
  status,
  feedback,
}: RecommendationSettled): 'FALSE_ALARM' | 'DISMISSED' | 'RESOLVED' | null {
  if (status === 'ACCEPTED') return null;
  return feedback === 'FALSE_ALARM' ? 'FALSE_ALARM' : status;
}

function invalid(name: string, allowed: string): HubError {
  return new HubError('MESSAGE_INVALID', `workflows.recommendationSettled: ${name} must be ${allowed}.`, {
    details: { path: ['body', name] },
  });
}
