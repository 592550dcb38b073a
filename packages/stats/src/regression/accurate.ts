import type { Steps } from '@maru-ml/base';
import { solveUpper } from '@maru-ml/linalg/dense';
import { DoubleDouble } from './double-double.ts';

/** Coefficients b [k] with twice the digits, as a sum of two arrays. */
export interface AccurateParams {
  readonly params: Float64Array;
  readonly paramsLow: Float64Array;
}

/** A solution with twice the digits. */
export interface AccurateSolution extends AccurateParams {
  /** (XᵀX)⁻¹ [k, k]. */
  readonly inverse: Float64Array;
}

/** Rows between two places to pause. */
const ROWS = 256;

/** Steps of refinement at most; each adds the digits that RᵀR can give. */
const MOST_STEPS = 4;

/**
 * Refines b by the semi-normal equations RᵀR d = Xᵀ(y - X b), with residuals and their products in double-double arithmetic. O(n k) a step.
 * Å. Björck, "Stability analysis of the method of seminormal equations for linear least squares problems", Linear Algebra and its Applications 88/89 (1987).
 *
 * @param r R of X = Q R [k, k]
 */
export function* refineParams(
  x: Float64Array,
  y: Float64Array,
  n: number,
  r: Float64Array,
  start: Float64Array,
): Steps<AccurateParams> {
  const k = start.length;
  const params = start.slice();
  const paramsLow = new Float64Array(k);
  const rest = new DoubleDouble();
  const sum = new DoubleDouble();
  const high = new Float64Array(k);
  const low = new Float64Array(k);
  for (let step = 0; step < MOST_STEPS; step++) {
    high.fill(0);
    low.fill(0);
    for (let i = 0; i < n; i++) {
      if (i % ROWS === ROWS - 1) yield;
      rest.set(y[i]!);
      for (let j = 0; j < k; j++) rest.subtractProduct(x[i * k + j]!, 0, params[j]!, paramsLow[j]!);
      for (let j = 0; j < k; j++) {
        sum.set(high[j]!, low[j]!).subtractProduct(x[i * k + j]!, 0, rest.high, rest.low);
        high[j] = sum.high;
        low[j] = sum.low;
      }
    }
    const gradient = high.map((value, j) => -(value + low[j]!));
    const change = solveUpper(r, k, solveUpper(r, k, gradient, 1, { transpose: true }), 1);
    let changed = false;
    for (let j = 0; j < k; j++) {
      changed ||= Math.abs(change[j]!) > Number.EPSILON * Math.abs(params[j]!);
      sum.set(params[j]!, paramsLow[j]!).add(change[j]!);
      params[j] = sum.high;
      paramsLow[j] = sum.low;
    }
    if (!changed) break;
  }
  return { params, paramsLow };
}

/**
 * min ‖X b - y‖ by the normal equations in double-double arithmetic: their condition is the square of that of X, but 32 digits bear it
 * up to a condition of some 10¹², where QR in doubles keeps 4 digits. Columns are scaled by powers of two, which is exact.
 * O(n k² + k³), at some twenty times the cost of doubles.
 *
 * @param x [n, k], of full rank
 * @returns null where rounding makes a pivot negative after all
 */
export function* solveAccurately(
  x: Float64Array,
  y: Float64Array,
  n: number,
  k: number,
): Steps<AccurateSolution | null> {
  const scales = yield* powersOfTwo(x, n, k);
  const gram = yield* gramOf(x, y, n, k, scales);
  const factor = choleskyOf(gram, k);
  if (factor === null) return null;
  const inverted = invertLower(factor, k);
  // b = L⁻ᵀ z, with z = L⁻¹ Xᵀy in the factor's last row.
  const params = new Float64Array(k);
  const paramsLow = new Float64Array(k);
  const inverse = new Float64Array(k * k);
  const sum = new DoubleDouble();
  const last = k * (k + 1);
  for (let j = 0; j < k; j++) {
    sum.set(0);
    for (let i = j; i < k; i++) subtract(sum, inverted, i * k + j, factor, last + i);
    params[j] = -sum.high * scales[j]!;
    paramsLow[j] = -sum.low * scales[j]!;
    for (let l = 0; l <= j; l++) {
      sum.set(0);
      for (let i = j; i < k; i++) subtract(sum, inverted, i * k + j, inverted, i * k + l);
      inverse[j * k + l] = inverse[l * k + j] = -(sum.high + sum.low) * scales[j]! * scales[l]!;
    }
  }
  return { params, paramsLow, inverse };
}

