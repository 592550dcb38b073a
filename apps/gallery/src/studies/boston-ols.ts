import { boston } from '@maru-ml/datasets/boston';
import { residuals, scatter } from '@maru-ml/plot';
import { OLS } from '@maru-ml/stats';
import { bostonColumns } from '../boston-table.ts';
import { comparePage, type PrintedPage } from '../regression-page.ts';
import type { Study } from '../study.ts';

/** A9: the whole page of a regression of house values on thirteen columns. */
export const bostonOls: Study = {
  row: 'A9',
  title: 'Least squares with all columns: Boston',
  source: '000, linear regression, 1',
  run(context) {
    context.text(
      'The median value of homes in 506 areas from thirteen columns, by ordinary least squares. Every number of the page that the source printed stands beside ours.',
    );
    const columns = bostonColumns();
    const model = new OLS().fit(`MEDV ~ ${boston().featureNames.join(' + ')}`, columns);
    comparePage(context, model, PRINTED);
    context.text(
      'The condition number is large since the columns are in different units: the next study standardizes them.',
    );
    context.plot(
      residuals(model.fittedvalues, model.resid, { xLabel: 'fitted value / $1000', yLabel: 'residual / $1000' }),
      'The residuals bend: dear homes are worth more than a line says. Values are cut off at 50, which draws the slanted edge.',
    );
    context.plot(
      scatter({ x: columns.LSTAT!, y: columns.MEDV! }, { xLabel: 'LSTAT / %', yLabel: 'MEDV / $1000' }),
      'The strongest single column is not linear either.',
    );
  },
};

const PRINTED: PrintedPage = {
  statistics: {
    'R-squared': '0.741',
    'Adj. R-squared': '0.734',
    'F-statistic': '108.1',
    'Prob (F-statistic)': '6.72e-135',
    'Log-Likelihood': '-1498.8',
    'No. Observations': '506',
    AIC: '3026.',
    'Df Residuals': '492',
    BIC: '3085.',
    Omnibus: '178.041',
    'Durbin-Watson': '1.078',
    'Prob(Omnibus)': '0.000',
    'Jarque-Bera (JB)': '783.126',
    Skew: '1.521',
    'Prob(JB)': '8.84e-171',
    Kurtosis: '8.281',
    'Cond. No.': '1.51e+04',
  },
  coefficients: `
Intercept 36.4595 5.103 7.144 0.000 26.432 46.487
CRIM -0.1080 0.033 -3.287 0.001 -0.173 -0.043
ZN 0.0464 0.014 3.382 0.001 0.019 0.073
INDUS 0.0206 0.061 0.334 0.738 -0.100 0.141
CHAS 2.6867 0.862 3.118 0.002 0.994 4.380
NOX -17.7666 3.820 -4.651 0.000 -25.272 -10.262
RM 3.8099 0.418 9.116 0.000 2.989 4.631
AGE 0.0007 0.013 0.052 0.958 -0.025 0.027
DIS -1.4756 0.199 -7.398 0.000 -1.867 -1.084
RAD 0.3060 0.066 4.613 0.000 0.176 0.436
TAX -0.0123 0.004 -3.280 0.001 -0.020 -0.005
PTRATIO -0.9527 0.131 -7.283 0.000 -1.210 -0.696
B 0.0093 0.003 3.467 0.001 0.004 0.015
LSTAT -0.5248 0.051 -10.347 0.000 -0.624 -0.425`,
};
