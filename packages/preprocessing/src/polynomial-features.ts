import {
  checkBoolean,
  checkKnown,
  type FitAsyncOptions,
  type OnProgress,
  OptionError,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import {
  asSaved,
  checkOut,
  checkSaved,
  type Matrix,
  type MatrixLike,
  savedColumns,
  Table,
  type Transformer,
  type TransformerModel,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { arrayLike, overflows } from './affine.ts';
import { inputNames } from './names.ts';
import { count, printEstimator } from './print.ts';
import { savedOptions } from './saved.ts';

export interface PolynomialFeaturesOptions {
  /** The largest degree, or the smallest and the largest; 2. */
  degree?: number | readonly [min: number, max: number];
  /** Only products of different columns: no squares; false. */
  interactionOnly?: boolean;
  /** Begin with a column of ones, the power of degree 0; true. */
  includeBias?: boolean;
}

/** The options with their defaults. */
export type PolynomialFeaturesSettings = Readonly<Required<PolynomialFeaturesOptions>>;

const OWNER = 'PolynomialFeatures';

/**
 * All products of columns up to a degree: of [a, b] and degree 2
 *
 *   1, a, b, a², a b, b².
 *
 * A linear model of them fits curves and interactions. Columns come by degree and then in the order of their factors, as in
 * scikit-learn. Of d columns there are (d + degree choose degree); each costs one multiplication a row.
 */
export class PolynomialFeatures implements Transformer {
  readonly options: PolynomialFeaturesSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: PolynomialFeaturesOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Takes the number of columns of `x` [n, d].
   * @throws DataError for missing or infinite numbers, OptionError for far too many products
   */
  fit(x: MatrixLike, options: { onProgress?: OnProgress } = {}): PolynomialFeaturesModel {
    return runSteps(this.#steps(x, options, ['onProgress']));
  }

  /** The same. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: Omit<FitAsyncOptions, 'sampleWeight'> = {}): Promise<PolynomialFeaturesModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return printEstimator(OWNER, this.options);
  }

  *#steps(x: MatrixLike, options: object, known: string[]): Steps<PolynomialFeaturesModel> {
    checkKnown(OWNER, options, known);
    const { columns } = toMatrix(OWNER, x, { keepFloat32: true });
    yield;
    return new FittedPolynomialFeatures(this.options, columns);
  }
}

/** The products that `PolynomialFeatures` makes. It is made by `fit` or `fromJSON` and does not change. */
export interface PolynomialFeaturesModel extends FittedPolynomialFeatures {}

export class FittedPolynomialFeatures implements TransformerModel {
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #options: PolynomialFeaturesSettings;
  readonly #products: Products;
  /** The products of a row, those below the smallest degree too. */
  readonly #values: Float64Array;
  readonly #row: Float64Array;

  /** @internal */
  constructor(options: PolynomialFeaturesSettings, d: number) {
    this.#options = options;
    this.#products = productsOf(options, d);
    this.nFeaturesIn = d;
    this.nFeaturesOut = this.#products.out.length;
    this.#values = new Float64Array(this.#products.parents.length);
    this.#row = new Float64Array(d);
    readable(this);
    Object.freeze(this);
  }

  /** The power of each column in each product [nFeaturesOut, d], made anew at each call: with many columns it is far larger than all else. */
  get powers(): Table {
    const d = this.nFeaturesIn;
    const { parents, factors, out } = this.#products;
    const kept = new Float64Array(out.length * d);
    for (const [k, product] of out.entries()) {
      for (let t = product; t > 0; t = parents[t]!) kept[k * d + factors[t]!]!++;
    }
    return new Table(kept, out.length, d);
  }

  /**
   * The products of the rows of `x` [m, nFeaturesOut], of float32 if they are.
   * @throws ShapeError for other columns, DataError for missing or infinite numbers or products that overflow
   */
  transform(x: MatrixLike): Table {
    const { data, rows, columns: d }: Matrix = toMatrix(OWNER, x, { keepFloat32: true, columns: this.nFeaturesIn });
    const k = this.nFeaturesOut;
    const out = arrayLike(data, rows * k);
    for (let i = 0; i < rows; i++) this.#multiply(data, i * d, out, i * k, i);
    return new Table(out, rows, k);
  }

  /** The products of one row [d], into `out` [nFeaturesOut], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow(OWNER, row, this.#row);
    checkOut(OWNER, out, this.nFeaturesOut);
    this.#multiply(this.#row, 0, out, 0, -1);
    return out;
  }

  /** The names of the products, such as x0^2 or x0 x1, from those of the columns [d]. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    const inputs = inputNames(OWNER, names, this.nFeaturesIn);
    return this.powers.toArray().map((powers) => {
      const factors = powers.flatMap((power, j) => {
        if (power === 0) return [];
        return power === 1 ? [inputs[j]!] : [`${inputs[j]}^${power}`];
      });
      return factors.length === 0 ? '1' : factors.join(' ');
    });
  }

  toJSON(): object {
    return {
      type: 'PolynomialFeaturesModel',
      version: 1,
      options: this.#options,
      nFeaturesIn: this.nFeaturesIn,
    };
  }

  toString(): string {
    return `PolynomialFeaturesModel: ${count(this.nFeaturesIn, 'column')} to ${this.nFeaturesOut}`;
  }

  #multiply(
    data: Float32Array | Float64Array,
    at: number,
    target: Float32Array | Float64Array,
    to: number,
    i: number,
  ): void {
    const { parents, factors, out } = this.#products;
    const values = this.#values;
    values[0] = 1;
    for (let t = 1; t < parents.length; t++) values[t] = values[parents[t]!]! * data[at + factors[t]!]!;
    for (let k = 0; k < out.length; k++) {
      const value = values[out[k]!]!;
      target[to + k] = value;
      if (target[to + k]! - target[to + k]! !== 0) throw overflows(OWNER, i, factors[out[k]!]!);
    }
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const PolynomialFeaturesModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): PolynomialFeaturesModel {
    const owner = 'PolynomialFeaturesModel.fromJSON';
    const fields = checkSaved('PolynomialFeaturesModel', 1, json);
    const { options } = savedOptions(owner, fields, (saved) => new PolynomialFeatures(saved));
    return asSaved(owner, () => new FittedPolynomialFeatures(options, savedColumns(owner, fields)));
  },
};

/** How the products are made: product t is product `parents[t]` times column `factors[t]`; product 0 is 1. */
interface Products {
  readonly parents: Int32Array;
  readonly factors: Int32Array;
  /** Which of them are wanted, in their order. */
  readonly out: Int32Array;
}

function productsOf({ degree, interactionOnly, includeBias }: PolynomialFeaturesSettings, d: number): Products {
  const [min, max] = typeof degree === 'number' ? [0, degree] : degree;
  const [parents, factors] = [[0], [0]];
  const out: number[] = includeBias ? [0] : [];
  // Those of one degree more: each of the last degree times its last factor and every later one.
  for (let power = 1, from = 0; power <= max; power++) {
    const end = parents.length;
    for (let t = from; t < end; t++) {
      const first = t === 0 ? 0 : factors[t]! + (interactionOnly ? 1 : 0);
      for (let j = first; j < d; j++) {
        if (power >= min) out.push(parents.length);
        parents.push(t);
        factors.push(j);
      }
      if (parents.length > MOST) {
        throw new OptionError(
          `${OWNER}: degree ${show(degree)} of ${d} columns makes more than ${MOST} products; use a lower degree or interactionOnly`,
        );
      }
    }
    from = end;
  }
  if (out.length === 0) {
    throw new OptionError(
      `${OWNER}: there is no product of degree ${show(degree)} of ${count(d, 'column')}; use a lower degree or includeBias`,
    );
  }
  return { parents: Int32Array.from(parents), factors: Int32Array.from(factors), out: Int32Array.from(out) };
}

/** More products than this would not fit into memory for any useful number of rows. */
const MOST = 2 ** 22;

function checkOptions(options: PolynomialFeaturesOptions): PolynomialFeaturesSettings {
  checkKnown(OWNER, options, ['degree', 'interactionOnly', 'includeBias']);
  const { degree = 2, interactionOnly = false, includeBias = true } = options;
  checkBoolean(OWNER, 'interactionOnly', interactionOnly);
  checkBoolean(OWNER, 'includeBias', includeBias);
  return Object.freeze({ degree: checkDegree(degree, includeBias), interactionOnly, includeBias });
}

function checkDegree(degree: unknown, includeBias: boolean): number | readonly [number, number] {
  const [min, max] = Array.isArray(degree) && degree.length === 2 ? degree : [0, degree];
  const good = Number.isSafeInteger(min) && Number.isSafeInteger(max) && min >= 0 && min <= max;
  if (!good) {
    throw new OptionError(`${OWNER}: degree must be an integer ≥ 0 or two with 0 ≤ min ≤ max, got ${show(degree)}`);
  }
  if (max === 0 && !includeBias) {
    throw new OptionError(`${OWNER}: degree 0 makes no column without includeBias`);
  }
  return typeof degree === 'number' ? degree : Object.freeze([min, max] as const);
}
