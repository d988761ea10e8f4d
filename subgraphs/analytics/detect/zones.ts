import { vibrationZone, zoneLimits, type VibrationClass, type VibrationZone } from './iso10816.ts';
import { median } from './robust.ts';

/** JSON, so that it can be stored. */
export interface ZoneState {
  recent: number[];
  zone: VibrationZone | null;
  since: number;
}

const length = 10;
/** A zone is left only below this share of its lower limit. */
const release = 0.95;

/** Follows vibration velocity through the zones: the median of the last ten values decides, so a spike does not. */
export class ZoneWatch {
  readonly state: ZoneState;
  readonly machine: VibrationClass;

  constructor(state: ZoneState | undefined, machine: VibrationClass) {
    this.state = state ?? { recent: [], zone: null, since: 0 };
    this.machine = machine;
  }

  observe(velocityRms: number, at: number): void {
    const { state } = this;
    state.recent.push(velocityRms);
    if (state.recent.length > length) state.recent.shift();
    if (state.recent.length < length) return;
    const value = median(state.recent);
    const zone = vibrationZone(value, this.machine);
    const held = state.zone !== null && zone < state.zone && value > release * this.limit(state.zone);
    if (held || zone === state.zone) return;
    Object.assign(state, { zone, since: at });
  }

  get velocity(): number {
    return median(this.state.recent);
  }

  /** Lower limit of a zone, mm/s. */
  limit(zone: VibrationZone): number {
    const [a, b, c] = zoneLimits[this.machine];
    return { A: 0, B: a, C: b, D: c }[zone];
  }

  reset(): void {
    Object.assign(this.state, { recent: [], zone: null });
  }
}
