import { median, robustDeviation } from './robust.ts';

/** One observation: regressors, value, weight (0 to 1). */
export interface Observation {
  readonly x: readonly number[];
  readonly y: number;
  readonly w: number;
}

/** A regression on the operating point that knows where it has experience. JSON, so that it can be stored. */
export interface LinearModel {
  readonly centre: readonly number[];
  readonly scale: readonly number[];
  readonly quadratic: boolean;
  /** Inverse of the weighted sum of squares of the terms. */
  inverse: number[][];
  beta: number[];
  /** Variance of the residuals. */
  variance: number;
  /** Weight of all observations learned. */
  n: number;
}

export interface Prediction {
  readonly mean: number;
  /** Share of the residual variance that the model's own uncertainty adds here. */
  readonly leverage: number;
  /** Whether the operating point lies outside of what was learned: a residual there proves nothing. */
  readonly novel: boolean;
}

/** Ridge as a share of the observations: keeps a driver that did not move from getting a wild slope. */
const ridge = 0.01;
/** Relative spread below which a driver counts as not having moved. */
const leastSpread = 0.01;
const novelPerTerm = 6;

/**
 * Fits by weighted least squares, throws out residuals beyond 3.5 robust deviations, and fits again.
 * @param quadratic - also a square term for each regressor.
 */
export function fitLinearModel(observations: readonly Observation[], quadratic: boolean): LinearModel {
  const sound = withoutOutlyingDrivers(observations);
  const first = fitOnce(sound, quadratic);
  const residuals = sound.map(({ x, y }) => y - predict(first, x).mean);
  const centre = median(residuals);
  const limit = 3.5 * robustDeviation(residuals, centre);
  const kept = sound.filter((_, i) => Math.abs((residuals[i] as number) - centre) <= limit);
  return kept.length >= sound.length * 0.7 ? fitOnce(kept, quadratic) : first;
}

/** One wrong driver value far outside would dictate the slope: what lies beyond 6 robust deviations is left out, unless it is many. */
function withoutOutlyingDrivers(observations: readonly Observation[]): readonly Observation[] {
  const width = observations[0]?.x.length ?? 0;
  const limits = Array.from({ length: width }, (_, j) => {
    const column = observations.map(({ x }) => x[j] as number);
    const centre = median(column);
    return { centre, far: 6 * Math.max(robustDeviation(column, centre), leastSpread * Math.abs(centre)) };
  });
  const kept = observations.filter(({ x }) =>
    limits.every(({ centre, far }, j) => Math.abs((x[j] as number) - centre) <= far),
  );
  return kept.length >= observations.length * 0.8 ? kept : observations;
}

function fitOnce(observations: readonly Observation[], quadratic: boolean): LinearModel {
  const width = observations[0]?.x.length ?? 0;
  const columns = Array.from({ length: width }, (_, j) => observations.map(({ x }) => x[j] as number));
  const centre = columns.map(meanOf);
  const scale = columns.map((column, j) =>
    Math.max(deviationOf(column), leastSpread * Math.abs(centre[j] as number), 1e-9),
  );
  const n = observations.reduce((sum, { w }) => sum + w, 0);
  const model: LinearModel = { centre, scale, quadratic, inverse: [], beta: [], variance: 0, n };
  const p = 1 + width * (quadratic ? 2 : 1);
  const squares = Array.from({ length: p }, (_, i) =>
    Array.from({ length: p }, (_, j) => (i === j && i > 0 ? ridge * n : 0)),
  );
  const products = new Array<number>(p).fill(0);
  for (const { x, y, w } of observations) {
    const terms = termsOf(model, x);
    for (let i = 0; i < p; i += 1) {
      products[i] = (products[i] as number) + w * (terms[i] as number) * y;
      const row = squares[i] as number[];
      for (let j = 0; j < p; j += 1)
        row[j] = (row[j] as number) + w * (terms[i] as number) * (terms[j] as number);
    }
  }
  model.inverse = invert(squares);
  model.beta = model.inverse.map((row) => dot(row, products));
  const rss = observations.reduce((sum, { x, y, w }) => sum + w * (y - predict(model, x).mean) ** 2, 0);
  model.variance = rss / Math.max(1, n - p);
  return model;
}

/** What the model expects at an operating point. */
export function predict(model: LinearModel, x: readonly number[]): Prediction {
  const terms = termsOf(model, x);
  let leverage = 0;
  for (let i = 0; i < terms.length; i += 1)
    leverage += (terms[i] as number) * dot(model.inverse[i] as number[], terms);
  // n h - 1 is the squared Mahalanobis distance from the learned operating points; it averages terms - 1 among them.
  return {
    mean: dot(model.beta, terms),
    leverage,
    novel: terms.length > 1 && model.n * leverage - 1 > novelPerTerm * terms.length,
  };
}

/** The most one observation may pull: a new operating point is believed after several. */
const mostPull = 0.2;

/** Adds one observation (recursive least squares); the variance takes a residual of at most 3 deviations. */
export function learn(model: LinearModel, { x, y, w: weight }: Observation): void {
  const terms = termsOf(model, x);
  const gain = model.inverse.map((row) => dot(row, terms));
  const leverage = dot(gain, terms);
  const w = Math.min(weight, mostPull / leverage);
  const error = y - dot(model.beta, terms);
  const divisor = 1 / w + leverage;
  model.beta = model.beta.map((b, i) => b + ((gain[i] as number) * error) / divisor);
  model.inverse = model.inverse.map((row, i) =>
    row.map((value, j) => value - ((gain[i] as number) * (gain[j] as number)) / divisor),
  );
  model.n += w;
  const surprise = Math.min(error ** 2 / (1 + leverage), 9 * model.variance);
  model.variance += (w * (surprise - model.variance)) / model.n;
}

/** Moves what the model expects everywhere by `offset`. */
export function shift(model: LinearModel, offset: number): void {
  model.beta = model.beta.map((b, i) => (i === 0 ? b + offset : b));
}

function termsOf(model: LinearModel, x: readonly number[]): number[] {
  const terms = [1];
  for (let j = 0; j < x.length; j += 1) {
    const u = ((x[j] as number) - (model.centre[j] as number)) / (model.scale[j] as number);
    terms.push(u);
    if (model.quadratic) terms.push(u * u - 1);
  }
  return terms;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1),
  );
}

/** Gauss-Jordan with pivoting; the ridge keeps the matrix regular. */
function invert(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: size }, (_, j) => (i === j ? 1 : 0))]);
  for (let i = 0; i < size; i += 1) {
    let pivot = i;
    for (let r = i + 1; r < size; r += 1)
      if (Math.abs(rows[r]?.[i] as number) > Math.abs(rows[pivot]?.[i] as number)) pivot = r;
    [rows[i], rows[pivot]] = [rows[pivot] as number[], rows[i] as number[]];
    const head = rows[i] as number[];
    const divisor = (head[i] as number) || 1e-12;
    for (let c = 0; c < head.length; c += 1) head[c] = (head[c] as number) / divisor;
    for (let r = 0; r < size; r += 1) {
      const factor = rows[r]?.[i] as number;
      if (r === i || factor === 0) continue;
      const row = rows[r] as number[];
      for (let c = 0; c < row.length; c += 1) row[c] = (row[c] as number) - factor * (head[c] as number);
    }
  }
  return rows.map((row) => row.slice(size));
}
