import { choose, DataError, type RandomStream, type Steps, streamFrom } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import { holdOut } from '@maru-ml/tensor';
import {
  BestSplitter,
  growOptionsOf,
  growSteps,
  leavesFor,
  prepareSteps,
  prune,
  Squares,
  type Tree,
  totalWeight,
} from '@maru-ml/tree/grow';
import { takeAt, takeRowsSteps } from '../take-rows.ts';
import type { GradientLoss } from './losses.ts';
import type { GradientBoostingSettings } from './options.ts';

/** What a fit found out. */
export interface GradientFit {
  /** Round by round, in each a tree for each output. */
  trees: Tree[];
  /** The raw prediction before the first tree [outputs]. */
  baseline: Float64Array;
  columns: number;
  learningRate: number;
  /** Whether it stopped since rows that were held out no longer gained. */
  converged: boolean;
  /** The loss of the rows that were drawn, after each round. */
  trainScore: Float64Array;
  /** By how much a round lowered the loss of the rows that were not drawn; empty if all are. */
  oobImprovement: Float64Array;
}

interface Rows {
  x: Matrix;
  y: Float64Array;
  weights: Float64Array | null;
}

/**
 * Boosting with exact trees.
 * @param classes whether y are classes, of which each is held out by its share
 */
export function* boostGradients(
  owner: string,
  settings: GradientBoostingSettings,
  loss: GradientLoss,
  rows: Rows,
  classes: boolean,
): Steps<GradientFit> {
  totalWeight(owner, rows.weights, rows.x.rows);
  const draws = settings.subsample < 1 || settings.maxFeatures !== null || settings.nIterNoChange !== null;
  // Where nothing is drawn, the default stream stays as it is.
  const random = streamFrom(draws ? settings.seed : 0);
  const { train, held } = yield* parted(owner, settings, rows, classes, random);
  const { x, y } = train;
  const n = y.length;
  const k = loss.outputs;
  const { learningRate, nEstimators, subsample, ccpAlpha } = settings;
  const weights = train.weights ?? ones(n);
  const options = growOptionsOf(owner, settings, n, x.columns, 1);
  const data = yield* prepareSteps(x);
  const baseline = loss.start(y, train.weights);
  const raw = spread(baseline, n);
  const heldRaw = held === null ? null : spread(baseline, held.y.length);
  const history = new Float64Array(settings.nIterNoChange ?? 0).fill(Number.POSITIVE_INFINITY);
  const trees: Tree[] = [];
  const [trainScore, oobImprovement] = [[] as number[], [] as number[]];

  /** Grows a tree for each output on the residuals of what there is, and adds them to the raw predictions. */
  function* growRound(drawn: Uint8Array | null, inBag: Float64Array): Steps<Tree[]> {
    const before = k === 1 ? raw : raw.slice();
    const grown: Tree[] = [];
    const plain = inBag.every((weight) => weight === 1) ? null : inBag;
    let total = 0;
    for (let i = 0; i < n; i++) total += inBag[i]!;
    for (let c = 0; c < k; c++) {
      const residuals = new Float64Array(n);
      loss.residuals(y, before, c, weights, residuals);
      const criterion = new Squares(residuals, plain, settings.criterion === 'squaredError');
      const own = { ...options, minWeightLeaf: options.minWeightLeaf * total };
      const splitter = new BestSplitter(data, criterion, own, plain, random, null);
      const tree = prune(yield* growSteps(splitter, criterion, own), ccpAlpha);
      const leaves = leavesFor(tree, x.data, n);
      if (loss.leaf !== undefined) {
        for (const [leaf, rows] of rowsByLeaf(leaves, drawn)) {
          tree.value[leaf] = loss.leaf({ rows, y, raw: before, residuals, weights: inBag });
        }
      }
      for (let i = 0; i < n; i++) raw[c * n + i]! += learningRate * tree.value[leaves[i]!]!;
      grown.push(tree);
      yield;
    }
    return grown;
  }

  let converged = false;
  for (let step = 1; step <= nEstimators; step++) {
    const drawn = subsample < 1 ? drawRows(n, subsample, random) : null;
    const inBag = drawn === null ? weights : weights.map((weight, i) => weight * drawn[i]!);
    const outOfBag = drawn === null ? null : weights.map((weight, i) => weight * (1 - drawn[i]!));
    const before = outOfBag === null ? 0 : loss.mean(y, raw, outOfBag);
    const grown = yield* growRound(drawn, inBag);
    trees.push(...grown);
    const trainLoss = loss.mean(y, raw, inBag);
    if (!Number.isFinite(trainLoss)) throw new DataError(`${owner}: the loss overflows; take a smaller learningRate`);
    trainScore.push(trainLoss);
    if (outOfBag !== null) oobImprovement.push(before - loss.mean(y, raw, outOfBag));
    const metrics: Record<string, number> = { trainLoss };
    if (held !== null && heldRaw !== null) {
      addTrees(grown, held.x, heldRaw, learningRate, k);
      const heldLoss = loss.mean(held.y, heldRaw, held.weights ?? ones(held.y.length));
      metrics.validationLoss = heldLoss;
      if (history.some((earlier) => heldLoss + settings.tol < earlier)) history[(step - 1) % history.length] = heldLoss;
      else converged = true;
    }
    const goOn = yield { step, total: nEstimators, unit: 'iteration', metrics };
    if (goOn === false || converged) break;
  }
  const scores = { trainScore: Float64Array.from(trainScore), oobImprovement: Float64Array.from(oobImprovement) };
  return { trees, baseline, columns: x.columns, learningRate, converged, ...scores };
}

