import { checkBoolean, OptionError, type Progress, show } from '@maru-ml/base';
import type { Model } from '@maru-ml/tensor';
import type { Split, Splitter } from '../splits/split.ts';
import type { FoldOptions } from '../validation/folds.ts';
import { type Scoring, scoreNames } from '../validation/scorers.ts';
import type { Candidate } from './search-result.ts';
import type { SearchState } from './search-state.ts';

/** Options of every search. */
export interface SearchOptions<M = Model> {
  /** The number of folds, a splitter, or the splits themselves, as for `crossValidate`; 5. */
  cv?: number | Splitter | Iterable<Split>;
  /** What models are judged by: the name of a score, a function, or several by name; the model's own `score`. */
  scoring?: Scoring<M>;
  /**
   * Fit the best candidate to all rows. With several scores, the name of that by which it is chosen; or a function that chooses the
   * place of a candidate; true.
   */
  refit?: boolean | string | ((candidates: readonly Candidate[]) => number);
  /** Score the rows that models were fitted with, too; false. */
  returnTrainScore?: boolean;
  /** The score of a fit that fails, which may be NaN; without it the failure is an error. */
  errorScore?: number;
}

/** Progress of a search, with all that is finished. */
export interface SearchProgress extends Progress {
  /** What is finished, as plain data: given as `resume` it goes on from there. */
  readonly state: SearchState;
}

export interface SearchFitOptions extends Pick<FoldOptions, 'groups' | 'sampleWeight'> {
  /** Called after each fit and score; returning false ends with the candidates that are finished. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a callback may return nothing at all
  onProgress?: (progress: SearchProgress) => boolean | void;
  /** The state of an earlier run of the same search: what is finished there is not done again; none. */
  resume?: SearchState;
}

export interface SearchFitAsyncOptions extends SearchFitOptions {
  /** Aborting rejects with the signal's reason, ends all workers and leaves nothing running. */
  signal?: AbortSignal;
  /** Threads to fit on, besides the calling one; more than 1 needs the factory as a module's URL; 1, which is the calling thread. */
  workers?: number;
  /** Where the file behind `@maru-ml/base/worker` lies, if a bundler has moved it. */
  workerUrl?: string | URL;
  /** Where the file behind `@maru-ml/model-selection/search-worker` lies, if a bundler has moved it. */
  searchWorkerUrl?: string | URL;
}

export const SEARCH_OPTIONS: readonly string[] = ['cv', 'scoring', 'refit', 'returnTrainScore', 'errorScore'];
export const FIT_OPTIONS: readonly string[] = ['groups', 'sampleWeight', 'onProgress', 'resume'];

/** Checks what can be checked without data. */
export function checkSearch(owner: string, factory: unknown, options: SearchOptions): Required<SearchOptions> {
  const { cv = 5, scoring, refit = true, returnTrainScore = false, errorScore } = options;
  if (typeof factory !== 'function' && !(factory instanceof URL) && typeof factory !== 'string') {
    throw new OptionError(
      `${owner}: the factory must be a function of the parameters or the URL of a module, got ${show(factory)}`,
    );
  }
  if (typeof factory !== 'function' && !URL.canParse(factory)) {
    throw new OptionError(
      `${owner}: the factory must have the absolute URL of a module, such as new URL('./factory.js', import.meta.url), got ${show(factory)}`,
    );
  }
  const names = scoring === undefined && typeof factory !== 'function' ? null : scoreNames(owner, scoring);
  if (typeof refit !== 'boolean' && typeof refit !== 'string' && typeof refit !== 'function') {
    throw new OptionError(`${owner}: refit must be true, false, the name of a score or a function, got ${show(refit)}`);
  }
  if (names !== null) checkRefit(owner, refit, names);
  checkBoolean(owner, 'returnTrainScore', returnTrainScore);
  if (errorScore !== undefined && typeof errorScore !== 'number') {
    throw new OptionError(`${owner}: errorScore must be a number, got ${show(errorScore)}`);
  }
  return Object.freeze({ cv, scoring, refit, returnTrainScore, errorScore }) as Required<SearchOptions>;
}

/** With several scores it must be said which one counts. */
export function checkRefit(owner: string, refit: SearchOptions['refit'], names: readonly string[]): void {
  if (refit === true && names.length > 1) {
    throw new OptionError(
      `${owner}: refit must name one of the scores ${names.join(', ')}, be a function that chooses, or false, as there are several`,
    );
  }
  if (typeof refit === 'string' && !names.includes(refit)) {
    throw new OptionError(`${owner}: refit must be one of the scores ${names.join(', ')}, got ${show(refit)}`);
  }
}
