import { checkKnown, checkOneOf, checkSampleWeight, DataError, OptionError, readable } from '@maru-ml/base';
import {
  asSaved,
  checkSaved,
  type IterativeModel,
  type MatrixLike,
  type RegressorModel,
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
  twoSided,
  type WaldTest,
  waldTest,
} from '../contrast.ts';
import { COVARIANCE_OPTIONS, type CovarianceOptions, checkCovariance, type Groups } from '../covariance.ts';
import { type DataColumns, type DesignSource, featuresOf, readRows } from '../design.ts';
import type { Coefficient } from '../regression/model.ts';
import type { CovarianceState } from '../regression/statistics.ts';
import type { Summary } from '../summary/table.ts';
import { type FittedRows, glmCovariance, leverageOf } from './covariance.ts';
import { type GLMRowOptions, type GlmCore, type GlmSpec, newOffset } from './fit.ts';
import { linearPrediction, MeanPrediction } from './prediction.ts';
import { loadGlm, saveGlm } from './saving.ts';
import { type GLMSettings, specOf } from './settings.ts';
import { type GLMSummaryOptions, glmSummary } from './summary.ts';

/** All of a generalized linear model that can be saved. */
export interface GlmState {
  readonly settings: GLMSettings;
  readonly core: GlmCore;
  readonly covariance: CovarianceState;
  readonly source: DesignSource;
  readonly nMissing: number;
}

/** Offsets of new rows [m]; 0 where there are none, also if the model was fitted with some. */
export type NewRowOptions = Pick<GLMRowOptions, 'offset' | 'exposure'>;

/**
 * What `GLM` fits, with the names of statsmodels' results in camelCase. `String(model.summary())` is the page; `warnings` says what its reader has
 * to know. A model keeps the rows that it was fitted to, for residuals and other covariances; a saved one does not.
 */
export interface GLMModel extends FittedGLM {}

export class FittedGLM implements RegressorModel<MatrixLike | DataColumns>, IterativeModel {
  /** The names of the coefficients [k]. */
  readonly names: readonly string[];
  /** The response's name. */
  readonly yName: string;
  /** The formula; null if there was none. */
  readonly formula: string | null;
  readonly family: GLMSettings['family'];
  readonly link: GLMSettings['link'];
  /** b [k]. */
  readonly params: Float64Array;
  /** Standard errors [k]. */
  readonly bse: Float64Array;
  /** b / bse [k]: normal, or of Student's t where `useT` is true. */
  readonly tvalues: Float64Array;
  /** Two-sided p-values of b = 0 [k]. */
  readonly pvalues: Float64Array;
  /** n, without rows that were left out. */
  readonly nobs: number;
  /** Rows that were left out because something in them is missing, or their weight is 0. */
  readonly nMissing: number;
  /** The rank of X, decided on columns of unit length. */
  readonly rank: number;
  /** rank - 1, as in statsmodels also without a constant. */
  readonly dfModel: number;
  /** Σ of how often rows count - rank. */
  readonly dfResid: number;
  /** φ. */
  readonly scale: number;
  /** Twice what the logarithm of the likelihood lacks of that of means that equal the responses, at φ = 1. */
  readonly deviance: number;
  /** The deviance of a constant alone. */
  readonly nullDeviance: number;
  /** Σ w (y - μ)² / V(μ). */
  readonly pearsonChi2: number;
  /** The logarithm of the likelihood; of the Gaussian family with link 'identity' at the most likely scale. */
  readonly llf: number;
  /** That of a constant alone, at the scale of the model. */
  readonly llnull: number;
  readonly aic: number;
  /** -2 llf + log(n) rank. */
  readonly bic: number;
  /** deviance - dfResid log(n), which statsmodels 0.13 calls bic. */
  readonly bicDeviance: number;
  readonly nIter: number;
  readonly converged: boolean;
  readonly covType: string;
  readonly useT: boolean;
  /** What a reader has to know: dependent columns, no degrees of freedom, no convergence. */
  readonly warnings: readonly string[];
  readonly nFeaturesIn: number;

  readonly #state: GlmState;
  readonly #spec: GlmSpec;
  readonly #fitted: FittedRows | null;
  /** Where predictOne puts its row, so that it need not allocate. */
  readonly #row: Float64Array;

