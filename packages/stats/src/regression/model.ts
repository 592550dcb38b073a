import { checkKnown, checkNumber, checkSampleWeight, OptionError, readable } from '@maru-ml/base';
import {
  asSaved,
  checkSaved,
  type MatrixLike,
  type RegressorModel,
  rSquaredOf,
  type ScoreOptions,
  Table,
  takeRow,
  toTargets,
} from '@maru-ml/tensor';
import type { Constraints } from '../constraints.ts';
import {
  alphaOf,
  type ContrastResults,
  type Estimate,
  intervals,
  tTest,
  type WaldTest,
  waldTest,
} from '../contrast.ts';
import { COVARIANCE_OPTIONS, type CovarianceOptions, checkCovariance, type Groups } from '../covariance.ts';
import { type DataColumns, type DesignSource, type DesignTerm, featuresOf, readRows } from '../design.ts';
import type { Summary } from '../summary/table.ts';
import { covarianceOf, noRows, type RegressionRows } from './fit.ts';
import { Influence } from './influence.ts';
import { type PredictionResults, predictionOf } from './prediction.ts';
import type { ResidualTests } from './residual-tests.ts';
import { loadRegression, saveRegression } from './saving.ts';
import {
  type CovarianceState,
  conditionOf,
  type RegressionCore,
  type RegressionStatistics,
  statisticsOf,
} from './statistics.ts';
import { regressionSummary, type SummaryOptions } from './summary.ts';

/** All of a regression that can be saved. */
export interface RegressionState {
  readonly core: RegressionCore;
  readonly covariance: CovarianceState;
  readonly source: DesignSource;
  readonly terms: readonly DesignTerm[];
  readonly nMissing: number;
}

/** A coefficient with its inference. */
export interface Coefficient {
  readonly name: string;
  readonly param: number;
  readonly bse: number;
  readonly tvalue: number;
  readonly pvalue: number;
  readonly low: number;
  readonly high: number;
}

/**
 * What `OLS` and `WLS` fit, with the names of statsmodels' results in camelCase. `String(model.summary())` is the page; `warnings` says what its reader
 * has to know. A model keeps the rows that it was fitted to, for residuals, influence and other covariances; a saved one does not.
 */
export interface RegressionModel extends FittedRegression {}

export class FittedRegression implements RegressorModel<MatrixLike | DataColumns>, RegressionStatistics {
  /** The names of the coefficients [k]. */
  readonly names: readonly string[];
  /** The response's name. */
  readonly yName: string;
  /** The formula's terms and their columns; without a formula each column is one. */
  readonly terms: readonly DesignTerm[];
  /** The formula; null if there was none. */
  readonly formula: string | null;
  /** b [k]. */
  readonly params: Float64Array;
  /** Standard errors [k]. */
  readonly bse: Float64Array;
  /** b / bse [k]: of Student's t, or normal where `useT` is false. */
  readonly tvalues: Float64Array;
  /** Two-sided p-values of b = 0 [k]. */
  readonly pvalues: Float64Array;
  /** n, without rows that were left out. */
  readonly nobs: number;
  /** Rows that were left out because something in them is missing, or their weight is 0. */
  readonly nMissing: number;
  /** The rank of X, decided on columns of unit length. */
  readonly rank: number;
  /** rank - kConstant. */
  readonly dfModel: number;
  /** n - rank. */
  readonly dfResid: number;
  /** 1 if the columns span a constant, else 0; then R² is uncentered. */
  readonly kConstant: 0 | 1;
  /** The estimate of σ²: ssr / dfResid. */
  readonly scale: number;
  /** Σ (yᵢ - ŷᵢ)², weighted, as all sums of squares here. */
  readonly ssr: number;
  /** The sum of squares that the model explains: that of y, centered if there is a constant, less ssr. */
  readonly ess: number;
  readonly centeredTss: number;
  readonly uncenteredTss: number;
  readonly rsquared: number;
  readonly rsquaredAdj: number;
  readonly mseModel: number;
  readonly mseResid: number;
  readonly mseTotal: number;
  /** F of all coefficients but the constant; a Wald test where the covariance is robust. */
  readonly fvalue: number;
  readonly fPvalue: number;
  /** The logarithm of the likelihood at σ² = ssr / n. */
  readonly llf: number;
  readonly aic: number;
  readonly bic: number;
  /** Omnibus, Jarque-Bera, skewness, kurtosis and Durbin-Watson of the (weighted) residuals. */
  readonly residualTests: ResidualTests;
  readonly covType: string;
  readonly useT: boolean;
  /** What a reader has to know: dependent columns, no degrees of freedom, a constant response, an exact fit. */
  readonly warnings: readonly string[];
  readonly nFeaturesIn: number;

