import { readable } from '@maru-ml/base';
import { fisherF } from '@maru-ml/special';
import { Table } from '@maru-ml/tensor';
import { leverageOf, type RegressionRows } from './fit.ts';
import type { RegressionCore } from './statistics.ts';

/**
 * What each row does to a fit, from its leverage h and residual e, without fitting again. With weights, rows times their roots are meant.
 *
 * D. A. Belsley, E. Kuh and R. E. Welsch, "Regression diagnostics" (1980);
 * R. D. Cook, "Detection of influential observations in linear regression", Technometrics 19 (1977);
 * J. Fox, "Regression diagnostics: an introduction" (1991).
 */
export class Influence {
  /** hᵢ: how much ŷᵢ follows yᵢ [n]; their sum is the rank. */
  readonly hatMatrixDiag: Float64Array;
  /** e / (s √(1 - h)) [n]. */
  readonly residStudentizedInternal: Float64Array;
  /** The same with s of the fit without that row [n]: of Student's t with n - rank - 1 degrees of freedom. */
  readonly residStudentizedExternal: Float64Array;
  /** e / (1 - h): the error of predicting the row by the fit without it [n]. */
  readonly residPress: Float64Array;
  /** Cook's D: how far all of ŷ moves without the row [n]. */
  readonly cooksDistance: Float64Array;
  /** 1 - F(D; k, n - rank) [n]. */
  readonly cooksPvalue: Float64Array;
  /** How far ŷᵢ moves without the row, in standard errors [n]. */
  readonly dffits: Float64Array;
  /** |dffits| above 2 √(k / n) is much. */
  readonly dffitsThreshold: number;
  /** The same with the common s [n]. */
  readonly dffitsInternal: Float64Array;
  /** The volume of the coefficients' confidence region without the row over that with it [n]. */
  readonly covRatio: Float64Array;
  /** Fox's recommendation: rows with a Cook's D above 4 / (n - K - 1), for K slopes, want a look. */
  readonly foxThreshold: number;
  /** What a reader has to know: rows of leverage 1, for which the other figures are NaN. */
  readonly warnings: readonly string[];
  readonly #core: RegressionCore;
  readonly #rows: RegressionRows;
  readonly #names: readonly string[];
  /** s without row i [n]. */
  readonly #sigmas: Float64Array;

  /** @internal */
  constructor(core: RegressionCore, rows: RegressionRows, names: readonly string[]) {
    const { nobs: n, rank, ssr, hasConstant } = core;
    const { resid, weights } = rows;
    const k = core.params.length;
    const hat = leverageOf(core, rows);
    const e = weights === null ? resid : resid.map((value, i) => value * Math.sqrt(weights[i]!));
    const full = hat.map((h) => (1 - h > 1e-10 ? 1 - h : Number.NaN));
    const s = n > rank ? Math.sqrt(ssr / (n - rank)) : Number.NaN;
    const sigmas = full.map((left, i) => {
      const square = (ssr - (e[i]! * e[i]!) / left) / (n - rank - 1);
      return n - rank - 1 > 0 ? Math.sqrt(Math.max(0, square)) : Number.NaN;
    });
    this.hatMatrixDiag = hat;
    this.residStudentizedInternal = full.map((left, i) => e[i]! / (s * Math.sqrt(left)));
    this.residStudentizedExternal = full.map((left, i) => e[i]! / (sigmas[i]! * Math.sqrt(left)));
    this.residPress = full.map((left, i) => e[i]! / left);
    const pull = full.map((left, i) => Math.sqrt(hat[i]! / left));
    this.dffits = pull.map((value, i) => value * this.residStudentizedExternal[i]!);
    this.dffitsInternal = pull.map((value, i) => value * this.residStudentizedInternal[i]!);
    this.dffitsThreshold = 2 * Math.sqrt(k / n);
    this.cooksDistance = this.dffitsInternal.map((value) => (value * value) / k);
    const f = n > rank ? fisherF(k, n - rank) : null;
    this.cooksPvalue = this.cooksDistance.map((d) => (f === null || Number.isNaN(d) ? Number.NaN : f.sf(d)));
    this.covRatio = full.map(
      (left, i) => 1 / (((n - rank - 1 + this.residStudentizedExternal[i]! ** 2) / (n - rank)) ** k * left),
    );
    this.foxThreshold = 4 / (n - rank + (hasConstant ? 0 : -1));
    this.warnings = Object.freeze(warningsOf(full, n - rank));
    this.#core = core;
    this.#rows = rows;
    this.#names = names;
    this.#sigmas = sigmas;
    readable(this);
    Object.freeze(this);
  }

  /** How far each coefficient moves without the row, in standard errors of the fit without it [n, k]. */
  dfbetas(): Table {
    const { normalizedCov, params } = this.#core;
    const { design, weights } = this.#rows;
    const { x, rows: n } = design;
    const k = params.length;
    const out = new Float64Array(n * k);
    for (let i = 0; i < n; i++) {
      const size = (this.residPress[i]! * (weights === null ? 1 : Math.sqrt(weights[i]!))) / this.#sigmas[i]!;
      for (let j = 0; j < k; j++) {
        let direction = 0;
        for (let l = 0; l < k; l++) direction += normalizedCov[j * k + l]! * x[i * k + l]!;
        out[i * k + j] = (size * direction) / Math.sqrt(normalizedCov[j * (k + 1)]!);
      }
    }
    return new Table(out, n, k);
  }

  /** The rows of the data, from 0, whose Cook's D is above `threshold`; above Fox's by default. */
  outliers(threshold: number = this.foxThreshold): number[] {
    const { kept } = this.#rows.design;
    const found = Array.from(this.cooksDistance.keys()).filter((i) => this.cooksDistance[i]! > threshold);
    return kept === null ? found : found.map((i) => kept[i]!);
  }

  /** The figures row by row, as statsmodels' `summary_frame`. */
  summaryFrame(): Record<string, number>[] {
    const dfbetas = this.dfbetas();
    const k = this.#names.length;
    return Array.from(this.hatMatrixDiag, (hatDiag, i) => ({
      ...Object.fromEntries(this.#names.map((name, j) => [`dfb_${name}`, dfbetas.data[i * k + j]!])),
      cooksD: this.cooksDistance[i]!,
      standardResid: this.residStudentizedInternal[i]!,
      hatDiag,
      dffitsInternal: this.dffitsInternal[i]!,
      studentResid: this.residStudentizedExternal[i]!,
      dffits: this.dffits[i]!,
    }));
  }

  toString(): string {
    const most = this.cooksDistance.reduce((best, d, i) => (d > this.cooksDistance[best]! ? i : best), 0);
    const short = (value: number) => Number(value.toPrecision(4));
    return `Influence of ${this.hatMatrixDiag.length} rows: largest Cook's D ${short(this.cooksDistance[most]!)} in row ${most}, ${count(this.outliers().length)} above ${short(this.foxThreshold)}`;
  }
}

function warningsOf(full: Float64Array, dfResid: number): string[] {
  const rows = Array.from(full.keys()).filter((i) => Number.isNaN(full[i]));
  const warnings: string[] = [];
  if (rows.length > 0) {
    const shown = rows.length > 5 ? `${rows.slice(0, 5).join(', ')}, …` : rows.join(', ');
    warnings.push(
      `leverage 1 in rows ${shown}: without them the fit has no solution, so the other figures are NaN there`,
    );
  }
  if (dfResid <= 1) warnings.push('at most one degree of freedom is left: externally studentized residuals are NaN');
  return warnings;
}

function count(rows: number): string {
  return `${rows} ${rows === 1 ? 'row' : 'rows'}`;
}
