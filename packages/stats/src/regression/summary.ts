import { checkBoolean, checkKnown, checkNumber, OptionError, ShapeError, show } from '@maru-ml/base';
import { intervals } from '../contrast.ts';
import { coefficientGrid } from '../summary/coefficients.ts';
import { countText, fixed, general } from '../summary/number-format.ts';
import { entry, Summary, type SummaryEntry } from '../summary/table.ts';
import { type CovarianceState, conditionOf, type RegressionCore, type RegressionStatistics } from './statistics.ts';

export interface SummaryOptions {
  /** 1 - the level of the intervals; 0.05. */
  alpha?: number;
  /** Date and time for the page, in local time; they stay blank. */
  date?: Date;
  /** The title; such as 'OLS Regression Results'. */
  title?: string;
  /** The response's name; that of the formula. */
  yname?: string;
  /** The coefficients' names [k]; those of the columns. */
  xname?: readonly string[];
  /** Only what is most important; false. */
  slim?: boolean;
}

/** Checks the options of a page. @throws OptionError, ShapeError */
export function checkSummary(
  owner: string,
  options: SummaryOptions,
  names: readonly string[],
): Required<Omit<SummaryOptions, 'date' | 'yname' | 'title'>> {
  checkKnown(owner, options, ['alpha', 'date', 'title', 'yname', 'xname', 'slim']);
  const { alpha = 0.05, date, xname = names, slim = false } = options;
  checkNumber(owner, 'alpha', alpha, { above: 0, below: 1 });
  checkBoolean(owner, 'slim', slim);
  if (date !== undefined && !(date instanceof Date && !Number.isNaN(date.getTime()))) {
    throw new OptionError(`${owner}: date must be a valid Date, got ${show(date)}`);
  }
  if (xname.length !== names.length) {
    throw new ShapeError(`${owner}: xname has ${xname.length} names for ${names.length} coefficients`);
  }
  return { alpha, xname, slim };
}

/** The entries 'Date:' and 'Time:' of a page, as `Sun, 29 Nov 2026` and `10:09:53`; blank without a date. */
export function dateEntries(date: Date | undefined): [SummaryEntry, SummaryEntry] {
  if (date === undefined) return [entry('Date:', ''), entry('Time:', '')];
  const two = (value: number) => String(value).padStart(2, '0');
  const day = DAYS[date.getDay()]!;
  const month = MONTHS[date.getMonth()]!;
  return [
    entry('Date:', `${day}, ${two(date.getDate())} ${month} ${date.getFullYear()}`),
    entry('Time:', [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')),
  ];
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What the page is about. */
interface Page {
  readonly core: RegressionCore;
  readonly covariance: CovarianceState;
  readonly statistics: RegressionStatistics;
  readonly names: readonly string[];
  readonly yName: string;
}

/** The page of statsmodels 0.13, character for character. */
export function regressionSummary(
  { core, covariance, statistics: s, names, yName }: Page,
  options: SummaryOptions,
): Summary {
  const { alpha, xname, slim } = checkSummary(core.kind, options, names);
  const { title = `${core.kind} Regression Results`, yname = yName } = options;
  const uncentered = core.hasConstant ? '' : ' (uncentered)';
  const [date, time] = dateEntries(options.date);
  const dependent = entry('Dep. Variable:', yname);
  const model = entry('Model:', core.kind);
  const rows = entry('No. Observations:', core.nobs, countText(core.nobs));
  const covType = entry('Covariance Type:', covariance.covType);
  const right = [
    entry(`R-squared${uncentered}:`, s.rsquared, fixed(s.rsquared, 3, 8)),
    entry(`Adj. R-squared${uncentered}:`, s.rsquaredAdj, fixed(s.rsquaredAdj, 3, 8)),
    entry('F-statistic:', s.fvalue, general(s.fvalue, 4, 8, true)),
    entry('Prob (F-statistic):', s.fPvalue, general(s.fPvalue, 3, 6, true)),
  ];
  const likelihood = [
    entry('Log-Likelihood:', s.llf, general(s.llf, 5, 8, true)),
    entry('AIC:', s.aic, general(s.aic, 4, 8, true)),
    entry('BIC:', s.bic, general(s.bic, 4, 8, true)),
  ];
  const degrees = [
    entry('Df Residuals:', s.dfResid, countText(s.dfResid)),
    entry('Df Model:', s.dfModel, countText(s.dfModel)),
  ];
  const left = slim
    ? [dependent, model, rows, covType]
    : [dependent, model, entry('Method:', 'Least Squares'), date, time, rows, ...degrees, covType];
  // Labels of models without a constant are not on statsmodels' list of what a slim page has.
  const shownRight = slim ? right.slice(core.hasConstant ? 0 : 2) : [...right, ...likelihood];
  const { low, high } = intervals(core.kind, core.params, s.bse, covariance.useT, covariance.dfInference, alpha);
  const columns = { params: core.params, bse: s.bse, tvalues: s.tvalues, pvalues: s.pvalues, low, high };
  return new Summary(
    [
      { kind: 'pairs', title, left, right: shownRight },
      coefficientGrid(xname, [columns], covariance.useT, alpha),
      ...(slim ? [] : [residualTable(core)]),
    ],
    notesOf(core, covariance, names.length),
  );
}

function residualTable(core: RegressionCore) {
  const { residuals: r } = core;
  const conditionNumber = conditionOf(core);
  return {
    kind: 'pairs' as const,
    title: '',
    left: [
      entry('Omnibus:', r.omnibus, fixed(r.omnibus, 3, 6)),
      entry('Prob(Omnibus):', r.omnibusPvalue, fixed(r.omnibusPvalue, 3, 6)),
      entry('Skew:', r.skew, fixed(r.skew, 3, 6)),
      entry('Kurtosis:', r.kurtosis, fixed(r.kurtosis, 3, 6)),
    ],
    right: [
      entry('Durbin-Watson:', r.durbinWatson, fixed(r.durbinWatson, 3, 8)),
      entry('Jarque-Bera (JB):', r.jarqueBera, fixed(r.jarqueBera, 3, 8)),
      entry('Prob(JB):', r.jarqueBeraPvalue, general(r.jarqueBeraPvalue, 3, 8, true)),
      entry('Cond. No.', conditionNumber, general(conditionNumber, 3, 8, true)),
    ],
  };
}

function notesOf(core: RegressionCore, { description }: CovarianceState, columns: number): string[] {
  const conditionNumber = conditionOf(core);
  const notes: string[] = [];
  if (!core.hasConstant) {
    notes.push('R² is computed without centering (uncentered) since the model does not contain a constant.');
  }
  notes.push(description);
  if (core.nobs < columns) notes.push('The input rank is higher than the number of observations.');
  const smallest = core.eigenvals[core.eigenvals.length - 1]!;
  if (smallest < 1e-10) {
    notes.push(
      `The smallest eigenvalue is ${general(smallest, 3, 6)}. This might indicate that there are\nstrong multicollinearity problems or that the design matrix is singular.`,
    );
  } else if (conditionNumber > 1000) {
    notes.push(
      `The condition number is large, ${general(conditionNumber, 3, 6)}. This might indicate that there are\nstrong multicollinearity or other numerical problems.`,
    );
  }
  return notes;
}