  /** @internal */
  constructor(state: GlmState, fitted: FittedRows | null) {
    const { core, covariance, source, settings } = state;
    const k = core.params.length;
    this.#state = state;
    this.#spec = specOf(settings);
    this.#fitted = fitted;
    this.names = source.names;
    this.yName = source.yName;
    this.formula = source.formula?.formula ?? null;
    this.family = settings.family;
    this.link = settings.link;
    this.params = core.params;
    this.bse = Float64Array.from(core.params, (_, j) => Math.sqrt(covariance.cov[j * (k + 1)]!));
    this.tvalues = core.params.map((value, j) => value / this.bse[j]!);
    this.pvalues = twoSided(this.tvalues, covariance.useT, covariance.dfInference);
    this.nobs = core.nobs;
    this.nMissing = state.nMissing;
    this.rank = core.rank;
    this.dfModel = core.rank - 1;
    this.dfResid = core.weightSum - core.rank;
    this.scale = core.scale;
    this.deviance = core.deviance;
    this.nullDeviance = core.nullDeviance;
    this.pearsonChi2 = core.pearsonChi2;
    this.llf = core.llf;
    this.llnull = core.llnull;
    this.aic = -2 * core.llf + 2 * core.rank;
    this.bic = -2 * core.llf + Math.log(core.weightSum) * core.rank;
    this.bicDeviance = core.deviance - this.dfResid * Math.log(core.weightSum);
    this.nIter = core.nIter;
    this.converged = core.converged;
    this.covType = covariance.covType;
    this.useT = covariance.useT;
    this.warnings = Object.freeze(warningsOf(core, settings.maxIter));
    this.nFeaturesIn = featuresOf(source);
    this.#row = new Float64Array(this.nFeaturesIn);
    readable(this);
    Object.freeze(this);
  }

  /** 1 - exp(2 (llnull - llf) / n) of Cox and Snell, or McFadden's 1 - llf / llnull; 'cs'. */
  pseudoRsquared(kind: 'cs' | 'mcf' = 'cs'): number {
    checkOneOf('GLM', 'kind', kind, ['cs', 'mcf']);
    return kind === 'mcf' ? 1 - this.llf / this.llnull : -Math.expm1(((this.llnull - this.llf) * 2) / this.nobs);
  }

  /** The coefficient of that name with its inference. @throws OptionError if there is none */
  coefficient(name: string, options: { alpha?: number } = {}): Coefficient {
    const j = this.names.indexOf(name);
    if (j < 0) throw new OptionError(`GLM: there is no coefficient '${name}'; they are ${this.names.join(', ')}`);
    const { low, high } = this.confInt(alphaOf('GLM', options));
    const [param, bse, tvalue, pvalue] = [this.params[j]!, this.bse[j]!, this.tvalues[j]!, this.pvalues[j]!];
    return { name, param, bse, tvalue, pvalue, low: low[j]!, high: high[j]! };
  }

