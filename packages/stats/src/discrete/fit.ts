import { checkKnown, DataError, type Steps } from '@maru-ml/base';
import { type Label, type MatrixLike, toLabels, toMatrix } from '@maru-ml/tensor';
import { type CovarianceSettings, robustCovariance } from '../covariance.ts';
import { type DataColumns, type Design, type DesignInput, readDesign } from '../design.ts';
import { FittedFormula } from '../formula/formula.ts';
import { keptGroups, offsetOf } from '../glm/fit.ts';
import { type Basis, basisOf, identity, solveSymmetric } from '../likelihood/basis.ts';
import { informationMatrix, type NewtonFit, newton } from '../likelihood/newton.ts';
import { Drift, growingNames, separated, separates } from '../likelihood/separation.ts';
import type { CovarianceState } from '../regression/statistics.ts';
import { type ChoiceKind, choiceOf, likelihoodOf, ROWS } from './choice.ts';
import type { DiscreteFitOptions, DiscreteSettings } from './settings.ts';

/** What a fit found out, from which all that is printed follows. It has no rows, so it can be saved. */
export interface DiscreteCore {
  readonly kind: ChoiceKind;
  readonly nobs: number;
  readonly rank: number;
  /** b of each equation in turn [m k]. */
  readonly params: Float64Array;
  /** The inverse of the observed information [m k, m k]. */
  readonly normalizedCov: Float64Array;
  readonly llf: number;
  readonly llnull: number;
  readonly nIter: number;
  readonly converged: boolean;
  /** The share of rows whose probability is within 1e-4 of what they are; of two classes. */
  readonly predictedShare: number;
}

/** The rows of a fit. */
export interface DiscreteRows {
  readonly design: Design;
  /** The places of the classes [n]. */
  readonly codes: Int32Array;
  readonly offset: Float64Array | null;
  readonly fit: NewtonFit;
}

/** Everything that a fit leads to. */
export interface DiscreteResult {
  readonly core: DiscreteCore;
  readonly covariance: CovarianceState;
  readonly classes: readonly Label[];
  readonly rows: DiscreteRows;
}

/** Fits one of the models. @throws OptionError, ShapeError, DataError as their `fit` */
export function* fitDiscrete(
  kind: ChoiceKind,
  settings: DiscreteSettings,
  first: DesignInput,
  second: DataColumns | ArrayLike<Label>,
  options: DiscreteFitOptions,
): Steps<DiscreteResult> {
  const { design, classes, codes } = yield* readChoice(kind, settings, first, second);
  const offset = offsetOf(kind, design, options.offset);
  yield;
  const { x, rows: n, columns: k, names } = design;
  const basis = yield* basisOf(kind, x, n, k);
  const likelihood = likelihoodOf(kind, codes, classes.length);
  const drift = new Drift();
  const y = Float64Array.from(codes);
  const check = ({ eta, llf, gain, shift, move }: Parameters<Parameters<typeof newton>[2]['check']>[0]) => {
    if (isComplete(kind, eta, codes, y, offset, design.hasConstant)) throw separated(kind, true, [], REMEDY);
    if (!drift.step(gain, llf, shift)) return;
    const growing = new Set<string>();
    for (let e = 0; e < likelihood.equations; e++) {
      const steps = move.subarray(e * k, (e + 1) * k);
      if (steps.some((step) => step !== 0)) for (const name of growingNames(x, n, steps, names)) growing.add(name);
    }
    throw separated(
      kind,
      false,
      names.filter((name) => growing.has(name)),
      REMEDY,
    );
  };
  const { maxIter, tol } = settings;
  const fit = yield* newton(basis, likelihood, { maxIter, tol, offset, check });
  yield;
  const predictedShare = kind === 'MNLogit' ? 0 : yield* shareOf(kind, fit.eta, codes);
  const core: DiscreteCore = {
    kind,
    nobs: n,
    rank: basis.rank,
    params: fit.params,
    normalizedCov: yield* inverseOf(basis, likelihood.equations, fit.information),
    llf: fit.llf,
    llnull: yield* nullOf(kind, codes, classes.length, offset),
    nIter: fit.nIter,
    converged: fit.converged,
    predictedShare,
  };
  const rows = { design, codes, offset, fit };
  const groups = keptGroups(design, options.groups);
  const covariance = discreteCovariance(core, settings, rows, groups);
  return { core, covariance, classes, rows };
}

const REMEDY = 'drop or join columns, add rows, or use a model that penalizes coefficients, such as LogisticRegression';

/** The rows with the classes of the response. */
function* readChoice(
  kind: ChoiceKind,
  { addConstant }: DiscreteSettings,
  first: DesignInput,
  second: DataColumns | ArrayLike<Label>,
): Steps<{ design: Design; classes: readonly Label[]; codes: Int32Array }> {
  const { design, y } =
    typeof first === 'string' || first instanceof FittedFormula
      ? yield* ofFormula(kind, first, second as DataColumns)
      : yield* ofMatrix(kind, first, second as ArrayLike<Label>, addConstant);
  yield;
  const { classes, codes } = toLabels(kind, y, design.rows);
  const wanted = kind === 'MNLogit' ? 'at least two classes' : 'two classes';
  if (classes.length < 2) throw new DataError(`${kind}: ${design.yName} must hold ${wanted}, got one, ${classes[0]}`);
  if (classes.length > 2 && kind !== 'MNLogit') {
    throw new DataError(`${kind}: ${design.yName} must hold two classes, got ${classes.length}; use MNLogit`);
  }
  return { design, classes, codes };
}

interface Labeled {
  readonly design: Design;
  readonly y: ArrayLike<Label>;
}

