import { type FitAsyncOptions, readable } from '@maru-ml/base';
import type { Label, MatrixLike } from '@maru-ml/tensor';
import type { DataColumns, DesignInput } from '../design.ts';
import type { FittedFormula } from '../formula/formula.ts';
import type { DiscreteModel } from './discrete-model.ts';
import { describeChoice, fitChoice, fitChoiceAsync } from './fit-choice.ts';
import { checkDiscrete, type DiscreteFitOptions, type DiscreteOptions, type DiscreteSettings } from './settings.ts';

/**
 * Probit regression: of two classes the second has the probability
 *
 *   P = Φ(x b)
 *
 * with the standard normal distribution function Φ. b maximizes the likelihood by Newton's method. Columns that separate the classes,
 * completely or for some rows, have no maximum and are refused. O(n k²) an iteration.
 *
 * C. Bliss, "The method of probits", Science 79 (1934).
 */
export class Probit {
  readonly options: DiscreteSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: DiscreteOptions = {}) {
    this.options = checkDiscrete('Probit', options);
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
    return fitChoice('Probit', this.options, first, second, options);
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
    return fitChoiceAsync('Probit', this.options, first, second, options);
  }

  toString(): string {
    return describeChoice('Probit', this.options);
  }
}