  readonly #state: RegressionState;
  readonly #rows: RegressionRows | null;
  /** Where predictOne puts its row, so that it need not allocate; the constant's 1 stands before it. */
  readonly #row: Float64Array;

  /** @internal */
  constructor(state: RegressionState, rows: RegressionRows | null) {
    const { core, covariance, source } = state;
    const s = statisticsOf(core, covariance);
    this.#state = state;
    this.#rows = rows;
    this.names = source.names;
    this.yName = source.yName;
    this.terms = state.terms;
    this.formula = source.formula?.formula ?? null;
    this.params = core.params;
    this.bse = s.bse;
    this.tvalues = s.tvalues;
    this.pvalues = s.pvalues;
    this.nobs = core.nobs;
    this.nMissing = state.nMissing;
    this.rank = core.rank;
    this.dfModel = s.dfModel;
    this.dfResid = s.dfResid;
    this.kConstant = s.kConstant;
    this.scale = s.scale;
    this.ssr = core.ssr;
    this.ess = s.ess;
    this.centeredTss = core.centeredTss;
    this.uncenteredTss = core.uncenteredTss;
    this.rsquared = s.rsquared;
    this.rsquaredAdj = s.rsquaredAdj;
    this.mseModel = s.mseModel;
    this.mseResid = s.mseResid;
    this.mseTotal = s.mseTotal;
    this.fvalue = s.fvalue;
    this.fPvalue = s.fPvalue;
    this.llf = s.llf;
    this.aic = s.aic;
    this.bic = s.bic;
    this.residualTests = Object.freeze(core.residuals);
    this.covType = covariance.covType;
    this.useT = covariance.useT;
    this.warnings = Object.freeze([...s.warnings]);
    this.nFeaturesIn = featuresOf(source);
    this.#row = new Float64Array(this.nFeaturesIn);
    readable(this);
    Object.freeze(this);
  }

