import {
  checkKnown,
  type FitAsyncOptions,
  type OnProgress,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import type { MatrixLike } from '@maru-ml/tensor';
import { type DataColumns, type DesignInput, readDesign } from '../design.ts';
import type { FittedFormula } from '../formula/formula.ts';
import { glmCovariance } from './covariance.ts';
import { fitGlm, type GLMRowOptions, ROW_OPTIONS, readRowOptions } from './fit.ts';
import { FittedGLM, type GLMModel } from './glm-model.ts';
import { checkOptions, type GLMOptions, type GLMSettings, specOf } from './settings.ts';

export interface GLMFitOptions extends GLMRowOptions {
  /** Called after each iteration; returning false stops the fit and keeps the model so far. */
  onProgress?: OnProgress;
}

/**
 * A generalized linear model: the mean μ of the response depends on the columns by g(μ) = x b + offset, and its distribution is of an
 * exponential family, with the variance φ V(μ) / w:
 *
 *   family            V(μ)        links (the first is the default)
 *   gaussian          1           identity, log, inverse_power
 *   binomial          μ (1 - μ)   logit, probit, cloglog, loglog, cauchy, log, identity
 *   poisson           μ           log, identity, sqrt
 *   gamma             μ²          inverse_power, log, identity
 *   inverseGaussian   μ³          inverse_squared, inverse_power, identity, log
 *   negativeBinomial  μ + α μ²    log, identity, nbinom, sqrt
 *
 * b maximizes the likelihood, found by iteratively reweighted least squares; standard errors are those of the last step's weights, as in
 * statsmodels and R. Names, numbers and pages are those of statsmodels. O(n k²) an iteration. Columns that separate ones from zeros, or zeros of counts from the rest, have no maximum and are refused.
 *
 * P. McCullagh and J. Nelder, "Generalized linear models", 2nd edition (1989).
 *
 * @example
 * ```ts
 * import { GLM } from '@maru-ml/stats';
 *
 * const data = { days: [1, 2, 3, 4, 5, 6], cases: [2, 3, 6, 7, 12, 18] };
 * const model = new GLM({ family: 'poisson' }).fit('cases ~ days', data);
 * console.log(Math.exp(model.params[1]!).toFixed(3)); // 1.533
 * console.log(model.deviance.toFixed(3)); // 0.281
 * ```
 */
export class GLM {
  readonly options: GLMSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: GLMOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Fits a formula to columns, or numbers `y` [n] to a matrix `x` [n, d]. Rows that lack a value a formula needs are left out.
   *
   * @throws OptionError that points into the formula or names what is wrong; ShapeError; DataError for responses that the family does not
   *   know, and where the likelihood has no maximum
   */
  fit(formula: string | FittedFormula, data: DataColumns, options?: GLMFitOptions): GLMModel;
  fit(x: MatrixLike, y: ArrayLike<number>, options?: GLMFitOptions): GLMModel;
  fit(first: DesignInput, second: DataColumns | ArrayLike<number>, options: GLMFitOptions = {}): GLMModel {
    checkKnown('GLM', options, [...ROW_OPTIONS, 'onProgress']);
    return runSteps(this.#steps(first, second, options), options.onProgress);
  }

  /** The same with pauses for other work every few milliseconds (for millions of rows, tens of them). Aborting rejects with the signal's reason. */
  fitAsync(
    formula: string | FittedFormula,
    data: DataColumns,
    options?: GLMFitOptions & Pick<FitAsyncOptions, 'signal'>,
  ): Promise<GLMModel>;
  fitAsync(
    x: MatrixLike,
    y: ArrayLike<number>,
    options?: GLMFitOptions & Pick<FitAsyncOptions, 'signal'>,
  ): Promise<GLMModel>;
  async fitAsync(
    first: DesignInput,
    second: DataColumns | ArrayLike<number>,
    options: GLMFitOptions & Pick<FitAsyncOptions, 'signal'> = {},
  ): Promise<GLMModel> {
    checkKnown('GLM', options, [...ROW_OPTIONS, 'onProgress', 'signal']);
    return runStepsAsync(this.#steps(first, second, options), options);
  }

  toString(): string {
    const options = Object.entries(this.options).filter(([, value]) => value !== undefined);
    return `GLM { ${options.map(([name, value]) => `${name}: ${show(value)}`).join(', ')} }`;
  }

  *#steps(first: DesignInput, second: DataColumns | ArrayLike<number>, options: GLMFitOptions): Steps<GLMModel> {
    const settings = this.options;
    const design = yield* readDesign('GLM', first, second, { addConstant: settings.addConstant });
    const spec = specOf(settings);
    const rows = readRowOptions('GLM', design, spec.family, spec.link, options);
    yield;
    const { core, fit, basis } = yield* fitGlm(spec, rows, design.names, design.hasConstant);
    const fitted = { rows, fit, basis };
    const covariance = glmCovariance(spec, core, settings, fitted);
    return new FittedGLM({ settings, core, covariance, source: design.source, nMissing: rows.dropped }, fitted);
  }
}
