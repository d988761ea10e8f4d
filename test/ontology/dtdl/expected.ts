/** Differences between our reader and the reference that are meant to be. @see ontology/dtdl/README.md */
import type { Verdict } from './oracle.ts';

/** Why the two differ on a case on purpose; `null` when they should not. */
export function expectedDifference(ours: Verdict, reference: Verdict, text: string): string | null {
  if (/"@value":\[/.test(text)) return 'the reference loses its place in an array below @value';
  if (ours.codes.includes('hub:typeNotString') || /"@type":\[[^\]]*[{[]/.test(text))
    return 'the reference loses its place in an object or array in @type';
  if (/"P[^"]*(?:W|\.\d+[YMD])/.test(text))
    return 'the reference cannot read weeks and fractions of durations';
  if (reference.codes.includes('excessiveCount') && ours.valid)
    return 'the reference counts ways, not interfaces';
  return null;
}
