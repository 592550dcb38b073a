import {
  checkBoolean,
  checkInteger,
  checkKnown,
  DataError,
  OptionError,
  type Random,
  type RandomState,
  randomFrom,
  randomFromState,
  type Seed,
  ShapeError,
  show,
} from '@maru-ml/base';
import { isTensor, type Tensor, type TypedArray, withViews, zeros } from '@maru-ml/tensor';

/** Examples that are fetched in batches, such as pictures on a disk. */
export interface Dataset<B> {
  /** How many examples there are. */
  readonly length: number;
  /** The examples at these places as one batch. */
  batch(indices: Int32Array): B;
}

export interface DataLoaderOptions {
  /** Examples in a batch, ≥ 1; 1. */
  batchSize?: number;
  /** Take the examples in a new random order each time; false. */
  shuffle?: boolean;
  /** Leave out a last batch that is smaller; false. */
  dropLast?: boolean;
  /** Seed of the order; the next child of the default stream. */
  seed?: Seed;
}

/** Where a loader stands in its data: plain data that survives JSON. */
export interface LoaderState {
  /** The generator at the start of the pass that is under way. */
  random: RandomState;
  /** Batches of that pass that were handed out. */
  batch: number;
}

/**
 * Hands out examples in batches: `for (const [x, y] of loader)`. Takes tensors that agree in their first axis, or a `Dataset`.
 * A pass that was left can be resumed exactly: `loadState(state)` before the next loop.
 */
export class DataLoader<B = Tensor[]> {
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  /** How many examples there are. */
  readonly size: number;
  /** @internal */
  readonly data: Dataset<B>;
  /** @internal */
  readonly ofTensors: boolean;
  /** @internal */
  random: Random;
  /** @internal */
  state: LoaderState;
  /** @internal Batches to pass over in the next loop. */
  skip = 0;

  constructor(data: readonly Tensor[] | Dataset<B>, options: DataLoaderOptions = {}) {
    if (isTensor(data)) {
      throw new OptionError(
        'DataLoader: data must be an array of tensors or a data set, got a Tensor; wrap it as [x], and with targets as [x, y]',
      );
    }
    checkKnown('DataLoader', options, ['batchSize', 'shuffle', 'dropLast', 'seed']);
    this.batchSize = checkInteger('DataLoader', 'batchSize', options.batchSize ?? 1, { min: 1 });
    this.shuffle = checkBoolean('DataLoader', 'shuffle', options.shuffle ?? false);
    this.dropLast = checkBoolean('DataLoader', 'dropLast', options.dropLast ?? false);
    this.random = randomFrom(options.seed);
    if (
      !Array.isArray(data) &&
      (typeof (data as Dataset<B>)?.batch !== 'function' || !Number.isInteger((data as Dataset<B>).length))
    ) {
      throw new OptionError(
        `DataLoader: data must be an array of tensors, or a data set with length and batch(indices), got ${show(data)}`,
      );
    }
    this.ofTensors = Array.isArray(data);
    this.data = Array.isArray(data) ? (tensorDataset(data) as unknown as Dataset<B>) : (data as Dataset<B>);
    this.size = this.data.length;
    this.state = { random: copied(this.random.state), batch: 0 };
  }

  /** The number of batches of a pass. */
  get length(): number {
    const whole = this.size / this.batchSize;
    return this.dropLast ? Math.floor(whole) : Math.ceil(whole);
  }

  *[Symbol.iterator](): Generator<B, void> {
    for (const places of this.places()) yield this.data.batch(places);
  }

  /** @internal Whether its batches are new copies of rows, which nobody else holds. */
  get copies(): boolean {
    return this.ofTensors && this[Symbol.iterator] === DataLoader.prototype[Symbol.iterator];
  }

  /** @internal The places of the examples of each batch. */
  *places(): Generator<Int32Array, void> {
    const skip = this.skip;
    this.skip = 0;
    this.state = { random: copied(this.random.state), batch: skip };
    const order = this.shuffle
      ? this.random.permutation(this.size)
      : Int32Array.from({ length: this.size }, (_, i) => i);
    for (let i = skip; i < this.length; i++) {
      this.state.batch = i + 1;
      yield order.subarray(i * this.batchSize, (i + 1) * this.batchSize);
    }
    this.state = { random: copied(this.random.state), batch: 0 };
  }

  /** Where the loader stands now, to be saved. */
  saveState(): LoaderState {
    return { random: copied(this.state.random), batch: this.state.batch };
  }

  /** Makes the next loop go on where `state` was saved. @throws DataError if that is not in this loader's data */
  loadState(state: LoaderState): void {
    const { batch, random } = Object(state) as LoaderState;
    if (!Number.isInteger(batch) || batch < 0 || batch > this.length) {
      throw new DataError(`DataLoader: state.batch must be an integer from 0 to ${this.length}, got ${show(batch)}`);
    }
    this.random = randomFromState(random);
    this.state = { random: copied(random), batch };
    this.skip = batch;
  }
}

/**
 * What makes each batch when it is called. A step calls it in its scope, where copies of rows lie best; what a data set or a
 * loop of one's own hands out, which may be kept there for later, is made before.
 */
export function* batchMakers<B>(loader: DataLoader<B>): Generator<() => B, void> {
  if (loader.copies) for (const places of loader.places()) yield () => loader.data.batch(places);
  else for (const batch of loader) yield () => batch;
}

/** Rows of tensors, at the same places in each. */
function tensorDataset(tensors: readonly Tensor[]): Dataset<Tensor[]> {
  if (tensors.length === 0) throw new OptionError('DataLoader: there are no tensors to take batches from');
  for (const [i, t] of tensors.entries()) {
    if (!isTensor(t))
      throw new OptionError(
        `DataLoader: data[${i}] must be a Tensor, got ${show(t)}; tensor(...) makes one of numbers`,
      );
    if (t.ndim === 0) throw new OptionError(`DataLoader: data[${i}] must have a first axis of examples`);
    const length = tensors[0]!.shape[0];
    if (t.shape[0] !== length) {
      throw new ShapeError(`DataLoader: data[0] has ${length} examples but data[${i}] has ${t.shape[0]}`);
    }
  }
  const length = tensors[0]!.shape[0];
  // One copy on the heap, so that a batch is copied by rows without asking the tensor each time.
  const arrays = tensors.map((t) => t.toTypedArray());
  return {
    length: length!,
    batch: (indices) =>
      tensors.map((t, i) => {
        const rows = zeros([indices.length, ...t.shape.slice(1)], { dtype: t.dtype });
        withViews([rows], 0, (out) => copyRows(arrays[i]!, t.size / length!, indices, out));
        return rows;
      }),
  };
}

function copyRows(from: TypedArray, width: number, indices: Int32Array, out: TypedArray): void {
  for (let i = 0; i < indices.length; i++) {
    const start = indices[i]! * width;
    if (width === 1) out[i] = from[start]!;
    else out.set(from.subarray(start, start + width), i * width);
  }
}

function copied(state: RandomState): RandomState {
  return { ...state, words: [...state.words] };
}
