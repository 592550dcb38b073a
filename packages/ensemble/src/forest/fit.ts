import { OptionError, type RandomState, runStepsAsync, type Steps, streamAt, streamFrom } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import { growOptionsOf, prepareSteps, type Tree, type TreeTarget, totalWeight } from '@maru-ml/tree/grow';
import { counted } from '../text.ts';
import { type CriterionFor, drawRows, type ForestJob, growOne } from './job.ts';
import type { ForestFitAsyncOptions, ForestKind, ForestSettings } from './options.ts';

/** The grown trees, and the states of the generators that grew them. */
export interface Grown {
  trees: Tree[];
  states: RandomState[];
  drawn: number | null;
}

/** What a forest is to learn from. */
export interface ForestRows {
  x: Matrix;
  target: TreeTarget;
  criterionFor: CriterionFor;
  weights: Float64Array | null;
}

/** Makes ready what trees are grown from. */
export function* prepareForest(
  { owner, splitter }: ForestKind,
  settings: ForestSettings,
  { x, target, weights }: ForestRows,
): Steps<{ job: ForestJob; states: RandomState[] }> {
  totalWeight(owner, weights, x.rows);
  const options = growOptionsOf(owner, { ...settings, splitter }, x.rows, x.columns, 1);
  const { maxSamples, bootstrap, ccpAlpha } = settings;
  if (maxSamples !== null && maxSamples > x.rows) {
    throw new OptionError(`${owner}: maxSamples is ${maxSamples}, but x has ${counted(x.rows, 'row')}`);
  }
  const share =
    maxSamples === null ? x.rows : maxSamples < 1 ? Math.max(1, Math.round(maxSamples * x.rows)) : maxSamples;
  const random = streamFrom(settings.seed);
  const states = Array.from({ length: settings.nEstimators }, () => random.fork().state);
  const data = yield* prepareSteps(x, settings.categoricalFeatures);
  return { job: { data, target, options, weights, drawn: bootstrap ? share : null, ccpAlpha }, states };
}

/** Grows the trees one after the other. */
export function* growForest(kind: ForestKind, settings: ForestSettings, rows: ForestRows): Steps<Grown> {
  const { job, states } = yield* prepareForest(kind, settings, rows);
  const trees: Tree[] = [];
  for (const state of states) {
    trees.push(yield* growOne(job, state, rows.criterionFor));
    const goOn = yield { step: trees.length, total: states.length, unit: 'tree', metrics: {} };
    if (goOn === false) break;
  }
  return { trees, states, drawn: job.drawn };
}

/** Grows the trees in worker threads, whose code is loaded when it is asked for. */
export async function growForestInWorkers(
  kind: ForestKind,
  settings: ForestSettings,
  rows: ForestRows,
  workers: number,
  { signal, workerUrl, onProgress }: ForestFitAsyncOptions,
): Promise<Grown> {
  const { growInWorkers } = await import('./in-workers.ts');
  const pausing = signal === undefined ? {} : { signal };
  const { job, states } = await runStepsAsync(prepareForest(kind, settings, rows), pausing);
  const trees = await growInWorkers(job, states, { workers, workerUrl, signal, onProgress });
  return { trees, states, drawn: job.drawn };
}

/** Answers for each row by the trees for which it was not drawn: means [n, width], NaN for rows that were drawn for all. */
export function* outOfBag(
  { trees, states, drawn }: Grown,
  { x: { data, rows, columns }, weights }: ForestRows,
): Steps<Float64Array> {
  const width = trees[0]!.width;
  const sums = new Float64Array(rows * width);
  const answers = new Int32Array(rows);
  for (const [t, tree] of trees.entries()) {
    const counts = drawRows(rows, drawn!, weights, streamAt(states[t]!));
    for (let i = 0; i < rows; i++) {
      if (counts[i]! > 0) continue;
      const leaf = tree.leafOf(data, i * columns) * width;
      for (let c = 0; c < width; c++) sums[i * width + c]! += tree.value[leaf + c]!;
      answers[i]! += 1;
    }
    yield;
  }
  for (let i = 0; i < rows; i++) for (let c = 0; c < width; c++) sums[i * width + c]! /= answers[i]!;
  return sums;
}
