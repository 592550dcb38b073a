import { Random } from '@maru-ml/base';
import { breastCancer } from '@maru-ml/datasets/breast-cancer';
import { diabetes } from '@maru-ml/datasets/diabetes';
import { LinearRegression, LogisticRegression, Ridge } from '@maru-ml/linear';
import {
  classificationReport,
  confusionMatrix as countConfusions,
  falsePositiveRate,
  precisionScore,
  r2Score,
  rocAucScore,
  rocCurve,
  trueNegativeRate,
  truePositiveRate,
} from '@maru-ml/metrics';
import {
  gridSearch,
  learningCurve,
  pipeline,
  trainTestSplit,
  trainValidationTestSplit,
  validationCurve,
} from '@maru-ml/model-selection';
import { confusionMatrix, heatmap, lines, roc } from '@maru-ml/plot';
import { PolynomialFeatures, StandardScaler } from '@maru-ml/preprocessing';
import { SVC } from '@maru-ml/svm';
import type { Context, Study } from '../study.ts';

/** C7: how good a model is, what to measure it on, and which one to choose. */
export const judgingModels: Study = {
  row: 'C7',
  title: 'Model selection: measures, splits, curves',
  source: '002, model selection',
  async run(context) {
    determination(context);
    tumors(context);
    splits(context);
    await curves(context);
    await search(context);
  },
};

function determination(context: Context): void {
  const { x, y } = diabetes();
  context.text(
    'R² is the share of the variation of y that a model explains. The source gives two forms, SSR/SST and 1 - SSE/SST; they agree for least squares with an intercept, on the rows it was fitted to, and only there.',
  );
  const least = new LinearRegression().fit(x, y);
  const ridge = new Ridge({ alpha: 0.1 }).fit(x, y);
  const both = (predicted: Float64Array) =>
    [r2Score(y, predicted, { form: 'regression' }), r2Score(y, predicted)].map((value) => value.toFixed(4));
  const [ssr, sse] = both(least.predict(x));
  context.figure('SSR/SST beside 1 - SSE/SST, least squares', sse!, ssr!);
  const shrunk = both(ridge.predict(x));
  context.figure('the two forms of a shrunken model', 'differ', shrunk[0] === shrunk[1] ? 'agree' : 'differ');
}

function tumors(context: Context): void {
  context.text(
    'Accuracy supposes that classes are of like size. Where one picture of fifty shows a tumor, saying “none” to all is 98 % right and finds no tumor. The confusion matrix tells more.',
  );
  const truth = Array.from({ length: 200 }, (_, i) => (i % 50 === 0 ? 'tumor' : 'none'));
  const never = truth.map(() => 'none');
  context.figure('accuracy of saying none', null, truth.filter((label, i) => label === never[i]).length / 200);
  context.figure('true positive rate of saying none', 0, truePositiveRate(truth, never, { posLabel: 'tumor' }), {
    digits: 2,
  });

  const { x, y, targetNames } = breastCancer();
  const labels = Array.from(y, (code) => targetNames[code]!);
  const { xTrain, xTest, yTrain, yTest } = trainTestSplit(x, labels, { testSize: 0.3, stratify: labels, seed: 3 });
  const model = pipeline(new StandardScaler(), new LogisticRegression({ C: 0.01 })).fit(xTrain, yTrain);
  const predicted = model.predict(xTest);
  context.code(String(classificationReport(yTest, predicted)));
  context.plot(confusionMatrix(yTest, predicted), 'Of the tumors that were set aside.');
  const { tp, fp, fn, tn } = countConfusions(yTest, predicted).rates('malignant');
  const options = { posLabel: 'malignant' };
  context.table(
    ['rate', 'value'],
    [
      ['true positive rate, TP/(TP + FN)', truePositiveRate(yTest, predicted, options)],
      ['true negative rate, TN/(TN + FP)', trueNegativeRate(yTest, predicted, options)],
      ['false positive rate, FP/(FP + TN)', falsePositiveRate(yTest, predicted, options)],
      ['precision, TP/(TP + FP)', precisionScore(yTest, predicted, options)],
      ['F, 2 TP/(2 TP + FP + FN)', (2 * tp) / (2 * tp + fp + fn)],
    ].map(([name, value]) => [name!, Number(Number(value).toFixed(4))]),
  );
  context.erratum(
    'The source’s specificity, TN/(TN + FN), is wrong: it is TN/(TN + FP), which is 1 - false positive rate.',
  );
  const falsePositives = falsePositiveRate(yTest, predicted, options);
  context.figure('specificity + false positive rate', 1, tn / (tn + fp) + falsePositives, { digits: 9 });

  const place = model.classes.indexOf('malignant');
  const table = model.predictProba(xTest);
  const scores = yTest.map((_, i) => table.data[i * model.classes.length + place]!);
  const curve = rocCurve(yTest, scores, { posLabel: 'malignant' });
  context.plot(roc({ fpr: curve.fpr, tpr: curve.tpr }), 'All thresholds at once.');
  const area = rocAucScore(
    yTest.map((label) => label === 'malignant'),
    scores,
  );
  // By rectangles of equal width, as the source's library does it.
  const steps = 2000;
  const riemann =
    Array.from({ length: steps }, (_, k) => rateAt(curve, (k + 0.5) / steps)).reduce((sum, rate) => sum + rate, 0) /
    steps;
  context.figure('area below it: exactly, and by a Riemann sum of 2000 steps', area.toFixed(3), riemann.toFixed(3));
}

