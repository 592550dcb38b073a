import {
  checkKnown,
  checkOneOf,
  checkSampleWeight,
  checkSeed,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  Random,
  randomFrom,
  readable,
  type Seed,
  show,
} from '@maru-ml/base';
import { log } from '@maru-ml/kernels/scalar';
import {
  accuracyOf,
  bestClass,
  type Classifier,
  type ClassifierModel,
  checkSaved,
  codesOf,
  decodeArray,
  encodeArray,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  type SparseRows,
  savedColumns,
  savedCount,
  savedLabels,
  savedNumber,
  savedString,
  Table,
  takeRow,
  toLabels,
} from '@maru-ml/tensor';
import { printOptions } from '../splits/split.ts';
import { shapeOf } from './shape.ts';

export interface DummyClassifierOptions {
  /**
   * What is predicted: 'mostFrequent' and 'prior' name the most frequent label ('prior' with the shares of all as probabilities),
   * 'stratified' draws labels by their shares and 'uniform' evenly, 'constant' names `constant`; 'prior'.
   */
  strategy?: Strategy;
  /** The label of the strategy 'constant', which must be among those fitted with; none. */
  constant?: Label | null;
  /** What labels are drawn with; the next child of the default stream. */
  seed?: Seed;
}

type Strategy = 'mostFrequent' | 'prior' | 'stratified' | 'uniform' | 'constant';

const STRATEGIES: readonly Strategy[] = ['mostFrequent', 'prior', 'stratified', 'uniform', 'constant'];

/**
 * Predicts without looking at the columns: what every classifier has to beat. A share of right predictions means little until it is
 * held against this one's. O(n).
 */
export class DummyClassifier implements Classifier<MatrixLike | SparseRows> {
  readonly options: Readonly<{ strategy: Strategy; constant: Label | null; seed: Seed | undefined }>;

  constructor(options: DummyClassifierOptions = {}) {
    const owner = 'DummyClassifier';
    checkKnown(owner, options, ['strategy', 'constant', 'seed']);
    const { strategy = 'prior', constant = null, seed } = options;
    checkOneOf(owner, 'strategy', strategy, STRATEGIES);
    if (seed !== undefined) checkSeed(owner, seed);
    if (strategy === 'constant' && constant === null) {
      throw new OptionError(`${owner}: constant is needed for the strategy 'constant'`);
    }
    this.options = Object.freeze({ strategy, constant, seed });
    readable(this);
  }

  /**
   * @param x rows [n, d], of which only the shape counts @param y labels [n]
   * @throws DataError if y lacks the constant; OptionError, ShapeError, DataError for unusable input
   */
  fit<L extends Label>(x: MatrixLike | SparseRows, y: ArrayLike<L>, options: FitOptions = {}): DummyClassifierModel<L> {
    const owner = 'DummyClassifier';
    checkKnown(owner, options, ['sampleWeight', 'onProgress']);
    const { rows, columns } = shapeOf(owner, x);
    const { classes, codes } = toLabels(owner, y, rows);
    const weights = checkSampleWeight(owner, options.sampleWeight, rows);
    const { strategy, constant, seed } = this.options;
    const place = strategy === 'constant' ? classes.indexOf(constant as L) : -1;
    if (strategy === 'constant' && place < 0) {
      throw new DataError(`${owner}: constant must be one of the labels of y, got ${show(constant)}`);
    }
    const prior = new Float64Array(classes.length);
    let total = 0;
    for (let i = 0; i < rows; i++) {
      const weight = weights?.[i] ?? 1;
      prior[codes[i]!]! += weight;
      total += weight;
    }
    for (let c = 0; c < prior.length; c++) prior[c]! /= total;
    const drawn = strategy === 'stratified' || strategy === 'uniform' ? randomFrom(seed).uint32() : 0;
    return new FittedDummyClassifier(classes, prior, strategy, place, drawn, columns);
  }

  /** @throws the same; the signal's reason if it is aborted */
  async fitAsync<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    { signal, ...options }: FitAsyncOptions = {},
  ): Promise<DummyClassifierModel<L>> {
    signal?.throwIfAborted();
    return this.fit(x, y, options);
  }

  toString(): string {
    const { strategy, constant } = this.options;
    return printOptions('DummyClassifier', constant === null ? { strategy } : { strategy, constant });
  }
}

/** What a baseline knows: the shares of the labels. It is made by `fit` or `fromJSON` and does not change. */
export interface DummyClassifierModel<L extends Label = Label> extends FittedDummyClassifier<L> {}

export class FittedDummyClassifier<L extends Label = Label> implements ClassifierModel<L, MatrixLike | SparseRows> {
  readonly classes: readonly L[];
  /** The share of each label, by weight [k]. */
  readonly classPrior: Float64Array;
  readonly strategy: Strategy;
  readonly nFeaturesIn: number;
  readonly #constant: number;
  readonly #seed: number;
  readonly #row: Float64Array;

