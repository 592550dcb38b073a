import { describe } from '@maru-ml/datasets';
import { iris } from '@maru-ml/datasets/iris';
import { classificationReport, rocCurve } from '@maru-ml/metrics';
import { confusionMatrix, roc } from '@maru-ml/plot';
import { Logit } from '@maru-ml/stats';
import type { Study } from '../study.ts';

/** A16: a logistic regression with its page of inference, of two species of iris. */
export const irisesByLogit: Study = {
  row: 'A16',
  title: 'Logistic regression with inference: two irises',
  source: '000, classification: logistic regression',
  run(context) {
    const { x, y, targetNames } = iris();
    const columns = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];
    const pair = Array.from({ length: 100 }, (_, i) => 50 + i);
    const data = Object.fromEntries(
      columns.map((name, j) => [name, Float64Array.from(pair, (row) => x.data[4 * row + j]!)]),
    );
    const labels = pair.map((row) => targetNames[y[row]!]!);
    context.text('Versicolor and virginica overlap a little, so that a logistic regression has finite coefficients.');
    const model = new Logit().fit(`species ~ ${columns.join(' + ')}`, { ...data, species: labels });
    context.code(String(model.summary()));

    const predicted = model.predict(data) as string[];
    const right = predicted.filter((label, i) => label === labels[i]).length / 100;
    context.figure('accuracy', 0.98, right, { digits: 2 });
    context.code(String(classificationReport(labels, predicted)));
    context.plot(confusionMatrix(labels, predicted), 'One of each is taken for the other.');
    // The second column: how likely a flower is virginica.
    const scores = model.predictProba(data).data.filter((_, at) => at % 2 === 1);
    const curve = rocCurve(labels, Float64Array.from(scores), { posLabel: 'virginica' });
    context.plot(roc({ fpr: curve.fpr, tpr: curve.tpr }), 'A score that finds nearly all before it errs.');
    // The whole set's correlations with the class, which the source prints.
    const summary = describe(iris());
    const printed = [0.7826, -0.4194, 0.949, 0.9565];
    context.table(
      ['', 'source', 'ours'],
      summary.map((feature, j) => [feature.name, printed[j]!, Number(feature.correlation.toFixed(4))]),
    );
    context.erratum(
      '-.4194 belongs to two rows that are wrong in the copy of the source; with Fisher’s own it is -.4267.',
    );
  },
};
