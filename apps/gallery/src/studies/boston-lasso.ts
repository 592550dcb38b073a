import { boston } from '@maru-ml/datasets/boston';
import { LassoCV } from '@maru-ml/linear';
import { lines } from '@maru-ml/plot';
import type { Study } from '../study.ts';

/** A14: how strongly to shrink coefficients, by cross-validation. */
export const bostonLasso: Study = {
  row: 'A14',
  title: 'The lasso with a validated penalty: Boston',
  source: '000, linear regression, 5',
  run(context) {
    const { x, y, featureNames } = boston();
    context.text(
      'The lasso minimizes 1/2n ‖y - Xw‖² + α‖w‖₁, which makes coefficients small and some of them 0. α is chosen by five folds of consecutive rows; the score is the negative mean squared error on the fold left out, columns and values as they are.',
    );
    const alphas = Array.from({ length: 200 }, (_, i) => (i + 1) / 200);
    const model = new LassoCV({ alphas, cv: 5, tol: 1e-8 }).fit(x, y);
    const scores = model.msePath
      .toArray()
      .map((errors) => -errors.reduce((sum, error) => sum + error, 0) / errors.length);
    const best = model.alphas.indexOf(model.alpha);
    context.figure('best α', 0.345, model.alpha, { digits: 2 });
    context.figure('score at the best α', -34.44, scores[best]!, { digits: 2 });
    context.plot(
      lines(
        {
          score: { x: model.alphas, y: scores },
          best: { x: [model.alpha, model.alpha], y: [Math.min(...scores), scores[best]!] },
        },
        { xLabel: 'α', yLabel: 'negative mean squared error', title: 'Validation curve' },
      ),
      'Too small an α fits chance, too large a one misses what is there.',
    );
    const [d, count] = model.coefPath.shape;
    const paths = featureNames.map((name, j) => [
      name,
      { x: model.alphas, y: Array.from({ length: count }, (_, i) => model.coefPath.data[j * count + i]!) },
    ]);
    context.plot(
      lines(Object.fromEntries(paths.slice(0, d)), {
        xLabel: 'α',
        yLabel: 'coefficient',
        xScale: 'log',
        title: 'The path of the coefficients',
      }),
      'From right to left columns come in one by one.',
    );
    context.figure('coefficients that are 0 at the best α', null, model.coef.filter((value) => value === 0).length);
  },
};
