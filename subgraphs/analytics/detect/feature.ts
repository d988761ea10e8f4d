import { accumulate, noEvidence, type CusumOptions, type Evidence } from './cusum.ts';
import { fitLinearModel, learn, predict, shift, type LinearModel, type Observation } from './linear-model.ts';

/** What one monitor remembers. JSON, so that it can be stored. */
export interface FeatureState {
  rows: Observation[];
  model: LinearModel | null;
  learnedAt: number | null;
  up: Evidence;
  down: Evidence;
  /** The last evaluations: observed, expected. */
  recent: [number, number][];
  /** Deviation of the means of `recent`, one of each ten evaluations, oldest first. */
  past: number[];
  evaluations: number;
  /** Multiplies the deviation that is tolerated; above 1 after false alarms. */
  factor: number;
  /** Rounds since the last start while a slow signal is left out; `null` once it was near normal. */
  warming: number | null;
}

/** How one monitor decides. */
export interface FeatureOptions {
  readonly rowsWanted: number;
  readonly quadratic: boolean;
  /** Smallest change that matters at this expected value, in the unit of the observation. */
  readonly leastEffect: (expected: number) => number;
  readonly cusum: CusumOptions;
  readonly warmUpSamples: number;
}

/** A change seen by a monitor. */
export interface Change {
  readonly trend: 'rises' | 'falls';
  readonly evidence: Evidence;
  readonly observed: number;
  readonly expected: number;
  /** Standard deviations of normal operation. */
  readonly deviation: number;
  /** In multiples of the smallest change that matters. */
  readonly effect: number;
  /** Whether it has become clearly larger within the last 30 evaluations. */
  readonly growing: boolean;
}

const recentLength = 10;
/** A new operating point is learned once it has lasted: what passes (a stop, a wrong value) teaches nothing. */
const passingRounds = 6;

export function newFeatureState(): FeatureState {
  return {
    rows: [],
    model: null,
    learnedAt: null,
    up: noEvidence(),
    down: noEvidence(),
    recent: [],
    past: [],
    evaluations: 0,
    factor: 1,
    warming: null,
  };
}

/** Compares one quantity with what is normal at the present operating point, and gathers evidence of a change. */
export class FeatureMonitor {
  readonly state: FeatureState;
  readonly #options: FeatureOptions;
  readonly #quadratic: boolean;
  #novelInARow = 0;

  constructor(state: FeatureState, options: FeatureOptions) {
    this.state = state;
    this.#options = options;
    this.#quadratic = options.quadratic;
  }

  get ready(): boolean {
    return this.state.model !== null;
  }

  /** Whether it has what it needs to learn (a third of the rows, the rest may have been missing or bad). */
  get canLearn(): boolean {
    return this.state.rows.length >= Math.max(12, this.#options.rowsWanted / 3);
  }

  /** Takes one observation. @param mayLearn - whether a new operating point may be learned (nothing is wrong at the asset). */
  observe(observation: Observation, at: number, mayLearn: boolean): void {
    const { state } = this;
    if (!state.model) {
      if (state.rows.length < this.#options.rowsWanted) state.rows.push(observation);
      return;
    }
    const { mean, leverage, novel } = predict(state.model, observation.x);
    this.#novelInARow = novel ? this.#novelInARow + 1 : 0;
    if (novel) {
      if (mayLearn && this.#novelInARow > passingRounds) learn(state.model, observation);
      return;
    }
    const error = observation.y - mean;
    const deviation = error / (this.#tolerance(mean) * Math.sqrt(1 + leverage));
    if (this.#isWarming(deviation)) return;
    accumulate(state.up, deviation, observation.w, at, this.#options.cusum);
    accumulate(state.down, -deviation, observation.w, at, this.#options.cusum);
    this.#remember(observation.y, mean);
  }

  /** Ends the learning. */
  finishLearning(at: number): void {
    const { state } = this;
    state.model = fitLinearModel(state.rows, this.#quadratic);
    state.rows = [];
    state.learnedAt = at;
  }

  /** The signal follows a start slowly. */
  startWarming(): void {
    this.state.warming = 0;
  }

  /** Forgets the evidence, keeps what is normal. */
  reset(): void {
    Object.assign(this.state, { up: noEvidence(), down: noEvidence(), recent: [], past: [] });
  }

  /** The stronger direction, when active. */
  change(): Change | null {
    const { up, down, recent, model } = this.state;
    if (!model || recent.length === 0 || (!up.active && !down.active)) return null;
    const rises = up.active && (!down.active || up.sum >= down.sum);
    const [observed, expected] = this.means();
    const signed = (observed - expected) * (rises ? 1 : -1);
    const before = (this.state.past.at(-4) ?? 0) * (rises ? 1 : -1);
    return {
      trend: rises ? 'rises' : 'falls',
      evidence: rises ? up : down,
      observed,
      expected,
      deviation: Math.abs(observed - expected) / Math.sqrt(model.variance || 1e-12),
      effect: Math.max(0, signed) / this.#options.leastEffect(expected),
      growing:
        this.state.past.length >= 4 &&
        signed > 1.25 * Math.max(0, before) &&
        signed > this.#options.leastEffect(expected),
    };
  }

  /** Half-grown evidence: enough to doubt that another signal is alone. */
  get stirring(): boolean {
    return Math.max(this.state.up.sum, this.state.down.sum) > 0.5 * this.#options.cusum.limit;
  }

  /** Means of the last ten evaluations: observed, expected. */
  means(): [number, number] {
    const { recent } = this.state;
    const sum = recent.reduce<[number, number]>(
      ([o, e], [observed, expected]) => [o + observed, e + expected],
      [0, 0],
    );
    return [sum[0] / recent.length, sum[1] / recent.length];
  }

  /** A deviation in tolerances, for the check after a repair; `null` where the model has no experience. */
  deviationOf({ x, y }: Observation): number | null {
    const { model } = this.state;
    if (!model) return null;
    const { mean, novel } = predict(model, x);
    return novel ? null : (y - mean) / this.#tolerance(mean);
  }

  /** Moves what is normal by so many tolerances. */
  recentre(deviation: number): void {
    const { model } = this.state;
    if (model) shift(model, deviation * this.#tolerance(model.beta[0] as number));
  }

  raiseFactor(by: number, most: number): void {
    this.state.factor = Math.min(most, this.state.factor * by);
  }

  /** A third of the smallest change that matters, or the spread of normal operation when that is larger. */
  #tolerance(expected: number): number {
    const spread = Math.sqrt(this.state.model?.variance ?? 0);
    return Math.max(spread, this.#options.leastEffect(expected) / 3) * this.state.factor;
  }

  #isWarming(deviation: number): boolean {
    const { state } = this;
    if (state.warming === null) return false;
    state.warming =
      Math.abs(deviation) < this.#options.cusum.allowance || state.warming >= this.#options.warmUpSamples
        ? null
        : state.warming + 1;
    return state.warming !== null;
  }

  #remember(observed: number, expected: number): void {
    const { state } = this;
    state.recent.push([observed, expected]);
    if (state.recent.length > recentLength) state.recent.shift();
    state.evaluations += 1;
    if (state.evaluations % recentLength !== 0) return;
    const [meanObserved, meanExpected] = this.means();
    state.past.push(meanObserved - meanExpected);
    if (state.past.length > 5) state.past.shift();
  }
}
