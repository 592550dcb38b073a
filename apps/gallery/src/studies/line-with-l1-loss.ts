import { makeLinear } from '@maru-ml/datasets';
import { Linear, l1Loss } from '@maru-ml/nn';
import { SGD } from '@maru-ml/optim';
import { lines, regression } from '@maru-ml/plot';
import { concat, matmul, ones, scope, tensor } from '@maru-ml/tensor';
import type { Study } from '../study.ts';

const EPOCHS = 1000;

/** D1: one neuron finds y = 2x + 3 by gradient descent, beside the closed form. */
export const lineWithL1Loss: Study = {
  row: 'D1',
  title: 'y = 2x + 3 with noise: Linear(1, 1), L1 loss, gradient descent',
  source: '003 L80-330',
  run(context) {
    // A thousand points, x uniform in (-10, 10), noise of standard deviation .2.
    const data = makeLinear({ nSamples: 1000, range: [-10, 10], coef: 2, intercept: 3, noise: 0.2, seed: 1 });
    const x = tensor(data.x.data, { dtype: 'float32' }).reshape(-1, 1);
    const y = tensor(data.y, { dtype: 'float32' }).reshape(-1, 1);

    const model = new Linear(1, 1, { seed: 2 });
    const optimizer = new SGD(model.parameters(), { lr: 0.01 });
    const losses: number[] = [];
    for (let epoch = 0; epoch < EPOCHS; epoch++) {
      losses.push(
        scope(() => {
          optimizer.zeroGrad();
          const loss = l1Loss(model.forward(x), y);
          loss.backward();
          optimizer.step();
          return loss.item();
        }),
      );
      context.progress((epoch + 1) / EPOCHS, `loss ${losses.at(-1)!.toFixed(3)}`);
    }
    const [w, b] = [model.weight.item(), model.bias!.item()];

    context.text(
      'A thousand points on y = 2x + 3 with normal noise (σ = .2); a single neuron, the mean absolute error, and 1,000 steps of gradient descent with learning rate .01 on all points at once.',
    );
    context.plot(
      lines(losses, { xLabel: 'epoch', yLabel: 'mean absolute error', yScale: 'log', title: 'Loss' }),
      'The slope is found within a few steps, since its gradient is multiplied by x; the intercept moves .01 a step at most and takes the rest.',
    );
    context.plot(
      regression(
        { x: data.x.data.subarray(0, 300), y: data.y.subarray(0, 300) },
        { fit: { slope: w, intercept: b }, title: 'The line, and 300 of the 1,000 points' },
      ),
      `y = ${w.toFixed(3)} x + ${b.toFixed(3)}.`,
    );
    context.figure('slope', 2, w, { digits: 1 });
    context.figure('intercept', 3, b, { digits: 1 });
    context.figure('loss (the noise alone has a mean of .2 √(2/π) = .1596)', null, losses.at(-1)!);

    // The closed form w = (XᵀX)⁻¹Xᵀy with a column of ones for the intercept; the inverse of 2 x 2 by hand.
    const design = concat([x, ones([1000, 1])], 1);
    const [[xx, sx], [, n]] = matmul(design, design, { transA: true }).toArray() as [
      [number, number],
      [number, number],
    ];
    const [[xy], [sy]] = matmul(design, y, { transA: true }).toArray() as [[number], [number]];
    const determinant = xx * n - sx * sx;
    context.text(
      'Least squares has a closed form, (XᵀX)⁻¹Xᵀy; with one column and an intercept it is two divisions. The absolute error has none, which is why it is descended.',
    );
    context.figure('slope by the closed form', 2, (n * xy - sx * sy) / determinant, { digits: 1 });
    context.figure('intercept by the closed form', 3, (xx * sy - sx * xy) / determinant, { digits: 1 });
    context.erratum(
      'The slide says that the cost of the closed form, O(n³), grows exponentially. It grows as a polynomial, and up to some thousand columns the closed form is quick.',
    );
  },
};
