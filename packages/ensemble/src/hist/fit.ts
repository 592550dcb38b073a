import { DataError, OptionError, type Steps, streamFrom } from '@maru-ml/base';
import { exp } from '@maru-ml/kernels/scalar';
import type { Matrix } from '@maru-ml/tensor';
import { holdOut } from '@maru-ml/tensor';
import { takeAt } from '../take-rows.ts';
import { type Column, findBins, toBins } from './bin-mapper.ts';
import { Block } from './block.ts';
import { Grower } from './grower.ts';
import type { Fitted, HistLoss, Targets } from './losses.ts';
import { checkColumns, type HistGradientBoostingSettings } from './options.ts';
import { type Categories, predicted, type Tree, treeOf } from './trees.ts';

/** What a fit found out. */
export interface HistFit {
  trees: readonly Tree[];
  categories: Categories;
  /** The raw prediction before the first tree [outputs]. */
  baseline: Float64Array;
  nIter: number;
  /** Whether it stopped since the loss no longer fell. */
  converged: boolean;
  /** The loss on the rows that were fitted, before the first round and after each; empty without early stopping. */
  trainScore: Float64Array;
  /** The loss on the rows that were held out; empty if there were none. */
  validationScore: Float64Array;
  columns: number;
}

interface Given {
  x: Matrix;
  y: Targets;
  weights: Float64Array | null;
}

/**
 * Boosting: adds up trees, each a Newton step on the loss of what was added up before.
 * @param classes whether y are classes, of which each is held out by its share
 */
export function* boost(
  owner: string,
  settings: HistGradientBoostingSettings,
  loss: HistLoss,
  rows: Given,
  classes: boolean,
): Steps<HistFit> {
  const { x } = rows;
  const { categorical, constraints } = checkColumns(owner, settings, x.columns);
  if (constraints.some((constraint) => constraint !== 0)) {
    if (loss.outputs > 1) throw new OptionError(`${owner}: monotonicCst needs two classes, got ${loss.outputs}`);
    if (loss.leaf !== undefined)
      throw new OptionError(`${owner}: monotonicCst needs a loss with Newton steps, such as 'squaredError'`);
  }
  const random = streamFrom(settings.seed);
  yield;
  const { y, weights } = rows;
  const n = x.rows;
  const stopsEarly = settings.earlyStopping === 'auto' ? n > 10_000 : settings.earlyStopping;
  const fraction = stopsEarly ? settings.validationFraction : null;
  /** The columns, F before the first tree, and 1 for each row that is held out [n]; apart, so that lists of rows do not stay in memory. */
  function* begin(): Steps<{ columns: readonly Column[]; baseline: Float64Array; isHeld: Uint8Array | null }> {
    const held = fraction === null ? null : yield* holdOut(owner, n, fraction, classes ? y : null, random);
    const train = held?.train ?? null;
    yield;
    const columns = yield* findBins(x, train, settings.maxBins, categorical, random, owner);
    const isHeld = held && new Uint8Array(n);
    for (const row of held?.test ?? []) isHeld![row] = 1;
    return { columns, baseline: startOf(owner, loss, rows, train), isHeld };
  }
  const { columns, baseline, isHeld } = yield* begin();
  yield;
  const bins = new Block(n * x.columns);
  let grower: Grower | undefined;
  try {
    const missing = yield* toBins(x, columns, bins);
    const counted = !loss.constantHessian || weights !== null;
    grower = new Grower(n, isHeld, bins, missing, columns, constraints, random, counted, settings);
    const k = loss.outputs;
    // What all rows are predicted [outputs, n].
    const means = new Float64Array(n * k);
    for (const [c, value] of baseline.entries()) means.fill(meanOf(loss, value), c * n, (c + 1) * n);
    const trees: Tree[] = [];
    const categories = columns.map((column) => column.categories);
    const trainScore: number[] = [];
    const validationScore: number[] = [];
    let [nIter, converged] = [0, false];
    for (;;) {
      // All trees of a round are fitted to what was predicted before it.
      const totals = yield* totalsOf(means, k);
      const fit = { y, weights, means, totals };
      const metrics: Record<string, number> = {};
      if (stopsEarly) {
        metrics.trainLoss = yield* meanLoss(loss, fit, isHeld, 0);
        trainScore.push(metrics.trainLoss);
        if (isHeld !== null) {
          metrics.validationLoss = yield* meanLoss(loss, fit, isHeld, 1);
          validationScore.push(metrics.validationLoss);
        }
      }
      if (nIter > 0) {
        const goOn = yield { step: nIter, total: settings.maxIter, unit: 'iteration', metrics };
        converged = stopsEarly && hasStopped(isHeld === null ? trainScore : validationScore, settings);
        if (goOn === false || converged || nIter === settings.maxIter) break;
      }
      yield;
      for (let output = 0; output < k; output++) {
        const tree = yield* grow(owner, settings.learningRate, loss, fit, output, grower);
        trees.push(tree);
        for (let row = 0; isHeld !== null && row < n; row++) {
          // Each that is held out goes through a tree, and to an exponential.
          if (row % 4096 === 0) yield;
          if (isHeld[row] === 0) continue;
          const value = predicted(tree, categories, x.data, row * x.columns);
          move(loss, means, output * n + row, meanOf(loss, value));
        }
      }
      nIter++;
    }
    const scores = { trainScore: Float64Array.from(trainScore), validationScore: Float64Array.from(validationScore) };
    return { trees, categories, baseline, nIter, converged, ...scores, columns: x.columns };
  } finally {
    grower?.free();
    bins.free();
  }
}

