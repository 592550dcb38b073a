import { randint, randn, type Tensor } from '@maru-ml/tensor';
import { checkModule } from '@maru-ml/tooling/testing/conformance';
import * as nn from '../src/index.ts';

/** The names of everything exported that makes a module: a layer without an entry below does not compile. */
type Layer = {
  // biome-ignore lint/suspicious/noExplicitAny: any constructor
  [Name in keyof typeof nn]: (typeof nn)[Name] extends new (...args: any[]) => nn.AnyModule ? Name : never;
}[keyof typeof nn];

interface Case {
  create(seed: number): nn.AnyModule;
  inputs(): Tensor[];
}

const rows = () => [randn([6, 4], { seed: 1 })];
const pictures = () => [randn([3, 4, 6, 5], { seed: 2 })];
const sequences = () => [randn([3, 4, 9], { seed: 3 })];

const cases: Record<Layer, Case> = {
  Linear: { create: (seed) => new nn.Linear(4, 3, { seed }), inputs: rows },
  Embedding: { create: (seed) => new nn.Embedding(7, 3, { seed }), inputs: () => [randint([4, 2], 0, 7, { seed: 4 })] },
  Flatten: { create: () => new nn.Flatten(), inputs: pictures },
  Dropout: { create: (seed) => new nn.Dropout(0.4, { seed }), inputs: rows },
  Conv1d: { create: (seed) => new nn.Conv1d(4, 6, 3, { stride: 2, groups: 2, seed }), inputs: sequences },
  Conv2d: { create: (seed) => new nn.Conv2d(4, 5, [3, 2], { padding: 1, seed }), inputs: pictures },
  ConvTranspose2d: { create: (seed) => new nn.ConvTranspose2d(4, 3, 3, { stride: 2, seed }), inputs: pictures },
  MaxPool1d: { create: () => new nn.MaxPool1d(3, { stride: 2, padding: 1 }), inputs: sequences },
  AvgPool1d: { create: () => new nn.AvgPool1d(2), inputs: sequences },
  MaxPool2d: { create: () => new nn.MaxPool2d(2), inputs: pictures },
  AvgPool2d: { create: () => new nn.AvgPool2d(3, { stride: 1, padding: 1 }), inputs: pictures },
  AdaptiveAvgPool2d: { create: () => new nn.AdaptiveAvgPool2d([2, 3]), inputs: pictures },
  AdaptiveMaxPool2d: { create: () => new nn.AdaptiveMaxPool2d(2), inputs: pictures },
  BatchNorm1d: { create: () => new nn.BatchNorm1d(4), inputs: rows },
  BatchNorm2d: { create: () => new nn.BatchNorm2d(4, { momentum: 'all' }), inputs: pictures },
  LayerNorm: { create: () => new nn.LayerNorm([6, 5]), inputs: pictures },
  Identity: { create: () => new nn.Identity(), inputs: rows },
  ReLU: { create: () => new nn.ReLU(), inputs: rows },
  LeakyReLU: { create: () => new nn.LeakyReLU(), inputs: rows },
  PReLU: { create: () => new nn.PReLU(4), inputs: rows },
  ELU: { create: () => new nn.ELU(), inputs: rows },
  SELU: { create: () => new nn.SELU(), inputs: rows },
  GELU: { create: () => new nn.GELU('tanh'), inputs: rows },
  SiLU: { create: () => new nn.SiLU(), inputs: rows },
  Mish: { create: () => new nn.Mish(), inputs: rows },
  Sigmoid: { create: () => new nn.Sigmoid(), inputs: rows },
  LogSigmoid: { create: () => new nn.LogSigmoid(), inputs: rows },
  Tanh: { create: () => new nn.Tanh(), inputs: rows },
  Softplus: { create: () => new nn.Softplus(), inputs: rows },
  Softsign: { create: () => new nn.Softsign(), inputs: rows },
  Hardtanh: { create: () => new nn.Hardtanh(), inputs: rows },
  PiecewiseLinear: { create: () => new nn.PiecewiseLinear(), inputs: rows },
  Step: { create: () => new nn.Step(), inputs: rows },
  Sign: { create: () => new nn.Sign(), inputs: rows },
  Maxout: { create: () => new nn.Maxout(), inputs: rows },
  Softmax: { create: () => new nn.Softmax(), inputs: rows },
  LogSoftmax: { create: () => new nn.LogSoftmax(), inputs: rows },
  Sequential: {
    create: (seed) =>
      new nn.Sequential(
        new nn.Linear(4, 8, { seed }),
        new nn.BatchNorm1d(8),
        new nn.Dropout(0.5, { seed: seed + 1 }),
        new nn.Tanh(),
        new nn.Linear(8, 2, { seed: seed + 2 }),
      ),
    inputs: rows,
  },
};

for (const [name, { create, inputs }] of Object.entries(cases)) checkModule({ name, create, inputs });
