import { checkKnown, checkNumber, DataError, OptionError, readable, show } from '@maru-ml/base';
import type { WaldTest } from '../contrast.ts';
import type { DataColumns, DesignTerm } from '../design.ts';
import { contains } from './anova.ts';

export interface BackwardEliminationOptions {
  /** Terms with a p-value above this go; 0.05. */
  alpha?: number;
  /** Terms that stay whatever their p-value, as they stand in the formula; none. */
  keep?: readonly string[];
}

/** What a model must have for its terms to be eliminated. */
export interface EliminableModel {
  readonly terms: readonly DesignTerm[];
  readonly names: readonly string[];
  readonly yName: string;
  readonly formula: string | null;
  /** Rows of the data that were fitted; null: all. */
  readonly keptRows: Int32Array | null;
  waldTest(constraints: readonly (readonly number[])[]): WaldTest;
}

/** What fits such models. */
export interface EliminableEstimator<M extends EliminableModel> {
  fit(formula: string, data: DataColumns): M;
}

/** A step of an elimination: a model and the term that was taken from it for the next. */
export interface EliminationStep<M> {
  readonly model: M;
  /** The term with the largest p-value; null in the last step, where all are below alpha. */
  readonly removed: string | null;
  /** The largest p-value; NaN if no term could go. */
  readonly pvalue: number;
}

/** The steps of an elimination, from the full model to the last. */
export class Elimination<M extends EliminableModel> {
  readonly steps: readonly EliminationStep<M>[];
  /** The last model. */
  readonly model: M;
  /** The terms that went, in order. */
  readonly removed: readonly string[];

  /** @internal */
  constructor(steps: readonly EliminationStep<M>[]) {
    this.steps = steps;
    this.model = steps[steps.length - 1]!.model;
    this.removed = steps.flatMap(({ removed }) => removed ?? []);
    readable(this);
    Object.freeze(this);
  }

  toString(): string {
    const lines = this.steps.map(({ removed, pvalue }, i) => {
      const p = Number.isNaN(pvalue) ? '' : ` (p ${Number(pvalue.toPrecision(4))})`;
      return removed === null
        ? `  ${i + 1}. all that may go are below alpha${p}`
        : `  ${i + 1}. without ${removed}${p}`;
    });
    return [`Elimination: ${this.model.formula}`, ...lines].join('\n');
  }
}

/**
 * Backward elimination by p-value: while a term has a p-value above alpha, the one with the largest goes and the rest is fitted again. Terms of several columns, such as
 * categories, are tested and go as a whole; a term stays as long as an interaction contains it; the intercept stays. Rows that lack a value of the full formula
 * are left out of all fits, so that models are of the same rows. The p-values of the last model are too small, as always after a selection: judge it on other data.
 *
 * @param estimator such as `new OLS()`
 * @throws as its `fit`; OptionError for terms to keep that are none; DataError where tests have no value
 */
export function backwardElimination<M extends EliminableModel>(
  estimator: EliminableEstimator<M>,
  formula: string,
  data: DataColumns,
  options: BackwardEliminationOptions = {},
): Elimination<M> {
  const owner = 'backwardElimination';
  checkKnown(owner, options, ['alpha', 'keep']);
  const { alpha = 0.05, keep = [] } = options;
  checkNumber(owner, 'alpha', alpha, { min: 0, max: 1 });
  const full = estimator.fit(formula, data);
  const unknown = keep.find((name) => !full.terms.some((term) => term.name === name));
  if (unknown !== undefined) {
    throw new OptionError(
      `${owner}: keep names the term ${show(unknown)}, but the terms are ${full.terms.map(({ name }) => name).join(', ')}`,
    );
  }
  const { keptRows } = full;
  const rows = keptRows === null ? data : takeRows(data, keptRows);
  const steps: EliminationStep<M>[] = [];
  for (let model = keptRows === null ? full : estimator.fit(formula, rows); ; ) {
    const weakest = weakestTerm(owner, model, keep);
    // A model without any term would be none.
    if (weakest === null || !(weakest.pvalue > alpha) || model.terms.length === 1) {
      steps.push({ model, removed: null, pvalue: weakest?.pvalue ?? Number.NaN });
      return new Elimination(steps);
    }
    steps.push({ model, removed: weakest.name, pvalue: weakest.pvalue });
    const rest = model.terms.filter(({ name }) => name !== weakest.name);
    model = estimator.fit(formulaOf(model.yName, rest), rows);
  }
}

/** The term that may go with the largest p-value; null if none may. */
function weakestTerm(
  owner: string,
  model: EliminableModel,
  keep: readonly string[],
): { name: string; pvalue: number } | null {
  let weakest: { name: string; pvalue: number } | null = null;
  for (const term of model.terms) {
    const { name, factors, start, end } = term;
    if (factors.length === 0 || keep.includes(name) || model.terms.some((other) => contains(other, term))) continue;
    const constraints = Array.from({ length: end - start }, (_, i) =>
      model.names.map((_, j) => (j === start + i ? 1 : 0)),
    );
    const { pvalue } = model.waldTest(constraints);
    if (Number.isNaN(pvalue))
      throw new DataError(`${owner}: the p-value of ${name} is NaN; there are too few rows for so many terms`);
    if (weakest === null || pvalue > weakest.pvalue) weakest = { name, pvalue };
  }
  return weakest;
}

function formulaOf(yName: string, terms: readonly DesignTerm[]): string {
  const shown = terms.filter(({ factors }) => factors.length > 0).map(({ name }) => name);
  const intercept = shown.length < terms.length;
  return `${yName} ~ ${shown.length === 0 ? '1' : shown.join(' + ')}${intercept ? '' : ' - 1'}`;
}

/** These rows of all columns. */
function takeRows(data: DataColumns, rows: Int32Array): DataColumns {
  const take = (column: ArrayLike<unknown>): unknown => {
    const taken = Array.from(rows, (row) => column[row]);
    return ArrayBuffer.isView(column) ? Float64Array.from(taken as number[]) : taken;
  };
  return Object.fromEntries(Object.entries(data).map(([name, column]) => [name, take(column)])) as DataColumns;
}
