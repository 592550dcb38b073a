import {
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  DataError,
  type OnProgress,
  OptionError,
  type RandomState,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import { clipGradNorm, type OptimizerState } from '@maru-ml/optim';
import { clone, noGrad, scope, type Tensor } from '@maru-ml/tensor';
import { batchMakers, type DataLoader, type LoaderState } from './data-loader.ts';
import { type EarlyStopping, readEarlyStopping } from './early-stopping.ts';
import type { Module, StateDict } from './module.ts';
import {
  type EpochRecord,
  type Position,
  readTrainerState,
  type TrainerState,
  writeTrainerState,
} from './trainer-state.ts';

/** The loss of a batch as a scalar, from the net's output and what it should have been. They live for the step: `keep` what is to outlive it. */
export type LossFunction = (output: Tensor, target: Tensor) => Tensor;

/** A figure of a batch, averaged over all examples, such as the accuracy. */
export type Metric = (output: Tensor, target: Tensor) => number;

/** What the trainer needs of an optimizer. */
export interface TrainableOptimizer {
  paramGroups: { lr: number; params: Tensor[] }[];
  step(): void;
  zeroGrad(): void;
  stateDict(): OptimizerState;
  loadStateDict(state: OptimizerState): void;
}

/** What the trainer needs of a schedule: `Scheduler`, or `ReduceOnPlateau`, whose step takes the loss. */
export interface TrainableScheduler {
  step(loss: number): void;
  stateDict(): object;
  loadStateDict(state: never): void;
}

export interface TrainerOptions {
  optimizer: TrainableOptimizer;
  loss: LossFunction;
  /** Figures that are computed beside the loss when evaluating; none. */
  metrics?: Record<string, Metric>;
  /** Changes the learning rate; none. */
  scheduler?: TrainableScheduler;
  /** Whether the scheduler steps after each epoch or each batch; 'epoch'. */
  scheduleBy?: 'epoch' | 'batch';
  /** Scale the gradients so that their norm is at most this; no limit. */
  clipGradNorm?: number;
}

export interface TrainOptions {
  /** Epochs in all, those before a resume included; 1. */
  epochs?: number;
  /** Examples to evaluate on; none. */
  validation?: DataLoader<Tensor[]>;
  /** Evaluate after every n epochs, and after the last; 1. */
  evalEvery?: number;
  /** Stop when the evaluation gets no better; true stands for its defaults; false. */
  earlyStopping?: EarlyStopping | boolean;
  /**
   * Called with the state after every `checkpointEvery` epochs, or batches: `(bytes) => saveBytes('net.training', bytes)`. The
   * training waits for a promise that it returns.
   */
  onCheckpoint?: (bytes: Uint8Array) => void | PromiseLike<void>;
  /** How often; { epochs: 1 }. */
  checkpointEvery?: { epochs?: number; batches?: number };
  /** Told of each batch ('batch': loss) and each epoch ('epoch': the record); returning false stops. */
  onProgress?: OnProgress;
  /** Aborting rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** How a training went. */
export interface History {
  epochs: EpochRecord[];
  /** The epoch of the best evaluation; null without early stopping. */
  bestEpoch: number | null;
  /** Why it ended. */
  stopped: 'epochs' | 'early' | 'progress';
}

/**
 * Trains a net: batches, evaluation every n epochs, early stopping that gives back the best model, checkpoints that resume
 * exactly. Each batch runs in a scope, so memory does not grow; between batches the event loop gets its turn.
 *
 * ```ts
 * const trainer = new Trainer(net, { optimizer: new Adam(net.parameters()), loss: crossEntropy });
 * const history = await trainer.fit(loader, { epochs: 10, validation });
 * ```
 */
export class Trainer {
  readonly model: Module;
  readonly options: TrainerOptions;
  /** @internal */
  position: Position = start();
  /** @internal The best model's parameters and buffers. */
  bestState: StateDict | null = null;
  /** @internal The loader's place, when training is to go on inside an epoch. */
  loaderState: LoaderState | null = null;

  constructor(model: Module, options: TrainerOptions) {
    checkKnown('Trainer', options, ['optimizer', 'loss', 'metrics', 'scheduler', 'scheduleBy', 'clipGradNorm']);
    if (typeof options.loss !== 'function')
      throw new OptionError('Trainer: loss must be a function of output and target');
    for (const [name, metric] of Object.entries(options.metrics ?? {})) {
      if (typeof metric === 'function' && !Array.isArray(options.metrics)) continue;
      throw new OptionError(
        `Trainer: metrics must be functions by name, such as { accuracy }, got ${Array.isArray(options.metrics) ? show(options.metrics) : `${name}: ${show(metric)}`}`,
      );
    }
    if (typeof options.optimizer?.step !== 'function')
      throw new OptionError('Trainer: optimizer must be an optimizer, such as new Adam(model.parameters())');
    checkOneOf('Trainer', 'scheduleBy', options.scheduleBy ?? 'epoch', ['epoch', 'batch']);
    if (options.clipGradNorm !== undefined) checkNumber('Trainer', 'clipGradNorm', options.clipGradNorm, { above: 0 });
    const own = new Set(model.parameters());
    if (!options.optimizer.paramGroups.some(({ params }) => params.some((p) => own.has(p)))) {
      throw new OptionError(
        "Trainer: the optimizer has none of the model's parameters; make it with model.parameters()",
      );
    }
    this.model = model;
    this.options = options;
  }

  /**
   * Trains until `epochs` epochs are done, or goes on with a training that was stopped or loaded.
   * @throws DataError if the loss becomes NaN or infinite; the signal's reason when it is aborted
   */
  fit(loader: DataLoader<Tensor[]>, options: TrainOptions = {}): Promise<History> {
    const { signal, onProgress, onCheckpoint } = options;
    let saving: PromiseLike<unknown> | null = null;
    const save = (bytes: Uint8Array) => {
      saving = onCheckpoint?.(bytes) ?? null;
    };
    const pending = () => {
      const promise = saving;
      saving = null;
      return promise;
    };
    const steps = this.steps(loader, onCheckpoint === undefined ? options : { ...options, onCheckpoint: save });
    return runStepsAsync(steps, { signal, onProgress, pending });
  }

  /** The mean loss and metrics over the examples, with the net as in use. */
  evaluate(loader: DataLoader<Tensor[]>): Record<string, number> {
    return runSteps(this.evaluation(loader));
  }

  /** @internal The same, with pauses between batches. */
  *evaluation(loader: DataLoader<Tensor[]>): Steps<Record<string, number>> {
    const { loss, metrics = {} } = this.options;
    const sums: Record<string, number> = {
      loss: 0,
      ...Object.fromEntries(Object.keys(metrics).map((name) => [name, 0])),
    };
    let examples = 0;
    const training = this.model.training;
    this.model.eval();
    for (const make of batchMakers(loader)) {
      scope(() =>
        noGrad(() => {
          const [x, y] = make();
          const rows = x!.shape[0]!;
          examples += rows;
          const output = this.model.forward(x!);
          sums.loss! += loss(output, y!).item() * rows;
          for (const [name, metric] of Object.entries(metrics)) sums[name]! += metric(output, y!) * rows;
        }),
      );
      yield;
    }
    this.model.train(training);
    return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / examples]));
  }

  /** Everything that a training needs to go on exactly: parameters, optimizer, schedule, random states, place in the epoch. */
  toBytes(loader: DataLoader<Tensor[]>): Uint8Array {
    checkLoader('Trainer.toBytes', loader);
    return writeTrainerState({ ...this.state(), loader: loader.saveState() });
  }

  /**
   * Takes over the state that `toBytes` gave, into a trainer built in the same way; `fit` goes on from there.
   * @throws DataError, ShapeError where it does not fit; then nothing has changed
   */
  load(bytes: Uint8Array): this {
    const saved = readTrainerState('Trainer.load', bytes);
    const { model, ...before } = this.state();
    const kept = { ...before, model: copied(model) };
    try {
      this.take(saved);
    } catch (error) {
      this.take(kept);
      throw error;
    }
    return this;
  }

  /** @internal Where everything stands; the tensors are those in use. */
  state(): TrainerState {
    const { optimizer, scheduler } = this.options;
    const randoms = Object.entries(this.model.randomStates()).map(([path, state]) => {
      return [path, { ...state, words: [...state.words] as RandomState['words'] }] as const;
    });
    return {
      position: this.position,
      model: this.model.stateDict(),
      best: this.bestState,
      optimizer: optimizer.stateDict(),
      scheduler: scheduler?.stateDict() ?? null,
      randoms: Object.fromEntries(randoms),
      loader: this.loaderState,
    };
  }

  /** @internal Takes all of it over. */
  take({ position, model, best, optimizer, scheduler, randoms, loader }: TrainerState): void {
    this.model.loadStateDict(model);
    if (best !== null) this.model.checkStateDict(best);
    this.model.loadRandomStates(randoms);
    this.options.optimizer.loadStateDict(optimizer);
    if (scheduler !== null) this.options.scheduler?.loadStateDict(scheduler as never);
    this.bestState = best;
    this.position = position;
    this.loaderState = loader;
  }

  /** @internal The training itself; it yields after each batch and each epoch. */
  *steps(loader: DataLoader<Tensor[]>, options: TrainOptions): Steps<History> {
    const known = [
      'epochs',
      'validation',
      'evalEvery',
      'earlyStopping',
      'onCheckpoint',
      'checkpointEvery',
      'onProgress',
      'signal',
    ];
    checkLoader('Trainer.fit', loader);
    checkKnown('Trainer.fit', options, known);
    const epochs = checkInteger('Trainer.fit', 'epochs', options.epochs ?? 1, { min: 1 });
    const evalEvery = checkInteger('Trainer.fit', 'evalEvery', options.evalEvery ?? 1, { min: 1 });
    const stopping = readEarlyStopping(options.earlyStopping ?? false, options.validation !== undefined);
    const every = options.checkpointEvery ?? { epochs: 1 };
    const position = this.position;
    const { scheduler, scheduleBy = 'epoch', optimizer } = this.options;
    if (this.loaderState !== null) loader.loadState(this.loaderState);
    this.loaderState = null;
    this.model.train();

    // A training that stopped at a checkpoint stops when it goes on from there.
    if (stopping !== null && position.badEvaluations > stopping.patience) return this.finish(stopping, 'early');
    while (position.epoch < epochs) {
      position.lr ??= optimizer.paramGroups[0]!.lr;
      let batch = loader.saveState().batch;
      for (const make of batchMakers(loader)) {
        batch++;
        const { loss, rows } = this.trainOn(make);
        if (!Number.isFinite(loss)) {
          throw new DataError(
            `Trainer: the loss is ${loss} at batch ${batch} of epoch ${position.epoch + 1}; lower the learning rate, or check the data`,
          );
        }
        position.lossSum += loss * rows;
        position.examples += rows;
        if (scheduleBy === 'batch') scheduler?.step(loss);
        if (every.batches !== undefined && batch % every.batches === 0) options.onCheckpoint?.(this.toBytes(loader));
        const go = yield {
          step: batch,
          total: loader.length,
          unit: 'batch',
          metrics: { loss, epoch: position.epoch + 1 },
        };
        if (go === false) return this.leave(loader, 'progress');
      }
      const record: EpochRecord = {
        epoch: position.epoch + 1,
        loss: position.lossSum / position.examples,
        lr: position.lr,
        validation: null,
      };
      Object.assign(position, { epoch: record.epoch, lossSum: 0, examples: 0, lr: null });
      const isLast = record.epoch === epochs;
      if (options.validation !== undefined && (record.epoch % evalEvery === 0 || isLast)) {
        record.validation = yield* this.evaluation(options.validation);
      }
      position.records.push(record);
      if (scheduleBy === 'epoch') scheduler?.step(record.validation?.loss ?? record.loss);
      const stop = stopping !== null && record.validation !== null && this.judge(record, stopping);
      if (record.epoch % (every.epochs ?? Number.POSITIVE_INFINITY) === 0) options.onCheckpoint?.(this.toBytes(loader));
      const metrics: Record<string, number> = { loss: record.loss, lr: record.lr };
      for (const [name, value] of Object.entries(record.validation ?? {})) metrics[`validation ${name}`] = value;
      const go = yield { step: record.epoch, total: epochs, unit: 'epoch', metrics };
      if (stop) return this.finish(stopping, 'early');
      if (go === false) return this.leave(loader, 'progress');
    }
    return this.finish(stopping, 'epochs');
  }

  /** @internal One step of the optimizer on the batch that `make` gives; returns the loss before it and the number of examples. */
  trainOn(make: () => Tensor[]): { loss: number; rows: number } {
    const { optimizer, loss, clipGradNorm: limit } = this.options;
    return scope(() => {
      const [x, y] = make();
      optimizer.zeroGrad();
      const value = loss(this.model.forward(x!), y!);
      value.backward();
      if (limit !== undefined) clipGradNorm(this.model.parameters(), limit);
      optimizer.step();
      return { loss: value.item(), rows: x!.shape[0]! };
    });
  }

  /** @internal Whether an evaluation ends the training; remembers the best model. */
  judge(record: EpochRecord, { monitor, mode, patience, minDelta, restoreBest }: Required<EarlyStopping>): boolean {
    const value = record.validation![monitor];
    if (value === undefined) {
      throw new OptionError(
        `Trainer: earlyStopping watches ${monitor}, but the evaluation has ${Object.keys(record.validation!).join(', ')}`,
      );
    }
    const { best } = this.position;
    const better = best === null || (mode === 'min' ? value < best.value - minDelta : value > best.value + minDelta);
    if (better) {
      this.position.best = { epoch: record.epoch, value };
      this.position.badEvaluations = 0;
      if (restoreBest) this.bestState = copied(this.model.stateDict());
      return false;
    }
    this.position.badEvaluations++;
    return this.position.badEvaluations > patience;
  }

  /** @internal Ends for good: the best model comes back. */
  finish(stopping: Required<EarlyStopping> | null, stopped: History['stopped']): History {
    if (stopping?.restoreBest && this.bestState !== null) this.model.loadStateDict(this.bestState);
    return { epochs: [...this.position.records], bestEpoch: this.position.best?.epoch ?? null, stopped };
  }

  /** @internal Ends for now: the next `fit` goes on here. */
  leave(loader: DataLoader<Tensor[]>, stopped: History['stopped']): History {
    this.loaderState = loader.saveState();
    return this.finish(null, stopped);
  }
}

/** Throws an `OptionError` unless there are batches to train on. */
function checkLoader(owner: string, loader: DataLoader<Tensor[]>): void {
  if (typeof loader?.saveState !== 'function') {
    throw new OptionError(
      `${owner}: loader must be a DataLoader, got ${show(loader)}; new DataLoader([x, y]) makes one`,
    );
  }
  if (loader.length === 0) throw new DataError(`${owner}: the loader has no batches`);
}

function start(): Position {
  return { epoch: 0, lossSum: 0, examples: 0, lr: null, best: null, badEvaluations: 0, records: [] };
}

function copied(state: StateDict): StateDict {
  return Object.fromEntries(Object.entries(state).map(([name, t]) => [name, clone(t.detach())]));
}
