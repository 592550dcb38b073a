import { Random } from '@maru-ml/base';
import { Linear, l1Loss, type Module, ReLU, Sequential } from '@maru-ml/nn';
import { Adam, type Optimizer, SGD } from '@maru-ml/optim';
import { lines, regression } from '@maru-ml/plot';
import { linspace, noGrad, scope, type Tensor, tensor } from '@maru-ml/tensor';
import type { Context, Study } from '../study.ts';

const EPOCHS = 5000;

/** D2: a net of 1-10-6-1 rectifiers bends a line into a parabola. */
export const parabolaByANet: Study = {
  row: 'D2',
  title: '8x² + 7x + 3 by a net of 1-10-6-1 rectifiers',
  source: '003 L1160-1330',
  run(context) {
    // A thousand points, x uniform in (-15, 15), noise of standard deviation 1.
    const random = new Random(1);
    const points = Array.from({ length: 1000 }, () => random.uniform(-15, 15));
    const values = points.map((x) => 8 * x ** 2 + 7 * x + 3 + random.normal());
    const [x, y] = [tensor(points).reshape(-1, 1), tensor(values).reshape(-1, 1)];

    context.text(
      `The document's net: Linear(1, 10), ReLU, Linear(10, 6), ReLU, Linear(6, 1), the mean absolute error, ${EPOCHS.toLocaleString('en-US')} steps of gradient descent on all 1,000 points with learning rate .001. What such a net computes is a line with bends, at most one for each way in which its rectifiers switch.`,
    );
    const net = makeNet();
    const losses = train(context, net, x, y, new SGD(net.parameters(), { lr: 0.001 }), 'SGD');
    const other = makeNet();
    const adamLosses = train(context, other, x, y, new Adam(other.parameters(), { lr: 0.01 }), 'Adam');

    context.plot(
      lines(
        { 'SGD .001 (the document)': losses, 'Adam .01 (ours)': adamLosses },
        { yScale: 'log', xLabel: 'epoch', yLabel: 'mean absolute error', title: 'Loss' },
      ),
      'The slope of |error| does not shrink near the minimum, so steps of a fixed size end in a jitter around it.',
    );
    for (const [name, model] of [
      ['SGD', net],
      ['Adam', other],
    ] as const) {
      const predict = (at: number) => noGrad(() => model.forward(tensor([[at]])).item());
      context.plot(
        regression({ x: points, y: values }, { fit: predict, title: `The net after ${name}` }),
        `${bends(model)} bends make a parabola of straight pieces.`,
      );
    }
    context.figure('absolute error at the start', null, losses[0]!);
    context.figure('absolute error after 5,000 epochs', null, losses.at(-1)!);
    context.figure('the same with Adam', null, adamLosses.at(-1)!);
    context.figure('the noise alone, √(2/π)', null, Math.sqrt(2 / Math.PI));
  },
};

function makeNet(): Sequential {
  const seed = new Random(2);
  return new Sequential(
    new Linear(1, 10, { seed }),
    new ReLU(),
    new Linear(10, 6, { seed }),
    new ReLU(),
    new Linear(6, 1, { seed }),
  );
}

function train(
  context: Context,
  model: Module,
  x: Tensor,
  y: Tensor,
  optimizer: Pick<Optimizer, 'step' | 'zeroGrad'>,
  name: string,
): number[] {
  const losses: number[] = [];
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const loss = scope(() => {
      optimizer.zeroGrad();
      const loss = l1Loss(model.forward(x), y);
      loss.backward();
      optimizer.step();
      return loss.item();
    });
    losses.push(loss);
    if (epoch % 50 === 0) context.progress(epoch / EPOCHS, `${name}: loss ${loss.toFixed(1)}`);
  }
  return losses;
}

/** How often the slope of what the net computes changes between -15 and 15. */
function bends(model: Module): number {
  const y = noGrad(() => model.forward(linspace(-15, 15, 1501).reshape(-1, 1))).toTypedArray();
  const slopes = Array.from({ length: 1500 }, (_, i) => (y[i + 1]! - y[i]!) / 0.02);
  // A bend within a step shows in two changes of slope, so places next to each other count once.
  const changes = slopes.map((slope, i) => i > 0 && Math.abs(slope - slopes[i - 1]!) > 0.5);
  return changes.filter((change, i) => change && !changes[i - 1]).length;
}
