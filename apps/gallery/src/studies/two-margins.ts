import { iris } from '@maru-ml/datasets/iris';
import { classificationReport } from '@maru-ml/metrics';
import { confusionMatrix, margins } from '@maru-ml/plot';
import { SVC } from '@maru-ml/svm';
import type { Study } from '../study.ts';

/** A21: what C does to the margin of a support vector machine. */
export const twoMargins: Study = {
  row: 'A21',
  title: 'A support vector machine: narrow and wide margins',
  source: '000, classification: support vector machine',
  run(context) {
    const { x: all, y: codes, targetNames } = iris();
    // Petal length and width of versicolor and virginica.
    const rows = Array.from({ length: 100 }, (_, i) => [2, 3].map((j) => all.data[4 * (50 + i) + j]!));
    const y = rows.map((_, i) => targetNames[codes[50 + i]!]!);
    context.text(
      'The line between two classes is drawn so that the margin to either side is as wide as possible; C is the price of a flower inside the margin or beyond the line. A high price makes the margin narrow, a low one wide.',
    );
    const widths = [10, 0.1].map((C) => {
      const model = new SVC({ kernel: 'linear', C }).fit(rows, y);
      const [width] = model.margin;
      context.plot(
        margins((grid) => model.decisionFunction(grid) as Float64Array, rows, y, {
          ...{ support: model.support, title: `C = ${C}`, xLabel: 'petal length / cm', yLabel: 'petal width / cm' },
        }),
        `${model.support.length} support vectors, from the line to the margin ${width!.toFixed(2)} cm.`,
      );
      context.figure(`accuracy, C = ${C}`, 0.95, model.score(rows, y), { digits: 2 });
      if (C === 10) {
        const predicted = model.predict(rows);
        context.code(String(classificationReport(y, predicted)));
        context.plot(confusionMatrix(y, predicted), 'The flowers beyond the line.');
      }
      return width!;
    });
    context.erratum(
      'With C = .1 three flowers (4.8 cm by 1.8 cm, or as far) lie exactly on the line at the optimum: .95 counts them on the right side, where a solver’s rounding put them. Ours come to lie on the other, hence .94, as do those of LIBSVM with any tolerance below its default of .001.',
    );
    context.figure('margin with C = 10', 'narrower', widths[0]! < widths[1]! ? 'narrower' : 'wider');
  },
};
