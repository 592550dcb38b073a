import { DataError, OptionError, type RandomStream, type Steps, streamFrom } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import { holdOut } from '@maru-ml/tensor';
import { takeAt } from '../take-rows.ts';
import { findBins, toBins } from './bin-mapper.ts';
import { Block } from './block.ts';
import { ColumnChoice, interactionGroups } from './column-choice.ts';
import { Grower } from './grower.ts';
import type { HistLoss, Targets } from './losses.ts';
import { checkColumns, type HistGradientBoostingSettings } from './options.ts';
import { addTrees, type TreeArrays, TreeBuilder } from './trees.ts';

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
  const choice = new ColumnChoice(
    x.columns,
    interactionGroups(settings.interactionCst, x.columns),
    settings.maxFeatures,
    random,
  );
  const grower = new Grower(n, binned, columns, constraints, choice, counted, settings);
  const gradients = new Block(8 * n * loss.outputs);
  try {
    const rounds = { owner, settings, loss, train, held: stopsEarly ? held : null, stopsEarly };
    return yield* runRounds(rounds, grower, gradients);
  } finally {
    gradients.free();
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

function* runRounds(
  { owner, settings, loss, train, held, stopsEarly }: Rounds,
  grower: Grower,
  gradients: Block,
): Steps<HistFit> {
  const { y, weights } = train;
  const [n, k] = [y.length, loss.outputs];
  const baseline = loss.start(y, weights);
  if (!baseline.every(Number.isFinite)) throw overflow(owner);
  const raw = constant(baseline, n);
  const heldRaw = held === null ? null : constant(baseline, held.y.length);
  const builder = new TreeBuilder();
  const trainScore: number[] = [];
  const validationScore: number[] = [];
  const measure = function* (): Steps<void> {
    trainScore.push(yield* meanLoss(loss, train, raw));
    if (held !== null && heldRaw !== null) validationScore.push(yield* meanLoss(loss, held, heldRaw));
  };
  if (stopsEarly) yield* measure();
  let [nIter, converged] = [0, false];
  while (nIter < settings.maxIter) {
    yield;
    for (const [from, to] of stretches(n, k)) {
      loss.derivatives(y, raw, weights, gradients.float32(2 * n * k), from, to);
      yield;
    }
    if (nIter === 0 && loss.link === 'identity') checkVanishing(owner, y, raw, gradients.float32(2 * n));
    yield;
    for (let c = 0; c < k; c++) yield* growTree(owner, settings, loss, train, raw, c, grower, gradients, builder);
    nIter++;
    const metrics: Record<string, number> = {};
    if (stopsEarly) {
      if (held !== null && heldRaw !== null) {
        const part = { ...held.x, rows: held.y.length };
        addTrees(builder.arrays((nIter - 1) * k), part, heldRaw, k, 0, k, held.places);
        yield;
      }
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

/** The mean loss of rows. */
function* meanLoss(loss: HistLoss, { y, weights }: Rows, raw: Float64Array): Steps<number> {
  const sums = { loss: 0, weight: 0 };
  for (const [from, to] of stretches(y.length, loss.outputs)) {
    loss.add(y, raw, weights, from, to, sums);
    yield;
  }
  return sums.loss / sums.weight;
}

/** Rows of one output between two pauses: some milliseconds' work. */
const STRETCH = 2 ** 15;

/** Parts of n rows for as many outputs. */
function stretches(n: number, outputs: number): [number, number][] {
  const most = Math.ceil(STRETCH / outputs);
  return Array.from({ length: Math.ceil(n / most) }, (_, i) => [i * most, Math.min(n, (i + 1) * most)]);
}

/** Grows a tree of output c and adds it to the raw predictions. */
function* growTree(
  owner: string,
  { learningRate }: HistGradientBoostingSettings,
  loss: HistLoss,
  { y, weights }: Rows,
  raw: Float64Array,
  c: number,
  grower: Grower,
  gradients: Block,
  builder: TreeBuilder,
): Steps<void> {
  const n = y.length;
  const leaves = yield* grower.grow(() => gradients.float32(2 * n, 8 * n * c), builder);
  if (leaves.some(({ g, h }) => !Number.isFinite(g + h))) throw overflow(owner);
  const own = raw.subarray(c * n, (c + 1) * n);
  let worked = 0;
  for (const leaf of leaves) {
    if (worked > STRETCH) {
      yield;
      worked = 0;
    }
    const rows = grower.rowsOf(leaf);
    let value = leaf.value;
    if (loss.leaf !== undefined) {
      const residuals = Float64Array.from(rows, (i) => y[i]! - own[i]!);
      value = loss.leaf(residuals, weights === null ? null : takeAt(weights, rows));
    }
    value *= learningRate;
    builder.predicts(leaf.place, value);
    for (let i = 0; i < rows.length; i++) own[rows[i]!]! += value;
    worked += rows.length;
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

function constant(baseline: Float64Array, n: number): Float64Array {
  const raw = new Float64Array(n * baseline.length);
  for (let c = 0; c < baseline.length; c++) raw.fill(baseline[c]!, c * n, (c + 1) * n);
  return raw;
}

/** Tiny numbers have derivatives that float32 rounds to 0: nothing could be learned from them. @throws DataError */
function checkVanishing(owner: string, y: Targets, raw: Float64Array, pairs: Float32Array): void {
  let differs = false;
  for (let i = 0; i < y.length; i++) {
    if (pairs[2 * i] !== 0) return;
    differs ||= y[i] !== raw[i];
  }
  // What rounding leaves of a constant is no difference.
  if (differs && y.some((value) => value !== y[0])) {
    throw new DataError(`${owner}: the gradients vanish in float32; multiply y by a constant first`);
  }
}

function overflow(owner: string): DataError {
  return new DataError(`${owner}: the gradients overflow float32; scale y or the weights first`);
}
