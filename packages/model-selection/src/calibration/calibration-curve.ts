import { checkInteger, checkKnown, checkOneOf, DataError, OptionError, show } from '@maru-ml/base';
import { type Label, toLabels, toTargets } from '@maru-ml/tensor';

export interface CalibrationCurveOptions {
  /** The label whose probability is given; the second of the two labels. */
  posLabel?: Label;
  /** The number of bins; 5. */
  nBins?: number;
  /** Bins of equal width, or of equally many rows; 'uniform'. */
  strategy?: 'uniform' | 'quantile';
}

/** How often what is said to have a probability comes true. */
export interface CalibrationCurve {
  /** The share of rows of the class in each bin that has rows. */
  readonly probTrue: Float64Array;
  /** The mean of the probabilities in each of them. */
  readonly probPred: Float64Array;
}

/**
 * The reliability of probabilities: rows are put in bins by their probability, and in each bin the share of the class is held against
 * the mean probability. Calibrated probabilities lie near the diagonal.
 *
 * @param yTrue labels of two kinds [n] @param yProb probabilities of the second, or of `posLabel` [n]
 * @throws OptionError, ShapeError, DataError for labels of more kinds, and numbers that are no probabilities
 */
export function calibrationCurve<L extends Label>(
  yTrue: ArrayLike<L>,
  yProb: ArrayLike<number>,
  options: CalibrationCurveOptions = {},
): CalibrationCurve {
  const owner = 'calibrationCurve';
  checkKnown(owner, options, ['posLabel', 'nBins', 'strategy']);
  const { nBins = 5, strategy = 'uniform' } = options;
  checkInteger(owner, 'nBins', nBins, { min: 1 });
  checkOneOf(owner, 'strategy', strategy, ['uniform', 'quantile']);
  const n = (yTrue as ArrayLike<L> | undefined)?.length ?? 0;
  const { classes, codes } = toLabels(owner, yTrue, n);
  if (n === 0) throw new DataError(`${owner}: yTrue must have at least one label`);
  const probabilities = toTargets(owner, yProb, n);
  const odd = probabilities.findIndex((p) => p < 0 || p > 1);
  if (odd >= 0) throw new DataError(`${owner}: yProb[${odd}] must be from 0 to 1, got ${probabilities[odd]}`);
  if (classes.length > 2) throw new DataError(`${owner}: yTrue must have two labels, got ${classes.length}`);
  const positive = positiveCode(owner, classes, options.posLabel);
  const edges = strategy === 'uniform' ? uniformEdges(nBins) : quantileEdges(probabilities, nBins);
  const [sums, trues, counts] = [new Float64Array(nBins), new Float64Array(nBins), new Float64Array(nBins)];
  for (let i = 0; i < n; i++) {
    let bin = 0;
    while (bin < nBins - 1 && edges[bin + 1]! < probabilities[i]!) bin++;
    sums[bin]! += probabilities[i]!;
    trues[bin]! += codes[i] === positive ? 1 : 0;
    counts[bin]! += 1;
  }
  const filled = Array.from(counts.keys()).filter((bin) => counts[bin]! > 0);
  return {
    probTrue: Float64Array.from(filled, (bin) => trues[bin]! / counts[bin]!),
    probPred: Float64Array.from(filled, (bin) => sums[bin]! / counts[bin]!),
  };
}

function positiveCode(owner: string, classes: readonly Label[], posLabel: Label | undefined): number {
  if (posLabel === undefined) {
    if (classes.length === 2) return 1;
    throw new OptionError(`${owner}: posLabel is needed, as yTrue has only the label ${show(classes[0])}`);
  }
  if (classes.includes(posLabel)) return classes.indexOf(posLabel);
  if (classes.length === 1) return -1;
  throw new OptionError(
    `${owner}: posLabel must be one of the labels ${classes.map(show).join(', ')}, got ${show(posLabel)}`,
  );
}

function uniformEdges(nBins: number): Float64Array {
  return Float64Array.from({ length: nBins + 1 }, (_, bin) => (bin === nBins ? 1 : bin * (1 / nBins)));
}

/** Quantiles by linear interpolation, rounded step by step as in NumPy: on which side of an edge a probability lies is for the last bit to say. */
function quantileEdges(values: Float64Array, nBins: number): Float64Array {
  const sorted = values.slice().sort();
  const last = sorted.length - 1;
  return uniformEdges(nBins).map((share) => {
    const place = ((share * 100) / 100) * last;
    const below = Math.floor(place);
    const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, last)]!];
    const rest = place - below;
    return rest < 0.5 ? low + (high - low) * rest : high - (high - low) * (1 - rest);
  });
}
