import {
  checkKnown,
  checkSampleWeight,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  readable,
} from '@maru-ml/base';
import {
  accuracyOf,
  type Classifier,
  type ClassifierModel,
  checkOut,
  checkSaved,
  codesOf,
  decodeArray,
  encodeArray,
  type Label,
  type MatrixLike,
  type Regressor,
  type RegressorModel,
  rSquaredOf,
  type ScoreOptions,
  savedLabels,
  savedNumber,
  Table,
  type Transformer,
  type TransformerModel,
  takeRow,
  toLabels,
  toMatrix,
  toTargets,
} from '@maru-ml/tensor';

/** Names the class whose mean is nearest: small enough to be right at sight. */
export class NearestCentroid implements Classifier {
  readonly options = Object.freeze({});

  constructor(options: object = {}) {
    checkKnown('NearestCentroid', options, []);
    readable(this);
  }

  fit<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options: FitOptions = {}): NearestCentroidModel<L> {
    checkKnown('NearestCentroid', options, ['sampleWeight', 'onProgress']);
    const { data, rows, columns: d } = toMatrix('NearestCentroid', x);
    const { classes, codes } = toLabels('NearestCentroid', y, rows);
    const weights = checkSampleWeight('NearestCentroid', options.sampleWeight, rows);
    const [centers, totals] = [new Float64Array(classes.length * d), new Float64Array(classes.length)];
    for (let i = 0; i < rows; i++) totals[codes[i]!]! += weights?.[i] ?? 1;
    for (let i = 0; i < rows; i++) {
      const share = (weights?.[i] ?? 1) / (totals[codes[i]!]! || 1);
      for (let j = 0; j < d; j++) centers[codes[i]! * d + j]! += share * data[i * d + j]!;
    }
    return new NearestCentroidModel(classes, centers, d);
  }

  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    { signal, ...options }: FitAsyncOptions = {},
  ): Promise<NearestCentroidModel<L>> {
    signal?.throwIfAborted();
    return this.fit(x, y, options);
  }

  toString(): string {
    return 'NearestCentroid';
  }
}

export class NearestCentroidModel<L extends Label = Label> implements ClassifierModel<L> {
  readonly classes: readonly L[];
  readonly nFeaturesIn: number;
  readonly #centers: Float64Array;
  readonly #row: Float64Array;

  constructor(classes: readonly L[], centers: Float64Array, d: number) {
    this.classes = classes;
    this.nFeaturesIn = d;
    this.#centers = centers;
    this.#row = new Float64Array(d);
    readable(this);
    Object.freeze(this);
  }

  predict(x: MatrixLike): L[] {
    return Array.from(this.#codes(x), (code) => this.classes[code]!);
  }

  predictOne(row: ArrayLike<number>): L {
    takeRow('NearestCentroid', row, this.#row);
    return this.classes[this.#nearest(this.#row, 0)]!;
  }

  /** Shares of 1 / (1 + distance): enough to order classes by. */
  predictProba(x: MatrixLike): Table {
    const { data, rows } = toMatrix('NearestCentroid', x, { columns: this.nFeaturesIn });
    const k = this.classes.length;
    const out = new Float64Array(rows * k);
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let c = 0; c < k; c++) sum += out[i * k + c] = 1 / (1 + this.#distance(data, i * this.nFeaturesIn, c));
      for (let c = 0; c < k; c++) out[i * k + c]! /= sum;
    }
    return new Table(out, rows, k);
  }

  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    checkKnown('NearestCentroid', options, ['sampleWeight']);
    const codes = this.#codes(x);
    const weights = checkSampleWeight('NearestCentroid', options.sampleWeight, codes.length);
    return accuracyOf(codes, codesOf('NearestCentroid', y, codes.length, this.classes), weights);
  }

  toJSON(): object {
    const centers = encodeArray(this.#centers, [this.classes.length, this.nFeaturesIn]);
    return { type: 'NearestCentroidModel', version: 1, classes: this.classes, centers };
  }

  static fromJSON(json: unknown): NearestCentroidModel {
    const fields = checkSaved('NearestCentroidModel', 1, json);
    const owner = 'NearestCentroidModel.fromJSON';
    const classes = savedLabels(owner, fields, 'classes');
    const shape = [classes.length, -1];
    const centers = decodeArray(owner, 'centers', fields.centers, { dtype: 'float64', shape });
    return new NearestCentroidModel(classes, centers, centers.length / classes.length);
  }

  toString(): string {
    return `NearestCentroidModel: ${this.classes.length} classes`;
  }

  #codes(x: MatrixLike): Int32Array {
    const { data, rows, columns } = toMatrix('NearestCentroid', x, { columns: this.nFeaturesIn });
    return Int32Array.from({ length: rows }, (_, i) => this.#nearest(data, i * columns));
  }

  #nearest(data: ArrayLike<number>, at: number): number {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (let c = 0; c < this.classes.length; c++) {
      const distance = this.#distance(data, at, c);
      if (distance < least) {
        best = c;
        least = distance;
      }
    }
    return best;
  }

