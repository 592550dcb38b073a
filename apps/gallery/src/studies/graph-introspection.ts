import { Linear, Module, nllLoss } from '@maru-ml/nn';
import { SGD } from '@maru-ml/optim';
import { graph } from '@maru-ml/plot';
import { type GradNode, graphOf, interpolate, logSoftmax, relu, type Tensor } from '@maru-ml/tensor';
import { handwriting } from '../handwriting.ts';
import type { Context, Study } from '../study.ts';

/** A6: what a loss was computed by, and what each phase of a training step changes. */
export const graphIntrospection: Study = {
  row: 'A6',
  title: 'Looking at the graph, and at one training step phase by phase',
  source: '000, matrix derivative (5) "with PyTorch"',
  async run(context) {
    const { x, y } = await loadBatch(context, 100);
    const net = new NeuralNet(784, 500, 10);
    const lr = 0.001;
    const optimizer = new SGD(net.parameters(), { lr });

    const loss = nllLoss(logSoftmax(net.forward(x)), y);
    showGraph(context, loss);
    const shapes = net.parameters().map((p) => `[${p.shape.join(', ')}]`);
    context.figure('shapes of the parameters', '[500, 784], [500, 500], [500, 500], [10, 500]', shapes.join(', '));

    const before = look(net);
    optimizer.zeroGrad();
    const zeroed = look(net);
    loss.backward();
    const backward = look(net);
    optimizer.step();
    const stepped = look(net);
    showPhases(context, { before, zeroed, backward, stepped }, lr);
  },
};

/** The source's net: four layers without biases. */
class NeuralNet extends Module {
  fc1: Linear;
  fc2: Linear;
  fc3: Linear;
  fc4: Linear;

  constructor(inputs: number, hidden: number, classes: number) {
    super();
    this.fc1 = new Linear(inputs, hidden, { bias: false, seed: 1 });
    this.fc2 = new Linear(hidden, hidden, { bias: false, seed: 2 });
    this.fc3 = new Linear(hidden, hidden, { bias: false, seed: 3 });
    this.fc4 = new Linear(hidden, classes, { bias: false, seed: 4 });
  }

  override forward(x: Tensor): Tensor {
    let out = relu(this.fc1.forward(x));
    out = relu(this.fc2.forward(out));
    out = relu(this.fc3.forward(out));
    return this.fc4.forward(out);
  }
}

/** The source's names of the operations, from its version of PyTorch. */
const SOURCE_NAMES: Record<string, string> = { logSoftmax: 'LogSoftmax', linear: 'Mm', relu: 'Relu' };

function showGraph(context: Context, loss: Tensor): void {
  // From the loss back to the pictures: each node knows the nodes that its inputs came from.
  const chain: string[] = [];
  for (let node: GradNode | null = loss.gradFn; node !== null && node.variable === null; node = node.next[0] ?? null) {
    chain.push(node.name);
  }
  context.text(
    'Each tensor that was computed holds its operation as gradFn, and each operation in next those that its inputs came from: the way that gradients go back. The loss -log p of the right class is written with several operations here and is one in the source; from the softmax on the two are the same.',
  );
  context.code(chain.join('\n'));
  const fromSoftmax = chain.slice(chain.indexOf('logSoftmax'));
  context.figure(
    'operations from the softmax back',
    'LogSoftmax Mm Relu Mm Relu Mm Relu Mm',
    fromSoftmax.map((name) => SOURCE_NAMES[name] ?? name).join(' '),
  );
  context.plot(
    graph(graphOf(loss), { title: 'The graph of the loss' }),
    'Operations with the shapes of their results, and the parameters at the ends.',
  );
}

/** The mean gradient and weight of each layer, and all weights. */
function look(net: NeuralNet) {
  return net.namedParameters().map(([name, p]) => ({
    layer: name.replace('.weight', ''),
    gradient: p.grad === null ? 0 : mean(p.grad.toTypedArray()),
    weight: mean(p.toTypedArray()),
    weights: p.toTypedArray(),
  }));
}

type Look = ReturnType<typeof look>;

function showPhases(context: Context, phases: Record<'before' | 'zeroed' | 'backward' | 'stepped', Look>, lr: number) {
  const { before, zeroed, backward, stepped } = phases;
  context.text(
    'One training step in its three phases. zeroGrad forgets the gradients, backward computes them, and only step changes the weights, by -lr times the gradient.',
  );
  context.table(
    ['phase, layer', 'mean gradient', 'mean weight', 'change of the mean weight'],
    (
      [
        ['zeroGrad', zeroed, before],
        ['backward', backward, zeroed],
        ['step', stepped, backward],
      ] as const
    ).flatMap(([phase, now, last]) =>
      now.map(({ layer, gradient, weight }, i) => [`${phase}, ${layer}`, gradient, weight, weight - last[i]!.weight]),
    ),
  );
  const moved = (now: Look, last: Look) => now.filter(({ weights }, i) => !same(weights, last[i]!.weights)).length;
  context.figure(
    'layers whose gradient is 0 after zeroGrad',
    4,
    zeroed.filter(({ gradient }) => gradient === 0).length,
  );
  context.figure('layers whose weights backward changes', 0, moved(backward, zeroed));
  context.figure('layers whose weights step changes', 4, moved(stepped, backward));
  // The source prints no rate; its weights moved by -.0010 of its gradients.
  const [after, then] = [stepped[0]!, backward[0]!];
  context.figure('change of layer 1 / its gradient', -0.001, (after.weight - then.weight) / then.gradient, {
    digits: 4,
  });
  context.figure(`mean gradient of layer 4 / that of layer 1`, null, backward[3]!.gradient / then.gradient);
  context.text(
    `The gradients of the last layer cancel: softmax minus target sums to 0 over the classes. The source shows the same (5.2e-12 beside 2.9e-6). The learning rate here is ${lr}; the source's, which it does not print, follows from its numbers.`,
  );
  context.erratum(
    "What the source prints as 'weight_updated' (.00074, .00067, .00071 for layers 1 to 3) is neither the new weight nor its change: by its own means before and after, layer 1 changed by 2.9e-9.",
  );
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The first pictures with 784 pixels each: MNIST's, or the embedded digits enlarged. */
async function loadBatch(context: Context, n: number): Promise<{ x: Tensor; y: Tensor }> {
  const { train, mnist, side } = await handwriting(context, n);
  if (mnist) return train;
  context.shrunk("Without --data, embedded digits enlarged to MNIST's size stand for those of MNIST.");
  const large = interpolate(train.x.reshape(-1, 1, side, side), [28, 28]);
  return { x: large.reshape(n, 784), y: train.y };
}
