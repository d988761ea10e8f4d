import type { RequestContext } from '#ontology/request-context.ts';
import type { ActiveOverrides, Planner } from '../planner.ts';

/**
 * Which progressive `@override`s of the supergraph are on for a request.
 * @see https://specs.apollo.dev/join/v0.4/ (`overrideLabel`)
 */
export interface OverridePolicy {
  /** Whether a label of the schema's own is on. */
  isActive(label: string, context: RequestContext): boolean;
  /** From 0 up to 100, for `percent(N)`: those are on whose N is above it. */
  draw(context: RequestContext): number;
}

/** Labels are off; a request's id, which is random, decides about percentages. */
export const drawnOverrides: OverridePolicy = {
  isActive: () => false,
  draw: ({ requestId }) => (hashOf(requestId) / 2 ** 32) * 100,
};

/** FNV-1a with a final mix, 32 bits: ids that differ little must not draw alike. */
function hashOf(text: string): number {
  let hash = 2166136261;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Draws as `drawnOverrides`, with these labels on for everybody. */
export function overridesWithLabels(labels: readonly string[]): OverridePolicy {
  const active = new Set(labels);
  return { ...drawnOverrides, isActive: (label) => active.has(label) };
}

const noneActive: ActiveOverrides = { labels: new Set(), percentage: 100 };

/** What is on for one request, with a key that is the same for requests that plan alike. */
export function overridesFor(
  planner: Planner,
  policy: OverridePolicy,
  context: RequestContext,
): { readonly key: string; readonly active: ActiveOverrides } {
  const { labels, percentages } = planner.overrides;
  if (!labels.length && !percentages.length) return { key: '', active: noneActive };
  const on = labels.filter((label) => policy.isActive(label, context));
  const percentage = percentages.length ? policy.draw(context) : 100;
  const reached = percentages.filter((percent) => percent > percentage);
  return { key: JSON.stringify([on, reached]), active: { labels: new Set(on), percentage } };
}