/** F before the first tree. */
function startOf(owner: string, loss: HistLoss, { y, weights }: Given, train: Int32Array | null): Float64Array {
  const own = train === null ? y : takeAt(y, train);
  const ownWeights = train === null || weights === null ? weights : takeAt(weights, train);
  const start = loss.start(own, ownWeights);
  if (!start.every(Number.isFinite)) throw overflow(owner);
  return start;
}

/** Rows between two pauses: some milliseconds' work. */
const STRETCH = 2 ** 15;

/** The μ of a value of F; of a value that is added to F what is added to μ, or what it is multiplied by. */
function meanOf({ link }: HistLoss, value: number): number {
  return link === 'identity' ? value : exp(value);
}

/** Moves the μ of a row by such a step. Beyond the bounds derivatives are 0 or infinite in float32. */
function move({ link }: HistLoss, means: Float64Array, at: number, step: number): void {
  const mean = means[at]!;
  means[at] = link === 'identity' ? mean + step : Math.min(Math.max(mean * step, 1e-300), 1e300);
}

/** The odds of three classes or more added up by row [n]; null for one output, where those of the other class are 1. */
function* totalsOf(odds: Float64Array, k: number): Steps<Float64Array | null> {
  if (k === 1) return null;
  const totals = new Float64Array(odds.length / k);
  for (let at = 0, i = 0; at < odds.length; at++, i = i + 1 === totals.length ? 0 : i + 1) {
    totals[i]! += odds[at]!;
    if (at % STRETCH === 0) yield;
  }
  return totals;
}

/** The mean loss of the rows of one side, or of all. */
function* meanLoss(
  loss: HistLoss,
  { y, weights, means, totals }: Fitted,
  isHeld: Uint8Array | null,
  side: number,
): Steps<number> {
  let [sum, total] = [0, 0];
  const n = y.length;
  for (let row = 0; row < n; row++) {
    if (row % STRETCH === STRETCH - 1) yield;
    if (isHeld !== null && isHeld[row] !== side) continue;
    const weight = weights === null ? 1 : weights[row]!;
    const mean = means[totals === null ? row : y[row]! * n + row]!;
    sum += weight * (totals === null ? loss.of(y[row]!, mean, 1) : loss.of(1, mean, totals[row]! - mean));
    total += weight;
  }
  return sum / total;
}

/** Grows a tree of output c, gives its leaves their values and adds these to what its rows are predicted. */
function* grow(
  owner: string,
  learningRate: number,
  loss: HistLoss,
  fit: Fitted,
  c: number,
  grower: Grower,
): Steps<Tree> {
  const { y, means } = fit;
  const tree: number[] = [];
  const leaves = yield* grower.grow((places, first, out) => loss.derive(fit, places, first, out, c), tree);
  if (leaves.some(({ g, h }) => !Number.isFinite(g + h))) throw overflow(owner);
  let worked = 0;
  for (const leaf of leaves) {
    if (worked > STRETCH) {
      yield;
      worked = 0;
    }
    const parts = grower.rowsOf(leaf);
    const value = (loss.leaf?.(fit, parts) ?? leaf.value) * learningRate;
    tree[leaf.place + 1] = value;
    const step = meanOf(loss, value);
    for (const [first, rows] of parts) {
      const from = c * y.length + first;
      for (let i = 0; i < rows.length; i++) move(loss, means, from + rows[i]!, step);
    }
    worked += leaf.size;
  }
  return treeOf(tree);
}

/** Whether none of the last rounds was better than the one before them. */
function hasStopped(losses: readonly number[], { nIterNoChange, tol }: HistGradientBoostingSettings): boolean {
  if (losses.length < nIterNoChange + 1) return false;
  const reference = losses[losses.length - nIterNoChange - 1]! - tol;
  return losses.slice(-nIterNoChange).every((loss) => !(loss < reference));
}

function overflow(owner: string): DataError {
  return new DataError(`${owner}: the gradients overflow float32; scale y or the weights first`);
}
