import { checkKnown, checkSampleWeight, DataError, OptionError, readable } from '@maru-ml/base';
import { chiSquare } from '@maru-ml/special';
import {
  accuracyOf,
  asSaved,
  type ClassifierModel,
  checkSaved,
  codesOf,
  type IterativeModel,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  Table,
  takeRow,
} from '@maru-ml/tensor';
import type { Constraints } from '../constraints.ts';
import {
  alphaOf,
  type ContrastResults,
  type Estimate,
  intervals,
  tTest,
  twoSided,
  type WaldTest,
  waldTest,
} from '../contrast.ts';
import { COVARIANCE_OPTIONS, type CovarianceOptions, checkCovariance, type Groups } from '../covariance.ts';
import { type DataColumns, type DesignSource, featuresOf, readRows } from '../design.ts';
import { newOffset } from '../glm/fit.ts';
import { linkOf } from '../glm/links.ts';
import { linearPrediction, MeanPrediction } from '../glm/prediction.ts';
import type { GLMSummaryOptions } from '../glm/summary.ts';
import type { Coefficient } from '../regression/model.ts';
import type { CovarianceState } from '../regression/statistics.ts';
import type { Summary } from '../summary/table.ts';
import { type Choice, type ChoiceKind, choiceOf } from './choice.ts';
import { type DiscreteCore, type DiscreteRows, discreteCovariance } from './fit.ts';
import { type MargeffOptions, marginsOf } from './marginal-effects.ts';
import type { Margins } from './margins.ts';
import { linearPredictors, mostProbable, predTableOf, residualsOf, tableOf, tooLarge } from './predictions.ts';
import { loadDiscrete, saveDiscrete } from './saving.ts';
import { checkDiscrete, type DiscreteSettings } from './settings.ts';
import { discreteSummary } from './summary.ts';
import { describeModel, warningsOf } from './words.ts';

/** All of a model of a choice that can be saved. */
export interface DiscreteState {
  readonly settings: DiscreteSettings;
  readonly core: DiscreteCore;
  readonly covariance: CovarianceState;
  readonly source: DesignSource;
  readonly classes: readonly Label[];
  readonly nMissing: number;
}

/** An offset of new rows [m]; 0, also if the model was fitted with one. */
export interface OffsetOptions {
  offset?: ArrayLike<number>;
}

/**
 * What `Logit`, `Probit` and `MNLogit` fit, with the names of statsmodels' results in camelCase. It is a classifier: `predict` gives labels, and
 * `predictProba` what statsmodels' predict gives. `String(model.summary())` is the page; `warnings` says what its reader has to know. A model keeps
 * the rows that it was fitted to, for residuals and marginal effects; a saved one does not.
 */
export interface DiscreteModel<L extends Label = Label> extends FittedDiscrete<L> {}

