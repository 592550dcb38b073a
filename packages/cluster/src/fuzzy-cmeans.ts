import {
  checkKnown,
  checkNumber,
  type FitAsyncOptions,
  type FitOptions,
  readable,
  runSteps,
  runStepsAsync,
} from '@maru-ml/base';
import type { Clusterer, MatrixLike } from '@maru-ml/tensor';
import { checkFuzzyOptions, FUZZY_OPTIONS, type FuzzyOptions, type FuzzySettings, fuzzySteps } from './fuzzy-fit.ts';
import type { FuzzyModel } from './fuzzy-model.ts';
import { optionsText } from './text.ts';

export interface FuzzyCMeansOptions extends FuzzyOptions {
  /** The fuzzifier m, above 1: near 1 it is k-means, the larger the more clusters share rows; 2. */
  m?: number;
}

/** The options with their defaults. */
export type FuzzyCMeansSettings = FuzzySettings & Readonly<{ m: number }>;

const NAME = 'FuzzyCMeans';

/**
 * Fuzzy c-means of Bezdek: finds memberships u, whose sums over clusters are 1, and centers that make
 *
 *   J = Σᵢ wᵢ Σ_k u_ik^m ‖xᵢ - μ_k‖²
 *
 * small, by u_ik = 1 / Σ_l (‖xᵢ - μ_k‖ / ‖xᵢ - μ_l‖)^(2 / (m - 1)) and μ_k = Σᵢ wᵢ u_ik^m xᵢ / Σᵢ wᵢ u_ik^m in turn, which
 * never raises J. Unlike `FuzzyKMeans` it does not depend on the units of x. An iteration costs O(n k d).
 *
 * J. Bezdek, R. Ehrlich and W. Full, "FCM: the fuzzy c-means clustering algorithm", Computers & Geosciences 10 (1984).
 */
export class FuzzyCMeans implements Clusterer {
  readonly options: FuzzyCMeansSettings;

  /** @throws OptionError, ShapeError or DataError for options that have no meaning */
  constructor(options: FuzzyCMeansOptions = {}) {
    checkKnown(NAME, options, ['m', ...FUZZY_OPTIONS]);
    const { m = 2 } = options;
    checkNumber(NAME, 'm', m, { above: 1 });
    this.options = Object.freeze({ m, ...checkFuzzyOptions(NAME, options) });
    readable(this);
  }

  /**
   * Finds the clusters of the rows of `x` [n, d].
   * @throws DataError if x holds missing, infinite or far too large numbers, ShapeError if it has fewer than k rows
   */
  fit(x: MatrixLike, options: FitOptions = {}): FuzzyModel {
    const { m } = this.options;
    const steps = fuzzySteps(NAME, x, { m }, this.options, options, ['sampleWeight', 'onProgress']);
    return runSteps(steps, options.onProgress);
  }

  /** The labels of the rows [n] that `fit` finds: `fit(x, options).labels`. */
  fitPredict(x: MatrixLike, options: FitOptions = {}): Int32Array {
    return this.fit(x, options).labels;
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: FitAsyncOptions = {}): Promise<FuzzyModel> {
    const { m } = this.options;
    const steps = fuzzySteps(NAME, x, { m }, this.options, options, ['sampleWeight', 'onProgress', 'signal']);
    return runStepsAsync(steps, options);
  }

  toString(): string {
    return optionsText(NAME, this.options);
  }
}