  #distance(data: ArrayLike<number>, at: number, c: number): number {
    let sum = 0;
    const d = this.nFeaturesIn;
    for (let j = 0; j < d; j++) sum += (data[at + j]! - this.#centers[c * d + j]!) ** 2;
    if (sum === Number.POSITIVE_INFINITY) throw new DataError('NearestCentroid: a row is too far from the centroids');
    return sum;
  }
}

/** Subtracts the mean of each column. */
export class Centering implements Transformer {
  readonly options = Object.freeze({});

  constructor(options: object = {}) {
    checkKnown('Centering', options, []);
    readable(this);
  }

  fit(x: MatrixLike, options: FitOptions = {}): CenteringModel {
    checkKnown('Centering', options, ['sampleWeight', 'onProgress']);
    const { data, rows, columns: d } = toMatrix('Centering', x);
    const weights = checkSampleWeight('Centering', options.sampleWeight, rows);
    const total = weights?.reduce((sum, w) => sum + w, 0) ?? rows;
    const mean = new Float64Array(d);
    for (let at = 0; at < data.length; at++)
      mean[at % d]! += (data[at]! / total) * (weights?.[Math.floor(at / d)] ?? 1);
    return new CenteringModel(mean);
  }

  async fitAsync(x: MatrixLike, { signal, ...rest }: FitAsyncOptions = {}): Promise<CenteringModel> {
    signal?.throwIfAborted();
    return this.fit(x, rest);
  }

  toString(): string {
    return 'Centering';
  }
}

export class CenteringModel implements TransformerModel {
  readonly mean: Float64Array;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;
  readonly #row: Float64Array;

  constructor(mean: Float64Array) {
    this.mean = mean;
    this.nFeaturesIn = mean.length;
    this.nFeaturesOut = mean.length;
    this.#row = new Float64Array(mean.length);
    readable(this);
    Object.freeze(this);
  }

  transform(x: MatrixLike): Table {
    return this.#moved(x, -1);
  }

  inverseTransform(x: MatrixLike): Table {
    return this.#moved(x, 1);
  }

  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow('Centering', row, this.#row);
    checkOut('Centering', out, this.nFeaturesOut);
    for (let j = 0; j < out.length; j++) out[j] = this.#row[j]! - this.mean[j]!;
    return out;
  }

  toJSON(): object {
    return { type: 'CenteringModel', version: 1, mean: encodeArray(this.mean) };
  }

  static fromJSON(json: unknown): CenteringModel {
    const fields = checkSaved('CenteringModel', 1, json);
    return new CenteringModel(
      decodeArray('CenteringModel.fromJSON', 'mean', fields.mean, { dtype: 'float64', shape: [-1] }),
    );
  }

  toString(): string {
    return `CenteringModel: ${this.nFeaturesIn} columns`;
  }

  #moved(x: MatrixLike, sign: number): Table {
    const { data, rows, columns } = toMatrix('Centering', x, { columns: this.nFeaturesIn });
    return new Table(
      Float64Array.from(data, (value, at) => value + sign * this.mean[at % columns]!),
      rows,
      columns,
    );
  }
}

/** Least squares with the penalty α ‖b‖², by the normal equations. */
export class Ridge implements Regressor {
  readonly options: Readonly<{ alpha: number }>;

