import {
  accuracy,
  DataLoader,
  type EpochRecord,
  type History,
  initConstant,
  Linear,
  Sequential,
  summary,
  Tanh,
  Trainer,
  xavierNormal,
} from '@maru-ml/nn';
import { linearDecay, Scheduler, SGD } from '@maru-ml/optim';
import { confusionMatrix, images, lines } from '@maru-ml/plot';
import {
  argmax,
  clamp,
  crossEntropy,
  indexSelect,
  log,
  mul,
  noGrad,
  oneHot,
  scope,
  slice,
  softmax,
  std,
  sub,
  sum,
  type Tensor,
  tensor,
} from '@maru-ml/tensor';
import { type Handwriting, handwriting, type Pictures } from '../handwriting.ts';
import type { Context, Study } from '../study.ts';

const SEED = 20190119;

/** A23: the source's multi-layer perceptron, trained on MNIST as there. */
export const mlpMnist: Study = {
  row: 'A23',
  title: 'A multi-layer perceptron on handwritten digits',
  source: '000, deep learning (11)',
  async run(context) {
    const data = await handwriting(context, context.full ? undefined : 20_000);
    const { epochs, evalEvery } = plan(context, data);
    const { train, test } = standardized(data);

    // As in the source, each layer and the order of the pictures start from the same seed.
    const net = new Sequential(new Linear(data.side ** 2, 89), new Tanh(), new Linear(89, 10));
    for (const p of net.parameters()) {
      if (p.ndim === 2) xavierNormal(p, { seed: SEED });
      else initConstant(p, 0);
    }
    const optimizer = new SGD(net.parameters(), { lr: 0.15, momentum: 0.9 });
    const trainer = new Trainer(net, {
      optimizer,
      loss: crossEntropy,
      metrics: { accuracy, sourceLoss },
      // To .05 in equal steps, one after each epoch.
      scheduler: new Scheduler(optimizer, linearDecay({ final: 0.05 / 0.15, steps: epochs - 1 })),
    });
    const begin = performance.now();
    let seconds = 0;
    const history = await trainer.fit(
      new DataLoader([train.x, train.y], { batchSize: 60, shuffle: true, seed: SEED }),
      {
        epochs,
        evalEvery,
        validation: new DataLoader([test.x, test.y], { batchSize: 1000 }),
        earlyStopping: { monitor: 'sourceLoss' },
        onProgress: ({ unit, step, metrics }) => {
          if (unit !== 'epoch') return;
          seconds = (performance.now() - begin) / 1000;
          context.progress(step / epochs, `epoch ${step} of ${epochs}, loss ${metrics.loss!.toFixed(4)}`);
        },
      },
    );

    context.code(String(summary(net, slice(train.x, [[0, 60]]))));
    report(context, data, history, seconds / history.epochs.length);
    showMistakes(context, net, data, test);
  },
};

/** The source's counts, or what is done in their stead. */
function plan(context: Context, { mnist }: Handwriting): { epochs: number; evalEvery: number } {
  if (!mnist) {
    context.shrunk('Without --data the embedded digits (1,437 to train with, 360 to test with) stand for MNIST.');
    return { epochs: 50, evalEvery: 10 };
  }
  if (context.full) return { epochs: 50, evalEvery: 10 };
  context.shrunk('Four epochs on 20,000 pictures instead of 50 on 60,000; --full runs them all.');
  return { epochs: 4, evalEvery: 1 };
}

/** Pixels minus their mean, over their standard deviation, both of all training pixels together, as the source does. */
function standardized({ train, test }: Handwriting): { train: Pictures; test: Pictures } {
  const [mean, deviation] = [train.x.mean(), std(train.x, undefined, { correction: 0 })];
  const scaled = ({ x, y }: Pictures) => ({ x: x.sub(mean).div(deviation), y });
  return { train: scaled(train), test: scaled(test) };
}

/** The source's cross-entropy: -Σ y ln p + (1 - y) ln(1 - p) over the softmax p, which also counts what the wrong classes get. */
function sourceLoss(output: Tensor, target: Tensor): number {
  const p = clamp(softmax(output, 1), 1e-7, 1 - 1e-7);
  const y = oneHot(target, 10);
  const losses = mul(y, log(p)).add(mul(sub(1, y), log(sub(1, p))));
  return -sum(losses).item() / output.shape[0]!;
}

