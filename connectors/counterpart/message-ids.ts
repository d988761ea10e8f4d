import { sha256Hex } from '#kernel/canonical.ts';

/**
 * The id of a message that follows from another one: `parent/step`. Steps hold no slash, so `parentOf` can take it
 * apart; a parent too long for a message id goes as its hash.
 */
export function childId(parent: string, step: string): string {
  const id = `${parent}/${step}`;
  return id.length <= 255 ? id : `${sha256Hex(parent)}/${step}`;
}

/** A request's id taken apart: the command or event it follows from, the step, and which try of it (1 is the first). */
export function parentOf(id: string): { parent: string; step: string; round: number } {
  const slash = id.lastIndexOf('/');
  const [step = '', round = '1'] = id.slice(slash + 1).split('.');
  return { parent: id.slice(0, Math.max(slash, 0)), step, round: Number(round) || 1 };
}

/** The step's name on its n-th try. */
export function stepInRound(step: string, round: number): string {
  return round === 1 ? step : `${step}.${round}`;
}
