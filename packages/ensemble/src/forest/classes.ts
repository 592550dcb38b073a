import { checkSampleWeight, DataError, type FitOptions, runSteps, runStepsAsync, type Steps } from '@maru-ml/base';
import {
  accuracyOf,
  bestClass,
  type ClassWeight,
  type Label,
  type Matrix,
  type MatrixLike,
  toLabels,
  toMatrix,
} from '@maru-ml/tensor';
import { type ClassCriterion, classCriterion, timesClassWeight } from '@maru-ml/tree/grow';
import type { ForestClassifierFit } from '../forest-classifier-model.ts';
import { type ForestRows, type Grown, growForest, growForestInWorkers, outOfBag } from './fit.ts';
import type { CriterionFor } from './job.ts';
import { checkWorkers, type ForestFitAsyncOptions, type ForestKind, type ForestSettings } from './options.ts';

/** The options of forests of classes with their defaults. */
export type ForestClassifierSettings = ForestSettings &
  Readonly<{ criterion: ClassCriterion; classWeight: ClassWeight | null }>;

/** Fits a forest of classes on the calling thread. */
export function fitClasses<L extends Label>(
  kind: ForestKind,
  settings: ForestClassifierSettings,
  x: MatrixLike,
  y: ArrayLike<L>,
  options: FitOptions,
): ForestClassifierFit<L> {
  return runSteps(steps(kind, settings, x, y, options), options.onProgress);
}

/** Fits a forest of classes in slices, or in worker threads. */
export async function fitClassesAsync<L extends Label>(
  kind: ForestKind,
  settings: ForestClassifierSettings,
  x: MatrixLike,
  y: ArrayLike<L>,
  options: ForestFitAsyncOptions,
): Promise<ForestClassifierFit<L>> {
  const workers = checkWorkers(kind.owner, options);
  if (workers === 1) return runStepsAsync(steps(kind, settings, x, y, options), options);
  const { rows, classes } = check(kind, settings, x, y, options);
  const grown = await growForestInWorkers(kind, settings, rows, workers, options);
  const pausing = options.signal === undefined ? {} : { signal: options.signal };
  return runStepsAsync(answer(kind, settings, rows, classes, grown), pausing);
}

function* steps<L extends Label>(
  kind: ForestKind,
  settings: ForestClassifierSettings,
  x: MatrixLike,
  y: ArrayLike<L>,
  options: FitOptions,
): Steps<ForestClassifierFit<L>> {
  const { rows, classes } = check(kind, settings, x, y, options);
  const grown = yield* growForest(kind, settings, rows);
  return yield* answer(kind, settings, rows, classes, grown);
}

function check<L extends Label>(
  { owner }: ForestKind,
  { criterion, classWeight }: ForestClassifierSettings,
  x: MatrixLike,
  y: ArrayLike<L>,
  { sampleWeight }: FitOptions,
): { rows: ForestRows; classes: readonly L[] } {
  const matrix = toMatrix(owner, x, { allowMissing: true });
  const { classes, codes } = toLabels(owner, y, matrix.rows);
  const given = checkSampleWeight(owner, sampleWeight, matrix.rows);
  const weights = timesClassWeight(owner, given, classWeight, classes, codes);
  const k = classes.length;
  const target = { kind: 'classes', codes, k, criterion } as const;
  const criterionFor: CriterionFor = (drawn) => classCriterion(criterion, codes, k, drawn);
  return { rows: { x: matrix, target, criterionFor, weights }, classes };
}

function* answer<L extends Label>(
  { owner }: ForestKind,
  { oobScore: wantsOob, nEstimators: wanted }: ForestClassifierSettings,
  rows: ForestRows,
  classes: readonly L[],
  grown: Grown,
): Steps<ForestClassifierFit<L>> {
  const { x, target, weights } = rows;
  const fit = { classes, trees: grown.trees, columns: x.columns, wanted };
  if (!wantsOob || target.kind !== 'classes') return { ...fit, oobDecisionFunction: null, oobScore: null };
  const oob = yield* outOfBag(grown, rows);
  const k = classes.length;
  const places = answered(owner, oob, x, k);
  const predicted = places.map((i) => bestClass(oob, i * k, k));
  const own = weights === null ? null : Float64Array.from(places, (i) => weights[i]!);
  return {
    ...fit,
    oobDecisionFunction: oob,
    oobScore: accuracyOf(
      predicted,
      places.map((i) => target.codes[i]!),
      own,
    ),
  };
}

/** The rows that were not drawn for some tree. @throws DataError if there are none */
export function answered(owner: string, oob: Float64Array, { rows }: Matrix, width: number): Int32Array {
  const places = Int32Array.from({ length: rows }, (_, i) => i).filter((i) => !Number.isNaN(oob[i * width]!));
  if (places.length > 0) return places;
  throw new DataError(`${owner}: oobScore has no row to score, as every row was drawn for every tree; take more trees`);
}
