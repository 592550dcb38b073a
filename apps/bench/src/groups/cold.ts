import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { breastCancer } from '@maru-ml/datasets/breast-cancer';
import { RandomForestClassifier } from '@maru-ml/ensemble';
import { LogisticRegression } from '@maru-ml/linear';
import { pipeline } from '@maru-ml/model-selection';
import { StandardScaler } from '@maru-ml/preprocessing';
import type { Group } from '../figures.ts';
import { sentence } from '../measure.ts';
import { type Peer, peersFolder } from '../peers.ts';
import { ONE_THREAD, pythonCommand } from '../python.ts';
import { mlLogisticModel } from '../rivals/linear.js';
import { mlForestModel } from '../rivals/trees.js';
import { mediansOf, moduleProgram, outputOf, type Program } from './fresh.ts';

/** Starts the clock, does what `code` says up to a prediction, prints the milliseconds; `saved` is the text of the model's file. */
function timed(file: string, imports: string, code: string): Program['command'] {
  return moduleProgram(
    `import { readFileSync } from 'node:fs';
    console.log = console.warn = () => {};
    const begin = performance.now();
    ${imports}
    const saved = JSON.parse(readFileSync(${JSON.stringify(file)}, 'utf8'));
    const row = Array(30).fill(1);
    const predicted = await (async () => { ${code} })();
    const ms = performance.now() - begin;
    if (predicted === undefined) throw new Error('Error: nothing was predicted');
    process.stdout.write(ms + '\\n');`,
  );
}

/** A cold start: import, load a saved model, predict one row, in a fresh process. */
export async function coldStarts(rounds: number): Promise<Group> {
  const folder = await mkdtemp(join(tmpdir(), 'maru-cold-'));
  const absent: Record<string, string> = {};
  const programs: Program[] = [];
  const add = async (name: string, side: Program['side'], make: () => Promise<Omit<Program, 'name' | 'side'>>) => {
    try {
      programs.push({ name, side, ...(await make()) });
    } catch (error) {
      absent[name] = sentence(error);
    }
  };
  const save = async (name: string, model: unknown) => {
    const file = join(folder, name);
    await writeFile(file, JSON.stringify(model));
    return file;
  };
  const { x, y } = breastCancer();
  const labels = Array.from(y as ArrayLike<number>);
  try {
    await add('maru: scaler and logistic regression', 'ours', async () => {
      const file = await save('logistic', pipeline(new StandardScaler(), new LogisticRegression()).fit(x, labels));
      const imports = `const { PipelineModel } = await import('@maru-ml/model-selection');
        const { StandardScalerModel } = await import('@maru-ml/preprocessing');
        const { LogisticRegressionModel } = await import('@maru-ml/linear');`;
      const load = 'PipelineModel.fromJSON(saved, { classes: { StandardScalerModel, LogisticRegressionModel } })';
      return { command: timed(file, imports, `return ${load}.predict([row])[0];`) };
    });
    await add('maru: forest of 100 trees', 'ours', async () => {
      const file = await save('forest', new RandomForestClassifier({ seed: 0 }).fit(x, labels));
      const imports = `const { ForestClassifierModel } = await import('@maru-ml/ensemble');`;
      return { command: timed(file, imports, 'return ForestClassifierModel.fromJSON(saved).predict([row])[0];') };
    });
    await add('ml-logistic-regression', 'js', async () => {
      const imports = `const module = await import('ml-logistic-regression');
        const matrices = await import('ml-matrix');
        const { Matrix } = matrices.Matrix ? matrices : matrices.default;
        const Logistic = module.default?.default ?? module.default;`;
      const predict = 'return Logistic.load(saved).predict(new Matrix([row]))[0];';
      return peer('ml-logistic-regression', await save('ml-logistic', await mlLogisticModel()), imports, predict);
    });
    await add('ml-random-forest', 'js', async () => {
      const imports = `const { default: { RandomForestClassifier } } = await import('ml-random-forest');`;
      const predict = 'return RandomForestClassifier.load(saved).predict([row])[0];';
      const program = await peer('ml-random-forest', await save('ml-forest', await mlForestModel()), imports, predict);
      return { ...program, note: 'two trees' };
    });
    await add('tfjs', 'js', async () => {
      const file = await save('none', {});
      const imports = `const tf = (await import('@tensorflow/tfjs')).default ?? await import('@tensorflow/tfjs');`;
      const predict = `const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [30], activation: 'sigmoid' })] });
        return model.predict(tf.tensor([row])).dataSync()[0];`;
      const program = await peer('tfjs', file, imports, predict);
      return { ...program, note: 'one dense layer, made and not loaded' };
    });
    for (const kind of ['logistic', 'forest']) {
      await add(
        `scikit-learn: ${kind === 'forest' ? 'forest of 100 trees' : 'scaler and logistic regression'}`,
        'python',
        async () => {
          const file = join(folder, `${kind}.joblib`);
          await outputOf({ command: pythonCommand('save', file, kind) });
          return { command: pythonCommand('load', file), env: ONE_THREAD, rounds: 3 };
        },
      );
    }
    const measured = await mediansOf(programs, rounds);
    return {
      id: 'cold',
      title: 'A cold start: import, load a saved model, predict once',
      unit: 'ms',
      bound: 60,
      entries: measured.entries,
      absent: { ...absent, ...measured.absent },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function peer(name: Peer, file: string, imports: string, code: string): Promise<Omit<Program, 'name' | 'side'>> {
  return { command: timed(file, imports, code), cwd: `${peersFolder}${name}` };
}
