/** Trains a net on the digits, away from the page's thread, and reports weights and figures as it goes. */
import { digits } from '@maru-ml/datasets/digits';
import { accuracy, DataLoader, Trainer } from '@maru-ml/nn';
import { AdamW } from '@maru-ml/optim';
import { crossEntropy, indexSelect, type Tensor, tensor } from '@maru-ml/tensor';
import { serializeSafetensors } from '@maru-ml/tensor/safetensors';
import type { Command, Report } from './messages.ts';
import { DigitNet } from './net.ts';

const EPOCHS = 30;
/** Milliseconds between two reports of weights, so that the page has time to draw. */
const PAUSE = 50;

let paused = false;
let resume = () => {};

addEventListener('message', ({ data }: MessageEvent<Command>) => {
  if (data.kind === 'start') train(data.seed);
  if (data.kind === 'pause') paused = true;
  if (data.kind === 'resume') {
    paused = false;
    resume();
  }
});

async function train(seed: number): Promise<void> {
  const { learned, heldOut } = examples();
  const net = new DigitNet(seed);
  const trainer = new Trainer(net, {
    optimizer: new AdamW(net.parameters(), { lr: 0.003, weightDecay: 0.1 }),
    loss: crossEntropy,
    metrics: { accuracy },
  });
  const loader = new DataLoader(learned, { batchSize: 32, shuffle: true, seed });
  const validation = new DataLoader(heldOut, { batchSize: 128 });

  let reported = 0;
  for (;;) {
    const { stopped } = await trainer.fit(loader, {
      epochs: EPOCHS,
      validation,
      onProgress({ unit, step, metrics }) {
        if (unit === 'epoch') {
          const [loss, heldOutLoss] = [metrics.loss!, metrics['validation loss']!];
          report({
            kind: 'epoch',
            epoch: step,
            epochs: EPOCHS,
            loss,
            heldOutLoss,
            accuracy: metrics['validation accuracy']!,
          });
        }
        if (unit === 'epoch' || performance.now() > reported + PAUSE) {
          report({ kind: 'weights', bytes: serializeSafetensors(net.stateDict()) });
          reported = performance.now();
        }
        return !paused;
      },
    });
    if (stopped !== 'progress') break;
    // Paused: the next call of `fit` goes on with the next batch.
    await new Promise<void>((go) => {
      resume = go;
    });
  }
  report({ kind: 'done' });
}

/** Pictures [n, 1, 8, 8] with ink from 0 to 1, and which digit each shows [n]; every fifth is held out. */
function examples(): { learned: Tensor[]; heldOut: Tensor[] } {
  const { x, y } = digits();
  const pictures = tensor(Float32Array.from(x.data)).div(16).reshape(-1, 1, 8, 8);
  const labels = tensor(y);
  const all = Array.from(y.keys());
  const choose = (wanted: (i: number) => boolean) => {
    const rows = all.filter(wanted);
    return [indexSelect(pictures, 0, rows), indexSelect(labels, 0, rows)];
  };
  return { learned: choose((i) => i % 5 !== 4), heldOut: choose((i) => i % 5 === 4) };
}

function report(message: Report): void {
  postMessage(message);
}
