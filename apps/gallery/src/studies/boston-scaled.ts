import { bar } from '@maru-ml/plot';
import { OLS } from '@maru-ml/stats';
import { bostonColumns, SCALED } from '../boston-table.ts';
import { comparePage, type PrintedPage } from '../regression-page.ts';
import type { Study } from '../study.ts';

/** A10: standardized columns leave the fit as it is and make the condition number small. */
export const bostonScaled: Study = {
  row: 'A10',
  title: 'Standardized columns: Boston',
  source: '000, linear regression, 2',
  run(context) {
    context.text(
      'With scale(x) for each column the fit is the same, since a column may be multiplied and moved at will; what changes is that coefficients can be compared, and the condition number falls from 15,100 to 10.6.',
    );
    const model = new OLS().fit(SCALED, bostonColumns());
    comparePage(context, model, PRINTED);
    const slopes = model.names.map((name, i) => ({ name, b: model.params[i]!, error: 1.96 * model.bse[i]! })).slice(1);
    slopes.sort((a, b) => Math.abs(b.b) - Math.abs(a.b));
    context.plot(
      bar(
        slopes.map(({ name }) => name),
        slopes.map(({ b }) => b),
        {
          ...{ horizontal: true, errors: slopes.map(({ error }) => error) },
          ...{ xLabel: 'change of MEDV / $1000 for one standard deviation', title: 'Coefficients, the largest first' },
        },
      ),
      'With intervals at 95 %: INDUS and AGE could as well be 0.',
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
    'Cond. No.': '10.6',
  },
  coefficients: `
Intercept 22.3470 0.219 101.943 0.000 21.916 22.778
scale(CRIM) -0.9281 0.282 -3.287 0.001 -1.483 -0.373
scale(ZN) 1.0816 0.320 3.382 0.001 0.453 1.710
scale(INDUS) 0.1409 0.421 0.334 0.738 -0.687 0.969
scale(NOX) -2.0567 0.442 -4.651 0.000 -2.926 -1.188
scale(RM) 2.6742 0.293 9.116 0.000 2.098 3.251
scale(AGE) 0.0195 0.371 0.052 0.958 -0.710 0.749
scale(DIS) -3.1040 0.420 -7.398 0.000 -3.928 -2.280
scale(RAD) 2.6622 0.577 4.613 0.000 1.528 3.796
scale(TAX) -2.0768 0.633 -3.280 0.001 -3.321 -0.833
scale(PTRATIO) -2.0606 0.283 -7.283 0.000 -2.617 -1.505
scale(B) 0.8493 0.245 3.467 0.001 0.368 1.331
scale(LSTAT) -3.7436 0.362 -10.347 0.000 -4.454 -3.033
CHAS 2.6867 0.862 3.118 0.002 0.994 4.380`,
};
