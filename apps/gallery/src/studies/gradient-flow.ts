import { DataLoader, Linear, type Module, ReLU, Sequential, Sigmoid } from '@maru-ml/nn';
import { SGD } from '@maru-ml/optim';
import { lines } from '@maru-ml/plot';
import { abs, crossEntropy, mean, scope } from '@maru-ml/tensor';
import { handwriting, type Pictures } from '../handwriting.ts';
import type { Study } from '../study.ts';

const HIDDEN_LAYERS = 6;
const BATCHES = 20;

/** A7: how large the gradients are that arrive at each layer, for a net of sigmoids and one of ReLUs. */
export const gradientFlow: Study = {
  row: 'A7',
  title: 'Gradient flow: sigmoid against ReLU',
  source: '000, matrix derivative (5), part 3',
  async run(context) {
    const { train: pictures, mnist } = await handwriting(context, 100 * BATCHES);
    if (!mnist)
      context.shrunk('Without --data the embedded digits stand for those of MNIST, in as many batches as there are.');
    context.text(
      `A net of ${HIDDEN_LAYERS} hidden layers is trained on batches of 100 pictures; for each, the mean |gradient| of every layer's weights is noted. A line is a batch. Going back from layer ${HIDDEN_LAYERS + 1} to layer 1, each sigmoid multiplies the gradient by σ' ≤ 1/4 and it vanishes; a ReLU passes it on where it is active.`,
    );
    for (const [name, activation] of [
      ['sigmoid', () => new Sigmoid()],
      ['ReLU', () => new ReLU()],
    ] as const) {
      const net = deepNet(pictures.x.shape[1]!, activation);
      const flow = train(net, pictures);

      const layers = Array.from({ length: HIDDEN_LAYERS + 1 }, (_, i) => i + 1);
      const series = Object.fromEntries(
        [0, 4, 9, flow.length - 1].map((batch) => [`batch ${batch + 1}`, flow[batch]!]),
      );
      for (const yScale of ['linear', 'log'] as const) {
        const axes = { x: layers, xLabel: 'layer', yLabel: 'mean |gradient|', yScale };
        context.plot(lines(series, { ...axes, title: name }), `${name}, on a ${yScale} axis.`);
      }
      const shrinks = flow.map((means) => means[0]! / means.at(-1)!).sort((a, b) => a - b);
      context.figure(
        `${name}: layer 1 / layer ${HIDDEN_LAYERS + 1}, median of the batches`,
        null,
        shrinks[shrinks.length >> 1]!,
      );
    }
  },
};

/** Equal widths, so that layers can be compared; each layer seeded by its number. */
function deepNet(inputs: number, activation: () => Module): Sequential {
  const layers: Module[] = [];
  for (let i = 0; i < HIDDEN_LAYERS; i++) {
    layers.push(new Linear(i === 0 ? inputs : 100, 100, { seed: i }), activation());
  }
  return new Sequential(...layers, new Linear(100, 10, { seed: HIDDEN_LAYERS }));
}

/** Trains on the batches; the mean |gradient| of each layer's weights [batches][layers]. */
function train(net: Sequential, { x, y }: Pictures): number[][] {
  const optimizer = new SGD(net.parameters(), { lr: 0.1 });
  const flow: number[][] = [];
  const batches = new DataLoader([x, y], { batchSize: 100, shuffle: true, seed: 1, dropLast: true });
  for (const [pictures, labels] of batches) {
    scope(() => {
      optimizer.zeroGrad();
      crossEntropy(net.forward(pictures!), labels!).backward();
      const weights = net.namedParameters().filter(([path]) => path.endsWith('weight'));
      flow.push(weights.map(([, weight]) => mean(abs(weight.grad!)).item()));
      optimizer.step();
    });
  }
  return flow;
}