  constructor(options: { alpha?: number } = {}) {
    checkKnown('Ridge', options, ['alpha']);
    this.options = Object.freeze({ alpha: options.alpha ?? 1e-6 });
    readable(this);
  }

  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): RidgeModel {
    checkKnown('Ridge', options, ['sampleWeight', 'onProgress']);
    const { data, rows, columns: d } = toMatrix('Ridge', x);
    const targets = toTargets('Ridge', y, rows);
    const weights = checkSampleWeight('Ridge', options.sampleWeight, rows);
    const total = weights?.reduce((sum, w) => sum + w, 0) ?? rows;
    const mean = (value: (i: number) => number) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += ((weights?.[i] ?? 1) / total) * value(i);
      return sum;
    };
    const center = Float64Array.from({ length: d }, (_, j) => mean((i) => data[i * d + j]!));
    const level = mean((i) => targets[i]!);
    const at = (i: number, j: number) => data[i * d + j]! - center[j]!;
    const a = Array.from({ length: d }, (_, j) => [
      ...Array.from(
        { length: d },
        (_, l) => total * mean((i) => at(i, j) * at(i, l)) + (j === l ? this.options.alpha : 0),
      ),
      total * mean((i) => at(i, j) * (targets[i]! - level)),
    ]);
    const coef = solve(a);
    if (!coef.every(Number.isFinite)) throw new DataError('Ridge: products of columns overflow');
    return new RidgeModel(coef, level - coef.reduce((sum, value, j) => sum + value * center[j]!, 0));
  }

  async fitAsync(x: MatrixLike, y: ArrayLike<number>, { signal, ...rest }: FitAsyncOptions = {}): Promise<RidgeModel> {
    signal?.throwIfAborted();
    return this.fit(x, y, rest);
  }

  toString(): string {
    return `Ridge { alpha: ${this.options.alpha} }`;
  }
}

export class RidgeModel implements RegressorModel {
  readonly coef: Float64Array;
  readonly intercept: number;
  readonly nFeaturesIn: number;
  readonly #row: Float64Array;

  constructor(coef: Float64Array, intercept: number) {
    this.coef = coef;
    this.intercept = intercept;
    this.nFeaturesIn = coef.length;
    this.#row = new Float64Array(coef.length);
    readable(this);
    Object.freeze(this);
  }

  predict(x: MatrixLike): Float64Array {
    const { data, rows, columns } = toMatrix('Ridge', x, { columns: this.nFeaturesIn });
    const values = Float64Array.from({ length: rows }, (_, i) => this.#value(data, i * columns));
    if (!values.every(Number.isFinite)) throw new DataError('Ridge: predictions overflow');
    return values;
  }

  predictOne(row: ArrayLike<number>): number {
    takeRow('Ridge', row, this.#row);
    return this.#value(this.#row, 0);
  }

  score(x: MatrixLike, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    const predicted = this.predict(x);
    const weights = checkSampleWeight('Ridge', options.sampleWeight, predicted.length);
    return rSquaredOf(predicted, toTargets('Ridge', y, predicted.length), weights);
  }

  toJSON(): object {
    return { type: 'RidgeModel', version: 1, coef: encodeArray(this.coef), intercept: this.intercept };
  }

  static fromJSON(json: unknown): RidgeModel {
    const fields = checkSaved('RidgeModel', 1, json);
    const coef = decodeArray('RidgeModel.fromJSON', 'coef', fields.coef, { dtype: 'float64', shape: [-1] });
    return new RidgeModel(coef, savedNumber('RidgeModel.fromJSON', fields, 'intercept'));
  }

  toString(): string {
    return `RidgeModel: ${this.nFeaturesIn} columns`;
  }

  #value(data: ArrayLike<number>, at: number): number {
    let sum = this.intercept;
    for (let j = 0; j < this.nFeaturesIn; j++) sum += this.coef[j]! * data[at + j]!;
    return sum;
  }
}

/** Gauss elimination of [d, d + 1]. */
function solve(a: number[][]): Float64Array {
  const d = a.length;
  for (let j = 0; j < d; j++) {
    for (let i = j + 1; i < d; i++) {
      const factor = a[i]![j]! / a[j]![j]!;
      for (let l = j; l <= d; l++) a[i]![l]! -= factor * a[j]![l]!;
    }
  }
  const out = new Float64Array(d);
  for (let j = d - 1; j >= 0; j--) {
    let sum = a[j]![d]!;
    for (let l = j + 1; l < d; l++) sum -= a[j]![l]! * out[l]!;
    out[j] = sum / a[j]![j]!;
  }
  return out;
}
