import { choose, DataError, type RandomStream, type Steps, streamFrom } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import { holdOut } from '@maru-ml/tensor';
import {
  type GrowOptions,
  growOptionsOf,
  growSteps,
  prepareSteps,
  prune,
  Squares,
  type Tree,
  type TreeData,
  totalWeight,
} from '@maru-ml/tree/grow';
import { takeAt, takeRows } from '../take-rows.ts';
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
  const ones = new Float64Array(n).fill(1);
  const weights = train.weights ?? ones;
  const options = growOptionsOf(owner, { ...settings, splitter: 'best' }, n, x.columns, 1);
  const data = yield* prepareSteps(x, settings.categoricalFeatures);
  const baseline = loss.start(y, train.weights);
  const raw = spread(baseline, n);
  const heldRaw = held === null ? null : spread(baseline, held.y.length);
  const history = new Float64Array(settings.nIterNoChange ?? 0).fill(Number.POSITIVE_INFINITY);
  const fit = { trees: [] as Tree[], baseline, columns: x.columns, learningRate: settings.learningRate };
  const [trainScore, oobImprovement] = [[] as number[], [] as number[]];
  let converged = false;
  for (let round = 0; round < settings.nEstimators; round++) {
    const drawn = settings.subsample < 1 ? drawRows(n, settings.subsample, random) : null;
    const inBag = drawn === null ? weights : weights.map((weight, i) => weight * drawn[i]!);
    const outOfBag = drawn === null ? null : weights.map((weight, i) => weight * (1 - drawn[i]!));
    const before = outOfBag === null ? 0 : loss.mean(y, raw, outOfBag);
    const job = { owner, settings, loss, data, x, y, weights, inBag, drawn, options, random };
    const trees = yield* growRound(job, raw);
    fit.trees.push(...trees);
    const score = loss.mean(y, raw, inBag);
    if (!Number.isFinite(score)) throw new DataError(`${owner}: the loss overflows; take a smaller learningRate`);
    trainScore.push(score);
    if (outOfBag !== null) oobImprovement.push(before - loss.mean(y, raw, outOfBag));
    const metrics: Record<string, number> = { trainLoss: score };
    if (held !== null && heldRaw !== null) {
      addRound(trees, held.x, heldRaw, settings.learningRate, k);
      const heldLoss = loss.mean(held.y, heldRaw, held.weights ?? new Float64Array(held.y.length).fill(1));
      metrics.validationLoss = heldLoss;
      if (history.some((earlier) => heldLoss + settings.tol < earlier)) history[round % history.length] = heldLoss;
      else converged = true;
    }
    const goOn = yield { step: round + 1, total: settings.nEstimators, unit: 'iteration', metrics };
    if (goOn === false || converged) break;
  }
  const scores = { trainScore: Float64Array.from(trainScore), oobImprovement: Float64Array.from(oobImprovement) };
  return { ...fit, converged, ...scores };
}

interface Round {
  owner: string;
  settings: GradientBoostingSettings;
  loss: GradientLoss;
  data: TreeData;
  x: Matrix;
  y: Float64Array;
  weights: Float64Array;
  /** The weights of the rows that are drawn, 0 for others. */
  inBag: Float64Array;
  drawn: Uint8Array | null;
  options: GrowOptions;
  random: RandomStream;
}

/** Grows a tree for each output on the residuals of what there is, and adds them to the raw predictions. */
function* growRound(job: Round, raw: Float64Array): Steps<Tree[]> {
  const { settings, loss, data, x, y, weights, inBag, drawn, options, random } = job;
  const [n, k] = [y.length, loss.outputs];
  const before = k === 1 ? raw : raw.slice();
  const trees: Tree[] = [];
  const plain = inBag.every((weight) => weight === 1) ? null : inBag;
  let total = 0;
  for (let i = 0; i < n; i++) total += inBag[i]!;
  for (let c = 0; c < k; c++) {
    const residuals = new Float64Array(n);
    loss.residuals(y, before, c, weights, residuals);
    const criterion = new Squares(residuals, plain, settings.criterion === 'squaredError');
    const own = { ...options, minWeightLeaf: options.minWeightLeaf * total };
    const grown = yield* growSteps(data, criterion, own, plain, random);
    const tree = settings.ccpAlpha > 0 ? prune(grown, settings.ccpAlpha) : grown;
    const leaves = tree.apply(x.data, n);
    if (loss.leaf !== undefined) {
      for (const [leaf, rows] of rowsByLeaf(leaves, drawn)) {
        tree.value[leaf] = loss.leaf({ rows, y, raw: before, residuals, weights: inBag });
      }
    }
    for (let i = 0; i < n; i++) raw[c * n + i]! += settings.learningRate * tree.value[leaves[i]!]!;
    trees.push(tree);
    yield;
  }
  return trees;
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

/** Adds the trees of a round to raw predictions [outputs, m]. */
export function addRound(
  trees: readonly Tree[],
  { data, rows, columns }: Matrix,
  raw: Float64Array,
  rate: number,
  outputs: number,
): void {
  for (let c = 0; c < outputs; c++) {
    const tree = trees[c]!;
    for (let i = 0; i < rows; i++) raw[c * rows + i]! += rate * tree.value[tree.leafOf(data, i * columns)]!;
  }
}

/** A constant for each output as raw predictions [outputs, n]. */
export function spread(baseline: Float64Array, n: number): Float64Array {
  const raw = new Float64Array(n * baseline.length);
  for (let c = 0; c < baseline.length; c++) raw.fill(baseline[c]!, c * n, (c + 1) * n);
  return raw;
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
  const part = (places: Int32Array): Rows => ({
    x: { data: takeRows(x.data, x.columns, places), rows: places.length, columns: x.columns },
    y: takeAt(y, places),
    weights: weights === null ? null : takeAt(weights, places),
  });
  return { train: part(train), held: part(test) };
}
