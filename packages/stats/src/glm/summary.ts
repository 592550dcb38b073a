import { intervals } from '../contrast.ts';
import { checkSummary, dateEntries, type SummaryOptions } from '../regression/summary.ts';
import { coefficientGrid } from '../summary/coefficients.ts';
import { countText, general } from '../summary/number-format.ts';
import { entry, Summary } from '../summary/table.ts';

/** Options of the pages of likelihood models. */
export type GLMSummaryOptions = Omit<SummaryOptions, 'slim'>;

/** What the page is about. */
interface Subject {
  readonly owner: string;
  readonly names: readonly string[];
  readonly yName: string;
  readonly family: string;
  readonly link: string;
  readonly nobs: number;
  readonly dfResid: number;
  readonly dfModel: number;
  readonly scale: number;
  readonly llf: number;
  readonly deviance: number;
  readonly pearsonChi2: number;
  readonly pseudoRsquared: number;
  readonly nIter: number;
  readonly covType: string;
  readonly params: Float64Array;
  readonly bse: Float64Array;
  readonly tvalues: Float64Array;
  readonly pvalues: Float64Array;
  readonly useT: boolean;
  readonly dfInference: number;
}

/** The page of statsmodels' GLM. @throws OptionError, ShapeError for options that have no meaning */
export function glmSummary(s: Subject, options: GLMSummaryOptions): Summary {
  const { alpha, xname } = checkSummary(s.owner, options, s.names);
  const { title = 'Generalized Linear Model Regression Results', yname = s.yName } = options;
  const left = [
    entry('Dep. Variable:', yname),
    entry('Model:', 'GLM'),
    entry('Model Family:', s.family),
    entry('Link Function:', s.link),
    entry('Method:', 'IRLS'),
    ...dateEntries(options.date),
    entry('No. Iterations:', s.nIter, String(s.nIter)),
    entry('Covariance Type:', s.covType),
  ];
  const right = [
    entry('No. Observations:', s.nobs, countText(s.nobs)),
    entry('Df Residuals:', s.dfResid, countText(s.dfResid)),
    entry('Df Model:', s.dfModel, countText(s.dfModel)),
    entry('Scale:', s.scale, general(s.scale, 5, 8, true)),
    entry('Log-Likelihood:', s.llf, general(s.llf, 5, 8, true)),
    entry('Deviance:', s.deviance, general(s.deviance, 5, 8, true)),
    entry('Pearson chi2:', s.pearsonChi2, general(s.pearsonChi2, 3, 6, true)),
    entry('Pseudo R-squ. (CS):', s.pseudoRsquared, general(s.pseudoRsquared, 4, 6, true)),
  ];
  const { low, high } = intervals(s.owner, s.params, s.bse, s.useT, s.dfInference, alpha);
  const columns = { params: s.params, bse: s.bse, tvalues: s.tvalues, pvalues: s.pvalues, low, high };
  return new Summary([{ kind: 'pairs', title, left, right }, coefficientGrid(xname, [columns], s.useT, alpha)]);
}