  /** The coefficient of that name with its inference. @throws OptionError if there is none */
  coefficient(name: string, options: { alpha?: number } = {}): Coefficient {
    const j = this.names.indexOf(name);
    if (j < 0)
      throw new OptionError(`${this.#owner}: there is no coefficient '${name}'; they are ${this.names.join(', ')}`);
    const { low, high } = this.confInt(alphaOf(this.#owner, options));
    const [param, bse, tvalue, pvalue] = [this.params[j]!, this.bse[j]!, this.tvalues[j]!, this.pvalues[j]!];
    return { name, param, bse, tvalue, pvalue, low: low[j]!, high: high[j]! };
  }

  /** The bounds of the coefficients [k] at the level 1 - alpha. @throws OptionError unless 0 < alpha < 1 */
  confInt(alpha = 0.05): { low: Float64Array; high: Float64Array } {
    return intervals(this.#owner, this.params, this.bse, this.useT, this.#state.covariance.dfInference, alpha);
  }

  /** The eigenvalues of XᵀX [min(n, k)], descending. */
  get eigenvals(): Float64Array {
    return this.#state.core.eigenvals;
  }

  /** The largest singular value of X over the smallest. */
  get conditionNumber(): number {
    return conditionOf(this.#state.core);
  }

  /** The covariance of the coefficients [k, k]. */
  covParams(): Table {
    return new Table(this.#state.covariance.cov.slice(), this.names.length, this.names.length);
  }

  /** (XᵀX)⁺ [k, k]. */
  normalizedCovParams(): Table {
    return new Table(this.#state.core.normalizedCov.slice(), this.names.length, this.names.length);
  }

  /** y - ŷ [n]. @throws DataError for a loaded model, as all that needs rows */
  get resid(): Float64Array {
    return this.#need('resid').resid;
  }

  /** Residuals times the roots of the weights [n]. */
  get wresid(): Float64Array {
    const { resid, weights } = this.#need('wresid');
    return weights === null ? resid : resid.map((value, i) => value * Math.sqrt(weights[i]!));
  }

  /** ŷ [n]. */
  get fittedvalues(): Float64Array {
    const { design, resid } = this.#need('fittedvalues');
    return design.y.map((value, i) => value - resid[i]!);
  }

  /** X [n, k], as it was fitted. */
  get exog(): Table {
    const { design } = this.#need('exog');
    return new Table(design.x.slice(), design.rows, design.columns);
  }

  /** y [n], as it was fitted. */
  get endog(): Float64Array {
    return this.#need('endog').design.y.slice();
  }

  /** Which rows of the data were fitted [n], from 0; null: all. */
  get keptRows(): Int32Array | null {
    return this.#need('keptRows').design.kept?.slice() ?? null;
  }

  /** The same fit with another covariance of the coefficients. @throws OptionError, DataError as a fit with these options */
  getRobustcovResults(options: CovarianceOptions & { groups?: Groups } = {}): RegressionModel {
    checkKnown(this.#owner, options, [...COVARIANCE_OPTIONS, 'groups']);
    const { core } = this.#state;
    const rows =
      options.groups === undefined || this.#rows === null ? this.#rows : { ...this.#rows, groups: options.groups };
    const covariance = covarianceOf(core, checkCovariance(this.#owner, options), rows);
    return new FittedRegression({ ...this.#state, covariance }, rows);
  }

  /**
   * ŷ for the rows of a matrix [m, d], or of columns where there was a formula.
   * @throws ShapeError, OptionError for other columns, DataError for missing or infinite numbers and unknown levels
   */
  predict(x: MatrixLike | DataColumns): Float64Array {
    const { x: rows, rows: m } = readRows(this.#owner, this.#state.source, x);
    const k = this.params.length;
    const out = new Float64Array(m);
    for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) out[i]! += rows[i * k + j]! * this.params[j]!;
    return out;
  }

  /** ŷ for one row [d] without allocating; for a formula, of numbers in the order of its columns' names. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    const { source } = this.#state;
    if (source.formula !== null)
      throw new OptionError(
        `${this.#owner}: predictOne takes rows of a matrix, but the model has a formula; use predict with columns`,
      );
    takeRow(this.#owner, row, this.#row);
    const shift = source.addConstant ? 1 : 0;
    let sum = 0;
    if (shift === 1) sum += this.params[0]!;
    for (let j = 0; j < this.#row.length; j++) sum += this.#row[j]! * this.params[j + shift]!;
    return sum;
  }

  /**
   * R² of the predictions. With a formula the response stands among the columns `x`.
   * @throws as `predict`, and for numbers y that do not fit
   */
  score(x: MatrixLike | DataColumns, y?: ArrayLike<number>, options: ScoreOptions = {}): number {
    checkKnown(this.#owner, options, ['sampleWeight']);
    const { formula } = this.#state.source;
    const predicted = this.predict(x);
    const response =
      y ?? formula?.rows(this.#owner, x as DataColumns, { response: true, missing: 'refuse' }).y ?? undefined;
    const targets = toTargets(this.#owner, response as ArrayLike<number>, predicted.length);
    return rSquaredOf(predicted, targets, checkSampleWeight(this.#owner, options.sampleWeight, predicted.length));
  }

  /**
   * Predictions with standard errors and bands, for new rows or for those of the fit.
   * @param options.weights of the new rows [m]: the variance of an observation is σ² / w; 1, or those of the fit
   */
  getPrediction(x?: MatrixLike | DataColumns, options: { weights?: ArrayLike<number> } = {}): PredictionResults {
    checkKnown(this.#owner, options, ['weights']);
    const rows = x === undefined ? this.#need('getPrediction without x') : null;
    const at = rows === null ? readRows(this.#owner, this.#state.source, x!) : rows.design;
    const given = checkSampleWeight(this.#owner, options.weights, at.rows);
    const { covariance } = this.#state;
    return predictionOf(this.params, covariance.cov, at.x, at.rows, {
      scale: this.scale,
      weights: given ?? rows?.weights ?? null,
      useT: this.useT,
      df: this.dfResid,
    });
  }

  /** Tests each hypothesis by itself, such as `'CRIM = 0, ZN = INDUS'` or rows of numbers [J, k]. */
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

  /** What each row does to the fit: leverage, Cook's distance and their kin. */
  getInfluence(): Influence {
    return new Influence(this.#state.core, this.#need('getInfluence'), this.names);
  }

  /** AIC, AICc, BIC or HQIC; `dkParams` more parameters are counted, such as 1 for σ². */
  infoCriteria(criterion: 'aic' | 'aicc' | 'bic' | 'hqic', { dkParams = 0 }: { dkParams?: number } = {}): number {
    checkNumber(this.#owner, 'dkParams', dkParams, { min: 0 });
    const [n, k] = [this.nobs, this.dfModel + this.kConstant + dkParams];
    const penalties = {
      aic: 2 * k,
      aicc: (2 * k * n) / (n - k - 1),
      bic: Math.log(n) * k,
      hqic: 2 * Math.log(Math.log(n)) * k,
    };
    const penalty = penalties[criterion];
    if (penalty === undefined)
      throw new OptionError(`${this.#owner}: criterion must be 'aic', 'aicc', 'bic' or 'hqic', got '${criterion}'`);
    return penalty - 2 * this.llf;
  }

  /** The page of statsmodels, as text (`String(summary)`), HTML, and data. */
  summary(options: SummaryOptions = {}): Summary {
    const { core, covariance, source } = this.#state;
    return regressionSummary({ core, covariance, statistics: this, names: source.names, yName: source.yName }, options);
  }

  /** @internal What an analysis of variance needs beside the public fields. */
  get core(): RegressionCore {
    return this.#state.core;
  }

  toJSON(): object {
    return saveRegression(this.#state);
  }

  toString(): string {
    const short = (value: number) => Number(value.toPrecision(4));
    const of = this.formula ?? `${this.yName} on ${this.names.length} columns`;
    const warned =
      this.warnings.length === 0
        ? ''
        : `, ${this.warnings.length} ${this.warnings.length === 1 ? 'warning' : 'warnings'}`;
    return `${this.#owner} of ${of.length > 150 ? `${of.slice(0, 149)}…` : of}: ${this.nobs} rows, R² ${short(this.rsquared)}, F ${short(this.fvalue)} (p ${short(this.fPvalue)})${warned}`;
  }

  get #owner(): 'OLS' | 'WLS' {
    return this.#state.core.kind;
  }

  #estimate(): Estimate {
    return { owner: this.#owner, names: this.names, params: this.params, ...this.#state.covariance };
  }

  #need(what: string): RegressionRows {
    if (this.#rows === null) throw noRows(this.#owner, what);
    return this.#rows;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const RegressionModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): RegressionModel {
    return asSaved(
      'RegressionModel.fromJSON',
      () => new FittedRegression(loadRegression(checkSaved('RegressionModel', 1, json)), null),
    );
  },
};