function report(context: Context, { mnist }: Handwriting, { epochs, bestEpoch, stopped }: History, seconds: number) {
  const evaluated = epochs.filter((record) => record.validation !== null);
  const best = epochs.find(({ epoch }) => epoch === bestEpoch)!;
  const where = mnist ? 'MNIST' : 'the embedded digits';
  context.text(
    `Dense(89, tanh) and Dense(10), Glorot's initial weights, batches of 60, SGD with momentum .9 and a rate that falls from .15 to .05; the loss is watched every few epochs, and when it rises training stops and the best model comes back. Ours was best after epoch ${bestEpoch}${stopped === 'early' ? ' and stopped early' : ''}.`,
  );
  context.plot(
    lines(
      {
        training: { x: epochs.map(({ epoch }) => epoch), y: epochs.map(({ loss }) => loss) },
        validation: { x: evaluated.map(({ epoch }) => epoch), y: evaluated.map(({ validation }) => validation!.loss!) },
      },
      { title: 'Cross-entropy', xLabel: 'epoch', yLabel: 'loss', yScale: 'log' },
    ),
    'The training loss runs to 0 while the validation loss levels off: early stopping watches for that.',
  );
  context.table(
    ['', 'rate', 'training loss', 'validation loss', "validation, source's form", 'accuracy %'],
    evaluated.map(({ epoch, lr, loss, validation }) => [
      `epoch ${epoch}`,
      lr,
      loss,
      validation!.loss!,
      validation!.sourceLoss!,
      100 * validation!.accuracy!,
    ]),
  );
  const accuracyFigure = 100 * best.validation!.accuracy!;
  context.figure(`accuracy on ${where}, %`, mnist ? 96.28 : null, accuracyFigure, { atLeast: true });
  if (mnist && context.full) compareLosses(context, evaluated);
  context.figure(
    "validation loss of the model that came back, source's form",
    mnist ? 0.269 : null,
    best.validation!.sourceLoss!,
    {
      atMost: true,
    },
  );
  context.figure('seconds an epoch', null, seconds);
  context.text(
    "The source's loss -Σ y ln p + (1 - y) ln(1 - p) also counts the shares of the nine wrong classes, so it is nearly twice the plain cross-entropy -Σ y ln p. Both have their minimum in the same place, and the source trains with the gradient of the plain one.",
  );
  context.erratum(
    "What the book behind the source calls 'glorot' draws with standard deviation 2 / (in + out); Glorot and Bengio's is its root, √(2 / (in + out)), which is used here.",
  );
}

/** The source prints four validation losses before the one that rises. */
function compareLosses(context: Context, evaluated: EpochRecord[]): void {
  for (const [epoch, source] of Object.entries({ 10: 0.373, 20: 0.289, 30: 0.271, 40: 0.269 })) {
    const record = evaluated.find((record) => record.epoch === Number(epoch));
    context.figure(
      `validation loss after epoch ${epoch}, source's form`,
      source,
      record?.validation?.sourceLoss ?? 'stopped before',
      { atMost: true },
    );
  }
}

function showMistakes(context: Context, net: Sequential, { test, side }: Handwriting, { x, y }: Pictures): void {
  const predicted = scope(() => noGrad(() => argmax(net.eval().forward(x), 1))).toTypedArray();
  const truth = y.toTypedArray();
  context.plot(confusionMatrix(truth, predicted), 'What each digit of the test part was taken for.');
  const wrong = Array.from(truth.keys()).filter((i) => truth[i] !== predicted[i]);
  if (wrong.length === 0) return;
  const shown = wrong.slice(0, 15);
  const pictures = indexSelect(test.x, 0, tensor(Int32Array.from(shown))).reshape(-1, side, side);
  context.plot(
    images(pictures, {
      labels: shown.map((i) => `${truth[i]} → ${predicted[i]}`),
      columns: 5,
      title: `The first of ${wrong.length} mistakes`,
    }),
    'What it is, and what the net says.',
  );
}
