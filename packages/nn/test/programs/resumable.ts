import { existsSync, readFileSync } from 'node:fs';
import { saveBytes } from '@maru-ml/tensor';
import { cnn, fingerprint, mlp } from '../browser/trainings.ts';

// Trains with checkpoints to a file, going on from the file if it is there; killed at any moment, it may be started again.
//
//   node resumable.mjs mlp training.bytes

const [kind = '', path = ''] = process.argv.slice(2);
const { model, trainer, loader } = kind === 'mlp' ? mlp() : cnn();
if (existsSync(path)) trainer.load(readFileSync(path));
await trainer.fit(loader, {
  epochs: 4,
  checkpointEvery: { batches: 1 },
  onCheckpoint: async (bytes) => {
    console.log('saving');
    await saveBytes(path, bytes);
  },
});
console.log(`done ${fingerprint(model)}`);