function* ofFormula(kind: ChoiceKind, formula: string | FittedFormula, data: DataColumns): Steps<Labeled> {
  const design = yield* readDesign(kind, formula, data, { labels: true });
  const { y, yLevels } = design;
  return { design, y: yLevels === null ? y : Array.from(y, (code) => yLevels[code]!) };
}

function* ofMatrix(kind: ChoiceKind, x: MatrixLike, y: ArrayLike<Label>, addConstant: boolean): Steps<Labeled> {
  const { rows } = toMatrix(kind, x);
  yield;
  const { codes } = toLabels(kind, y, rows);
  yield;
  return { design: yield* readDesign(kind, x, Float64Array.from(codes), { addConstant }), y };
}

/** Whether the linear predictors tell all classes apart with room to spare: they could grow for ever. */
function isComplete(
  kind: ChoiceKind,
  eta: Float64Array,
  codes: Int32Array,
  y: Float64Array,
  offset: Float64Array | null,
  hasConstant: boolean,
): boolean {
  const n = codes.length;
  if (kind !== 'MNLogit') {
    const scores = offset === null ? eta : eta.map((value, i) => value - offset[i]!);
    return separates(scores, y, null, hasConstant);
  }
  const m = eta.length / n;
  const size = eta.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let i = 0; i < n; i++) {
    const own = codes[i] === 0 ? 0 : eta[(codes[i]! - 1) * n + i]!;
    for (let c = 0; c <= m; c++) {
      const other = c === 0 ? 0 : eta[(c - 1) * n + i]!;
      if (c !== codes[i] && !(own - other > 1e-10 * size)) return false;
    }
  }
  return true;
}

/** The covariance that the settings ask for. @throws as `robustCovariance` */
export function discreteCovariance(
  { kind, params, normalizedCov, nobs, rank }: DiscreteCore,
  settings: CovarianceSettings,
  { design, fit }: DiscreteRows,
  groups: DiscreteFitOptions['groups'],
): CovarianceState {
  const { covType, useT = false } = settings;
  const { x, rows: n, columns: k } = design;
  const size = params.length;
  const m = size / k;
  const dfResid = nobs - m * rank;
  if (covType === 'nonrobust') {
    const description = 'Standard Errors assume that the covariance matrix of the errors is correctly specified.';
    return { covType, cov: normalizedCov.slice(), description, useT, dfInference: dfResid };
  }
  const scores = new Float64Array(n * size);
  for (let i = 0; i < n; i++) {
    for (let e = 0; e < m; e++) {
      for (let j = 0; j < k; j++) scores[i * size + e * k + j] = fit.scores[e * n + i]! * x[i * k + j]!;
    }
  }
  const leverage = () =>
    Float64Array.from({ length: n }, (_, i) => {
      let sum = 0;
      for (let a = 0; a < k; a++) {
        let inner = 0;
        for (let b = 0; b < k; b++) inner += normalizedCov[a * k + b]! * x[i * k + b]!;
        sum += inner * x[i * k + a]!;
      }
      return sum * fit.information[i]!;
    });
  const parts = { bread: normalizedCov, scores, rows: n, columns: size, dfResid, leverage, groups };
  const { cov, description, dfInference } = robustCovariance(kind, settings, parts);
  return { covType, cov, description, useT, dfInference: dfInference ?? dfResid };
}

/** (I of b)⁺ [m k, m k], by the inverse of that of γ. */
function* inverseOf(basis: Basis, m: number, information: Float64Array): Steps<Float64Array> {
  const { rank: r, columns: k, back } = basis;
  const inverse = solveSymmetric(yield* informationMatrix(basis, m, information), m * r, identity(m * r), m * r);
  const out = new Float64Array(m * k * m * k);
  for (let a = 0; a < m; a++) {
    for (let b = 0; b < m; b++) {
      for (let i = 0; i < k; i++) {
        for (let j = 0; j < k; j++) {
          let sum = 0;
          for (let u = 0; u < r; u++) {
            let inner = 0;
            for (let v = 0; v < r; v++) inner += inverse[(a * r + u) * m * r + b * r + v]! * back[j * r + v]!;
            sum += back[i * r + u]! * inner;
          }
          out[(a * k + i) * m * k + b * k + j] = sum;
        }
      }
      yield;
    }
  }
  return out;
}

/** The log-likelihood of constants alone. */
function* nullOf(kind: ChoiceKind, codes: Int32Array, classes: number, offset: Float64Array | null): Steps<number> {
  const n = codes.length;
  if (offset !== null) {
    const basis = yield* basisOf(kind, new Float64Array(n).fill(1), n, 1);
    const options = { maxIter: 100, tol: 1e-10, offset, check: () => {} };
    const steps = newton(basis, likelihoodOf(kind, codes, classes), options);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value.llf;
      yield;
    }
  }
  const counts = new Float64Array(classes);
  for (const code of codes) counts[code]! += 1;
  return counts.reduce((sum, count) => sum + count * Math.log(count / n), 0);
}

/** The share of rows whose class is as good as certain. */
function* shareOf(kind: ChoiceKind, eta: Float64Array, codes: Int32Array): Steps<number> {
  const choice = choiceOf(kind, 2);
  const p = new Float64Array(2);
  const row = new Float64Array(1);
  let count = 0;
  for (let i = 0; i < codes.length; i++) {
    if (i % ROWS === ROWS - 1) yield;
    row[0] = eta[i]!;
    choice.probabilities(row, p);
    if (p[1 - codes[i]!]! < 1e-4) count++;
  }
  return count / codes.length;
}

/** Checks the names of the options of a fit. @throws OptionError */
export function checkFitOptions(kind: ChoiceKind, options: object, more: readonly string[] = []): void {
  checkKnown(kind, options, [...(kind === 'MNLogit' ? [] : ['offset']), 'groups', 'onProgress', ...more]);
}
