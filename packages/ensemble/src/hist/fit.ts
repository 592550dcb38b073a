import { DataError, OptionError, type Steps, streamFrom } from '@maru-ml/base';
import { exp } from '@maru-ml/kernels/scalar';
import type { Matrix } from '@maru-ml/tensor';
import { holdOut } from '@maru-ml/tensor';
import { takeAt } from '../take-rows.ts';
import { findBins, toBins } from './bin-mapper.ts';
import { ColumnChoice, interactionGroups } from './column-choice.ts';
import { type Derive, Grower, type GrownNode } from './grower.ts';
import type { Fitted, HistLoss, Targets } from './losses.ts';
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
  const stopsEarly = settings.earlyStopping === 'auto' ? x.rows > 10_000 : settings.earlyStopping;
  const fraction = stopsEarly ? settings.validationFraction : null;
  const held = fraction === null ? null : yield* holdOut(owner, x.rows, fraction, classes ? y : null, random);
  // The rows that are fitted; null, all.
  const train = held?.train ?? null;
  yield;
  const columns = yield* findBins(x, train, settings.maxBins, categorical, random, owner);
  const binned = yield* toBins(x, columns);
  const counted = !loss.constantHessian || weights !== null;
  const groups = interactionGroups(settings.interactionCst, x.columns);
  const choice = new ColumnChoice(x.columns, groups, settings.maxFeatures, random);
  const grower = new Grower(x.rows, train, binned, columns, constraints, choice, counted, settings);
  try {
    const k = loss.outputs;
    const baseline = startOf(owner, loss, rows, train);
    // What all rows are predicted [outputs, n].
    const means = new Float64Array(x.rows * k);
    for (const [c, value] of baseline.entries()) means.fill(meanOf(loss, value), c * x.rows, (c + 1) * x.rows);
    const builder = new TreeBuilder();
    const trainScore: number[] = [];
    const validationScore: number[] = [];
    let [nIter, converged] = [0, false];
    for (;;) {
      // All trees of a round are fitted to what was predicted before it.
      const totals = yield* totalsOf(means, k);
      const fit = { y, weights, means, totals };
      const metrics: Record<string, number> = {};
      if (stopsEarly) {
        metrics.trainLoss = yield* meanLoss(loss, fit, train);
        trainScore.push(metrics.trainLoss);
        if (held !== null) {
          metrics.validationLoss = yield* meanLoss(loss, fit, held.test);
          validationScore.push(metrics.validationLoss);
        }
      }
      if (nIter > 0) {
        const goOn = yield { step: nIter, total: settings.maxIter, unit: 'iteration', metrics };
        converged = stopsEarly && hasStopped(held === null ? trainScore : validationScore, settings);
        if (goOn === false || converged || nIter === settings.maxIter) break;
      }
      yield;
      for (let output = 0; output < k; output++) {
        const derive: Derive = (places, first, out) => loss.derive(fit, places, first, out, output);
        const leaves = yield* grower.grow(derive, builder);
        if (leaves.some(({ g, h }) => !Number.isFinite(g + h))) throw overflow(owner);
        yield* addTree(leaves, settings.learningRate, loss, fit, output, grower, builder);
      }
      if (held !== null) yield* addTrees(builder.arrays(nIter * k), loss, x, held.test, means);
      nIter++;
    }
    const scores = { trainScore: Float64Array.from(trainScore), validationScore: Float64Array.from(validationScore) };
    return { trees: builder.arrays(), baseline, nIter, converged, ...scores, columns: x.columns };
  } finally {
    grower.free();
    binned.block.free();
  }
}

/** F before the first tree. */
function startOf(owner: string, loss: HistLoss, { y, weights }: Given, train: Int32Array | null): Float64Array {
  const own = train === null ? y : takeAt(y, train);
  const ownWeights = train === null || weights === null ? weights : takeAt(weights, train);
  const start = loss.start(own, ownWeights);
  if (!start.every(Number.isFinite)) throw overflow(owner);
  // Tiny numbers have derivatives that float32 rounds to 0: nothing could be learned from them.
  const vanishes = (value: number, i: number) => Math.fround((start[0]! - value) * (ownWeights?.[i] ?? 1)) === 0;
  const newton = loss.link === 'identity' && loss.leaf === undefined;
  if (newton && own.every(vanishes) && own.some((value) => value !== own[0])) {
    throw new DataError(`${owner}: the gradients vanish in float32; multiply y by a constant first`);
  }
  return start;
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

/** The mean loss of the rows at these places, or of all. */
function* meanLoss(loss: HistLoss, { y, weights, means, totals }: Fitted, places: Int32Array | null): Steps<number> {
  let [sum, total] = [0, 0];
  const n = y.length;
  for (let i = 0; i < (places ?? y).length; i++) {
    const row = places === null ? i : places[i]!;
    const weight = weights === null ? 1 : weights[row]!;
    const mean = means[totals === null ? row : y[row]! * n + row]!;
    sum += weight * (totals === null ? loss.of(y[row]!, mean, 1) : loss.of(1, mean, totals[row]! - mean));
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
  { y, weights, means }: Fitted,
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

/** Adds what trees, one of each output, say of rows that are held out. */
function* addTrees(
  trees: TreeArrays,
  loss: HistLoss,
  { data, rows, columns: d }: Matrix,
  held: Int32Array,
  means: Float64Array,
): Steps<void> {
  const steps = trees.values.map((value) => meanOf(loss, value));
  for (const [c, root] of trees.roots.entries()) {
    for (let i = 0; i < held.length; i++) {
      const row = held[i]!;
      const at = c * rows + row;
      means[at] = moved(loss, means[at]!, steps[leafOf(trees, root, data, row * d)]!);
      if (i % STRETCH === 0) yield;
    }
  }
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
