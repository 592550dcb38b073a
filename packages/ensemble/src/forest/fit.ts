import {
  DataError,
  type FitOptions,
  OptionError,
  type RandomState,
  runSteps,
  runStepsAsync,
  type Steps,
  streamAt,
  streamFrom,
} from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import {
  categoricalOf,
  growOptionsOf,
  prepareSteps,
  type Tree,
  type TreeTarget,
  totalWeight,
} from '@maru-ml/tree/grow';
import { counted } from '../text.ts';
import { type CriterionFor, drawRows, type ForestJob, growOne } from './job.ts';
import { checkWorkers, type ForestFitAsyncOptions, type ForestKind, type ForestSettings } from './options.ts';

/** The grown trees, and the states of the generators that grew them. */
export interface Grown {
  trees: Tree[];
  states: readonly RandomState[];
  drawn: number | null;
}

/** What a forest is to learn from, checked, and the model that it makes of its trees. */
export interface ForestRows<M> {
  x: Matrix;
  target: TreeTarget;
  criterionFor: CriterionFor;
  weights: Float64Array | null;
  modelOf(grown: Grown): Steps<M>;
}

/** Fits a forest on the calling thread. */
export function fitForest<M>(
  kind: ForestKind,
  settings: ForestSettings,
  rows: ForestRows<M>,
  { onProgress }: FitOptions,
): M {
  return runSteps(fitSteps(kind, settings, rows), onProgress);
}

/** Fits a forest in slices, or in worker threads, whose code is loaded when it is asked for. */
export async function fitForestAsync<M>(
  kind: ForestKind,
  settings: ForestSettings,
  rowsOf: () => ForestRows<M>,
  options: ForestFitAsyncOptions,
): Promise<M> {
  const workers = checkWorkers(kind.owner, options);
  const rows = rowsOf();
  if (workers === 1) return runStepsAsync(fitSteps(kind, settings, rows), options);
  const { growInWorkers } = await import('./in-workers.ts');
  const { job, states } = await runStepsAsync(prepareForest(kind, settings, rows), options);
  const trees = await growInWorkers(job, states, { ...options, workers });
  return runStepsAsync(rows.modelOf({ trees, states, drawn: job.drawn }), options);
}

/** Grows the trees one after the other. */
function* fitSteps<M>(kind: ForestKind, settings: ForestSettings, rows: ForestRows<M>): Steps<M> {
  const { job, states } = yield* prepareForest(kind, settings, rows);
  const trees: Tree[] = [];
  for (const state of states) {
    trees.push(yield* growOne(job, state, rows.criterionFor, kind.Splitter));
    const goOn = yield { step: trees.length, total: states.length, unit: 'tree', metrics: {} };
    if (goOn === false) break;
  }
  return yield* rows.modelOf({ trees, states, drawn: job.drawn });
}

/** Makes ready what trees are grown from. */
function* prepareForest(
  { owner, splitter }: ForestKind,
  settings: ForestSettings,
  { x, target, weights }: ForestRows<unknown>,
): Steps<{ job: ForestJob; states: RandomState[] }> {
  totalWeight(owner, weights, x.rows);
  const categorical = categoricalOf(owner, settings.categoricalFeatures, x.columns);
  const options = growOptionsOf(owner, settings, x.rows, x.columns, 1);
  const { maxSamples, bootstrap, ccpAlpha } = settings;
  if (maxSamples !== null && maxSamples > x.rows) {
    throw new OptionError(`${owner}: maxSamples is ${maxSamples}, but x has ${counted(x.rows, 'row')}`);
  }
  const asked = maxSamples ?? x.rows;
  const share = asked < 1 ? Math.max(1, Math.round(asked * x.rows)) : asked;
  const random = streamFrom(settings.seed);
  const states = Array.from({ length: settings.nEstimators }, () => random.fork().state);
  const data = yield* prepareSteps(x, categorical);
  return { job: { data, target, splitter, options, weights, drawn: bootstrap ? share : null, ccpAlpha }, states };
}

/** What the trees for which a row was not drawn say of it. */
export interface OutOfBag {
  /** The means [n, width], NaN for rows that were drawn for all trees. */
  means: Float64Array;
  /** The other rows, and their weights. */
  rows: Int32Array;
  weights: Float64Array | null;
}

/** Answers for each row by the trees for which it was not drawn. @throws DataError if there is no such row */
export function* outOfBag(
  { owner }: ForestKind,
  { trees, states, drawn }: Grown,
  { data, rows: n, columns }: Matrix,
  weights: Float64Array | null,
): Steps<OutOfBag> {
  const width = trees[0]!.width;
  const means = new Float64Array(n * width);
  const answers = new Int32Array(n);
  for (const [t, tree] of trees.entries()) {
    const counts = drawRows(n, drawn!, weights, streamAt(states[t]!));
    for (let i = 0; i < n; i++) {
      if (counts[i]! > 0) continue;
      const leaf = tree.leafOf(data, i * columns) * width;
      for (let c = 0; c < width; c++) means[i * width + c]! += tree.value[leaf + c]!;
      answers[i]! += 1;
    }
    yield;
  }
  for (let at = 0; at < means.length; at++) means[at]! /= answers[Math.floor(at / width)]!;
  const rows = answers.map((_, i) => i).filter((i) => answers[i]! > 0);
  if (rows.length > 0)
    return { means, rows, weights: weights === null ? null : Float64Array.from(rows, (i) => weights[i]!) };
  throw new DataError(`${owner}: oobScore has no row to score, as every row was drawn for every tree; take more trees`);
}