export class FittedDiscrete<L extends Label = Label>
  implements ClassifierModel<L, MatrixLike | DataColumns>, IterativeModel
{
  readonly kind: ChoiceKind;
  /** The labels [J] in ascending order; coefficients are of each but the first, against it. */
  readonly classes: readonly L[];
  /** The names of the columns [k]. */
  readonly names: readonly string[];
  /** The names of the coefficients, for hypotheses: those of the columns; in `MNLogit` with the class before, such as 'dog:age' [(J - 1) k]. */
  readonly paramNames: readonly string[];
  /** The response's name. */
  readonly yName: string;
  /** The formula; null if there was none. */
  readonly formula: string | null;
  /** b of each class but the first, in turn [(J - 1) k]. */
  readonly params: Float64Array;
  /** Standard errors, in the same order, as all that follows. */
  readonly bse: Float64Array;
  /** b / bse: normal, or of Student's t where `useT` is true. */
  readonly tvalues: Float64Array;
  /** Two-sided p-values of b = 0. */
  readonly pvalues: Float64Array;
  /** n, without rows that were left out. */
  readonly nobs: number;
  /** Rows that were left out because something in them is missing. */
  readonly nMissing: number;
  /** The rank of X, decided on columns of unit length. */
  readonly rank: number;
  /** (J - 1) (rank - 1), as in statsmodels also without a constant. */
  readonly dfModel: number;
  /** n - (J - 1) rank. */
  readonly dfResid: number;
  /** The logarithm of the likelihood. */
  readonly llf: number;
  /** That of a constant alone. */
  readonly llnull: number;
  /** McFadden's 1 - llf / llnull. */
  readonly prsquared: number;
  /** 2 (llf - llnull). */
  readonly llr: number;
  /** p of `llr` in a χ² distribution of dfModel degrees of freedom; NaN if there are none. */
  readonly llrPvalue: number;
  readonly aic: number;
  readonly bic: number;
  readonly nIter: number;
  readonly converged: boolean;
  readonly covType: string;
  readonly useT: boolean;
  /** What a reader has to know: dependent columns, no convergence. */
  readonly warnings: readonly string[];
  readonly nFeaturesIn: number;

  readonly #state: DiscreteState;
  readonly #rows: DiscreteRows | null;
  readonly #choice: Choice;
  /** Where predictOne puts its row and what follows, so that it need not allocate. */
  readonly #row: Float64Array;
  readonly #eta: Float64Array;

  /** @internal */
  constructor(state: DiscreteState, rows: DiscreteRows | null) {
    const { core, covariance, source, classes, settings } = state;
    const size = core.params.length;
    const m = classes.length - 1;
    this.#state = state;
    this.#rows = rows;
    this.#choice = choiceOf(core.kind, classes.length);
    this.kind = core.kind;
    this.classes = classes as readonly L[];
    this.names = source.names;
    this.paramNames = Object.freeze(
      core.kind === 'MNLogit'
        ? classes.slice(1).flatMap((label) => source.names.map((name) => `${label}:${name}`))
        : [...source.names],
    );
    this.yName = source.yName;
    this.formula = source.formula?.formula ?? null;
    this.params = core.params;
    this.bse = Float64Array.from(core.params, (_, j) => Math.sqrt(covariance.cov[j * (size + 1)]!));
    this.tvalues = core.params.map((value, j) => value / this.bse[j]!);
    this.pvalues = twoSided(this.tvalues, covariance.useT, covariance.dfInference);
    this.nobs = core.nobs;
    this.nMissing = state.nMissing;
    this.rank = core.rank;
    this.dfModel = m * (core.rank - 1);
    this.dfResid = core.nobs - m * core.rank;
    this.llf = core.llf;
    this.llnull = core.llnull;
    this.prsquared = 1 - core.llf / core.llnull;
    this.llr = -2 * (core.llnull - core.llf);
    this.llrPvalue = this.dfModel > 0 ? chiSquare(this.dfModel).sf(Math.max(0, this.llr)) : Number.NaN;
    this.aic = -2 * (core.llf - (this.dfModel + m));
    this.bic = -2 * core.llf + Math.log(core.nobs) * (this.dfModel + m);
    this.nIter = core.nIter;
    this.converged = core.converged;
    this.covType = covariance.covType;
    this.useT = covariance.useT;
    this.warnings = Object.freeze(warningsOf(core, source.names.length, settings.maxIter, this.dfModel));
    this.nFeaturesIn = featuresOf(source);
    this.#row = new Float64Array(this.nFeaturesIn);
    this.#eta = new Float64Array(m);
    readable(this);
    Object.freeze(this);
  }

  /** The coefficient of that name with its inference. @throws OptionError if there is none */
  coefficient(name: string, options: { alpha?: number } = {}): Coefficient {
    const j = this.paramNames.indexOf(name);
    if (j < 0)
      throw new OptionError(`${this.kind}: there is no coefficient '${name}'; they are ${this.paramNames.join(', ')}`);
    const { low, high } = this.confInt(alphaOf(this.kind, options));
    const [param, bse, tvalue, pvalue] = [this.params[j]!, this.bse[j]!, this.tvalues[j]!, this.pvalues[j]!];
    return { name, param, bse, tvalue, pvalue, low: low[j]!, high: high[j]! };
  }

  /** The bounds of the coefficients at the level 1 - alpha. @throws OptionError unless 0 < alpha < 1 */
  confInt(alpha = 0.05): { low: Float64Array; high: Float64Array } {
    return intervals(this.kind, this.params, this.bse, this.useT, this.#state.covariance.dfInference, alpha);
  }

  /** The covariance of the coefficients. */
  covParams(): Table {
    return new Table(this.#state.covariance.cov.slice(), this.params.length, this.params.length);
  }

  /** The most probable label of each row of a matrix [n, d], or of columns where there was a formula. */
  predict(x: MatrixLike | DataColumns, options: OffsetOptions = {}): L[] {
    return Array.from(this.#codes(x, options), (code) => this.classes[code]!);
  }

  /** The label of one row [d] without allocating; for a formula use `predict`. */
  predictOne(row: ArrayLike<number>): L {
    const { source } = this.#state;
    if (source.formula !== null) {
      throw new OptionError(
        `${this.kind}: predictOne takes rows of a matrix, but the model has a formula; use predict with columns`,
      );
    }
    takeRow(this.kind, row, this.#row);
    const shift = source.addConstant ? 1 : 0;
    const k = this.names.length;
    let best = 0;
    let largest = 0;
    for (let e = 0; e < this.#eta.length; e++) {
      let sum = shift === 1 ? this.params[e * k]! : 0;
      for (let j = 0; j < this.#row.length; j++) sum += this.#row[j]! * this.params[e * k + j + shift]!;
      if (!Number.isFinite(sum)) throw tooLarge(this.kind, 'the row');
      if (sum <= largest) continue;
      best = e + 1;
      largest = sum;
    }
    return this.classes[best]!;
  }

  /** The probabilities of the classes [n, J]. Errors as for `predict`. */
  predictProba(x: MatrixLike | DataColumns, options: OffsetOptions = {}): Table {
    const { eta, rows } = this.#linear(x, options);
    return tableOf(eta, rows, this.classes.length, this.#choice.probabilities);
  }

  /** Their logarithms [n, J]. */
  predictLogProba(x: MatrixLike | DataColumns, options: OffsetOptions = {}): Table {
    const { eta, rows } = this.#linear(x, options);
    return tableOf(eta, rows, this.classes.length, this.#choice.logProbabilities);
  }

  /** The linear predictors: [n] for two classes, positive for the second; else [n, J], 0 for the first. */
  decisionFunction(x: MatrixLike | DataColumns, options: OffsetOptions = {}): Table | Float64Array {
    const { eta, rows } = this.#linear(x, options);
    if (this.classes.length === 2) return eta;
    return tableOf(eta, rows, this.classes.length, (row, out) => out.set(row, 1));
  }

  /**
   * The share of rows that are predicted right. With a formula the response may stand among the columns `x`.
   * @throws as `predict`, and for labels that do not fit
   */
  score(x: MatrixLike | DataColumns, y?: ArrayLike<L>, options: ScoreOptions = {}): number {
    checkKnown(this.kind, options, ['sampleWeight']);
    const predicted = this.#codes(x, {});
    const { formula, yName } = { formula: this.formula, yName: this.yName };
    const labels = y ?? (formula === null ? undefined : ((x as DataColumns)[yName] as ArrayLike<L> | undefined));
    const codes = codesOf(this.kind, labels as ArrayLike<L>, predicted.length, this.classes);
    return accuracyOf(predicted, codes, checkSampleWeight(this.kind, options.sampleWeight, predicted.length));
  }

  /**
   * How often each class (rows) was predicted as each (columns) in the rows that were fitted [J, J].
   * @param options.threshold of two classes: from which probability of the second it is predicted; .5
   */
  predTable(options: { threshold?: number } = {}): Table {
    checkKnown(this.kind, options, ['threshold']);
    return predTableOf(this.kind, this.#choice, this.#need('predTable'), this.classes.length, options.threshold);
  }

  /** The linear predictors of the rows that were fitted [(J - 1), n]. @throws DataError for a loaded model, as all that needs rows */
  get fittedvalues(): Float64Array {
    return this.#need('fittedvalues').fit.eta.slice();
  }

  /** y - P of the second of two classes [n]. */
  get residResponse(): Float64Array {
    return residualsOf('residResponse', this.kind, this.#choice, this.#need('residResponse'));
  }

  /** residResponse / √(P (1 - P)) [n], of two classes. */
  get residPearson(): Float64Array {
    return residualsOf('residPearson', this.kind, this.#choice, this.#need('residPearson'));
  }

  /** ±√(-2 log P of what each row is) [n], of two classes. */
  get residDev(): Float64Array {
    return residualsOf('residDev', this.kind, this.#choice, this.#need('residDev'));
  }

  /** The same fit with another covariance of the coefficients. @throws OptionError, DataError as a fit with these options */
  getRobustcovResults(options: CovarianceOptions & { groups?: Groups } = {}): DiscreteModel<L> {
    checkKnown(this.kind, options, [...COVARIANCE_OPTIONS, 'groups']);
    const { groups, ...rest } = options;
    checkCovariance(this.kind, rest);
    const rows = this.#need('getRobustcovResults');
    const { addConstant, maxIter, tol } = this.#state.settings;
    const settings = checkDiscrete(this.kind, { addConstant, maxIter, tol, ...rest });
    const covariance = discreteCovariance(this.#state.core, settings, rows, groups);
    return new FittedDiscrete<L>({ ...this.#state, settings, covariance }, rows);
  }

  /** Marginal effects: how the probabilities change with the columns. @throws OptionError; DataError for a loaded model */
  getMargeff(options: MargeffOptions = {}): Margins {
    const { design, offset } = this.#need('getMargeff');
    return marginsOf(options, {
      kind: this.kind,
      choice: this.#choice,
      design,
      offset,
      params: this.params,
      cov: this.#state.covariance.cov,
      classes: this.classes,
      yName: this.yName,
    });
  }

  /**
   * The probabilities of the second of two classes with bands, for new rows or for those of the fit.
   * @throws OptionError for more classes, else as `predict`
   */
  getPrediction(x?: MatrixLike | DataColumns, options: OffsetOptions = {}): MeanPrediction {
    checkKnown(this.kind, options, ['offset']);
    if (this.kind === 'MNLogit') {
      throw new OptionError('MNLogit: getPrediction is for two classes; use predictProba and getMargeff');
    }
    const { source, covariance } = this.#state;
    const fitted = x === undefined ? this.#need('getPrediction without x') : null;
    const at = fitted?.design ?? readRows(this.kind, source, x!);
    const link = linkOf(this.kind === 'Logit' ? 'logit' : 'probit', 1);
    const offset = fitted === null ? newOffset(this.kind, link, options, at.rows) : fitted.offset;
    const { eta, se } = linearPrediction(this.params, covariance.cov, at.x, at.rows, offset);
    return new MeanPrediction(eta, se, { link, useT: this.useT, df: covariance.dfInference });
  }

  /** Tests each hypothesis by itself, such as `'age = 0, dose = 1'` with `paramNames`, or rows of numbers. */
  tTest(constraints: Constraints): ContrastResults {
    return tTest(this.#estimate(), constraints);
  }

  /** Tests all hypotheses at once with F. */
  fTest(constraints: Constraints): WaldTest {
    return waldTest(this.#estimate(), constraints, { useF: true });
  }

  /** Tests all hypotheses at once, with χ², or with F where p-values are of Student's t. */
  waldTest(constraints: Constraints, options: { useF?: boolean } = {}): WaldTest {
    return waldTest(this.#estimate(), constraints, options);
  }

  /** The page of statsmodels, as text (`String(summary)`), HTML, and data. */
  summary(options: GLMSummaryOptions = {}): Summary {
    const { covariance, core } = this.#state;
    const { dfInference } = covariance;
    return discreteSummary({ ...this, dfInference, predictedShare: core.predictedShare }, options);
  }

  toJSON(): object {
    return saveDiscrete(this.#state);
  }

  toString(): string {
    return describeModel(this);
  }

  /** The linear predictors of each equation in turn [(J - 1), m]. */
  #linear(x: MatrixLike | DataColumns, options: OffsetOptions): { eta: Float64Array; rows: number } {
    checkKnown(this.kind, options, this.kind === 'MNLogit' ? [] : ['offset']);
    const { x: data, rows } = readRows(this.kind, this.#state.source, x);
    const offset = newOffset(this.kind, linkOf('logit', 1), options, rows);
    return { eta: linearPredictors(this.kind, this.params, data, rows, this.names.length, offset), rows };
  }

  #codes(x: MatrixLike | DataColumns, options: OffsetOptions): Int32Array {
    const { eta, rows } = this.#linear(x, options);
    return mostProbable(eta, rows);
  }

  #estimate(): Estimate {
    const { cov, dfInference } = this.#state.covariance;
    return { owner: this.kind, names: this.paramNames, params: this.params, cov, useT: this.useT, dfInference };
  }

  #need(what: string): DiscreteRows {
    if (this.#rows !== null) return this.#rows;
    throw new DataError(
      `${this.kind}: ${what} needs the rows that the model was fitted to, which a saved model does not keep; fit it again`,
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const DiscreteModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): DiscreteModel {
    return asSaved(
      'DiscreteModel.fromJSON',
      () => new FittedDiscrete(loadDiscrete(checkSaved('DiscreteModel', 1, json)), null),
    );
  },
};