/** The rows of each leaf that were drawn. */
function rowsByLeaf(leaves: Int32Array, drawn: Uint8Array | null): Map<number, Int32Array> {
  const lists = new Map<number, number[]>();
  for (let i = 0; i < leaves.length; i++) {
    if (drawn !== null && drawn[i] === 0) continue;
    const list = lists.get(leaves[i]!);
    if (list === undefined) lists.set(leaves[i]!, [i]);
    else list.push(i);
  }
  return new Map([...lists].map(([leaf, rows]) => [leaf, Int32Array.from(rows)]));
}

/** Adds what trees, round by round, say of the rows from `from` to `to` to raw predictions [outputs, m]. */
export function addTrees(
  trees: readonly Tree[],
  { data, rows, columns }: Matrix,
  raw: Float64Array,
  rate: number,
  outputs: number,
  from = 0,
  to: number = rows,
): void {
  for (let t = 0; t < trees.length; t++) {
    const tree = trees[t]!;
    const out = (t % outputs) * rows;
    for (let i = from; i < to; i++) raw[out + i]! += rate * tree.value[tree.leafOf(data, i * columns)]!;
  }
}

/** A constant for each output as raw predictions [outputs, n]. */
export function spread(baseline: Float64Array, n: number): Float64Array {
  const raw = new Float64Array(n * baseline.length);
  for (let c = 0; c < baseline.length; c++) raw.fill(baseline[c]!, c * n, (c + 1) * n);
  return raw;
}

function ones(n: number): Float64Array {
  return new Float64Array(n).fill(1);
}

function drawRows(n: number, share: number, random: RandomStream): Uint8Array {
  const drawn = new Uint8Array(n);
  for (const i of choose(random, n, Math.max(1, Math.floor(share * n)))) drawn[i] = 1;
  return drawn;
}

function* parted(
  owner: string,
  { nIterNoChange, validationFraction }: GradientBoostingSettings,
  rows: Rows,
  classes: boolean,
  random: RandomStream,
): Steps<{ train: Rows; held: Rows | null }> {
  if (nIterNoChange === null) return { train: rows, held: null };
  const { x, y, weights } = rows;
  const { train, test } = yield* holdOut(owner, x.rows, validationFraction, classes ? y : null, random);
  function* part(places: Int32Array): Steps<Rows> {
    const data = yield* takeRowsSteps(x.data, x.columns, places);
    return {
      x: { data, rows: places.length, columns: x.columns },
      y: takeAt(y, places),
      weights: weights === null ? null : takeAt(weights, places),
    };
  }
  return { train: yield* part(train), held: yield* part(test) };
}
