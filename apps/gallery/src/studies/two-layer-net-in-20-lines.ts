import { Random } from '@maru-ml/base';
import { Linear, Sequential, Sigmoid } from '@maru-ml/nn';
import { lines } from '@maru-ml/plot';
import {
  assign,
  grad,
  matmul,
  noGrad,
  rand,
  randn,
  resident,
  scope,
  sigmoid,
  square,
  sub,
  type Tensor,
} from '@maru-ml/tensor';
import type { Context, Study } from '../study.ts';

/** E3: a net forward, and a net trained in twenty lines without any help. */
export const twoLayerNetIn20Lines: Study = {
  row: 'E3',
  title: 'A three-layer forward pass, and a two-layer net trained in 20 lines',
  source: '004 L240-290',
  run(context) {
    forward(context);
    withoutActivation(context);
    twentyLines(context);
  },
};

function forward(context: Context): void {
  context.text('Forward through three layers, 3-4-4-1, with sigmoids between them: written out, and as modules.');
  const seed = new Random(1);
  const f = sigmoid;
  const x = randn([3, 1], { seed }); // random input vector of three numbers
  const net = new Sequential(
    new Linear(3, 4, { seed }),
    new Sigmoid(),
    new Linear(4, 4, { seed }),
    new Sigmoid(),
    new Linear(4, 1, { seed }),
  );
  const [W1, b1, W2, b2, W3, b3] = net.parameters().map((p) => (p.ndim === 1 ? p.reshape(-1, 1) : p)) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const h1 = f(matmul(W1, x).add(b1)); // first hidden layer (4x1)
  const h2 = f(matmul(W2, h1).add(b2)); // second hidden layer (4x1)
  const out = matmul(W3, h2).add(b3); // output neuron (1x1)
  const shapes = [x, h1, h2, out].map(({ shape }) => shape.join('x')).join(' → ');
  context.figure('shapes', '3x1 → 4x1 → 4x1 → 1x1', shapes);
  const modules = net.forward(x.reshape(1, 3)).item();
  context.figure('largest difference from the same net of modules', null, Math.abs(out.item() - modules));
}

/** W₂W₁x = W₃x: layers without an activation between them are one layer. */
function withoutActivation(context: Context): void {
  const seed = new Random(2);
  const [W1, W2, x] = [randn([50, 20], { seed }), randn([10, 50], { seed }), randn([20, 100], { seed })];
  const two = matmul(W2, matmul(W1, x));
  const one = matmul(matmul(W2, W1), x);
  const error = Math.max(...two.sub(one).toTypedArray().map(Math.abs)) / Math.max(...two.toTypedArray().map(Math.abs));
  context.text('Why activations: without one, W₂(W₁x) = (W₂W₁)x, so two layers can do no more than one.');
  context.figure('W₂(W₁x) against (W₂W₁)x, largest relative difference (float32)', null, error);
}

const [N, D_IN, H, D_OUT] = [64, 1000, 100, 10];
const STEPS = 2000;

function twentyLines(context: Context): void {
  context.text(
    `The program of the notes: ${N} random rows of ${D_IN} numbers, ${H} sigmoid units, ${D_OUT} random targets, no bias, squared error, gradients by hand, ${STEPS} steps with rate 1e-4. With more parameters than numbers to learn, it learns them by heart.`,
  );
  const curves = {
    'w1 = rand': train(context, 'rand'),
    'w1 = randn': train(context, 'randn'),
  };
  context.plot(
    lines(curves, { yScale: 'log', xLabel: 'step', yLabel: 'squared error', title: 'Loss' }),
    'Sums of a thousand inputs saturate most sigmoids at once, so mainly the second layer learns.',
  );
  for (const [name, losses] of Object.entries(curves)) {
    context.figure(`loss at step 0, ${name}`, null, losses[0]!);
    context.figure(`loss at step ${STEPS - 1}, ${name}`, null, losses.at(-1)!);
  }
  context.figure('largest difference of gradients by hand and by backward', null, gradientDifference());
  context.erratum(
    'The program imports only randn from numpy.random but draws w1 with rand, so it ends with a NameError. Both ways of drawing are shown; rand gives weights from [0, 1), all positive.',
  );
}

/** The twenty lines. */
function train(context: Context, start: 'rand' | 'randn'): number[] {
  const seed = new Random(3);
  // Resident: where kernels reach them without copies.
  const [x, y] = [resident(randn([N, D_IN], { seed })), randn([N, D_OUT], { seed })];
  const w1 = resident(start === 'rand' ? rand([D_IN, H], { seed }) : randn([D_IN, H], { seed }));
  const w2 = resident(randn([H, D_OUT], { seed }));
  const losses: number[] = [];
  for (let t = 0; t < STEPS; t++) {
    scope(() => {
      const h = sigmoid(matmul(x, w1));
      const yPred = matmul(h, w2);
      losses.push(square(sub(yPred, y)).sum().item());

      const gradYPred = sub(yPred, y).mul(2);
      const gradW2 = matmul(h, gradYPred, { transA: true });
      const gradH = matmul(gradYPred, w2, { transB: true });
      const gradW1 = matmul(x, gradH.mul(h).mul(sub(1, h)), { transA: true });
      assign(w1, w1.sub(gradW1.mul(1e-4)));
      assign(w2, w2.sub(gradW2.mul(1e-4)));
    });
    if (t % 50 === 0) context.progress(t / STEPS, `${start}: loss ${losses.at(-1)!.toFixed(2)}`);
  }
  return losses;
}

/** The gradients of the first step by the four lines and by `grad`, in float64. */
function gradientDifference(): number {
  const [seed, dtype] = [new Random(3), 'float64' as const];
  const [x, y] = [randn([N, D_IN], { seed, dtype }), randn([N, D_OUT], { seed, dtype })];
  const w1 = randn([D_IN, H], { seed, dtype, requiresGrad: true });
  const w2 = randn([H, D_OUT], { seed, dtype, requiresGrad: true });
  const h = sigmoid(matmul(x, w1));
  const yPred = matmul(h, w2);
  const [auto1, auto2] = grad(square(sub(yPred, y)).sum(), [w1, w2], { retainGraph: true });
  return noGrad(() => {
    const gradYPred = sub(yPred, y).mul(2);
    const byHand2 = matmul(h, gradYPred, { transA: true });
    const gradH = matmul(gradYPred, w2, { transB: true });
    const byHand1 = matmul(x, gradH.mul(h).mul(sub(1, h)), { transA: true });
    const differences = [byHand1.sub(auto1!), byHand2.sub(auto2!)].map((d) => square(d).sum().item());
    return Math.sqrt(differences[0]! + differences[1]!);
  });
}
