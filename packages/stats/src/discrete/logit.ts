import { type FitAsyncOptions, readable } from '@maru-ml/base';
import type { Label, MatrixLike } from '@maru-ml/tensor';
import type { DataColumns, DesignInput } from '../design.ts';
import type { FittedFormula } from '../formula/formula.ts';
import type { DiscreteModel } from './discrete-model.ts';
import { describeChoice, fitChoice, fitChoiceAsync } from './fit-choice.ts';
import { checkDiscrete, type DiscreteFitOptions, type DiscreteOptions, type DiscreteSettings } from './settings.ts';

/**
 * Logistic regression with the inference of statsmodels: of two classes the second has the probability
 *
 *   P = 1 / (1 + exp(-x b))
 *
 * b maximizes the likelihood, without a penalty, by Newton's method. Columns that separate the classes, completely or for some rows
 * (quasi-complete separation), have no maximum and are refused; `LogisticRegression` penalizes and predicts for those. O(n k²) an iteration.
 *
 * D. Cox, "The regression analysis of binary sequences", Journal of the Royal Statistical Society B 20 (1958).
 * A. Albert and J. Anderson, "On the existence of maximum likelihood estimates in logistic regression models", Biometrika 71 (1984).
 *
 * @example
 * ```ts
 * import { Logit } from '@maru-ml/stats';
 *
 * const data = { hours: [1, 2, 3, 4, 5, 6, 7, 8], passed: [false, false, true, false, true, false, true, true] };
 * const model = new Logit().fit('passed ~ hours', data);
 * console.log(model.params[1]!.toFixed(4), model.pvalues[1]!.toFixed(4)); // 0.5941 0.1693
 * console.log(model.predictProba({ hours: [4] }).toArray()[0]![1]!.toFixed(4)); // 0.4263
 * ```
 */
export class Logit {
  readonly options: DiscreteSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: DiscreteOptions = {}) {
    this.options = checkDiscrete('Logit', options);
    readable(this);
  }

  /**
   * Fits a formula to columns, or labels `y` [n] to a matrix `x` [n, d]. Rows that lack a value a formula needs are left out.
   *
   * @throws OptionError that points into the formula or names what is wrong; ShapeError; DataError for a response that does not hold two classes,
   *   and where the columns separate them, so that the likelihood has no maximum
   */
  fit(formula: string | FittedFormula, data: DataColumns, options?: DiscreteFitOptions): DiscreteModel;
  fit<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options?: DiscreteFitOptions): DiscreteModel<L>;
  fit(first: DesignInput, second: DataColumns | ArrayLike<Label>, options: DiscreteFitOptions = {}): DiscreteModel {
    return fitChoice('Logit', this.options, first, second, options);
  }

  /** The same with pauses for other work every few milliseconds (for millions of rows, tens of them). Aborting rejects with the signal's reason. */
  fitAsync(
    formula: string | FittedFormula,
    data: DataColumns,
    options?: DiscreteFitOptions & Pick<FitAsyncOptions, 'signal'>,
  ): Promise<DiscreteModel>;
  fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options?: DiscreteFitOptions & Pick<FitAsyncOptions, 'signal'>,
  ): Promise<DiscreteModel<L>>;
  fitAsync(
    first: DesignInput,
    second: DataColumns | ArrayLike<Label>,
    options: DiscreteFitOptions & Pick<FitAsyncOptions, 'signal'> = {},
  ): Promise<DiscreteModel> {
    return fitChoiceAsync('Logit', this.options, first, second, options);
  }

  toString(): string {
    return describeChoice('Logit', this.options);
  }
}
