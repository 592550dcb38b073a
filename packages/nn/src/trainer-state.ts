import { DataError, type RandomState, randomFromState, show } from '@maru-ml/base';
import type { OptimizerState } from '@maru-ml/optim';
import { decodeTensor, jsonFromBytes, type Tensor, toBytes } from '@maru-ml/tensor';
import type { LoaderState } from './data-loader.ts';
import type { StateDict } from './module.ts';

/** What is known of an epoch. */
export interface EpochRecord {
  /** From 1. */
  epoch: number;
  /** The mean training loss over the epoch's examples, as the batches went. */
  loss: number;
  /** The learning rate that the epoch began with. */
  lr: number;
  /** The figures on the validation examples, 'loss' among them; null where there was no evaluation. */
  validation: Record<string, number> | null;
}

/** Where a training stands. */
export interface Position {
  /** Epochs that are finished. */
  epoch: number;
  /** The sum of losses and the count of examples in the epoch under way. */
  lossSum: number;
  examples: number;
  /** The rate that the epoch under way began with; null between epochs. */
  lr: number | null;
  best: { epoch: number; value: number } | null;
  badEvaluations: number;
  records: EpochRecord[];
}

/** Everything that a training needs to go on exactly. */
export interface TrainerState {
  position: Position;
  model: StateDict;
  best: StateDict | null;
  optimizer: OptimizerState;
  scheduler: object | null;
  randoms: Record<string, RandomState>;
  loader: LoaderState | null;
}

const FORMAT = 'maru.trainer.1';

/** A training as bytes. */
export function writeTrainerState({ position, ...state }: TrainerState): Uint8Array {
  return toBytes({ format: FORMAT, position: inWords(position) as object, ...state });
}

/** The other way. Nothing in the bytes is trusted. @throws DataError for what `writeTrainerState` has not written */
export function readTrainerState(owner: string, bytes: Uint8Array): TrainerState {
  const saved = Object(jsonFromBytes(owner, bytes)) as Record<string, unknown>;
  if (saved.format !== FORMAT) {
    throw new DataError(
      `${owner}: the bytes must be a trainer's state of format ${FORMAT}, got ${typeof saved.format === 'string' ? saved.format : show(saved.format)}`,
    );
  }
  const optimizer = recordOf(owner, 'optimizer', saved.optimizer);
  if (!Array.isArray(optimizer.states) || !Array.isArray(optimizer.groups)) {
    throw new DataError(`${owner}: optimizer must hold states and groups`);
  }
  const states = optimizer.states.map((state: unknown, i) => {
    const { step, tensors } = recordOf(owner, `optimizer.states.${i}`, state);
    return { step: step as number, tensors: tensorsOf(owner, `optimizer.states.${i}.tensors`, tensors) };
  });
  return {
    position: positionOf(owner, saved.position),
    model: tensorsOf(owner, 'model', saved.model),
    best: saved.best === null ? null : tensorsOf(owner, 'best', saved.best),
    optimizer: { states, groups: optimizer.groups.map((group: unknown, i) => recordOf(owner, `groups.${i}`, group)) },
    scheduler: saved.scheduler === null ? null : recordOf(owner, 'scheduler', saved.scheduler),
    randoms: recordOf(owner, 'randoms', saved.randoms) as Record<string, RandomState>,
    loader: loaderOf(owner, saved.loader),
  };
}

function tensorsOf(owner: string, name: string, saved: unknown): Record<string, Tensor> {
  const entries = Object.entries(recordOf(owner, name, saved));
  return Object.fromEntries(entries.map(([key, array]) => [key, decodeTensor(owner, `${name}.${key}`, array)]));
}

function positionOf(owner: string, saved: unknown): Position {
  const fields = recordOf(owner, 'position', fromWords(saved));
  const { lr, best, records } = fields;
  const good =
    [fields.epoch, fields.examples, fields.badEvaluations].every(isCount) &&
    Number.isFinite(fields.lossSum) &&
    (lr === null || isRate(lr)) &&
    (best === null || isBest(best)) &&
    Array.isArray(records) &&
    records.length === fields.epoch &&
    records.every((record, i) => isRecord(record, i + 1));
  if (!good) throw new DataError(`${owner}: position does not say where a training stands`);
  return fields as unknown as Position;
}

function isBest(saved: unknown): boolean {
  const { epoch, value } = Object(saved) as Record<string, unknown>;
  return isCount(epoch) && typeof value === 'number';
}

function isRecord(saved: unknown, at: number): boolean {
  const { epoch, loss, lr, validation } = Object(saved) as Record<string, unknown>;
  const figures = typeof validation === 'object' && !Array.isArray(validation);
  return (
    epoch === at &&
    Number.isFinite(loss) &&
    isRate(lr) &&
    figures &&
    Object.values(validation ?? {}).every((value) => typeof value === 'number')
  );
}

function loaderOf(owner: string, saved: unknown): LoaderState {
  const { random, batch } = recordOf(owner, 'loader', saved);
  if (!isCount(batch)) throw new DataError(`${owner}: loader.batch must be an integer ≥ 0, got ${show(batch)}`);
  return { random: randomFromState(random as RandomState).state, batch };
}

function recordOf(owner: string, name: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new DataError(`${owner}: ${name} must be an object, got ${show(value)}`);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRate(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}

/** JSON has no NaN and no infinities, which a metric may be. */
const WORDS = ['NaN', 'Infinity', '-Infinity'];

function inWords(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inWords);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inWords(item)]));
}

function fromWords(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value) ?? 'null', (_, item) => {
    const { number } = Object(item) as { number?: unknown };
    return WORDS.includes(number as string) ? Number(number) : item;
  });
}
