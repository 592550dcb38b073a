import { checkKnown, checkOneOf, DataError, OptionError, readable, show } from '@maru-ml/base';
import { fisherF } from '@maru-ml/special';
import { waldOf } from '../contrast.ts';
import type { CovType } from '../covariance.ts';
import type { DesignTerm } from '../design.ts';
import { FittedRegression, type RegressionModel } from './model.ts';

export interface AnovaOptions {
  /** Sums of squares of each term after those before it (1), after all that do not contain it (2), after all others (3); 1. */
  typ?: 1 | 2 | 3;
  /** The covariance of types 2 and 3; 'nonrobust'. */
  robust?: Exclude<CovType, 'HAC' | 'cluster'>;
}

/** A row of an analysis of variance. F and p are NaN for the residuals. */
export interface AnovaRow {
  readonly name: string;
  readonly df: number;
  readonly sumSq: number;
  readonly meanSq: number;
  readonly fvalue: number;
  readonly pvalue: number;
}

/** The sums of squares of a model's terms. */
export class AnovaTable {
  readonly typ: 1 | 2 | 3;
  /** The terms, then 'Residual'. */
  readonly rows: readonly AnovaRow[];

  /** @internal */
  constructor(typ: 1 | 2 | 3, rows: readonly AnovaRow[]) {
    this.typ = typ;
    this.rows = rows;
    readable(this);
    Object.freeze(this);
  }

  toString(): string {
    const rows = this.rows.map(({ name, df, sumSq, meanSq, fvalue, pvalue }) => [
      name,
      df,
      sumSq,
      meanSq,
      fvalue,
      pvalue,
    ]);
    return tableText(['', 'df', 'sum_sq', 'mean_sq', 'F', 'PR(>F)'], rows);
  }
}

/** A model beside the one before it. All but `dfResid` and `ssr` are NaN for the first. */
export interface ComparisonRow {
  readonly dfResid: number;
  readonly ssr: number;
  readonly dfDiff: number;
  readonly ssDiff: number;
  readonly fvalue: number;
  readonly pvalue: number;
}

/** Nested models, each tested against the one before it. */
export class AnovaComparison {
  readonly rows: readonly ComparisonRow[];

  /** @internal */
  constructor(rows: readonly ComparisonRow[]) {
    this.rows = rows;
    readable(this);
    Object.freeze(this);
  }

  toString(): string {
    const rows = this.rows.map(({ dfResid, ssr, dfDiff, ssDiff, fvalue, pvalue }, i) => [
      `${i}`,
      dfResid,
      ssr,
      dfDiff,
      ssDiff,
      fvalue,
      pvalue,
    ]);
    return tableText(['', 'df_resid', 'ssr', 'df_diff', 'ss_diff', 'F', 'Pr(>F)'], rows);
  }
}

/**
 * The analysis of variance of a fitted model: how much of the sum of squares each term explains, with F against the residuals.
 *
 * J. M. Chambers and T. J. Hastie, "Statistical models in S" (1992).
 *
 * @throws OptionError, DataError for dependent columns, no degrees of freedom, or a model that was loaded where rows are needed
 */
export function anovaLm(model: RegressionModel, options: AnovaOptions = {}): AnovaTable {
  checkKnown('anovaLm', options, ['typ', 'robust']);
  const { typ = 1, robust = 'nonrobust' } = options;
  checkModel(model);
  checkOneOf('anovaLm', 'typ', typ, [1, 2, 3]);
  checkOneOf('anovaLm', 'robust', robust, ['nonrobust', 'HC0', 'HC1', 'HC2', 'HC3']);
  if (typ === 1 && robust !== 'nonrobust') throw new OptionError('anovaLm: robust needs typ 2 or 3');
  const k = model.names.length;
  if (model.rank < k) {
    throw new DataError(
      `anovaLm: the columns are linearly dependent (rank ${model.rank} of ${k}), so single terms cannot be tested`,
    );
  }
  if (model.dfResid === 0) throw new DataError('anovaLm: no degrees of freedom are left, so nothing can be tested');
  const rows = typ === 1 ? sequentialRows(model) : marginalRows(model, typ, robust);
  const residual = {
    name: 'Residual',
    df: model.dfResid,
    sumSq: model.ssr,
    meanSq: model.mseResid,
    fvalue: Number.NaN,
    pvalue: Number.NaN,
  };
  return new AnovaTable(typ, [...rows, residual]);
}

/**
 * Compares nested models, from the smallest to the largest: F of what each explains beyond the one before it, against the residuals of the largest, as in R.
 * (statsmodels 0.13 takes the degrees of freedom of each model's own residuals for p.)
 *
 * @throws OptionError unless there are two or more models, of falling degrees of freedom; DataError for models of other rows
 */
