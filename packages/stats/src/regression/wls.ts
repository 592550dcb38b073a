import {
  checkBoolean,
  checkKnown,
  type FitAsyncOptions,
  type OnProgress,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import type { MatrixLike, Regressor } from '@maru-ml/tensor';
import {
  COVARIANCE_OPTIONS,
  type CovarianceOptions,
  type CovarianceSettings,
  checkCovariance,
  type Groups,
} from '../covariance.ts';
import { type DataColumns, type DesignInput, readDesign } from '../design.ts';
import type { FittedFormula } from '../formula/formula.ts';
import { covarianceOf, fitRegression } from './fit.ts';
import { FittedRegression, type RegressionModel } from './model.ts';

export interface WLSOptions extends CovarianceOptions {
  /** Put a column of ones before those of a matrix, as statsmodels' `add_constant`; false. A formula has its own intercept. */
  addConstant?: boolean;
}

/** The options with their defaults. */
export type WLSSettings = Readonly<CovarianceSettings & { addConstant: boolean }>;

export interface WLSFitOptions {
  /** The weights of the rows [n], ≥ 0; 1 each. */
  sampleWeight?: ArrayLike<number>;
  /** The group of each row [n], for `covType: 'cluster'`; two lists for groups of two kinds. */
  groups?: Groups;
  /** Accepted for the common form of `fit`; there are no steps to tell of. */
  onProgress?: OnProgress;
}

/**
 * Weighted least squares: the b that minimizes
 *
 *   Σᵢ wᵢ (yᵢ - xᵢ b)²
 *
 * for errors of variance σ² / wᵢ: weights are precisions, not counts, so twice the weights give the same standard errors. All else is as in
 * `OLS`. Rows of weight 0 are left out and not counted, as in R; statsmodels counts them. O(n k²).
 *
 * @example
 * ```ts
 * import { WLS } from '@maru-ml/stats';
 *
 * const data = { x: [1, 2, 3, 4], y: [1.1, 1.9, 3.2, 7] };
 * const model = new WLS().fit('y ~ x', data, { sampleWeight: [1, 1, 1, 0.01] });
 * console.log(model.params[1]!.toFixed(2)); // 1.08
 * ```
 */
export class WLS implements Regressor {
  readonly options: WLSSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: WLSOptions = {}) {
    checkKnown('WLS', options, [...COVARIANCE_OPTIONS, 'addConstant']);
    const { addConstant = false } = options;
    checkBoolean('WLS', 'addConstant', addConstant);
    this.options = Object.freeze({ ...checkCovariance('WLS', options), addConstant });
    readable(this);
  }

  /**
   * Fits a formula to columns, or numbers `y` [n] to a matrix `x` [n, d]. Rows that lack a value a formula needs are left out (`nMissing` counts them).
   *
   * @throws OptionError that points into the formula or names what is wrong, ShapeError, DataError for rows and numbers that cannot be used
   */
  fit(formula: string | FittedFormula, data: DataColumns, options?: WLSFitOptions): RegressionModel;
  fit(x: MatrixLike, y: ArrayLike<number>, options?: WLSFitOptions): RegressionModel;
  fit(first: DesignInput, second: DataColumns | ArrayLike<number>, options: WLSFitOptions = {}): RegressionModel {
    checkKnown('WLS', options, ['sampleWeight', 'groups', 'onProgress']);
    return runSteps(this.#steps(first, second, options));
  }

  /** The same as a promise. Aborting rejects with the signal's reason. */
  fitAsync(
    formula: string | FittedFormula,
    data: DataColumns,
    options?: WLSFitOptions & Pick<FitAsyncOptions, 'signal'>,
  ): Promise<RegressionModel>;
  fitAsync(
    x: MatrixLike,
    y: ArrayLike<number>,
    options?: WLSFitOptions & Pick<FitAsyncOptions, 'signal'>,
  ): Promise<RegressionModel>;
  async fitAsync(
    first: DesignInput,
    second: DataColumns | ArrayLike<number>,
    options: WLSFitOptions & Pick<FitAsyncOptions, 'signal'> = {},
  ): Promise<RegressionModel> {
    checkKnown('WLS', options, ['sampleWeight', 'groups', 'onProgress', 'signal']);
    return runStepsAsync(
      this.#steps(first, second, options),
      options.signal === undefined ? {} : { signal: options.signal },
    );
  }

  toString(): string {
    return `WLS { ${Object.entries(this.options)
      .map(([name, value]) => `${name}: ${show(value)}`)
      .join(', ')} }`;
  }

  *#steps(
    first: DesignInput,
    second: DataColumns | ArrayLike<number>,
    { sampleWeight, groups }: WLSFitOptions,
  ): Steps<RegressionModel> {
    const design = yield* readDesign('WLS', first, second, { addConstant: this.options.addConstant });
    const { core, rows } = yield* fitRegression('WLS', design, sampleWeight, groups);
    const covariance = covarianceOf(core, this.options, rows);
    return new FittedRegression(
      { core, covariance, source: design.source, terms: design.terms, nMissing: rows.design.dropped },
      rows,
    );
  }
}