/** The true positive rate of a ROC curve at a false positive rate. */
function rateAt({ fpr, tpr }: { fpr: ArrayLike<number>; tpr: ArrayLike<number> }, at: number): number {
  let i = 1;
  while (i < fpr.length - 1 && fpr[i]! < at) i++;
  const width = fpr[i]! - fpr[i - 1]!;
  return width === 0 ? tpr[i]! : tpr[i - 1]! + ((at - fpr[i - 1]!) / width) * (tpr[i]! - tpr[i - 1]!);
}

function splits(context: Context): void {
  const rows = Array.from({ length: 100 }, (_, i) => [i]);
  const two = trainTestSplit(rows, undefined, { testSize: 0.3, seed: 1 });
  const three = trainValidationTestSplit(rows, undefined, { ratio: [5, 3, 2], seed: 1 });
  context.text(
    'Rows are split 7:3, or where options have to be chosen 5:3:2, into those to learn from, to choose by and to judge by.',
  );
  context.figure('7:3 of 100 rows', '70 30', `${two.train.length} ${two.test.length}`);
  context.figure(
    '5:3:2 of 100 rows',
    '50 30 20',
    `${three.train.length} ${three.validation.length} ${three.test.length}`,
  );
}

async function curves(context: Context): Promise<void> {
  const random = new Random(11);
  const x = Array.from({ length: 60 }, () => [random.uniform(-1, 1)]);
  const y = x.map(([at]) => Math.sin(4 * at!) + random.normal(0, 0.25));
  const make = (degree: number) =>
    pipeline(new PolynomialFeatures({ degree, includeBias: false }), new StandardScaler(), new LinearRegression());
  const degrees = Array.from({ length: 12 }, (_, i) => i + 1);
  const curve = await validationCurve(make, degrees, x, y, { cv: 5, scoring: 'negMeanSquaredError' });
  const mean = (row: readonly number[]) => -row.reduce((sum, score) => sum + score, 0) / row.length;
  const errors = { training: curve.trainScores.toArray().map(mean), validation: curve.testScores.toArray().map(mean) };
  context.text(
    'A stiff model errs in the same way everywhere (bias), a supple one follows chance (variance). The error on training rows always falls with the degree of a polynomial; that on rows left out turns.',
  );
  context.plot(
    lines(errors, {
      x: degrees,
      xLabel: 'degree',
      yLabel: 'mean squared error',
      yScale: 'log',
      title: 'Validation curve',
    }),
    'Left: bias. Right: variance.',
  );
  const best = errors.validation.indexOf(Math.min(...errors.validation)) + 1;
  context.figure('best degree by five folds', null, best);
  const sizes = [0.15, 0.3, 0.5, 0.75, 1];
  for (const [name, degree] of [
    ['stiff (degree 1)', 1],
    ['right', best],
    ['supple (degree 12)', 12],
  ] as const) {
    const learned = await learningCurve(make(degree), x, y, {
      cv: 5,
      trainSizes: sizes,
      shuffle: true,
      seed: 2,
      scoring: 'negMeanSquaredError',
    });
    context.plot(
      lines(
        { training: learned.trainScores.toArray().map(mean), validation: learned.testScores.toArray().map(mean) },
        {
          x: [...learned.values],
          xLabel: 'rows to learn from',
          yLabel: 'mean squared error',
          yScale: 'log',
          title: `Learning curve, ${name}`,
        },
      ),
      degree === 1 ? 'More rows do not help.' : degree === 12 ? 'More rows are what it needs.' : 'The two meet low.',
    );
  }
}

/** Two options chosen at once, judged by rows that had no part in it. */
async function search(context: Context): Promise<void> {
  const { x, y, targetNames } = breastCancer();
  const labels = Array.from(y, (code) => targetNames[code]!);
  const { xTrain, xTest, yTrain, yTest } = trainTestSplit(x, labels, { testSize: 0.3, stratify: labels, seed: 3 });
  const grid = { C: [0.1, 1, 10, 100], gamma: [0.0001, 0.001, 0.01, 0.1] };
  const found = await gridSearch((options) => pipeline(new StandardScaler(), new SVC(options)), grid, {
    cv: 5,
  }).fitAsync(xTrain, yTrain);
  context.text(
    'Options that work together are searched together: every pair of C and γ of a support vector machine by five folds of the rows to learn from. The best is then fitted to all of them, and judged once, by the rows that were set aside.',
  );
  context.code(String(found));
  const scores = grid.C.map((C) =>
    grid.gamma.map(
      (gamma) => found.candidates.find(({ params }) => params.C === C && params.gamma === gamma)!.meanTestScore,
    ),
  );
  context.plot(
    heatmap(scores, {
      ...{ rowLabels: grid.C.map(String), columnLabels: grid.gamma.map(String), xLabel: 'γ', yLabel: 'C', print: true },
      ...{ title: 'Mean accuracy over five folds', valueLabel: 'accuracy' },
    }),
    'A ridge: a larger C goes with a smaller γ.',
  );
  context.figure('accuracy of the best, five folds', null, found.bestScore);
  context.figure('accuracy of the best, set aside', null, found.bestModel.score(xTest, yTest));
}
