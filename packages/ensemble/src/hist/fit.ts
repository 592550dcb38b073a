import { DataError, OptionError, type RandomStream, type Steps, streamFrom } from '@maru-ml/base';
import { exp } from '@maru-ml/kernels/scalar';
import type { Matrix } from '@maru-ml/tensor';
import { holdOut } from '@maru-ml/tensor';
import { takeAt } from '../take-rows.ts';
import { findBins, toBins } from './bin-mapper.ts';
import { ColumnChoice, interactionGroups } from './column-choice.ts';
import { Grower, type GrownNode } from './grower.ts';
import type { HistLoss, Targets } from './losses.ts';
import { checkColumns, type HistGradientBoostingSettings } from './options.ts';
import { leafOf, type TreeArrays, TreeBuilder } from './trees.ts';

/** What a fit found out. */
export interface HistFit {
  trees: TreeArrays;
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

interface Rows extends Given {
  /** Which rows of x these are; null, all. */
  places: Int32Array | null;
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
  const stopsEarly = settings.earlyStopping === 'auto' ? x.rows > 10_000 : settings.earlyStopping;
  const { train, held } = yield* parted(owner, rows, stopsEarly ? settings.validationFraction : null, classes, random);
  yield;
  const { maxBins } = settings;
  // Categories are known from all rows, thresholds from those that are fitted.
  const { places, y } = train;
  const n = y.length;
  const columns = yield* findBins(x, places, n, maxBins, categorical, random, owner);
  if (held !== null && categorical.includes(1)) {
    const all = yield* findBins(x, null, x.rows, maxBins, categorical, random, owner);
    for (const j of columns.keys()) if (categorical[j] === 1) columns[j] = all[j]!;
  }
  const binned = yield* toBins(x, places, n, columns);
  const counted = !loss.constantHessian || train.weights !== null;
  const groups = interactionGroups(settings.interactionCst, x.columns);
  const choice = new ColumnChoice(x.columns, groups, settings.maxFeatures, random);
  const grower = new Grower(n, binned, columns, constraints, choice, counted, settings);
  try {
    return yield* runRounds({ owner, settings, loss, train, held: stopsEarly ? held : null, stopsEarly }, grower);
  } finally {
    grower.free();
    binned.block.free();
  }
}

interface Rounds {
  owner: string;
  settings: HistGradientBoostingSettings;
  loss: HistLoss;
  train: Rows;
  held: Rows | null;
  stopsEarly: boolean;
}

function* runRounds({ owner, settings, loss, train, held, stopsEarly }: Rounds, grower: Grower): Steps<HistFit> {
  const k = loss.outputs;
  const baseline = loss.start(train.y, train.weights);
  if (!baseline.every(Number.isFinite)) throw overflow(owner);
  if (loss.link === 'identity' && loss.leaf === undefined) checkVanishing(owner, train, baseline[0]!);
  const means = startOf(loss, baseline, train.y.length);
  const heldMeans = held === null ? null : startOf(loss, baseline, held.y.length);
  const builder = new TreeBuilder();
  const trainScore: number[] = [];
  const validationScore: number[] = [];
  const measure = function* (): Steps<void> {
    trainScore.push(yield* meanLoss(loss, train, means));
    if (held !== null && heldMeans !== null) validationScore.push(yield* meanLoss(loss, held, heldMeans));
  };
  if (stopsEarly) yield* measure();
  let [nIter, converged] = [0, false];
  while (nIter < settings.maxIter) {
    yield;
    // All trees of a round are fitted to what was predicted before it.
    const totals = yield* totalsOf(means, k);
    for (let c = 0; c < k; c++) {
      const fit = { ...train, means, totals, output: c };
      const leaves = yield* grower.grow((rows, first, out) => loss.derive(fit, rows, first, out), builder);
      if (leaves.some(({ g, h }) => !Number.isFinite(g + h))) throw overflow(owner);
      yield* addTree(leaves, settings.learningRate, loss, train, means, c, grower, builder);
    }
    nIter++;
    const metrics: Record<string, number> = {};
    if (stopsEarly) {
      if (held !== null && heldMeans !== null) yield* addTrees(builder.arrays((nIter - 1) * k), loss, held, heldMeans);
      yield* measure();
      metrics.trainLoss = trainScore[nIter]!;
      if (held !== null) metrics.validationLoss = validationScore[nIter]!;
    }
    const goOn = yield { step: nIter, total: settings.maxIter, unit: 'iteration', metrics };
    converged = stopsEarly && hasStopped(held === null ? trainScore : validationScore, settings);
    if (goOn === false || converged) break;
  }
  const scores = { trainScore: Float64Array.from(trainScore), validationScore: Float64Array.from(validationScore) };
  return { trees: builder.arrays(), baseline, nIter, converged, ...scores, columns: train.x.columns };
}

/** Rows between two pauses: some milliseconds' work. */
const STRETCH = 2 ** 15;

/** The μ of a value of F; of a value that is added to F what is added to μ, or what it is multiplied by. */
function meanOf({ link }: HistLoss, value: number): number {
  return link === 'identity' ? value : exp(value);
}

/** μ after such a step. Beyond the bounds derivatives are 0 or infinite in float32. */
function moved({ link }: HistLoss, mean: number, step: number): number {
  return link === 'identity' ? mean + step : Math.min(Math.max(mean * step, 1e-300), 1e300);
}

/** Moves the μ of some rows by a step. */
function move(loss: HistLoss, means: Float64Array, from: number, rows: Uint16Array, step: number): void {
  for (let i = 0; i < rows.length; i++) {
    const at = from + rows[i]!;
    means[at] = moved(loss, means[at]!, step);
  }
}

/** What n rows are predicted before the first tree [outputs, n]. */
function startOf(loss: HistLoss, baseline: Float64Array, n: number): Float64Array {
  const means = new Float64Array(n * baseline.length);
  for (const [c, value] of baseline.entries()) means.fill(meanOf(loss, value), c * n, (c + 1) * n);
  return means;
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

/** The mean loss of rows. */
function* meanLoss(loss: HistLoss, { y, weights }: Rows, means: Float64Array): Steps<number> {
  const totals = yield* totalsOf(means, loss.outputs);
  let [sum, total] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    const mean = means[totals === null ? i : y[i]! * y.length + i]!;
    sum += weight * (totals === null ? loss.of(y[i]!, mean, 1) : loss.of(1, mean, totals[i]! - mean));
    total += weight;
    if (i % STRETCH === STRETCH - 1) yield;
  }
  return sum / total;
}

/** Gives the leaves of a tree of output c their values and adds these to what rows are predicted. */
function* addTree(
  leaves: readonly GrownNode[],
  learningRate: number,
  loss: HistLoss,
  { y, weights }: Rows,
  means: Float64Array,
  c: number,
  grower: Grower,
  builder: TreeBuilder,
): Steps<void> {
  let worked = 0;
  for (const leaf of leaves) {
    if (worked > STRETCH) {
      yield;
      worked = 0;
    }
    const parts = grower.rowsOf(leaf);
    let { value } = leaf;
    if (loss.leaf !== undefined) {
      const places = Int32Array.from(parts.flatMap(([first, rows]) => Array.from(rows, (row) => first + row)));
      const residuals = Float64Array.from(places, (row) => y[row]! - means[row]!);
      value = loss.leaf(residuals, weights && takeAt(weights, places));
    }
    value *= learningRate;
    builder.predicts(leaf.place, value);
    const step = meanOf(loss, value);
    for (const [first, rows] of parts) move(loss, means, c * y.length + first, rows, step);
    worked += leaf.size;
  }
}

/** Adds what trees say of rows that are held out, one of each output. */
function* addTrees(trees: TreeArrays, loss: HistLoss, { x, places, y }: Rows, means: Float64Array): Steps<void> {
  const steps = trees.values.map((value) => meanOf(loss, value));
  for (const [c, root] of trees.roots.entries()) {
    for (let i = 0; i < y.length; i++) {
      const leaf = leafOf(trees, root, x.data, (places === null ? i : places[i]!) * x.columns);
      const at = c * y.length + i;
      means[at] = moved(loss, means[at]!, steps[leaf]!);
      if (i % STRETCH === 0) yield;
    }
  }
}

/** The rows that are fitted and those that are held out. */
function* parted(
  owner: string,
  rows: Given,
  fraction: number | null,
  classes: boolean,
  random: RandomStream,
): Steps<{ train: Rows; held: Rows | null }> {
  if (fraction === null) return { train: { ...rows, places: null }, held: null };
  const { x, y, weights } = rows;
  const { train, test } = yield* holdOut(owner, x.rows, fraction, classes ? y : null, random);
  yield;
  const part = (places: Int32Array): Rows => ({
    x,
    places,
    y: takeAt(y, places),
    weights: weights === null ? null : takeAt(weights, places),
  });
  const fitted = part(train);
  yield;
  return { train: fitted, held: part(test) };
}

/** Whether none of the last rounds was better than the one before them. */
function hasStopped(losses: readonly number[], { nIterNoChange, tol }: HistGradientBoostingSettings): boolean {
  if (losses.length < nIterNoChange + 1) return false;
  const reference = losses[losses.length - nIterNoChange - 1]! - tol;
  return losses.slice(-nIterNoChange).every((loss) => !(loss < reference));
}

/** Tiny numbers have derivatives that float32 rounds to 0: nothing could be learned from them. @throws DataError */
function checkVanishing(owner: string, { y, weights }: Rows, start: number): void {
  for (let i = 0; i < y.length; i++) {
    if (Math.fround((start - y[i]!) * (weights === null ? 1 : weights[i]!)) !== 0) return;
  }
  if (y.some((value) => value !== y[0])) {
    throw new DataError(`${owner}: the gradients vanish in float32; multiply y by a constant first`);
  }
}

function overflow(owner: string): DataError {
  return new DataError(`${owner}: the gradients overflow float32; scale y or the weights first`);
}
