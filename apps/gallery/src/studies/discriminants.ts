import { iris } from '@maru-ml/datasets/iris';
import { LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis } from '@maru-ml/linalg';
import { confusionMatrix, decisionRegions, scatter } from '@maru-ml/plot';
import type { Context, Study } from '../study.ts';
import { threeClouds } from '../three-clouds.ts';

/** A17: classes as normal clouds, with a common covariance (lines between them) or one each (curves). */
export const discriminants: Study = {
  row: 'A17',
  title: 'LDA and QDA: classes as normal clouds',
  source: '000, classification: LDA, QDA',
  run(context) {
    irises(context);
    clouds(context);
  },
};

function irises(context: Context): void {
  const { x, y, targetNames } = iris();
  const names = Array.from(y, (label) => targetNames[label]!);
  const model = new LinearDiscriminantAnalysis().fit(x, names);
  const predicted = model.predict(x);
  const counts = model.classes.map((truth) =>
    model.classes.map((taken) => predicted.filter((label, i) => names[i] === truth && label === taken).length),
  );
  context.text(
    'Linear discriminant analysis takes each class for a normal cloud, all of one covariance. Where two clouds are equally dense there is a line. On the 150 irises it learnt from, it takes three for another species:',
  );
  context.figure('confusion matrix of LDA', '[[50,0,0],[0,48,2],[0,1,49]]', JSON.stringify(counts));
  context.figure('accuracy of LDA', 0.98, model.score(x, names), { digits: 2 });
  context.plot(confusionMatrix(names, predicted), 'Setosa is apart, the others touch.');
  const z = model.transform(x);
  context.plot(
    scatter(z, {
      groups: names,
      xLabel: 'first discriminant',
      yLabel: 'second discriminant',
      title: 'Four columns in two',
    }),
    `The directions that keep classes apart; the first holds ${(100 * model.explainedVarianceRatio[0]!).toFixed(1)} % of the variance between them.`,
  );
}

function clouds(context: Context): void {
  const x = { data: Float64Array.from(threeClouds, (value) => value / 1e6), shape: [300, 2] as const };
  const y = Array.from({ length: 300 }, (_, i) => `class ${1 + Math.floor(i / 100)}`);
  context.text(
    'Quadratic discriminant analysis gives each class a covariance of its own, and curves between them. The three clouds are the source’s own 300 points (NumPy, seed 0).',
  );
  const options = { xDomain: [-5, 5] as const, yDomain: [-4, 5] as const, xLabel: 'x1', yLabel: 'x2', resolution: 200 };
  for (const [name, model] of [
    ['QDA', new QuadraticDiscriminantAnalysis().fit(x, y)],
    ['LDA', new LinearDiscriminantAnalysis().fit(x, y)],
  ] as const) {
    context.plot(
      decisionRegions((grid) => model.predict(grid), x, y, { ...options, title: `${name} result` }),
      name === 'QDA' ? 'The border of class 1 bends around it.' : 'With one covariance for all, borders are straight.',
    );
    context.figure(`accuracy of ${name} on its 300 points`, null, model.score(x, y));
  }
}
