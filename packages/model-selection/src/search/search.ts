import {
  checkInteger,
  checkKnown,
  DataError,
  defaultRandom,
  type Fits,
  keptStream,
  type OnProgress,
  OptionError,
  Random,
  replaceDefaultRandom,
  runFits,
  runFitsAsync,
  show,
} from '@maru-ml/base';
import type { Split } from '../splits/split.ts';
import { type AnyEstimator, type Data, fitted, goesOn, part } from '../validation/fits.ts';
import { foldsFor } from '../validation/folds.ts';
import { scoreSteps } from '../validation/score-steps.ts';
import { hasNames, noTable, type ScorerTable, scoreNames, scorersFor, tableFor } from '../validation/scorers.ts';
import { fitAllOnWorkers } from './on-workers.ts';
import {
  checkRefit,
  FIT_OPTIONS,
  type SearchFitAsyncOptions,
  type SearchFitOptions,
  type SearchOptions,
} from './options.ts';
import type { Params } from './parameters.ts';
import { failed, named, type Plan, progressOf } from './plan.ts';
import { FittedSearch } from './search-result.ts';
import { Finished, type FitScores, fingerprintOf } from './search-state.ts';

/** What makes estimators: a function, or the URL of a module that exports it as `estimator`. */
export type Factory = ((params: never) => unknown) | string | URL;

/** A search, checked. */
export interface Search {
  readonly owner: string;
  readonly factory: Factory;
  readonly options: SearchOptions;
  /** The candidates; drawn anew in each run, if they are drawn. */
  points(): Params[];
}

/** Runs a search on the calling thread. */
export function runSearch(search: Search, x: unknown, y: unknown, options: SearchFitOptions): FittedSearch {
  const { owner, factory } = search;
  checkKnown(owner, options, FIT_OPTIONS);
  if (typeof factory !== 'function') {
    throw new OptionError(`${owner}: fit needs the factory as a function; with a module use fitAsync`);
  }
  if (hasNames(search.options.scoring)) {
    throw new OptionError(
      `${owner}: fit takes scorers as functions, such as scorerOf('accuracy'), and no names, which are loaded when they are needed; use fitAsync`,
    );
  }
  return runFits(whole(), { onProgress: options.onProgress as OnProgress | undefined });

  function* whole(): Fits<FittedSearch> {
    const plan = yield* planned(search, factory as Plan['make'], search.options.scoring, noTable, x, y, options);
    yield* fitAll(plan);
    return yield* concluded(search, plan);
  }
}

/** Runs a search in slices on the calling thread, or on workers. The result is that of `runSearch`. */
export async function runSearchAsync(
  search: Search,
  x: unknown,
  y: unknown,
  options: SearchFitAsyncOptions,
): Promise<FittedSearch> {
  const { owner, factory } = search;
  checkKnown(owner, options, [...FIT_OPTIONS, 'signal', 'workers', 'workerUrl', 'searchWorkerUrl']);
  const { signal, workers = 1 } = options;
  checkInteger(owner, 'workers', workers, { min: 1 });
  if (workers > 1 && typeof factory === 'function') {
    throw new OptionError(
      `${owner}: with ${workers} workers the factory must be the URL of a module that exports it as estimator, got a function, which workers cannot receive`,
    );
  }
  signal?.throwIfAborted();
  // There must be a stream to give back after the first slice.
  defaultRandom();
  const inStream = keptStream();
  const { make, scoring } = await loaded(search);
  const table = await tableFor(scoring);
  const run = { signal, onProgress: options.onProgress as OnProgress | undefined };
  const plan = await inStream(() => runFitsAsync(planned(search, make, scoring, table, x, y, options), run));
  if (workers === 1) await runFitsAsync(fitAll(plan), run);
  else {
    const ownScorers = search.options.scoring === undefined;
    await fitAllOnWorkers(plan, String(factory), ownScorers, options);
  }
  return runFitsAsync(concluded(search, plan), run);
}

/** The factory of a module, and its scoring where the search has none. */
async function loaded({ owner, factory, options }: Search): Promise<{ make: Plan['make']; scoring: unknown }> {
  if (typeof factory === 'function') return { make: factory as Plan['make'], scoring: options.scoring };
  const url = String(factory);
  const exports = (await import(/* @vite-ignore */ /* webpackIgnore: true */ url)) as Record<string, unknown>;
  if (typeof exports.estimator !== 'function') {
    throw new OptionError(
      `${owner}: the module of the factory must export a function estimator, got ${show(exports.estimator)}`,
    );
  }
  const scoring = options.scoring ?? exports.scoring;
  checkRefit(owner, options.refit ?? true, scoreNames(owner, scoring));
  return { make: exports.estimator as Plan['make'], scoring };
}