export function compareModels(...models: RegressionModel[]): AnovaComparison {
  if (models.length < 2) throw new OptionError(`compareModels: at least 2 models are needed, got ${models.length}`);
  for (const model of models) checkModel(model, 'compareModels');
  const largest = models[models.length - 1]!;
  for (const [i, model] of models.entries()) {
    if (
      model.nobs !== largest.nobs ||
      Math.abs(model.uncenteredTss - largest.uncenteredTss) > 1e-9 * largest.uncenteredTss
    ) {
      throw new DataError(
        `compareModels: the models must be fitted to the same response on the same rows, but model ${i} has ${model.nobs} rows and the last ${largest.nobs}`,
      );
    }
    if (i > 0 && model.dfResid >= models[i - 1]!.dfResid) {
      throw new OptionError(
        `compareModels: each model must have more terms than the one before it, but model ${i} leaves ${model.dfResid} degrees of freedom after ${models[i - 1]!.dfResid}`,
      );
    }
  }
  const none = { dfDiff: Number.NaN, ssDiff: Number.NaN, fvalue: Number.NaN, pvalue: Number.NaN };
  if (largest.dfResid === 0)
    throw new DataError('compareModels: the last model leaves no degrees of freedom, so nothing can be tested');
  return new AnovaComparison(
    models.map(({ dfResid, ssr }, i) => {
      if (i === 0) return { dfResid, ssr, ...none };
      const before = models[i - 1]!;
      const dfDiff = before.dfResid - dfResid;
      const ssDiff = before.ssr - ssr;
      const fvalue = ssDiff / dfDiff / largest.scale;
      return { dfResid, ssr, dfDiff, ssDiff, fvalue, pvalue: fisherF(dfDiff, largest.dfResid).sf(fvalue) };
    }),
  );
}

/** Type 1: the squares of Qᵀy by term. They are taken as R b, since b has been refined. */
function sequentialRows(model: RegressionModel): AnovaRow[] {
  const { triangle } = model.core;
  const k = model.names.length;
  return model.terms
    .filter(({ factors }) => factors.length > 0)
    .map(({ name, start, end }) => {
      let sumSq = 0;
      for (let i = start; i < end; i++) {
        let effect = 0;
        for (let j = i; j < k; j++) effect += triangle[i * (k + 1) + j]! * model.params[j]!;
        sumSq += effect * effect;
      }
      return rowOf(model, name, end - start, sumSq / (end - start) / model.mseResid);
    });
}

/** Types 2 and 3: χ² of the term's coefficients, of type 2 those of terms that contain it with them, less χ² of the latter alone. */
function marginalRows(model: RegressionModel, typ: 2 | 3, robust: Exclude<CovType, 'HAC' | 'cluster'>): AnovaRow[] {
  const terms = typ === 3 ? model.terms : model.terms.filter(({ factors }) => factors.length > 0);
  const cov = (robust === model.covType ? model : model.getRobustcovResults({ covType: robust })).covParams()
    .data as Float64Array;
  const chi2 = (tested: readonly DesignTerm[]): number => {
    const columns = tested.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));
    if (columns.length === 0) return 0;
    const k = model.names.length;
    const r = new Float64Array(columns.length * k);
    for (const [i, j] of columns.entries()) r[i * k + j] = 1;
    const estimate = {
      owner: 'anovaLm',
      names: model.names,
      params: model.params,
      cov,
      useT: true,
      dfInference: model.dfResid,
    };
    return waldOf(estimate, { r, q: new Float64Array(columns.length), rows: columns.length }, false).statistic;
  };
  return terms.map((term) => {
    const containing = typ === 3 ? [] : terms.filter((other) => contains(other, term));
    const df = term.end - term.start;
    return rowOf(model, term.name, df, (chi2([term, ...containing]) - chi2(containing)) / df);
  });
}

/** Whether a term has all factors of another one, and more. */
export function contains(larger: DesignTerm, smaller: DesignTerm): boolean {
  return (
    larger.factors.length > smaller.factors.length && smaller.factors.every((factor) => larger.factors.includes(factor))
  );
}

function rowOf({ mseResid, dfResid }: RegressionModel, name: string, df: number, fvalue: number): AnovaRow {
  const meanSq = fvalue * mseResid;
  return { name, df, sumSq: meanSq * df, meanSq, fvalue, pvalue: fisherF(df, dfResid).sf(fvalue) };
}

function checkModel(model: unknown, owner = 'anovaLm'): void {
  if (!(model instanceof FittedRegression))
    throw new OptionError(`${owner}: models must be fitted by OLS or WLS, got ${show(model)}`);
}

/** Columns of numbers of six digits, as wide as they are; NaN stays blank. */
function tableText(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const texts = [
    head,
    ...rows.map((row) =>
      row.map((cell) =>
        typeof cell === 'string' ? cell : Number.isNaN(cell) ? '' : String(Number(cell.toPrecision(6))),
      ),
    ),
  ];
  const widths = head.map((_, j) => Math.max(...texts.map((row) => row[j]!.length)));
  return texts
    .map((row) =>
      row
        .map((cell, j) => (j === 0 ? cell.padEnd(widths[j]!) : cell.padStart(widths[j]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
