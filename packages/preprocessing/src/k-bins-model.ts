import { DataError, readable, show } from '@maru-ml/base';
import {
  checkOut,
  checkSaved,
  encodeArray,
  isSparse,
  type MatrixLike,
  type SparseRows,
  savedString,
  Table,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { arrayLike } from './affine.ts';
import type { BinsEncode } from './bins-options.ts';
import { readRow, toMade } from './made.ts';
import { inputNames } from './names.ts';
import { count } from './print.ts';
import { savedFloats } from './saved.ts';

const OWNER = 'KBinsDiscretizer';

/** What `transform` answers with: sparse rows with 'onehot', else a table. */
export type BinnedRows<E extends BinsEncode> = E extends 'onehot' ? SparseRows : Table;

/** The bins that `KBinsDiscretizer` found. It is made by `fit` or `fromJSON` and does not change. */
export interface KBinsDiscretizerModel<E extends BinsEncode = BinsEncode> extends FittedKBinsDiscretizer<E> {}

export class FittedKBinsDiscretizer<E extends BinsEncode = BinsEncode> {
  /** The edges of the bins of each column [d][bins + 1]; -∞ and ∞ for a constant column. */
  readonly binEdges: readonly Float64Array[];
  /** The number of bins of each column [d]. */
  readonly nBins: Int32Array;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #encode: BinsEncode;
  readonly #edges: readonly Float64Array[];
  /** The value of each constant column, which its edges do not tell. */
  readonly #constants: Float64Array;
  /** Where the output columns of each column start [d + 1]. */
  readonly #starts: Int32Array;
  readonly #row: Float64Array;

  /** @internal */
  constructor(encode: BinsEncode, edges: readonly Float64Array[], constants: Float64Array) {
    const d = edges.length;
    this.#encode = encode;
    this.#edges = edges;
    this.#constants = constants;
    this.#starts = new Int32Array(d + 1);
    for (let j = 0; j < d; j++) {
      this.#starts[j + 1] = this.#starts[j]! + (encode === 'ordinal' ? 1 : edges[j]!.length - 1);
    }
    this.#row = new Float64Array(d);
    this.binEdges = Object.freeze(edges.map((list) => list.slice()));
    this.nBins = Int32Array.from(edges, (list) => list.length - 1);
    this.nFeaturesIn = d;
    this.nFeaturesOut = this.#starts[d]!;
    readable(this);
    Object.freeze(this);
  }

  /** The bins of the rows of `x` [m, nFeaturesOut], of float32 if they are. @throws ShapeError for other columns, DataError for missing or infinite numbers */
  transform(x: MatrixLike): BinnedRows<E> {
    const { data, rows, columns: d } = toMatrix(OWNER, x, { keepFloat32: true, columns: this.nFeaturesIn });
    if (this.#encode === 'onehot') {
      const indices = new Int32Array(rows * d);
      for (let at = 0; at < indices.length; at++) {
        const j = at % d;
        indices[at] = this.#starts[j]! + binOf(this.#edges[j]!, data[at]!);
      }
      const indptr = Int32Array.from({ length: rows + 1 }, (_, i) => i * d);
      const ones = arrayLike(data, rows * d).fill(1) as SparseRows['data'];
      return { data: ones, indices, indptr, shape: [rows, this.nFeaturesOut] } as unknown as BinnedRows<E>;
    }
    const out = arrayLike(data, rows * this.nFeaturesOut);
    for (let i = 0; i < rows; i++) this.#write(data, i * d, out, i * this.nFeaturesOut);
    return new Table(out, rows, this.nFeaturesOut) as BinnedRows<E>;
  }

  /** The bins of one row [d], into `out` [nFeaturesOut], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow(OWNER, row, this.#row);
    checkOut(OWNER, out, this.nFeaturesOut);
    out.fill(0);
    this.#write(this.#row, 0, out, 0);
    return out;
  }

  /** The way back for `x` [m, nFeaturesOut]: the middles of the bins; of a constant column its value. @throws ShapeError for other columns, DataError for what is no bin */
  inverseTransform(x: MatrixLike | SparseRows): Table {
    const made = toMade(OWNER, x, this.nFeaturesOut);
    const n = isSparse(made) ? made.shape[0] : made.rows;
    const d = this.nFeaturesIn;
    const row = new Float64Array(this.nFeaturesOut);
    const out = arrayLike(made.data, n * d);
    for (let i = 0; i < n; i++) {
      readRow(made, i, row);
      for (let j = 0; j < d; j++) out[i * d + j] = this.#middle(j, this.#binBehind(row, j, i));
    }
    return new Table(out, n, d);
  }

  /** The names of the output columns, such as x0_2.0 for the third bin; with 'ordinal' those of the columns [d]. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    const inputs = inputNames(OWNER, names, this.nFeaturesIn);
    if (this.#encode === 'ordinal') return inputs;
    return inputs.flatMap((name, j) => Array.from({ length: this.nBins[j]! }, (_, bin) => `${name}_${bin}.0`));
  }

  toJSON(): object {
    return {
      type: 'KBinsDiscretizerModel',
      version: 1,
      encode: this.#encode,
      edges: this.#edges.map((list) => encodeArray(list)),
      constants: encodeArray(this.#constants),
    };
  }

  toString(): string {
    const bins = this.nBins.length > 10 ? '' : ` (${[...this.nBins].join(', ')} bins)`;
    return `KBinsDiscretizerModel: ${count(this.nFeaturesIn, 'column')}${bins}`;
  }

  #write(data: Float32Array | Float64Array, at: number, out: Float32Array | Float64Array, to: number): void {
    for (let j = 0; j < this.nFeaturesIn; j++) {
      const bin = binOf(this.#edges[j]!, data[at + j]!);
      if (this.#encode === 'ordinal') out[to + j] = bin;
      else out[to + this.#starts[j]! + bin] = 1;
    }
  }

  /** The bin of column j that an output row stands for. */
  #binBehind(row: Float64Array, j: number, i: number): number {
    const [from, end] = [this.#starts[j]!, this.#starts[j + 1]!];
    if (this.#encode === 'ordinal') {
      const bin = row[from]!;
      if (Number.isInteger(bin) && bin >= 0 && bin < this.nBins[j]!) return bin;
      throw new DataError(
        `${OWNER}: x[${i}, ${j}] must be a bin from 0 to ${this.nBins[j]! - 1} of column ${j}, got ${bin}`,
      );
    }
    let [best, largest] = [-1, 0];
    for (let at = from; at < end; at++) {
      if (row[at]! <= largest) continue;
      largest = row[at]!;
      best = at - from;
    }
    if (best >= 0) return best;
    throw new DataError(`${OWNER}: row ${i} of x is in no bin of column ${j}`);
  }

  #middle(j: number, bin: number): number {
    const edges = this.#edges[j]!;
    if (edges[0] === Number.NEGATIVE_INFINITY) return this.#constants[j]!;
    return edges[bin]! / 2 + edges[bin + 1]! / 2;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const KBinsDiscretizerModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): KBinsDiscretizerModel {
    const owner = 'KBinsDiscretizerModel.fromJSON';
    const fields = checkSaved('KBinsDiscretizerModel', 1, json);
    const encode = savedString<BinsEncode>(owner, fields, 'encode', ['onehot', 'onehotDense', 'ordinal']);
    if (!Array.isArray(fields.edges) || fields.edges.length === 0) {
      throw new DataError(`${owner}: edges must be a list of arrays, got ${show(fields.edges)}`);
    }
    const lists: unknown[] = fields.edges;
    const edges = lists.map((list, j) => {
      const found = savedFloats(owner, { [`edges[${j}]`]: list }, `edges[${j}]`);
      if (found.length > 1 && found.every((edge, b) => b === 0 || edge > found[b - 1]!)) return found;
      throw new DataError(`${owner}: edges[${j}] must be at least two ascending numbers`);
    });
    return new FittedKBinsDiscretizer(encode, edges, savedFloats(owner, fields, 'constants', edges.length));
  },
};

/** The number of inner edges that are at most x. */
function binOf(edges: Float64Array, x: number): number {
  let [low, high] = [1, edges.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
