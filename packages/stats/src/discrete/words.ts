import type { DiscreteCore } from './fit.ts';

/** What a reader of a model of a choice has to know: dependent columns, no convergence. */
export function warningsOf(
  { converged, nIter, rank }: DiscreteCore,
  columns: number,
  maxIter: number,
  dfModel: number,
): string[] {
  const warnings: string[] = [];
  if (!converged) {
    const remedy = nIter === maxIter ? '; raise maxIter, or scale the columns' : ' as it was stopped';
    warnings.push(`the fit has not converged after ${nIter} iterations${remedy}`);
  }
  if (rank < columns) {
    warnings.push(
      `the columns are linearly dependent (rank ${rank} of ${columns}): of all solutions the one of least norm is given, and single coefficients have no meaning`,
    );
  }
  if (dfModel === 0) warnings.push('there is a single column: the p-value of the likelihood ratio is NaN');
  return warnings;
}

/** A model of a choice in one line. */
export function describeModel(model: {
  kind: string;
  nobs: number;
  classes: readonly unknown[];
  paramNames: readonly string[];
  params: Float64Array;
  llf: number;
  nIter: number;
  converged: boolean;
}): string {
  const { kind, nobs, classes, paramNames, params, llf, nIter, converged } = model;
  const short = (value: number) => String(Number(value.toPrecision(5)));
  const shown = paramNames.slice(0, 6).map((name, j) => `${name} ${short(params[j]!)}`);
  const more = paramNames.length > 6 ? ', …' : '';
  const end = `${converged ? 'converged' : 'not converged'} after ${nIter} iteration${nIter === 1 ? '' : 's'}`;
  return `${kind} of ${nobs} rows in ${classes.length} classes: ${shown.join(', ')}${more}; log-likelihood ${short(llf)}, ${end}`;
}
