import { coefficientText, fixed, statisticText } from './number-format.ts';
import type { SummaryBlock, SummaryGrid } from './table.ts';

/** What a table of coefficients says of one equation, each [k]. */
export interface CoefficientColumns {
  readonly params: ArrayLike<number>;
  readonly bse: ArrayLike<number>;
  readonly tvalues: ArrayLike<number>;
  readonly pvalues: ArrayLike<number>;
  /** The bounds of the intervals. */
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

/**
 * The table of coefficients of statsmodels' pages: coef, std err, t or z, P>|t|, and the interval.
 *
 * @param useT whether p-values and intervals are of Student's t; else of the normal distribution
 * @param alpha 1 - the level of the intervals
 */
export function coefficientGrid(
  names: readonly string[],
  equations: readonly (CoefficientColumns & { readonly corner?: string })[],
  useT: boolean,
  alpha: number,
): SummaryGrid {
  const statistic = useT ? 't' : 'z';
  return {
    kind: 'grid',
    headers: ['coef', 'std err', statistic, `P>|${statistic}|`, `[${alpha / 2}`, `${1 - alpha / 2}]`],
    blocks: equations.map((equation): SummaryBlock => blockOf(names, equation, equation.corner ?? '')),
  };
}

function blockOf(names: readonly string[], columns: CoefficientColumns, corner: string): SummaryBlock {
  const { params, bse, tvalues, pvalues, low, high } = columns;
  const rows = names.map((name, j) => {
    const values = [params[j]!, bse[j]!, tvalues[j]!, pvalues[j]!, low[j]!, high[j]!];
    const [param, error, t, p, from, to] = values as [number, number, number, number, number, number];
    const texts = [coefficientText(param), statisticText(error), statisticText(t), fixed(p, 3, 6)];
    return { name, values, texts: [...texts, statisticText(from), statisticText(to)] };
  });
  return { corner, rows };
}
