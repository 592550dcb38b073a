import { checkSampleWeight, type FitOptions, runSteps, runStepsAsync, type Steps } from '@maru-ml/base';
import { type MatrixLike, rSquaredOf, toMatrix, toTargets } from '@maru-ml/tensor';
import { checkNumbers, type NumberCriterion, numberCriterion } from '@maru-ml/tree/grow';
import type { ForestRegressorFit } from '../forest-regressor-model.ts';
import { answered } from './classes.ts';
import { type ForestRows, type Grown, growForest, growForestInWorkers, outOfBag } from './fit.ts';
import { checkWorkers, type ForestFitAsyncOptions, type ForestKind, type ForestSettings } from './options.ts';

/** The options of forests of numbers with their defaults. */
export type ForestRegressorSettings = ForestSettings & Readonly<{ criterion: NumberCriterion }>;

/** Fits a forest of numbers on the calling thread. */
export function fitNumbers(
  kind: ForestKind,
  settings: ForestRegressorSettings,
  x: MatrixLike,
  y: ArrayLike<number>,
  options: FitOptions,
): ForestRegressorFit {
  return runSteps(steps(kind, settings, x, y, options), options.onProgress);
}

/** Fits a forest of numbers in slices, or in worker threads. */
export async function fitNumbersAsync(
  kind: ForestKind,
  settings: ForestRegressorSettings,
  x: MatrixLike,
  y: ArrayLike<number>,
  options: ForestFitAsyncOptions,
): Promise<ForestRegressorFit> {
  const workers = checkWorkers(kind.owner, options);
  if (workers === 1) return runStepsAsync(steps(kind, settings, x, y, options), options);
  const rows = check(kind, settings, x, y, options);
  const grown = await growForestInWorkers(kind, settings, rows, workers, options);
  const pausing = options.signal === undefined ? {} : { signal: options.signal };
  return runStepsAsync(answer(kind, settings, rows, grown), pausing);
}

function* steps(
  kind: ForestKind,
  settings: ForestRegressorSettings,
  x: MatrixLike,
  y: ArrayLike<number>,
  options: FitOptions,
): Steps<ForestRegressorFit> {
  const rows = check(kind, settings, x, y, options);
  return yield* answer(kind, settings, rows, yield* growForest(kind, settings, rows));
}

function check(
  { owner }: ForestKind,
  { criterion }: ForestRegressorSettings,
  x: MatrixLike,
  y: ArrayLike<number>,
  { sampleWeight }: FitOptions,
): ForestRows {
  const matrix = toMatrix(owner, x, { allowMissing: true });
  const targets = toTargets(owner, y, matrix.rows);
  const weights = checkSampleWeight(owner, sampleWeight, matrix.rows);
  checkNumbers(owner, criterion, targets, weights);
  const target = { kind: 'numbers', y: targets, criterion } as const;
  return { x: matrix, target, criterionFor: (drawn) => numberCriterion(criterion, targets, drawn), weights };
}

function* answer(
  { owner }: ForestKind,
  { oobScore: wantsOob, nEstimators: wanted }: ForestRegressorSettings,
  rows: ForestRows,
  grown: Grown,
): Steps<ForestRegressorFit> {
  const { x, target, weights } = rows;
  const fit = { trees: grown.trees, columns: x.columns, wanted };
  if (!wantsOob || target.kind !== 'numbers') return { ...fit, oobPrediction: null, oobScore: null };
  const oob = yield* outOfBag(grown, rows);
  const places = answered(owner, oob, x, 1);
  const at = (values: Float64Array) => Float64Array.from(places, (i) => values[i]!);
  return {
    ...fit,
    oobPrediction: oob,
    oobScore: rSquaredOf(at(oob), at(target.y), weights === null ? null : at(weights)),
  };
}
