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

export interface OLSOptions extends CovarianceOptions {
  /** Put a column of ones before those of a matrix, as statsmodels' `add_constant`; false. A formula has its own intercept. */
  addConstant?: boolean;
}

/** The options with their defaults. */
export type OLSSettings = Readonly<CovarianceSettings & { addConstant: boolean }>;

export interface OLSFitOptions {
  /** The group of each row [n], for `covType: 'cluster'`; two lists for groups of two kinds. */
  groups?: Groups;
  /** Accepted for the common form of `fit`; there are no steps to tell of. */
  onProgress?: OnProgress;
}

/**
 * Ordinary least squares: the b that minimizes
 *
 *   Σᵢ (yᵢ - xᵢ b)²
 *
 * with the inference that follows if the errors are independent and of one variance, or with robust standard errors. Solved by Householder's
 * QR decomposition, ill-conditioned columns in double-double arithmetic; of dependent columns the solution of least norm is taken and the model
 * warns. Names and numbers are those of statsmodels; unlike there, the rank is decided on columns of unit length, so that no unit of measurement
 * changes it. O(n k²).
 *
 * W. H. Greene, "Econometric analysis", 7th edition (2011).
 *
 * @example
 * ```ts
 * import { OLS } from '@maru-ml/stats';
 *
 * const data = { hours: [1, 2, 3, 4, 5, 6], score: [50, 58, 61, 70, 74, 85] };
 * const model = new OLS().fit('score ~ hours', data);
 * console.log(model.params[1]!.toFixed(3)); // 6.629
 * console.log(model.rsquared.toFixed(3)); // 0.979
 * ```
 */
export class OLS implements Regressor {
  readonly options: OLSSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: OLSOptions = {}) {
    checkKnown('OLS', options, [...COVARIANCE_OPTIONS, 'addConstant']);
    const { addConstant = false } = options;
    checkBoolean('OLS', 'addConstant', addConstant);
    this.options = Object.freeze({ ...checkCovariance('OLS', options), addConstant });
    readable(this);
  }

  /**
   * Fits a formula to columns, or numbers `y` [n] to a matrix `x` [n, d]. Rows that lack a value a formula needs are left out (`nMissing` counts them).
   *
   * @throws OptionError that points into the formula or names what is wrong, ShapeError, DataError for rows and numbers that cannot be used
   */
  fit(formula: string | FittedFormula, data: DataColumns, options?: OLSFitOptions): RegressionModel;
  fit(x: MatrixLike, y: ArrayLike<number>, options?: OLSFitOptions): RegressionModel;
  fit(first: DesignInput, second: DataColumns | ArrayLike<number>, options: OLSFitOptions = {}): RegressionModel {
    checkKnown('OLS', options, ['groups', 'onProgress']);
    return runSteps(this.#steps(first, second, options));
  }

  /** The same as a promise. Aborting rejects with the signal's reason. */
  fitAsync(
    formula: string | FittedFormula,
    data: DataColumns,
    options?: OLSFitOptions & Pick<FitAsyncOptions, 'signal'>,
  ): Promise<RegressionModel>;
  fitAsync(
    x: MatrixLike,
    y: ArrayLike<number>,
    options?: OLSFitOptions & Pick<FitAsyncOptions, 'signal'>,
  ): Promise<RegressionModel>;
  async fitAsync(
    first: DesignInput,
    second: DataColumns | ArrayLike<number>,
    options: OLSFitOptions & Pick<FitAsyncOptions, 'signal'> = {},
  ): Promise<RegressionModel> {
    checkKnown('OLS', options, ['groups', 'onProgress', 'signal']);
    return runStepsAsync(
      this.#steps(first, second, options),
      options.signal === undefined ? {} : { signal: options.signal },
    );
  }

  toString(): string {
    return `OLS { ${Object.entries(this.options)
      .map(([name, value]) => `${name}: ${show(value)}`)
      .join(', ')} }`;
  }

  *#steps(
    first: DesignInput,
    second: DataColumns | ArrayLike<number>,
    { groups }: OLSFitOptions,
  ): Steps<RegressionModel> {
    const design = yield* readDesign('OLS', first, second, { addConstant: this.options.addConstant });
    const { core, rows } = yield* fitRegression('OLS', design, undefined, groups);
    const covariance = covarianceOf(core, this.options, rows);
    return new FittedRegression(
      { core, covariance, source: design.source, terms: design.terms, nMissing: rows.design.dropped },
      rows,
    );
  }
}
