import { residuals } from '@maru-ml/plot';
import { Formula, OLS } from '@maru-ml/stats';
import { bostonColumns, rowsOf } from '../boston-table.ts';
import { comparePage, type PrintedPage } from '../regression-page.ts';
import type { Study } from '../study.ts';

/** What the source models: logarithms and squares of columns, all standardized. */
export const TERMS: string = `np.log(MEDV) ~ ${[
  ...['CRIM', 'I(CRIM ** 2)', 'ZN', 'I(ZN ** 2)', 'INDUS', 'NOX', 'RM', 'AGE', 'np.log(DIS)', 'RAD', 'TAX'],
  ...['np.log(PTRATIO)', 'B', 'np.log(LSTAT)'],
]
  .map((term) => `scale(${term})`)
  .join(' + ')} + CHAS`;

/** The rows that the source keeps. */
export function keptRows(columns: Record<string, Float64Array>): number[] {
  const all = new OLS().fit(TERMS, columns);
  const { cooksDistance } = all.getInfluence();
  const near = Array.from(cooksDistance.keys()).filter((i) => cooksDistance[i]! <= 4 / (506 - 16));
  // Values are cut off at 50. Row 446, counted from 1, is missing there too, nobody knows why.
  return near.filter((i) => columns.MEDV![i] !== 50 && i !== 445);
}

/** A12: polynomial and logarithmic terms for the logarithm of the value. */
export const bostonTerms: Study = {
  row: 'A12',
  title: 'Squares and logarithms: Boston',
  source: '000, linear regression, 4',
  run(context) {
    context.text(
      'Curves are bent straight: the logarithm of the value, logarithms of three columns and squares of two. The columns are standardized over the whole table; then rows with a large distance of Cook, and those cut off at 50, are left out.',
    );
    const columns = bostonColumns();
    const model = new OLS().fit(new Formula(TERMS).fit(columns), rowsOf(columns, keptRows(columns)));
    comparePage(context, model, PRINTED);
    context.plot(residuals(model.fittedvalues, model.resid), 'The bend is gone.');
  },
};

const PRINTED: PrintedPage = {
  statistics: {
    'R-squared': '0.872',
    'Adj. R-squared': '0.868',
    'F-statistic': '199.9',
    'Prob (F-statistic)': '1.56e-185',
    'Log-Likelihood': '317.45',
    'No. Observations': '456',
    AIC: '-602.9',
    'Df Residuals': '440',
    BIC: '-536.9',
    Omnibus: '28.653',
    'Durbin-Watson': '1.309',
    'Prob(Omnibus)': '0.000',
    'Jarque-Bera (JB)': '43.266',
    Skew: '0.465',
    'Prob(JB)': '4.03e-10',
    Kurtosis: '4.188',
    'Cond. No.': '35.2',
  },
  coefficients: `
Intercept 3.0338 0.007 433.880 0.000 3.020 3.048
scale(CRIM) -0.3471 0.044 -7.976 0.000 -0.433 -0.262
scale(I(CRIM ** 2)) 0.3075 0.071 4.331 0.000 0.168 0.447
scale(ZN) -0.0465 0.022 -2.110 0.035 -0.090 -0.003
scale(I(ZN ** 2)) 0.0440 0.020 2.206 0.028 0.005 0.083
scale(INDUS) 0.0037 0.012 0.323 0.747 -0.019 0.026
scale(NOX) -0.0652 0.013 -5.001 0.000 -0.091 -0.040
scale(RM) 0.0999 0.011 9.195 0.000 0.079 0.121
scale(AGE) -0.0273 0.011 -2.438 0.015 -0.049 -0.005
scale(np.log(DIS)) -0.1008 0.014 -7.368 0.000 -0.128 -0.074
scale(RAD) 0.1634 0.020 8.106 0.000 0.124 0.203
scale(TAX) -0.0934 0.018 -5.153 0.000 -0.129 -0.058
scale(np.log(PTRATIO)) -0.0699 0.008 -8.872 0.000 -0.085 -0.054
scale(B) 0.0492 0.007 6.699 0.000 0.035 0.064
scale(np.log(LSTAT)) -0.1487 0.013 -11.074 0.000 -0.175 -0.122
CHAS 0.0659 0.026 2.580 0.010 0.016 0.116`,
};
