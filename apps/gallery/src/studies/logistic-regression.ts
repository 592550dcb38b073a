import { readCsv } from '@maru-ml/datasets';
import { LinearRegression, LogisticRegression } from '@maru-ml/linear';
import { logLoss } from '@maru-ml/metrics';
import { trainTestSplit } from '@maru-ml/model-selection';
import { bar, lines } from '@maru-ml/plot';
import { MinMaxScaler, StandardScaler } from '@maru-ml/preprocessing';
import { softmax, tensor } from '@maru-ml/tensor';
import { animals } from '../animals.ts';
import type { Context, Study } from '../study.ts';

/** B3: from a line to probabilities, why columns are scaled, and seven kinds of animals. */
export const logisticRegression: Study = {
  row: 'B3',
  title: 'Logistic and softmax classification, scaling of columns',
  source: '001, logistic classification, multinomial classification, preprocessing; worked example 6',
  async run(context) {
    passed(context);
    probabilities(context);
    grades(context);
    scaling(context);
    await zoo(context);
  },
};

function passed(context: Context): void {
  const hours = [1, 2, 3, 4, 5, 6];
  const pass = [0, 0, 0, 1, 1, 1];
  const rows = hours.map((hour) => [hour]);
  context.text(
    'Hours of study, and whether the exam was passed. A line goes below 0 and above 1; the logistic function of a line does not, and is read as a probability. Above .5 the answer is yes.',
  );
  const line = new LinearRegression().fit(rows, pass);
  const curve = new LogisticRegression({ C: 10 }).fit(rows, pass);
  const at = Array.from({ length: 81 }, (_, i) => i / 8 - 1);
  const grid = at.map((hour) => [hour]);
  const chances = curve.predictProba(grid).data;
  context.plot(
    lines(
      {
        line: { x: at, y: line.predict(grid) },
        logistic: { x: at, y: at.map((_, i) => chances[2 * i + 1]!) },
        passed: { x: hours, y: pass },
      },
      { xLabel: 'hours', yLabel: 'passed', levels: { '.5': 0.5 }, title: 'A line and a probability' },
    ),
    'Both say yes from three and a half hours on, but only one of them says how sure it is.',
  );
  context.figure('answers of the logistic regression', '0 0 0 1 1 1', curve.predict(rows).join(' '));
  // One student of 50 hours tilts the line, so that four hours are no longer enough.
  const tilted = new LinearRegression().fit([...rows, [50]], [...pass, 1]);
  context.figure(
    'the line at 4 hours, with a student of 50 hours',
    'below .5',
    tilted.predictOne([4]) < 0.5 ? 'below .5' : 'above .5',
  );
  context.figure(
    'the logistic regression then',
    '0 0 0 1 1 1',
    new LogisticRegression({ C: 10 })
      .fit([...rows, [50]], [...pass, 1])
      .predict(rows)
      .join(' '),
  );
}

/** Worked example 6. */
function probabilities(context: Context): void {
  const scores = [2, 1, 0.1];
  const p = softmax(tensor(scores, { dtype: 'float64' })).toArray() as number[];
  context.text(
    'Scores of several classes become probabilities by the softmax, e^s / Σ e^s; the cross-entropy is -log of that of the right class.',
  );
  for (const [i, printed] of [0.7, 0.2, 0.1].entries())
    context.figure(`softmax of ${scores[i]} among 2, 1 and .1`, printed, p[i]!, { digits: 1 });
  context.figure(
    'cross-entropy where B is right and B is said',
    0,
    Math.abs(
      logLoss(
        ['B', 'A'],
        [
          [0, 1],
          [1, 0],
        ],
      ),
    ),
    { digits: 6 },
  );
  context.figure(
    'cross-entropy where B is right and A is said',
    '∞',
    -Math.log(0) === Number.POSITIVE_INFINITY ? '∞' : 'finite',
  );
}

function grades(context: Context): void {
  const x = [
    [10, 5],
    [9, 5],
    [3, 2],
    [2, 4],
    [11, 1],
  ];
  const y = ['A', 'A', 'B', 'B', 'C'];
  const model = new LogisticRegression({ C: 100 }).fit(x, y);
  context.text(
    'Hours and attendance of five students, and their grades: three lines, one for each grade against the others, at once.',
  );
  context.figure('grades', 'A A B B C', model.predict(x).join(' '));
  context.table(
    ['hours, attendance', ...model.classes],
    model
      .predictProba(x)
      .toArray()
      .map((row, i) => [x[i]!.join(', '), ...row.map((value) => value.toFixed(3))]),
  );
}

