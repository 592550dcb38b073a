import { checkKnown, checkNumber, checkOneOf, DataError, show } from '@maru-ml/base';
import { finite, type Numbers, numbersOf, type WeightOptions, weightedMean } from './door.ts';
import { percentile, weightedPercentile } from './percentile.ts';

// How far predicted numbers ŷ are from the true ones y, for weights w (1 each). All take arrays of finite numbers [n], cost
// O(n) where nothing else is said, and throw an OptionError for what is no array or an unknown option, a ShapeError where
// lengths differ, and a DataError for no rows or a number that is not finite.

/** The mean squared error: Σ wᵢ (yᵢ - ŷᵢ)² / Σ wᵢ. */
export function meanSquaredError(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: WeightOptions = {},
): number {
  return meanOf('meanSquaredError', yTrue, yPred, options, (y, p) => (y - p) * (y - p));
}

/** The root of the mean squared error, in the unit of y. */
export function rootMeanSquaredError(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: WeightOptions = {},
): number {
  return Math.sqrt(meanOf('rootMeanSquaredError', yTrue, yPred, options, (y, p) => (y - p) * (y - p)));
}

/** The mean absolute error: Σ wᵢ |yᵢ - ŷᵢ| / Σ wᵢ. */
export function meanAbsoluteError(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: WeightOptions = {},
): number {
  return meanOf('meanAbsoluteError', yTrue, yPred, options, (y, p) => Math.abs(y - p));
}

/**
 * The median of |yᵢ - ŷᵢ|, which a few outliers do not move. With weights, the smallest error below which half of the weight
 * lies. O(n log n).
 */
export function medianAbsoluteError(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: WeightOptions = {},
): number {
  const { yTrue: y, yPred: p, weights } = open('medianAbsoluteError', yTrue, yPred, options);
  const errors = y.map((value, i) => Math.abs(value - p[i]!));
  return finite(
    'medianAbsoluteError',
    weights === null ? percentile(errors, 0.5) : weightedPercentile(errors, weights, 0.5),
  );
}

/**
 * The mean absolute error relative to |y|: Σ wᵢ |yᵢ - ŷᵢ| / max(|yᵢ|, ε) / Σ wᵢ, ε = 2⁻⁵². A fraction, not percent. Huge where
 * a yᵢ is 0, as in scikit-learn: use another measure there.
 */
export function meanAbsolutePercentageError(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: WeightOptions = {},
): number {
  const relative = (y: number, p: number) => Math.abs(y - p) / Math.max(Math.abs(y), Number.EPSILON);
  return meanOf('meanAbsolutePercentageError', yTrue, yPred, options, relative);
}

/** The largest |yᵢ - ŷᵢ|. */
export function maxError(yTrue: ArrayLike<number>, yPred: ArrayLike<number>): number {
  const { yTrue: y, yPred: p } = open('maxError', yTrue, yPred, {});
  let largest = 0;
  for (let i = 0; i < y.length; i++) largest = Math.max(largest, Math.abs(y[i]! - p[i]!));
  return finite('maxError', largest);
}

/** The mean squared error of logarithms: Σ wᵢ (log(1 + yᵢ) - log(1 + ŷᵢ))² / Σ wᵢ. @throws DataError for a number ≤ -1 */
export function meanSquaredLogError(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: WeightOptions = {},
): number {
  return squaredLogError('meanSquaredLogError', yTrue, yPred, options);
}

/** The root of `meanSquaredLogError`. */
export function rootMeanSquaredLogError(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: WeightOptions = {},
): number {
  return Math.sqrt(squaredLogError('rootMeanSquaredLogError', yTrue, yPred, options));
}

export interface PinballOptions extends WeightOptions {
  /** The quantile that is predicted, from 0 to 1; 0.5. */
  alpha?: number;
}

/**
 * The pinball loss of predicted quantiles: the mean of α (y - ŷ) where ŷ is too low and (1 - α) (ŷ - y) where it is too high.
 * Half the mean absolute error for α = 0.5.
 */
export function meanPinballLoss(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: PinballOptions = {},
): number {
  const { alpha, ...rest } = pinball('meanPinballLoss', options);
  return meanOf('meanPinballLoss', yTrue, yPred, rest, (y, p) => pinballLoss(y, p, alpha));
}

export interface R2Options extends WeightOptions {
  /**
   * 'residual': 1 - SSE / SST, the share of the spread that is not left; 'regression': SSR / SST, the spread of the predictions
   * around the mean of y. They are equal for least squares with an intercept, and only there; 'residual'.
   */
  form?: 'residual' | 'regression';
}

/**
 * The coefficient of determination R² = 1 - Σ wᵢ (yᵢ - ŷᵢ)² / Σ wᵢ (yᵢ - ȳ)²: 1 is best, 0 what predicting the mean gives, and
 * it may be negative. For a constant y it is 1 if that is predicted exactly and else 0.
 *
 * @throws DataError for fewer than two rows, and for a constant y in the form 'regression'
 */
