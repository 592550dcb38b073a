import {
  checkInteger,
  checkKnown,
  checkOneOf,
  checkSeed,
  type FitAsyncOptions,
  type FitOptions,
  readable,
  runSteps,
  runStepsAsync,
  type Seed,
  ShapeError,
  type Steps,
  show,
  streamFrom,
} from '@maru-ml/base';
import {
  isSparse,
  type Matrix,
  type MatrixLike,
  type SparseRows,
  Table,
  type Transformer,
  toRows,
} from '@maru-ml/tensor';
import { type FillRows, rightVectors } from '../dense/right-vectors.ts';
import { mapRows, shiftRows } from './linear-map.ts';
import { checkSquares, columnMeans, columnVariances, sparseVariances } from './moments.ts';
import { denseProducts, leadingVectors, sparseProducts } from './range-finder.ts';
import { turnRows } from './signs.ts';
import { FittedTruncatedSVD, type TruncatedSVDModel } from './truncated-svd-model.ts';

export interface TruncatedSVDOptions {
  /** How many components to keep; 2. */
  nComponents?: number;
  /** Random columns, or the singular value decomposition of all of x, for which sparse rows are filled up; 'randomized'. */
  algorithm?: 'randomized' | 'full';
  /** Multiplications with x and xᵀ; 5. */
  nIter?: number;
  /** Random columns beyond the number of components; 10. */
  nOversamples?: number;
  /** What they are drawn with: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type TruncatedSVDSettings = Readonly<Required<Omit<TruncatedSVDOptions, 'seed'>> & { seed: Seed | undefined }>;

/**
 * The k largest singular values of rows x [n, d] with their right vectors, x ≈ U Σ Vᵀ, without taking the mean off as PCA does, so that
 * sparse rows stay sparse: latent semantic analysis, if they are counts of words. `transform` gives x V. Options, defaults and signs
 * (the element of largest size of a component is positive) are those of scikit-learn 1.5 and later, whose algorithm 'arpack' has
 * 'full' in its place. Rows of float32 stay in float32. O(elements · (k + nOversamples) · nIter).
 *
 * N. Halko, P.-G. Martinsson and J. Tropp, "Finding structure with randomness", SIAM Review (2011).
 */
export class TruncatedSVD implements Transformer<MatrixLike | SparseRows> {
  readonly options: TruncatedSVDSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: TruncatedSVDOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Finds the components of the rows of `x` [n, d], which may be sparse.
   *
   * @throws DataError if x holds missing, infinite, far too large or far too small numbers, ShapeError if it has fewer rows or
   * columns than `nComponents`
   */
  fit(x: MatrixLike | SparseRows, options: FitOptions = {}): TruncatedSVDModel {
    return runSteps(this.#steps(x, options, ['onProgress']), options.onProgress);
  }

  /** The same with pauses for others. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike | SparseRows, options: FitAsyncOptions = {}): Promise<TruncatedSVDModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `TruncatedSVD { ${options.join(', ')} }`;
  }

  *#steps(x: MatrixLike | SparseRows, options: FitOptions, known: string[]): Steps<TruncatedSVDModel> {
    checkKnown('TruncatedSVD', options, known);
    const rows = toRows('TruncatedSVD', x, { keepFloat32: true });
    const { nComponents: k, algorithm, nIter, nOversamples, seed } = this.options;
    const [n, d] = isSparse(rows) ? rows.shape : [rows.rows, rows.columns];
    if (k > Math.min(n, d)) {
      throw new ShapeError(
        `TruncatedSVD: nComponents is ${k}, but x is [${n}, ${d}], which has at most ${Math.min(n, d)}`,
      );
    }
    yield;
    checkSquares('TruncatedSVD', squaresOf(rows.data), rows.data);
    yield;
    const variances = isSparse(rows) ? sparseVariances(rows) : yield* columnVariances(rows, yield* columnMeans(rows));
    const found =
      algorithm === 'full'
        ? yield* rightVectors(n, d, fillerOf(rows))
        : yield* leadingVectors(isSparse(rows) ? sparseProducts(rows) : denseProducts(rows, null), k, {
            nIter,
            nOversamples,
            random: streamFrom(seed),
          });
    const vectors = found.vt.slice(0, k * d);
    turnRows(vectors, k, d);
    const components = rows.data instanceof Float32Array ? Float32Array.from(vectors) : vectors;

    yield;
    // The variances of x V are not the squares of the singular values, since no mean was taken off.
    const z = mapRows({ owner: 'TruncatedSVD', weights: Float64Array.from(components), shift: null, bias: null }, rows);
    const images = { data: z.data, rows: n, columns: k };
    return new FittedTruncatedSVD({
      components: new Table(components, k, d),
      singularValues: found.s.slice(0, k),
      explainedVariance: yield* columnVariances(images, yield* columnMeans(images)),
      totalVariance: variances.reduce((sum, value) => sum + value, 0),
    });
  }
}

function squaresOf(data: Float32Array | Float64Array): number {
  let sum = 0;
  for (let at = 0; at < data.length; at++) sum += data[at]! * data[at]!;
  return sum;
}

/** What writes out rows, with their zeros. */
function fillerOf(x: Matrix | SparseRows): FillRows {
  if (!isSparse(x)) return (from, count, out, at) => shiftRows(x.data, from, count, x.columns, null, out, at);
  const d = x.shape[1];
  return (from, count, out, at) => {
    out.fill(0, at, at + count * d);
    for (let i = 0; i < count; i++) {
      for (let e = x.indptr[from + i]!; e < x.indptr[from + i + 1]!; e++) out[at + i * d + x.indices[e]!] = x.data[e]!;
    }
  };
}

const KNOWN = ['nComponents', 'algorithm', 'nIter', 'nOversamples', 'seed'];

function checkOptions(options: TruncatedSVDOptions): TruncatedSVDSettings {
  checkKnown('TruncatedSVD', options, KNOWN);
  const { nComponents = 2, algorithm = 'randomized', nIter = 5, nOversamples = 10, seed } = options;
  checkInteger('TruncatedSVD', 'nComponents', nComponents, { min: 1 });
  checkOneOf('TruncatedSVD', 'algorithm', algorithm, ['randomized', 'full']);
  checkInteger('TruncatedSVD', 'nIter', nIter, { min: 0 });
  checkInteger('TruncatedSVD', 'nOversamples', nOversamples, { min: 0 });
  if (seed !== undefined) checkSeed('TruncatedSVD', seed);
  return Object.freeze({ nComponents, algorithm, nIter, nOversamples, seed });
}
