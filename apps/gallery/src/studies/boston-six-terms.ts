import { bar, correlation } from '@maru-ml/plot';
import { correlationTable, Formula, OLS, varianceInflation } from '@maru-ml/stats';
import { bostonColumns, rowsOf } from '../boston-table.ts';
import { comparePage, type PrintedPage } from '../regression-page.ts';
import type { Study } from '../study.ts';
import { keptRows, TERMS } from './boston-terms.ts';

/** The model with the six columns of the smallest inflation that matter. */
const SIX = 'np.log(MEDV) ~ CHAS + scale(B) + scale(CRIM) + scale(np.log(PTRATIO)) + scale(RM) + scale(np.log(LSTAT))';

/** A13: how much each column repeats the others, and a model of six. */
export const bostonSixTerms: Study = {
  row: 'A13',
  title: 'Variance inflation and six columns: Boston',
  source: '000, linear regression, 4',
  run(context) {
    const columns = bostonColumns();
    const kept = rowsOf(columns, keptRows(columns));
    const whole = new OLS().fit(new Formula(TERMS).fit(columns), kept);
    context.text(
      'The variance inflation factor of a column is 1 / (1 - R²) of its regression on all others: how much its coefficient suffers from what they share. Squares and their columns share nearly all.',
    );
    const { names, exog } = whole;
    const { vif } = varianceInflation(whole);
    const factors = new Map(names.map((name, j) => [name, vif[j]!]));
    for (const [name, printed] of INFLATION)
      context.figure(`VIF of ${name}`, printed, factors.get(name)!, { digits: 6 });
    const sorted = INFLATION.filter(([name]) => name !== 'Intercept');
    context.plot(
      bar(
        sorted.map(([name]) => name),
        sorted.map(([name]) => factors.get(name)!),
        {
          ...{ horizontal: true, print: true, xLabel: 'variance inflation factor' },
        },
      ),
      'The source keeps six columns.',
    );
    const rows = exog.toArray();
    const columnsOfX = Object.fromEntries(
      names.slice(1).map((name, j) => [name, Float64Array.from(rows, (row) => row[j + 1]!)]),
    );
    const table = correlationTable(columnsOfX);
    context.plot(
      correlation(table.correlations, { labels: table.names, width: 260, height: 260 }),
      'What repeats what.',
    );
    comparePage(context, new OLS().fit(new Formula(SIX).fit(columns), kept), PRINTED);
  },
};

/** The factors as the source printed them, ascending. */
const INFLATION: readonly (readonly [name: string, factor: number])[] = [
  ['CHAS', 1.061624],
  ['scale(B)', 1.338325],
  ['Intercept', 1.478553],
  ['scale(np.log(PTRATIO))', 1.78032],
  ['scale(RM)', 2.596496],
  ['scale(AGE)', 3.748931],
  ['scale(INDUS)', 3.807459],
  ['scale(np.log(LSTAT))', 4.682812],
  ['scale(NOX)', 5.071802],
  ['scale(np.log(DIS))', 5.215025],
  ['scale(TAX)', 9.107858],
  ['scale(I(CRIM ** 2))', 10.218588],
  ['scale(RAD)', 11.254736],
  ['scale(I(ZN ** 2))', 11.751869],
  ['scale(ZN)', 14.646056],
  ['scale(CRIM)', 21.260182],
];

const PRINTED: PrintedPage = {
  statistics: {
    'R-squared': '0.836',
    'Adj. R-squared': '0.834',
    'F-statistic': '380.7',
    'Prob (F-statistic)': '1.42e-172',
    'Log-Likelihood': '260.52',
    'No. Observations': '456',
    AIC: '-507.0',
    'Df Residuals': '449',
    BIC: '-478.2',
    Omnibus: '29.141',
    'Durbin-Watson': '1.113',
    'Prob(Omnibus)': '0.000',
    'Jarque-Bera (JB)': '42.637',
    Skew: '0.483',
    'Prob(JB)': '5.51e-10',
    Kurtosis: '4.145',
    'Cond. No.': '5.91',
  },
  coefficients: `
Intercept 3.0192 0.007 445.252 0.000 3.006 3.033
CHAS 0.0884 0.028 3.141 0.002 0.033 0.144
scale(B) 0.0558 0.008 6.989 0.000 0.040 0.072
scale(CRIM) -0.1179 0.013 -9.120 0.000 -0.143 -0.092
scale(np.log(PTRATIO)) -0.0508 0.007 -6.936 0.000 -0.065 -0.036
scale(RM) 0.1153 0.011 10.828 0.000 0.094 0.136
scale(np.log(LSTAT)) -0.1570 0.011 -14.179 0.000 -0.179 -0.135`,
};