/** The residuals y - X b [n], each rounded once. */
export function* accurateResiduals(
  x: Float64Array,
  y: Float64Array,
  n: number,
  { params, paramsLow }: AccurateParams,
): Steps<Float64Array> {
  const k = params.length;
  const sum = new DoubleDouble();
  const resid = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (i % ROWS === ROWS - 1) yield;
    sum.set(y[i]!);
    for (let j = 0; j < k; j++) sum.subtractProduct(x[i * k + j]!, 0, params[j]!, paramsLow[j]!);
    resid[i] = sum.high + sum.low;
  }
  return resid;
}

/** A matrix of double-doubles. */
interface Pair {
  readonly high: Float64Array;
  readonly low: Float64Array;
}

/** sum -= a[i] b[j] */
function subtract(sum: DoubleDouble, a: Pair, i: number, b: Pair, j: number): void {
  sum.subtractProduct(a.high[i]!, a.low[i]!, b.high[j]!, b.low[j]!);
}

/** The power of two next to 1 / ‖column‖. */
function* powersOfTwo(x: Float64Array, n: number, k: number): Steps<Float64Array> {
  const largest = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    if (i % ROWS === ROWS - 1) yield;
    for (let j = 0; j < k; j++) largest[j] = Math.max(largest[j]!, Math.abs(x[i * k + j]!));
  }
  return largest.map((value) => 2 ** -Math.round(Math.log2(value * Math.sqrt(n))));
}

/** The lower half of [X y]ᵀ [X y], with scaled columns [k + 1, k + 1]. */
function* gramOf(x: Float64Array, y: Float64Array, n: number, k: number, scales: Float64Array): Steps<Pair> {
  const size = k + 1;
  const high = new Float64Array(size * size);
  const low = new Float64Array(size * size);
  const sum = new DoubleDouble();
  const row = new Float64Array(size);
  for (let i = 0; i < n; i++) {
    if (i % ROWS === ROWS - 1) yield;
    for (let j = 0; j < k; j++) row[j] = x[i * k + j]! * scales[j]!;
    row[k] = y[i]!;
    for (let j = 0; j < size; j++) {
      for (let l = 0, at = j * size; l <= j; l++, at++) {
        sum.set(high[at]!, low[at]!).addProduct(row[j]!, row[l]!);
        high[at] = sum.high;
        low[at] = sum.low;
      }
    }
  }
  return { high, low };
}

/** L of A = L Lᵀ in place, and below it the row L⁻¹ Xᵀy; null if a pivot is not positive. */
function choleskyOf({ high, low }: Pair, k: number): Pair | null {
  const size = k + 1;
  const pair = { high, low };
  const sum = new DoubleDouble();
  for (let j = 0; j < k; j++) {
    for (let i = j; i < size; i++) {
      sum.set(high[i * size + j]!, low[i * size + j]!);
      for (let l = 0; l < j; l++) subtract(sum, pair, i * size + l, pair, j * size + l);
      if (i > j) sum.divide(high[j * size + j]!, low[j * size + j]!);
      else if (!(sum.high > 0)) return null;
      else sum.sqrt();
      high[i * size + j] = sum.high;
      low[i * size + j] = sum.low;
    }
  }
  return pair;
}

/** L⁻¹ [k, k], of a factor with rows of k + 1. */
function invertLower(factor: Pair, k: number): Pair {
  const size = k + 1;
  const inverse: Pair = { high: new Float64Array(k * k), low: new Float64Array(k * k) };
  const sum = new DoubleDouble();
  for (let j = 0; j < k; j++) {
    for (let i = j; i < k; i++) {
      sum.set(i === j ? 1 : 0);
      for (let l = j; l < i; l++) subtract(sum, factor, i * size + l, inverse, l * k + j);
      sum.divide(factor.high[i * size + i]!, factor.low[i * size + i]!);
      inverse.high[i * k + j] = sum.high;
      inverse.low[i * k + j] = sum.low;
    }
  }
  return inverse;
}
