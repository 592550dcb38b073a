import { readCsv } from '@maru-ml/datasets';
import { Linear, l1Loss, mseLoss } from '@maru-ml/nn';
import { minimize, SGD } from '@maru-ml/optim';
import { lines, regression, scatter } from '@maru-ml/plot';
import {
  cast,
  concat,
  matmul,
  mean,
  noGrad,
  ones,
  scope,
  slice,
  square,
  stack,
  std,
  type Tensor,
  tensor,
  valueAndGrad,
} from '@maru-ml/tensor';
import type { Context, Study } from '../study.ts';

/** B2: the cost of a line, gradient descent by formula and by the packages, and several inputs. */
export const linearRegression: Study = {
  row: 'B2',
  title: 'Linear regression: cost, gradient descent, several variables',
  source: '001, linear regression; worked examples 4 and 5',
  async run(context) {
    costGraph(context);
    losses(context);
    hours(context);
    await examScores(context);
  },
};

const X = [1, 2, 3];
const Y = [1, 2, 3];

function costGraph(context: Context): void {
  const cost = (w: number) => X.reduce((sum, x, i) => sum + (w * x - Y[i]!) ** 2, 0) / X.length;
  context.text('The simplest hypothesis is H(x) = Wx; its cost on (1, 1), (2, 2), (3, 3) is the mean of (Wx - y)².');
  context.figure('cost(1)', 0, cost(1), { digits: 2 });
  context.figure('cost(0)', 4.67, cost(0), { digits: 2 });
  context.figure('cost(2), which the slide asks for', null, cost(2));

  // W := W - α/m Σ (Wx - y) x, from the gradient of 1/2m Σ (Wx - y)²
  const path = [3];
  for (let step = 0; step < 12; step++) {
    const w = path.at(-1)!;
    path.push(w - (0.1 / X.length) * X.reduce((sum, x, i) => sum + (w * x - Y[i]!) * x, 0));
  }
  const at = Array.from({ length: 61 }, (_, i) => -1 + i / 15);
  context.plot(
    lines(
      { cost: { x: at, y: at.map(cost) }, descent: { x: path, y: path.map(cost) } },
      { title: 'Cost of W', xLabel: 'W', yLabel: 'cost' },
    ),
    'The cost is convex: descent from W = 3 with α = .1 takes long steps where it is steep and ends at W = 1.',
  );
  context.figure('W after 12 steps from 3', null, path.at(-1)!);

  // The same gradient without the formula.
  const half = (w: Tensor) => mean(square(tensor(X).mul(w).sub(tensor(Y)))).mul(0.5);
  const { grads } = valueAndGrad(half)(tensor(3));
  const formula = X.reduce((sum, x, i) => sum + (3 * x - Y[i]!) * x, 0) / X.length;
  context.figure('gradient at W = 3: formula, then by valueAndGrad', formula.toFixed(4), grads[0]!.item().toFixed(4));
}

/** Worked examples 4 and 5: how the square weighs few large errors against many small ones. */
function losses(context: Context): void {
  const zeros = tensor(new Float32Array(10));
  const far = tensor([0, 0, 0, 2, 0, 0, 0, 2, 0, 0]);
  const near = tensor([1, 0, 1, 0, 0, 1, 0, 0, 1, 0]);
  context.text(
    'Two points of ten that are off by 2 weigh twice as much as four that are off by 1 in the mean square, and as much in the mean absolute error.',
  );
  context.figure('MSE, two points off by 2', 0.8, mseLoss(far, zeros).item(), { digits: 6 });
  context.figure('MSE, four points off by 1', 0.4, mseLoss(near, zeros).item(), { digits: 6 });
  context.figure('MAE, two points off by 2', null, l1Loss(far, zeros).item());
  context.figure('MAE, four points off by 1', null, l1Loss(near, zeros).item());
  // 003 L113-117: y = .5x + 4 against the true 2x + 2 at x = 3.
  context.figure('squared error of .5x + 4 against 2x + 2 at x = 3', 6.25, (0.5 * 3 + 4 - (2 * 3 + 2)) ** 2);
}

