import type { Label } from '@maru-ml/tensor';
import { intervals } from '../contrast.ts';
import type { GLMSummaryOptions } from '../glm/summary.ts';
import { checkSummary, dateEntries } from '../regression/summary.ts';
import { coefficientGrid } from '../summary/coefficients.ts';
import { countText, fixed, general } from '../summary/number-format.ts';
import { entry, Summary } from '../summary/table.ts';
import type { ChoiceKind } from './choice.ts';

/** What the page is about. */
interface Subject {
  readonly kind: ChoiceKind;
  readonly classes: readonly Label[];
  readonly names: readonly string[];
  readonly yName: string;
  readonly nobs: number;
  readonly dfResid: number;
  readonly dfModel: number;
  readonly prsquared: number;
  readonly llf: number;
  readonly llnull: number;
  readonly llrPvalue: number;
  readonly converged: boolean;
  readonly covType: string;
  readonly params: Float64Array;
  readonly bse: Float64Array;
  readonly tvalues: Float64Array;
  readonly pvalues: Float64Array;
  readonly useT: boolean;
  readonly dfInference: number;
  readonly predictedShare: number;
}

/** The page of statsmodels' Logit, Probit and MNLogit. @throws OptionError, ShapeError for options that have no meaning */
export function discreteSummary(s: Subject, options: GLMSummaryOptions): Summary {
  const { alpha, xname } = checkSummary(s.kind, options, s.names);
  const { title = `${s.kind} Regression Results`, yname = s.yName } = options;
  const left = [
    entry('Dep. Variable:', yname),
    entry('Model:', s.kind),
    entry('Method:', 'MLE'),
    ...dateEntries(options.date),
    entry('converged:', s.converged ? 'True' : 'False'),
    entry('Covariance Type:', s.covType),
  ];
  const right = [
    entry('No. Observations:', s.nobs, countText(s.nobs)),
    entry('Df Residuals:', s.dfResid, countText(s.dfResid)),
    entry('Df Model:', s.dfModel, countText(s.dfModel)),
    entry('Pseudo R-squ.:', s.prsquared, general(s.prsquared, 4, 6, true)),
    entry('Log-Likelihood:', s.llf, general(s.llf, 5, 8, true)),
    entry('LL-Null:', s.llnull, general(s.llnull, 5, 8, true)),
    entry('LLR p-value:', s.llrPvalue, general(s.llrPvalue, 4, 6, true)),
  ];
  const { low, high } = intervals(s.kind, s.params, s.bse, s.useT, s.dfInference, alpha);
  const k = s.names.length;
  const equations = s.classes.slice(1).map((label, e) => {
    const part = (values: Float64Array) => values.subarray(e * k, (e + 1) * k);
    return {
      corner: s.kind === 'MNLogit' ? `${yname}=${label}` : '',
      params: part(s.params),
      bse: part(s.bse),
      tvalues: part(s.tvalues),
      pvalues: part(s.pvalues),
      low: part(low),
      high: part(high),
    };
  });
  const tables = [{ kind: 'pairs' as const, title, left, right }, coefficientGrid(xname, equations, s.useT, alpha)];
  return new Summary(tables, [], remarkOf(s.predictedShare));
}

/** What statsmodels says where many rows are as good as certain. */
function remarkOf(share: number): string {
  if (share <= 0.1) return '';
  return `Possibly complete quasi-separation: A fraction ${fixed(share, 2, 4)} of observations can be\nperfectly predicted. This might indicate that there is complete\nquasi-separation. In this case some parameters will not be identified.`;
}