export function r2Score(yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: R2Options = {}): number {
  const owner = 'r2Score';
  checkKnown(owner, options, ['sampleWeight', 'form']);
  const { form = 'residual', sampleWeight } = options;
  checkOneOf(owner, 'form', form, ['residual', 'regression']);
  const { yTrue: y, yPred: p, weights } = numbersOf(owner, yTrue, yPred, sampleWeight);
  atLeastTwo(owner, y);
  const mean = weightedMean(y, weights);
  const total = weightedMean(
    y.map((value) => (value - mean) ** 2),
    weights,
  );
  if (form === 'regression') {
    if (total === 0)
      throw new DataError(`${owner}: yTrue is constant, so SSR / SST is not defined; use form 'residual'`);
    return (
      weightedMean(
        p.map((value) => (value - mean) ** 2),
        weights,
      ) / total
    );
  }
  const residual = weightedMean(
    y.map((value, i) => (value - p[i]!) ** 2),
    weights,
  );
  return share(owner, residual, total);
}

/**
 * The share of the variance of y that the predictions explain: 1 - Var(y - ŷ) / Var(y). Unlike R² it does not mind a constant
 * offset of the predictions. For a constant y it is 1 if y - ŷ is constant too and else 0.
 */
export function explainedVarianceScore(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: WeightOptions = {},
): number {
  const { yTrue: y, yPred: p, weights } = open('explainedVarianceScore', yTrue, yPred, options);
  const variance = (values: Float64Array) => {
    const mean = weightedMean(values, weights);
    return weightedMean(
      values.map((value) => (value - mean) ** 2),
      weights,
    );
  };
  return share('explainedVarianceScore', variance(y.map((value, i) => value - p[i]!)), variance(y));
}

/**
 * D² of the pinball loss: 1 - the loss over that of always predicting the α quantile of y. For a constant y it is 1 if that is
 * predicted exactly and else 0. O(n log n).
 * @throws DataError for fewer than two rows
 */
export function d2PinballScore(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: PinballOptions = {},
): number {
  return pinballShare('d2PinballScore', yTrue, yPred, pinball('d2PinballScore', options));
}

/** D² of the absolute error: 1 - the mean absolute error over that of the median of y. As `d2PinballScore` for α = 0.5. */
export function d2AbsoluteErrorScore(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: WeightOptions = {},
): number {
  checkKnown('d2AbsoluteErrorScore', options, ['sampleWeight']);
  return pinballShare('d2AbsoluteErrorScore', yTrue, yPred, { ...options, alpha: 0.5 });
}

function open(owner: string, yTrue: ArrayLike<number>, yPred: ArrayLike<number>, options: WeightOptions): Numbers {
  checkKnown(owner, options, ['sampleWeight']);
  return numbersOf(owner, yTrue, yPred, options.sampleWeight);
}

/** The mean of a loss, by weight. */
function meanOf(
  owner: string,
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: WeightOptions,
  loss: (y: number, p: number) => number,
): number {
  const { yTrue: y, yPred: p, weights } = open(owner, yTrue, yPred, options);
  let [sum, total] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    sum += weight * loss(y[i]!, p[i]!);
    total += weight;
  }
  return finite(owner, sum / total);
}

function squaredLogError(
  owner: string,
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: WeightOptions,
): number {
  const { yTrue: y, yPred: p } = open(owner, yTrue, yPred, options);
  for (const [name, values] of Object.entries({ yTrue: y, yPred: p })) {
    const bad = values.findIndex((value) => value <= -1);
    if (bad >= 0) throw new DataError(`${owner}: ${name}[${bad}] must be > -1, got ${show(values[bad])}`);
  }
  return meanOf(owner, y, p, options, (a, b) => (Math.log1p(a) - Math.log1p(b)) ** 2);
}

function pinball(owner: string, options: PinballOptions): WeightOptions & { alpha: number } {
  checkKnown(owner, options, ['sampleWeight', 'alpha']);
  const { alpha = 0.5, ...rest } = options;
  return { alpha: checkNumber(owner, 'alpha', alpha, { min: 0, max: 1 }), ...rest };
}

function pinballLoss(y: number, p: number, alpha: number): number {
  return y >= p ? alpha * (y - p) : (1 - alpha) * (p - y);
}

function pinballShare(
  owner: string,
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  { alpha, sampleWeight }: WeightOptions & { alpha: number },
): number {
  const { yTrue: y, yPred: p, weights } = numbersOf(owner, yTrue, yPred, sampleWeight);
  atLeastTwo(owner, y);
  const quantile = weights === null ? percentile(y, alpha) : weightedPercentile(y, weights, alpha);
  return share(
    owner,
    weightedMean(
      y.map((value, i) => pinballLoss(value, p[i]!, alpha)),
      weights,
    ),
    weightedMean(
      y.map((value) => pinballLoss(value, quantile, alpha)),
      weights,
    ),
  );
}

/** 1 - rest / total; where the total is 0, 1 if nothing rests and else 0. */
function share(owner: string, rest: number, total: number): number {
  finite(owner, rest + total);
  if (total === 0) return rest === 0 ? 1 : 0;
  return 1 - rest / total;
}

function atLeastTwo(owner: string, y: Float64Array): void {
  if (y.length < 2) throw new DataError(`${owner}: the score of a single row is not defined; give at least two`);
}
