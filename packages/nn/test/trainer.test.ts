import { DataError, OptionError } from '@maru-ml/base';
import { Adam, exponentialDecay, Scheduler, SGD } from '@maru-ml/optim';
import { crossEntropy, indexSelect, jsonFromBytes, keep, randn, type Tensor, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { accuracy, DataLoader, Dropout, Linear, mseLoss, ReLU, Sequential, Tanh, Trainer } from '../src/index.ts';

/** Two interleaved classes in the plane. */
function spirals(n: number, seed: number): [Tensor, Tensor] {
  const noise = randn([n, 2], { seed }).toTypedArray();
  const rows = Array.from({ length: n }, (_, i) => {
    const r = i / n;
    const angle = 4 * r + (i % 2) * Math.PI;
    return [r * Math.cos(angle) + 0.02 * noise[2 * i]!, r * Math.sin(angle) + 0.02 * noise[2 * i + 1]!];
  });
  return [
    tensor(rows),
    tensor(
      Array.from({ length: n }, (_, i) => i % 2),
      { dtype: 'int32' },
    ),
  ];
}

function setUp() {
  const model = new Sequential(
    new Linear(2, 16, { seed: 1 }),
    new Tanh(),
    new Dropout(0.1, { seed: 2 }),
    new Linear(16, 2, { seed: 3 }),
  );
  const optimizer = new Adam(model.parameters(), { lr: 0.02 });
  const scheduler = new Scheduler(optimizer, exponentialDecay({ gamma: 0.9 }));
  const trainer = new Trainer(model, { optimizer, scheduler, loss: crossEntropy, metrics: { accuracy } });
  const loader = new DataLoader(spirals(120, 5), { batchSize: 16, shuffle: true, seed: 4 });
  const validation = new DataLoader(spirals(60, 6), { batchSize: 32 });
  return { model, trainer, loader, validation };
}

const parametersOf = (model: Sequential) => model.parameters().map((p) => [...p.toTypedArray()]);

describe('Trainer', () => {
  it('learns, and tells of each epoch', async () => {
    const { trainer, loader, validation } = setUp();
    const seen: string[] = [];
    const history = await trainer.fit(loader, {
      epochs: 12,
      validation,
      evalEvery: 4,
      onProgress: ({ unit, step, metrics }) => {
        if (unit === 'epoch') seen.push(`${step} ${Object.keys(metrics).join(' ')}`);
      },
    });
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(history.epochs.filter(({ validation: v }) => v !== null).map(({ epoch }) => epoch)).toEqual([4, 8, 12]);
    expect(history.epochs[11]!.loss).toBeLessThan(history.epochs[0]!.loss);
    expect(history.epochs[11]!.validation!.accuracy).toBeGreaterThan(0.7);
    expect(seen[3]).toBe('4 loss lr validation loss validation accuracy');
    expect(history.stopped).toBe('epochs');
  });

  it('follows a plain loop bit for bit', async () => {
    const { model, trainer, loader } = setUp();
    await trainer.fit(loader, { epochs: 2 });
    const plain = setUp();
    const optimizer = new Adam(plain.model.parameters(), { lr: 0.02 });
    const scheduler = new Scheduler(optimizer, exponentialDecay({ gamma: 0.9 }));
    for (let epoch = 0; epoch < 2; epoch++) {
      for (const [x, y] of plain.loader) {
        optimizer.zeroGrad();
        crossEntropy(plain.model.forward(x!), y!).backward();
        optimizer.step();
      }
      scheduler.step();
    }
    expect(parametersOf(model)).toEqual(parametersOf(plain.model));
  });

  it('trains on what a data set or a loop of one’s own keeps, as on rows of tensors', async () => {
    const rows = setUp();
    await rows.trainer.fit(rows.loader, { epochs: 2, validation: rows.validation });
    const data = spirals(120, 5);
    const shuffled = { batchSize: 16, shuffle: true, seed: 4 };
    const seen: Tensor[][] = [];
    const batch = (places: Int32Array) => {
      // Made at the first batch, used by all.
      seen[0] ??= data.map((t) => t.mul(1));
      return seen[0].map((t) => indexSelect(t, 0, [...places]));
    };
    class Noting extends DataLoader {
      override *[Symbol.iterator]() {
        for (const tensors of super[Symbol.iterator]()) {
          seen.push(tensors);
          yield tensors;
        }
      }
    }
    for (const loader of [new DataLoader({ length: 120, batch }, shuffled), new Noting(data, shuffled)]) {
      const { model, trainer, validation } = setUp();
      await trainer.fit(loader, { epochs: 2, validation });
      expect(parametersOf(model)).toEqual(parametersOf(rows.model));
    }
    expect(seen).toHaveLength(17);
    for (const [x] of seen) expect(x!.toTypedArray().length).toBeGreaterThan(0);
  });

  it('tells a loss that holds a batch beyond its step to keep it', async () => {
    const { model, loader } = setUp();
    const targets: Tensor[] = [];
    const loss = (output: Tensor, target: Tensor) => {
      targets.push(target, keep(target.add(0)));
      return crossEntropy(output, target);
    };
    await new Trainer(model, { optimizer: new Adam(model.parameters()), loss }).fit(loader);
    expect(targets[1]!.toTypedArray()).toHaveLength(16);
    expectError(
      () => targets[0]!.toTypedArray(),
      OptionError,
      'a tensor was used after its scope had ended, or after free(); return it from the scope, or keep() it inside the scope',
    );
  });

  it.each([{ batches: 3 }, { batches: 8 }, { epochs: 1 }])(
    'resumes bit for bit from a checkpoint every %o',
    async (every) => {
      const through = setUp();
      const checkpoints: Uint8Array[] = [];
      const options = { epochs: 4, validation: through.validation, earlyStopping: { patience: 9, restoreBest: false } };
      const whole = await through.trainer.fit(through.loader, {
        ...options,
        checkpointEvery: every,
        onCheckpoint: (bytes) => void checkpoints.push(bytes),
      });
      const resumed = setUp();
      const history = await resumed.trainer
        .load(checkpoints[1]!)
        .fit(resumed.loader, { ...options, validation: resumed.validation });
      expect(parametersOf(resumed.model)).toEqual(parametersOf(through.model));
      expect(history).toEqual(whole);
    },
  );

  it('stops where it stopped when it goes on from the checkpoint of that epoch', async () => {
    const checkpoints: Uint8Array[] = [];
    const options = (validation: DataLoader<Tensor[]>) => ({ epochs: 30, validation, earlyStopping: { patience: 0 } });
    const through = setUp();
    const whole = await through.trainer.fit(through.loader, {
      ...options(through.validation),
      onCheckpoint: (bytes) => void checkpoints.push(bytes),
    });
    expect(whole.stopped).toBe('early');
    const resumed = setUp();
    const history = await resumed.trainer.load(checkpoints.at(-1)!).fit(resumed.loader, options(resumed.validation));
    expect(history).toEqual(whole);
    expect(parametersOf(resumed.model)).toEqual(parametersOf(through.model));
  });

  it('saves a training whose metric is not a number', async () => {
    const { model, loader, validation } = setUp();
    const optimizer = new Adam(model.parameters());
    const metrics = { recall: () => Number.NaN };
    const make = () => new Trainer(model, { optimizer, loss: crossEntropy, metrics });
    const trainer = make();
    const bytes: Uint8Array[] = [];
    await trainer.fit(loader, { validation, onCheckpoint: (saved) => void bytes.push(saved) });
    const history = await make().load(bytes[0]!).fit(loader, { epochs: 1 });
    expect(history.epochs[0]!.validation!.recall).toBeNaN();
  });

  it('is as it was after a checkpoint that is refused', async () => {
    const { trainer, loader } = setUp();
    await trainer.fit(loader, { epochs: 2 });
    const saved = jsonFromBytes('test', trainer.toBytes(loader)) as Record<string, object>;
    const other = setUp();
    const before = [parametersOf(other.model), other.model.randomStates()];
    const refused: [Record<string, unknown>, string][] = [
      [
        { optimizer: { groups: [], states: [] } },
        'Adam: the saved state is of 0 parameters in 0 groups, but the optimizer has 4 in 1',
      ],
      [{ optimizer: null }, 'Trainer.load: optimizer must be an object, got null'],
      [{ optimizer: {} }, 'Trainer.load: optimizer must hold states and groups'],
      [{ scheduler: { step: 0.5 } }, 'Scheduler: the saved state must have step and initial, got an object'],
      [{ randoms: {} }, 'loadRandomStates: 2.random missing from the saved states'],
      [{ position: { ...saved.position, epoch: 7 } }, 'Trainer.load: position does not say where a training stands'],
      [{ loader: { ...saved.loader, batch: -1 } }, 'Trainer.load: loader.batch must be an integer ≥ 0, got -1'],
      [{ best: {} }, 'loadStateDict: 0.weight, 0.bias, 3.weight, 3.bias missing from the saved state'],
      [{ model: 3 }, 'Trainer.load: model must be an object, got 3'],
      [{ format: 3 }, "Trainer.load: the bytes must be a trainer's state of format maru.trainer.1, got 3"],
    ];
    for (const [damage, message] of refused) {
      expectError(() => other.trainer.load(toBytes({ ...saved, ...damage })), DataError, message);
      expect([parametersOf(other.model), other.model.randomStates()]).toEqual(before);
    }
    expectError(
      () => loader.loadState({ ...loader.saveState(), batch: 99 }),
      DataError,
      'DataLoader: state.batch must be an integer from 0 to 8, got 99',
    );
  });

  it('goes on after onProgress stopped it inside an epoch', async () => {
    const whole = setUp();
    await whole.trainer.fit(whole.loader, { epochs: 3 });
    const stopped = setUp();
    const first = await stopped.trainer.fit(stopped.loader, {
      epochs: 3,
      onProgress: ({ unit, step, metrics }) => !(unit === 'batch' && step === 5 && metrics.epoch === 2),
    });
    expect(first.stopped).toBe('progress');
    await stopped.trainer.fit(stopped.loader, { epochs: 3 });
    expect(parametersOf(stopped.model)).toEqual(parametersOf(whole.model));
  });

  it('early stopping gives the best model back', async () => {
    const model = new Sequential(new Linear(1, 8, { seed: 1 }), new ReLU(), new Linear(8, 1, { seed: 2 }));
    // A rate so high that the loss soon gets worse.
    const trainer = new Trainer(model, {
      optimizer: new SGD(model.parameters(), { lr: 0.35, momentum: 0.9 }),
      loss: mseLoss,
    });
    const x = tensor([[-1], [-0.5], [0], [0.5], [1]]);
    const y = x.mul(x);
    const validation = new DataLoader([x, y], { batchSize: 5 });
    const history = await trainer.fit(new DataLoader([x, y], { batchSize: 1, shuffle: true, seed: 3 }), {
      epochs: 50,
      validation,
      earlyStopping: { patience: 1 },
    });
    expect(history.stopped).toBe('early');
    const losses = history.epochs.map(({ validation: v }) => v!.loss!);
    const best = losses.indexOf(Math.min(...losses));
    expect(history.bestEpoch).toBe(best + 1);
    expect(history.epochs.length).toBe(best + 3);
    expectClose(trainer.evaluate(validation).loss!, losses[best]!, { rtol: 1e-12 });
  });

  it('an abort ends it with its reason', async () => {
    const { trainer, loader } = setUp();
    const controller = new AbortController();
    const running = trainer.fit(loader, {
      epochs: 1000,
      signal: controller.signal,
      onProgress: ({ step }) => {
        if (step === 3) controller.abort(new Error('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
  });

  it('a loss that is not a number is told with its place', async () => {
    const model = new Sequential(new Linear(1, 1, { seed: 1 }));
    const trainer = new Trainer(model, { optimizer: new SGD(model.parameters(), { lr: 1e30 }), loss: mseLoss });
    const x = tensor([[1], [2], [3]]);
    await expect(trainer.fit(new DataLoader([x, x]), { epochs: 3 })).rejects.toThrow(
      /^Trainer: the loss is (NaN|Infinity) at batch \d of epoch \d; lower the learning rate, or check the data$/,
    );
  });

  it('says what is missing or does not fit', async () => {
    const { model, trainer, loader } = setUp();
    const optimizer = new SGD(model.parameters());
    expectError(
      () => new Trainer(model, { optimizer } as never),
      OptionError,
      'Trainer: loss must be a function of output and target',
    );
    for (const [metrics, came] of [
      [['accuracy'], "['accuracy']"],
      [[accuracy], '[a function]'],
      [{ accuracy: 'accuracy' }, "accuracy: 'accuracy'"],
    ]) {
      expectError(
        () => new Trainer(model, { optimizer, loss: crossEntropy, metrics: metrics as never }),
        OptionError,
        `Trainer: metrics must be functions by name, such as { accuracy }, got ${came}`,
      );
    }
    const other = new SGD(new Linear(2, 2).parameters());
    expectError(
      () => new Trainer(model, { optimizer: other, loss: crossEntropy }),
      OptionError,
      "Trainer: the optimizer has none of the model's parameters; make it with model.parameters()",
    );
    await expect(trainer.fit([] as never)).rejects.toThrow(
      'Trainer.fit: loader must be a DataLoader, got []; new DataLoader([x, y]) makes one',
    );
    await expect(trainer.fit(loader, { earlyStopping: true })).rejects.toThrow(
      'Trainer.fit: earlyStopping needs validation, a loader of examples to evaluate on',
    );
    expect(() => trainer.load(new Uint8Array(10))).toThrow(DataError);
  });
});