  /** @internal */
  constructor(
    classes: readonly L[],
    classPrior: Float64Array,
    strategy: Strategy,
    constant: number,
    seed: number,
    columns: number,
  ) {
    this.classes = classes;
    this.classPrior = classPrior;
    this.strategy = strategy;
    this.nFeaturesIn = columns;
    this.#constant = constant;
    this.#seed = seed;
    this.#row = new Float64Array(columns);
    readable(this);
    Object.freeze(this);
  }

  /** Labels [n]. Drawn ones depend on the place of the row alone: the same number of rows has the same labels each time. */
  predict(x: MatrixLike | SparseRows): L[] {
    const { rows } = shapeOf('DummyClassifier', x, this.nFeaturesIn);
    return Array.from(this.#codes(rows), (code) => this.classes[code]!);
  }

  /** The label of one row; a drawn one is that of the first row of a table. */
  predictOne(row: ArrayLike<number>): L {
    takeRow('DummyClassifier', row, this.#row, true);
    return this.classes[this.#isDrawn ? this.#codes(1)[0]! : this.#code]!;
  }

  /** Probabilities [n, k]: the shares for 'prior', even ones for 'uniform', else 1 for the label that is predicted. */
  predictProba(x: MatrixLike | SparseRows): Table {
    const { rows } = shapeOf('DummyClassifier', x, this.nFeaturesIn);
    const k = this.classes.length;
    const out = new Float64Array(rows * k);
    if (this.strategy === 'uniform') out.fill(1 / k);
    else if (this.strategy === 'prior') for (let i = 0; i < rows; i++) out.set(this.classPrior, i * k);
    else for (const [i, code] of this.#codes(rows).entries()) out[i * k + code] = 1;
    return new Table(out, rows, k);
  }

  /** Their logarithms [n, k]. */
  predictLogProba(x: MatrixLike | SparseRows): Table {
    const { data, shape } = this.predictProba(x);
    return new Table(Float64Array.from(data, log), shape[0], shape[1]);
  }

  /** The share of rows that are predicted right. */
  score(x: MatrixLike | SparseRows, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    checkKnown('DummyClassifier', options, ['sampleWeight']);
    const { rows } = shapeOf('DummyClassifier', x, this.nFeaturesIn);
    const weights = checkSampleWeight('DummyClassifier', options.sampleWeight, rows);
    return accuracyOf(this.#codes(rows), codesOf('DummyClassifier', y, rows, this.classes), weights);
  }

  toJSON(): object {
    return {
      type: 'DummyClassifierModel',
      version: 1,
      classes: this.classes,
      classPrior: encodeArray(this.classPrior),
      strategy: this.strategy,
      constant: this.#constant,
      seed: this.#seed,
      nFeaturesIn: this.nFeaturesIn,
    };
  }

  toString(): string {
    const label = this.#isDrawn ? '' : `, always ${show(this.classes[this.#code])}`;
    return `DummyClassifierModel: ${this.strategy} of ${this.classes.length} classes${label}`;
  }

  get #isDrawn(): boolean {
    return this.strategy === 'stratified' || this.strategy === 'uniform';
  }

  /** The place of the label that is always predicted. */
  get #code(): number {
    return this.strategy === 'constant' ? this.#constant : bestClass(this.classPrior, 0, this.classes.length);
  }

  #codes(rows: number): Int32Array {
    if (!this.#isDrawn) return new Int32Array(rows).fill(this.#code);
    const random = new Random(this.#seed);
    const k = this.classes.length;
    return Int32Array.from({ length: rows }, () =>
      this.strategy === 'uniform' ? random.integer(k) : random.weighted(this.classPrior),
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const DummyClassifierModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is no such model */
  fromJSON(json: unknown): DummyClassifierModel {
    const owner = 'DummyClassifierModel.fromJSON';
    const fields = checkSaved('DummyClassifierModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes');
    const prior = decodeArray(owner, 'classPrior', fields.classPrior, {
      dtype: 'float64',
      shape: [classes.length],
      finite: true,
    });
    const strategy = savedString(owner, fields, 'strategy', STRATEGIES);
    if (prior.some((share) => share < 0) || !prior.some((share) => share > 0)) {
      throw new DataError(`${owner}: classPrior must be ≥ 0, and not all 0`);
    }
    const constant = savedNumber(owner, fields, 'constant');
    if (strategy === 'constant' && classes[constant] === undefined) {
      throw new DataError(`${owner}: constant must be a place in the classes, got ${constant}`);
    }
    const seed = savedCount(owner, fields, 'seed', { max: Number.MAX_SAFE_INTEGER });
    return new FittedDummyClassifier(classes, prior, strategy, constant, seed, savedColumns(owner, fields));
  },
};
