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

export interface FuzzyKMeansOptions extends FuzzyOptions {
  /** β, how sharply memberships fall with the squared distance: 0 shares all alike, ∞ is k-means; 1. */
  beta?: number;
}

/** The options with their defaults. */
export type FuzzyKMeansSettings = FuzzySettings & Readonly<{ beta: number }>;

const NAME = 'FuzzyKMeans';

/**
 * Fuzzy (soft) k-means: row i belongs to cluster k by the softmax of its squared distances, and centers are means of all
 * rows by their memberships,
 *
 *   u_ik = exp(-β ‖xᵢ - μ_k‖²) / Σ_l exp(-β ‖xᵢ - μ_l‖²)      μ_k = Σᵢ wᵢ u_ik xᵢ / Σᵢ wᵢ u_ik
 *
 * in turn, which never raises -Σᵢ wᵢ ln Σ_k exp(-β ‖xᵢ - μ_k‖²) / β. It is a mixture of Gaussians of variance 1 / 2β and
 * equal weights. β is in units of 1 / distance²: scale the columns, or take about 1 / (2 variance within a cluster). If it is
 * small, centers coincide. An iteration costs O(n k d).
 *
 * D. MacKay, "Information Theory, Inference, and Learning Algorithms", chapter 20 (2003).
 */
export class FuzzyKMeans implements Clusterer {
  readonly options: FuzzyKMeansSettings;

  /** @throws OptionError, ShapeError or DataError for options that have no meaning */
  constructor(options: FuzzyKMeansOptions = {}) {
    checkKnown(NAME, options, ['beta', ...FUZZY_OPTIONS]);
    const { beta = 1 } = options;
    // So small that the centers coincide; the objective, divided by it, would overflow below.
    checkNumber(NAME, 'beta', beta, { min: 1e-200 });
    this.options = Object.freeze({ beta, ...checkFuzzyOptions(NAME, options) });
    readable(this);
  }

  /**
   * Finds the clusters of the rows of `x` [n, d].
   * @throws DataError if x holds missing, infinite or far too large numbers, ShapeError if it has fewer than k rows
   */
  fit(x: MatrixLike, options: FitOptions = {}): FuzzyModel {
    const { beta } = this.options;
    const steps = fuzzySteps(NAME, x, { beta }, this.options, options, ['sampleWeight', 'onProgress']);
    return runSteps(steps, options.onProgress);
  }

  /** The labels of the rows [n] that `fit` finds: `fit(x, options).labels`. */
  fitPredict(x: MatrixLike, options: FitOptions = {}): Int32Array {
    return this.fit(x, options).labels;
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: FitAsyncOptions = {}): Promise<FuzzyModel> {
    const { beta } = this.options;
    const steps = fuzzySteps(NAME, x, { beta }, this.options, options, ['sampleWeight', 'onProgress', 'signal']);
    return runStepsAsync(steps, options);
  }

  toString(): string {
    return optionsText(NAME, this.options);
  }
}