/** Checks the data and divides the rows. */
function* planned(
  { owner, options, points }: Search,
  make: Plan['make'],
  scoring: unknown,
  table: ScorerTable,
  x: unknown,
  y: unknown,
  { groups, sampleWeight, resume }: SearchFitOptions,
): Fits<Plan> {
  const { cv = 5, returnTrainScore = false, errorScore } = options;
  const all = points();
  const scorers = scorersFor(owner, scoring, table);
  const given = { cv, ...(groups !== undefined && { groups }), ...(sampleWeight !== undefined && { sampleWeight }) };
  // A number of folds may have to fit the first candidate to learn whether there are classes.
  const divided = foldsFor(owner, estimatorOf(owner, make, all[0]!), x, y, given);
  const { data, splits } = yield* typeof cv === 'number' ? inFreshStream(divided) : divided;
  yield;
  const names = scorers.map(([name]) => name);
  const finished = new Finished(splits.length, yield* fingerprintOf(all, splits, data.y, names));
  if (resume !== undefined) finished.resume(owner, resume, all.length, names, returnTrainScore);
  return { owner, make, points: all, data, splits, scorers, returnTrainScore, errorScore, finished };
}

/** Fits and scores every candidate on every fold, unless it is finished. */
function* fitAll(plan: Plan): Fits<void> {
  const { owner, make, points, splits, data, finished } = plan;
  for (const [candidate, params] of points.entries()) {
    for (const [fold, split] of splits.entries()) {
      if (finished.get(candidate, fold) !== undefined) continue;
      const found = yield* fitOne(plan, params, fold, () => estimatorOf(owner, make, params), data, split);
      finished.set(candidate, fold, found);
      if (!(yield* goesOn(progressOf(plan, found)))) return;
    }
  }
}

function* fitOne(
  plan: Plan,
  params: Params,
  fold: number,
  estimator: () => AnyEstimator,
  data: Data,
  split: Split,
): Fits<FitScores> {
  const { owner, scorers, returnTrainScore } = plan;
  const start = performance.now();
  try {
    const train = yield* part(data, split.train);
    yield;
    const model = yield* inFreshStream(fitted(estimator(), train));
    const between = performance.now();
    yield;
    const test = yield* part(data, split.test);
    yield;
    const scores = function* (rows: Data) {
      return named(scorers, yield* scoreSteps(owner, scorers, model, rows.x, rows.y));
    };
    return {
      test: yield* scores(test),
      train: returnTrainScore ? yield* scores(train) : undefined,
      fitTime: between - start,
      scoreTime: performance.now() - between,
      error: undefined,
    };
  } catch (error) {
    return failed(plan, params, fold, error, performance.now() - start);
  }
}

/** Fits the best of the candidates that are finished to all rows. */
function* concluded({ owner, options, factory }: Search, plan: Plan): Fits<FittedSearch> {
  const { refit = true } = options;
  const names = plan.scorers.map(([name]) => name);
  const rows = plan.points.map((_, c) => plan.splits.map((_, f) => plan.finished.get(c, f)));
  const whole = rows.map((folds) => folds.every((scores) => scores !== undefined));
  const searched = {
    search: owner,
    params: plan.points.filter((_, c) => whole[c]),
    fits: rows.filter((_, c) => whole[c]) as FitScores[][],
    scoring: names,
    by: typeof refit === 'string' ? refit : names[0]!,
    bestIndex: undefined,
    bestModel: undefined,
    refitTime: undefined,
    state: plan.finished.state(),
  };
  if (searched.params.length === 0) {
    throw new OptionError(
      `${owner}: onProgress ended it before a candidate was finished; go on with resume: progress.state`,
    );
  }
  const found = new FittedSearch(searched);
  if (found.candidates.every(({ meanTestScore }) => Number.isNaN(meanTestScore))) {
    const [first] = found.candidates.flatMap(({ errors }) => errors);
    throw new DataError(
      `${owner}: no candidate has a score, as on some fold of each the fit failed; the first said: ${first}`,
    );
  }
  const bestIndex = typeof refit === 'function' ? chosen(owner, refit(found.candidates), found) : found.bestIndex;
  if (refit === false) return found;
  const start = performance.now();
  const params = searched.params[bestIndex]!;
  const make = typeof factory === 'function' ? (factory as Plan['make']) : plan.make;
  const bestModel = yield* inFreshStream(fitted(estimatorOf(owner, make, params), plan.data));
  return new FittedSearch({ ...searched, bestIndex, bestModel, refitTime: performance.now() - start });
}

function chosen(owner: string, index: unknown, { candidates }: FittedSearch): number {
  if (Number.isInteger(index) && candidates[index as number] !== undefined) return index as number;
  throw new OptionError(`${owner}: refit must choose a place from 0 to ${candidates.length - 1}, got ${show(index)}`);
}

function estimatorOf(owner: string, make: Plan['make'], params: Params): AnyEstimator {
  const estimator = make(params);
  if (typeof estimator?.fit === 'function' && typeof estimator.fitAsync === 'function') return estimator;
  throw new OptionError(`${owner}: the factory must give an estimator, got ${show(estimator)}`);
}

/**
 * Lets a fit draw from the default random stream of a fresh program, as it does in a worker: so estimators without a seed give
 * the same on any number of workers. Between the slices of a fit everyone else has the program's own stream (see `keptStream`).
 */
function* inFreshStream<T>(run: Fits<T>): Fits<T> {
  const before = replaceDefaultRandom(new Random(0));
  try {
    return yield* run;
  } finally {
    replaceDefaultRandom(before);
  }
}