function scaling(context: Context): void {
  const raw = [
    [1, 9000],
    [2, -5000],
    [4, -2000],
    [6, 8000],
    [9, 9000],
  ];
  context.text(
    'Columns of very different sizes make the cost a narrow valley, in which gradient descent goes to and fro. Normalization, (x - min) / (max - min), and standardization, (x - mean) / deviation, make it round.',
  );
  const y = [1, 2, 4, 6, 9].map((value, i) => value + raw[i]![1]! / 3000);
  const steps = 60;
  const descents: Record<string, number[]> = {};
  for (const [name, rows] of Object.entries({
    'as they are': raw,
    normalized: new MinMaxScaler().fit(raw).transform(raw).toArray(),
    standardized: new StandardScaler().fit(raw).transform(raw).toArray(),
  })) {
    descents[name] = descent(rows, y, steps);
  }
  context.plot(
    lines(descents, {
      xLabel: 'step',
      yLabel: 'cost',
      yScale: 'log',
      title: 'Gradient descent, each at the rate that suits it best',
    }),
    'As they are, the columns allow only a tiny rate, at which the small column is never learned.',
  );
  const last = (name: string) => descents[name]!.at(-1)!;
  context.figure(
    'cost after 60 steps: standardized beside as they are',
    'smaller',
    last('standardized') < last('as they are') ? 'smaller' : 'larger',
  );
  const scaled = new StandardScaler().fit(raw).transform(raw).toArray();
  context.table(
    ['x1, x2', 'zero-centered', 'standardized'],
    raw.map((row, i) => [
      row.join(', '),
      `${(row[0]! - 4.4).toFixed(1)}, ${row[1]! - 3800}`,
      scaled[i]!.map((value) => value.toFixed(2)).join(', '),
    ]),
  );
}

/** The cost of a linear model by steps of gradient descent, at 1 / the largest curvature. */
function descent(rows: readonly (readonly number[])[], y: readonly number[], steps: number): number[] {
  const n = rows.length;
  const columns = rows.map((row) => [1, ...row]);
  const w = columns[0]!.map(() => 0);
  // The largest eigenvalue of XᵀX / n is at most its trace.
  const trace = columns.reduce((sum, row) => sum + row.reduce((squares, value) => squares + value * value, 0), 0) / n;
  const costs: number[] = [];
  for (let step = 0; step < steps; step++) {
    const errors = columns.map((row, i) => row.reduce((sum, value, j) => sum + value * w[j]!, 0) - y[i]!);
    costs.push(errors.reduce((sum, error) => sum + error * error, 0) / n);
    for (let j = 0; j < w.length; j++)
      w[j]! -= columns.reduce((sum, row, i) => sum + row[j]! * errors[i]!, 0) / n / trace;
  }
  return costs;
}

async function zoo(context: Context): Promise<void> {
  const file = context.find('lectures/data-04-zoo.csv');
  if (file === null)
    context.shrunk('Without --data a few dozen animals written down here stand for the 101 of the zoo.');
  const { x, y } =
    file === null ? animals() : fromColumns(await readCsv(file, { header: false, comment: '#', ragged: 'fill' }));
  const { xTrain, xTest, yTrain, yTest } = { ...trainTestSplit(x, y, { testSize: 0.3, stratify: y, seed: 1 }) };
  const model = new LogisticRegression({ C: 10 }).fit(xTrain, yTrain);
  context.text(
    'Animals by sixteen attributes (hair, feathers, eggs, legs…) into seven kinds, by softmax regression; 70 % to learn from, 30 % to be judged by.',
  );
  context.figure('accuracy on animals that it learnt from', null, model.score(xTrain, yTrain));
  context.figure('accuracy on animals that it has not seen', null, model.score(xTest, yTest));
  const counts = model.classes.map((label) => y.filter((other) => other === label).length);
  context.plot(
    bar(model.classes.map(String), counts, { yLabel: 'animals', xLabel: 'kind', title: 'Kinds of animals' }),
    'Most are mammals (0).',
  );
}

function fromColumns(columns: Record<string, ArrayLike<unknown>>): { x: number[][]; y: number[] } {
  const table = Object.values(columns);
  const n = table[0]!.length;
  const rows = Array.from({ length: n }, (_, i) => table.map((column) => Number(column[i])));
  return { x: rows.map((row) => row.slice(0, 16)), y: rows.map((row) => row[16]!) };
}