  /** The bounds of the coefficients [k] at the level 1 - alpha. @throws OptionError unless 0 < alpha < 1 */
  confInt(alpha = 0.05): { low: Float64Array; high: Float64Array } {
    return intervals('GLM', this.params, this.bse, this.useT, this.#state.covariance.dfInference, alpha);
  }

  /** The covariance of the coefficients [k, k]. */
  covParams(): Table {
    return new Table(this.#state.covariance.cov.slice(), this.names.length, this.names.length);
  }

  /** μ of the rows that were fitted [n]. @throws DataError for a loaded model, as all that needs rows */
  get fittedvalues(): Float64Array {
    return this.#need('fittedvalues').fit.mu.slice();
  }

  /** y - μ [n], times the trials. */
  get residResponse(): Float64Array {
    const { rows, fit } = this.#need('residResponse');
    return rows.y.map((value, i) => (rows.trials?.[i] ?? 1) * (value - fit.mu[i]!));
  }

  /** (y - μ) / √V(μ) [n], times the roots of trials and of `varWeights`. */
  get residPearson(): Float64Array {
    const { rows, fit } = this.#need('residPearson');
    const { family } = this.#spec;
    return rows.y.map((value, i) => {
      const weight = (rows.trials?.[i] ?? 1) * (rows.varWeights?.[i] ?? 1);
      return (value - fit.mu[i]!) * Math.sqrt(weight / family.variance(fit.mu[i]!, fit.q[i]!));
    });
  }

  /** The roots of what each row adds to the deviance [n], with the sign of y - μ. */
  get residDeviance(): Float64Array {
    const { rows, fit } = this.#need('residDeviance');
    const { family } = this.#spec;
    return rows.y.map((value, i) => {
      const weight = (rows.trials?.[i] ?? 1) * (rows.varWeights?.[i] ?? 1);
      const part = family.deviance(value, fit.mu[i]!, fit.q[i]!);
      return Math.sign(value - fit.mu[i]!) * Math.sqrt(Math.max(0, weight * part));
    });
  }

  /** (y - μ) / (dμ/dη) [n]: what the last step of the fit added to the linear predictors. */
  get residWorking(): Float64Array {
    const { rows, fit } = this.#need('residWorking');
    return rows.y.map((value, i) => (value - fit.mu[i]!) / this.#spec.link.slope(fit.eta[i]!));
  }

  /** The diagonal of the hat matrix √W X (XᵀWX)⁺ Xᵀ √W [n]. */
  get leverage(): Float64Array {
    const { rows, fit } = this.#need('leverage');
    return leverageOf(rows, fit, this.#state.core.normalizedCov, this.#spec);
  }

  /** The same fit with another covariance of the coefficients. @throws OptionError, DataError as a fit with these options */
  getRobustcovResults(options: CovarianceOptions & { groups?: Groups } = {}): GLMModel {
    checkKnown('GLM', options, [...COVARIANCE_OPTIONS, 'groups']);
    const kept = this.#need('getRobustcovResults');
    const fitted = options.groups === undefined ? kept : { ...kept, rows: { ...kept.rows, groups: options.groups } };
    const checked = checkCovariance('GLM', options);
    const covariance = glmCovariance(this.#spec, this.#state.core, checked, fitted);
    return new FittedGLM({ ...this.#state, settings: { ...this.#state.settings, ...checked }, covariance }, fitted);
  }

  /**
   * μ for the rows of a matrix [m, d], or of columns where there was a formula.
   * @throws ShapeError, OptionError for other columns, DataError for missing or infinite numbers and unknown levels, and for linear
   *   predictors that have no mean
   */
  predict(x: MatrixLike | DataColumns, options: NewRowOptions = {}): Float64Array {
    return this.#linear(x, options).map((eta, i) => this.#mean(eta, `x[${i}]`));
  }

  /** μ for one row [d] without allocating; for a formula use `predict`. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    const { source } = this.#state;
    if (source.formula !== null) {
      throw new OptionError(
        'GLM: predictOne takes rows of a matrix, but the model has a formula; use predict with columns',
      );
    }
    takeRow('GLM', row, this.#row);
    const shift = source.addConstant ? 1 : 0;
    let sum = 0;
    if (shift === 1) sum += this.params[0]!;
    for (let j = 0; j < this.#row.length; j++) sum += this.#row[j]! * this.params[j + shift]!;
    return this.#mean(sum, 'the row');
  }

  /**
   * D²: the share of the deviance of a constant that the model explains; R² in the Gaussian family. With a formula the response stands
   * among the columns `x`.
   * @throws as `predict`, and for numbers y that the family does not know
   */
  score(x: MatrixLike | DataColumns, y?: ArrayLike<number>, options: ScoreOptions = {}): number {
    checkKnown('GLM', options, ['sampleWeight']);
    const { formula } = this.#state.source;
    const mu = this.predict(x);
    const response = y ?? formula?.rows('GLM', x as DataColumns, { response: true, missing: 'refuse' }).y ?? undefined;
    const targets = toTargets('GLM', response as ArrayLike<number>, mu.length);
    const weights = checkSampleWeight('GLM', options.sampleWeight, mu.length) ?? new Float64Array(mu.length).fill(1);
    const { family } = this.#spec;
    let [sum, total] = [0, 0];
    for (const [i, value] of targets.entries()) {
      if (!family.accepts(value)) {
        throw new DataError(`GLM: y[${i}] must be ${family.domain} in the ${family.title} family, got ${value}`);
      }
      sum += weights[i]! * value;
      total += weights[i]!;
    }
    const mean = sum / total;
    let [rest, all] = [0, 0];
    for (let i = 0; i < mu.length; i++) {
      rest += weights[i]! * family.deviance(targets[i]!, mu[i]!, 1 - mu[i]!);
      all += weights[i]! * family.deviance(targets[i]!, mean, 1 - mean);
    }
    return all === 0 ? Number(rest === 0) : 1 - rest / all;
  }

  /** Predicted means with bands, for new rows or for those of the fit. @throws as `predict` */
  getPrediction(x?: MatrixLike | DataColumns, options: NewRowOptions = {}): MeanPrediction {
    checkKnown('GLM', options, ['offset', 'exposure']);
    const { source, covariance } = this.#state;
    const fitted = x === undefined ? this.#need('getPrediction without x').rows : null;
    const at = fitted ?? readRows('GLM', source, x!);
    const offset = fitted === null ? newOffset('GLM', this.#spec.link, options, at.rows) : fitted.offset;
    const { eta, se } = linearPrediction(this.params, covariance.cov, at.x, at.rows, offset);
    eta.forEach((value, i) => void this.#mean(value, `x[${i}]`));
    return new MeanPrediction(eta, se, { link: this.#spec.link, useT: this.useT, df: covariance.dfInference });
  }

  /** Tests each hypothesis by itself, such as `'age = 0, dose = 1'` or rows of numbers [J, k]. */
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
    const { family, link } = this.#spec;
    const { dfInference } = this.#state.covariance;
    const pseudoRsquared = this.pseudoRsquared();
    const own = { ...this, owner: 'GLM', family: family.title, link: link.title, pseudoRsquared, dfInference };
    return glmSummary(own, options);
  }

  toJSON(): object {
    return saveGlm(this.#state);
  }

  toString(): string {
    const { family, link } = this.#spec;
    const short = (value: number) => String(Number(value.toPrecision(5)));
    const shown = this.names.slice(0, 6).map((name, j) => `${name} ${short(this.params[j]!)}`);
    const more = this.names.length > 6 ? ', …' : '';
    const end = `${this.converged ? 'converged' : 'not converged'} after ${this.nIter} iteration${this.nIter === 1 ? '' : 's'}`;
    return `GLM ${family.title} with link ${link.title} of ${this.nobs} rows: ${shown.join(', ')}${more}; deviance ${short(this.deviance)}, ${end}`;
  }

  #linear(x: MatrixLike | DataColumns, options: NewRowOptions): Float64Array {
    checkKnown('GLM', options, ['offset', 'exposure']);
    const { x: rows, rows: m } = readRows('GLM', this.#state.source, x);
    const out = newOffset('GLM', this.#spec.link, options, m) ?? new Float64Array(m);
    const k = this.params.length;
    for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) out[i]! += rows[i * k + j]! * this.params[j]!;
    return out;
  }

  #mean(eta: number, place: string): number {
    const mu = this.#spec.link.mean(eta);
    const { family } = this.#spec;
    // Rounding may reach the border of what is possible: 0, or 1.
    if (Number.isFinite(mu) && (family.allows(mu) || (mu === 0 && family.domain !== null) || mu === 1)) return mu;
    throw new DataError(
      `GLM: ${place} has the linear predictor ${eta}, which has no mean in the ${family.title} family with link ${this.#spec.link.title}`,
    );
  }

  #estimate(): Estimate {
    const { cov, dfInference } = this.#state.covariance;
    return { owner: 'GLM', names: this.names, params: this.params, cov, useT: this.useT, dfInference };
  }

  #need(what: string): FittedRows {
    if (this.#fitted !== null) return this.#fitted;
    throw new DataError(
      `GLM: ${what} needs the rows that the model was fitted to, which a saved model does not keep; fit it again`,
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const GLMModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): GLMModel {
    return asSaved('GLMModel.fromJSON', () => new FittedGLM(loadGlm(checkSaved('GLMModel', 1, json)), null));
  },
};

function warningsOf({ params, rank, weightSum, scale, converged, nIter, exact }: GlmCore, maxIter: number): string[] {
  const warnings: string[] = [];
  if (!converged) {
    const remedy = nIter === maxIter ? '; raise maxIter, or scale the columns' : ' as it was stopped';
    warnings.push(`the fit has not converged after ${nIter} iterations${remedy}`);
  }
  if (rank < params.length) {
    warnings.push(
      `the columns are linearly dependent (rank ${rank} of ${params.length}): of all solutions the one of least norm is given, and single coefficients have no meaning`,
    );
  }
  if (Number.isNaN(scale)) {
    warnings.push(
      `no degrees of freedom are left (${weightSum} ${weightSum === 1 ? 'row' : 'rows'}, rank ${rank}): scale, standard errors, tests and intervals are NaN`,
    );
  }
  if (exact) warnings.push('the fit is exact up to rounding: tests and the likelihood have no meaning');
  return warnings;
}