/** The slides' five pupils: hours of work, attendance, score. */
function hours(context: Context): void {
  const work = tensor([[10], [9], [3], [2], [11]]);
  const attendance = tensor([[5], [5], [2], [4], [1]]);
  const score = tensor([[90], [80], [50], [60], [40]]);
  context.text(
    'Scores of five pupils by their hours of work, and by hours and attendance. One more column in X is one more weight; the rest of the program stays.',
  );
  const one = fit(work, score, { lr: 0.01, steps: 5000 });
  const two = fit(concat([work, attendance], 1), score, { lr: 0.01, steps: 5000 });
  context.plot(
    regression(
      { x: work, y: score },
      { fit: { slope: one.weights[0]!, intercept: one.bias }, xLabel: 'hours', yLabel: 'score', title: 'Hours only' },
    ),
    `Hours alone say little: score = ${one.weights[0]!.toFixed(2)} hours + ${one.bias.toFixed(1)}.`,
  );
  context.plot(
    scatter({ x: score, y: two.predicted }, { xLabel: 'score', yLabel: 'predicted', title: 'Hours and attendance' }),
    `With attendance: score = ${two.weights[0]!.toFixed(2)} hours + ${two.weights[1]!.toFixed(2)} attendance + ${two.bias.toFixed(1)}.`,
  );
  context.figure('cost with hours only', null, one.cost);
  context.figure('cost with hours and attendance', null, two.cost);
}

/** y = XW + b by gradient descent on the mean squared error, X [n, d]. */
function fit(x: Tensor, y: Tensor, { lr, steps }: { lr: number; steps: number }) {
  const model = new Linear(x.shape[1]!, 1, { seed: 1 });
  const optimizer = new SGD(model.parameters(), { lr });
  const costs: number[] = [];
  for (let step = 0; step < steps; step++) {
    scope(() => {
      optimizer.zeroGrad();
      const cost = mseLoss(model.forward(x), y);
      cost.backward();
      optimizer.step();
      costs.push(cost.item());
    });
  }
  return {
    weights: Array.from(model.weight.toTypedArray()),
    bias: model.bias!.item(),
    predicted: noGrad(() => model.forward(x)).reshape(-1),
    costs,
    cost: costs.at(-1)!,
  };
}

/** Three quizzes and exams to the final score: five rows of the slides, or the course's file of 25. */
async function examScores(context: Context): Promise<void> {
  const { x, y } = await loadScores(context);
  const steps = 2000;
  const raw = fit(x, y, { lr: 1e-5, steps });
  const scaled = x.sub(x.mean(0)).div(std(x, 0));
  const standardized = fit(scaled, y, { lr: 0.1, steps });
  const best = leastSquares(scaled, y);

  context.text(
    'The final score by three scores before it, H(X) = XW + b. With raw scores around 80 the rate must be tiny (1e-5) and the bias hardly moves; with columns of mean 0 and deviation 1 a rate of .1 works.',
  );
  context.plot(
    lines(
      { 'raw scores, rate 1e-5': raw.costs, 'standardized, rate .1': standardized.costs },
      {
        title: 'Cost by step',
        xLabel: 'step',
        yLabel: 'cost',
        xScale: 'log',
        yScale: 'log',
        levels: { 'least squares': best },
      },
    ),
    'Both on logarithmic axes; the dashed line is the best that any line can reach.',
  );
  context.plot(
    scatter(
      { x: y.reshape(-1), y: standardized.predicted },
      { xLabel: 'final score', yLabel: 'predicted', title: 'Final scores' },
    ),
    'Predicted against true scores.',
  );
  context.figure(`cost after ${steps} steps, raw scores`, null, raw.cost);
  context.figure(`cost after ${steps} steps, standardized`, null, standardized.cost);
  context.figure('least possible cost, by L-BFGS', null, best);
}

async function loadScores(context: Context): Promise<{ x: Tensor; y: Tensor }> {
  const file = context.find('lectures/data-01-test-score.csv');
  if (file === null) {
    context.shrunk("Without --data the slides' five rows stand for the course's file of 25.");
    const rows = tensor([
      [73, 80, 75, 152],
      [93, 88, 93, 185],
      [89, 91, 90, 180],
      [96, 98, 100, 196],
      [73, 66, 70, 142],
    ]);
    return { x: slice(rows, [null, [0, 3]]), y: slice(rows, [null, [3, 4]]) };
  }
  const columns = await readCsv(file, { header: false });
  const [quiz1, quiz2, midterm, final] = Object.values(columns).map((column) =>
    tensor(column as Float64Array, { dtype: 'float32' }),
  );
  return { x: stack([quiz1!, quiz2!, midterm!], 1), y: final!.reshape(-1, 1) };
}

/** The least mean squared error of any weights, found by quasi-Newton steps on float64 numbers. */
function leastSquares(x: Tensor, y: Tensor): number {
  const columns = cast(concat([x, ones([x.shape[0]!, 1])], 1), 'float64');
  const target = cast(y, 'float64').reshape(-1);
  const cost = valueAndGrad((w: Tensor) => mean(square(matmul(columns, w).sub(target))));
  const result = minimize(
    (w) => {
      const { value, grads } = cost(tensor(w));
      return { value: value.item(), gradient: grads[0]!.toTypedArray() as Float64Array };
    },
    new Float64Array(columns.shape[1]!),
    { gtol: 1e-9, ftol: 1e-15 },
  );
  return result.value;
}
