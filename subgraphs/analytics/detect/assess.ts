import type { HealthState } from '#ontology/recommendation.ts';
import type { Candidate } from './diagnose.ts';
import type { Change } from './feature.ts';
import type { VibrationZone } from './iso10816.ts';

/** What a judgement on an asset rests on. */
export interface Grounds {
  readonly changes: readonly Change[];
  readonly others: number;
  readonly zone: VibrationZone | null;
  readonly diagnosis: Candidate | null;
  readonly raiseConfidence: number;
}

/** ISO 14224 mode of an instrument that reads wrongly: the machine itself may be sound. */
export const instrumentMode = 'AIR';

/** The state that the grounds call for, without hysteresis. */
export function stateFor({
  changes,
  others,
  zone,
  diagnosis,
  raiseConfidence,
}: Grounds): Exclude<HealthState, 'UNKNOWN'> {
  const sure = diagnosis !== null && diagnosis.confidence >= raiseConfidence;
  if (zone === 'D') return 'CRITICAL';
  if (zone === 'C')
    return sure && diagnosis.confidence >= 0.95 && changes.some(({ growing }) => growing)
      ? 'CRITICAL'
      : 'WARNING';
  if (sure && diagnosis.mode.mode !== instrumentMode) return 'WARNING';
  return changes.length + others > 0 ? 'WATCH' : 'NORMAL';
}

/**
 * 100 as new to 0 failed: each change takes up to 60 % by its size (1 - exp(-effect / 6)), a zone takes a share of the rest.
 */
export function scoreOf({ changes, zone, others }: Grounds): number {
  const kept = changes.reduce((product, { effect }) => product * (1 - 0.6 * (1 - Math.exp(-effect / 6))), 1);
  const byZone = zone === 'D' ? 0.3 : zone === 'C' ? 0.6 : 1;
  return Math.round(100 * kept * byZone * 0.9 ** others);
}

const order: readonly HealthState[] = ['NORMAL', 'WATCH', 'WARNING', 'CRITICAL'];

/** Health gets worse at once and better only after the better state has lasted. */
export class HealthHysteresis {
  state: HealthState;
  #better = 0;
  readonly #recoverySamples: number;

  constructor(state: HealthState, recoverySamples: number) {
    this.state = state;
    this.#recoverySamples = recoverySamples;
  }

  update(next: HealthState): HealthState {
    const worse = order.indexOf(next) >= order.indexOf(this.state);
    this.#better = worse ? 0 : this.#better + 1;
    const known = this.state !== 'UNKNOWN' && next !== 'UNKNOWN';
    if (!known || worse || this.#better >= this.#recoverySamples) {
      this.state = next;
      this.#better = 0;
    }
    return this.state;
  }
}
